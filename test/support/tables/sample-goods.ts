/** Made-up trades with goods at every place where goods can be, and their buyer's pages. */
import { type ComponentChild, h } from "preact";
import type {
  LotView,
  Tracking,
  TradeEventView,
  TradeLineView,
  TradeState,
  TradeView,
  WithdrawalRight,
} from "../../../src/core/protocol/protocol.ts";
import { TradePage, type TradePageProps } from "../../../src/edge/trade-views/trade-page.tsx";
import { sampleLines, type SampleTexts, sampleTrade } from "./sample-trades.ts";

/** The number of the parcel that goes to the buyer. */
const numberOf = ({ parcel, goods }: SampleTexts) => parcel ?? goods;

/** What happens to goods under way, each kind of event with what may come with it. */
function eventsUnderWay(texts: SampleTexts): TradeEventView[] {
  const tracking = { number: numberOf(texts) };
  const said: [TradeEventView["type"], TradeEventView["actor"]["role"], Record<string, unknown>][] = [
    ["trade.shipped", "shop", { tracking }],
    ["trade.shipped", "shop", { claimed: true }],
    ["trade.sent_back", "carrier", { arrived: true, tracking }],
    ["trade.withdrawn", "buyer", { reason: texts.reason }],
    ["trade.withdrawn", "clock", { lapsed: true }],
    ["trade.disputed", "shop", { contest: "used", reason: texts.reason, lines: [] }],
    ["trade.answered", "buyer", { statement: texts.reason }],
    ["trade.offered", "shop", { by: "shop", release: 600, pay: 13_000, refund: 0 }],
  ];
  return said.map(([type, role, data], index) => ({
    seq: index + 1,
    version: index + 1,
    type,
    at: `2026-11-2${index + 1}T09:00:00Z`,
    actor: { role, id: null },
    data,
  }));
}

/** Two kinds of goods: one of them may still be at the shop. */
function twoGoods(texts: SampleTexts): [TradeLineView, TradeLineView] {
  const [first, second] = sampleLines(texts);
  return [first, { ...second, name: texts.cloth ?? "Wrapping cloth", kind: "goods" }];
}

const named = ({ name, kind = "goods" }: TradeLineView) => ({ name, kind });

/** Makes trades with goods in such lots; what is rejected of them is counted, and `due` are deadlines. */
const underWay =
  (texts: SampleTexts) =>
  (
    state: TradeState,
    lots: LotView[],
    more: Partial<TradeView> & { due?: Partial<TradeView["deadlines"]> } = {},
  ): TradeView => {
    const { due, ...rest } = more;
    const parcels = parcelsOf(texts);
    const trade = sampleTrade(state, texts, { lots, parcels, independent: ["carrier"], ...rest });
    const [, second] = twoGoods(texts);
    const rejected = lots.reduce((sum, { at, quantity }) => (at === "rejected" ? sum + quantity : sum), 0);
    const lines = trade.lines.map((line) =>
      line.line === 1 ? { ...line, shipped: 10, rejected } : { ...line, ...named(second) },
    );
    return { ...trade, lines: more.lines ?? lines, deadlines: { ...trade.deadlines, ...due } };
  };

/** Parcels on both ways. */
function parcelsOf(texts: SampleTexts): Tracking[] {
  const url = "https://carrier.example/t/1";
  return [numberOf(texts), texts.person].map((number) => ({ carrier: texts.shop, number, url }));
}

/** Trades with goods at every place, as their buyer sees them. */
export function tradesUnderWay(texts: SampleTexts): Record<string, TradeView> {
  const parcel = numberOf(texts);
  const one = { line: 1, quantity: 10 } as const;
  const until = "2026-12-08T09:00:00Z";
  const under = underWay(texts);
  const [first, second] = twoGoods(texts);
  const settled = [
    { ...first, shipped: 10, delivered: 10, accepted: 10, withdrawn: 2 },
    { ...second, delivered: 1, accepted: 1 },
  ];
  const left: WithdrawalRight = {
    why: "cooling_off",
    until,
    lines: [
      { line: 1, quantity: 8 },
      { line: 2, quantity: 1 },
    ],
  };
  const rejected = { ...one, at: "rejected", parcel } as const;
  return {
    way: under("reserved", [{ ...one, at: "shipped", parcel }], { due: { deliverBy: until } }),
    sure: under("reserved", [{ ...one, at: "shipped", parcel }], { due: { deliverBy: until } }),
    late: under("reserved", [{ ...one, at: "shipped", parcel, seen: "picked_up" }], {
      due: { deliverBy: "2026-11-24T09:00:00Z" },
    }),
    claimed: under(
      "reserved",
      [
        { ...one, quantity: 5, at: "shipped", parcel, claimed: true },
        { ...one, quantity: 5, at: "shipped", claimed: true },
      ],
      { due: { deliverBy: until }, extensionAsked: until },
    ),
    here: under("delivered", [{ ...one, at: "delivered", parcel, seen: "delivered" }], {
      due: { acceptBy: until },
      extensionAsked: until,
    }),
    "to-send": under("delivered", [{ ...rejected, kind: "wrong" }], { due: { returnBy: until } }),
    homeward: under("rejected", [{ ...rejected, kind: "wrong", home: "said", back: texts.person }], {
      due: { inspectBy: until },
    }),
    home: under("disputed", [{ ...rejected, kind: "wrong", home: "back", contested: "used" }], {
      dispute: { by: "shop", since: until, asked: ["buyer"] },
      offer: { by: "shop", release: 600, pay: 13_000, refund: 0, version: 9 },
      due: { inspectBy: until, answerBy: until, decideBy: until },
    }),
    missing: under("rejected", [{ ...rejected, kind: "missing" }], { due: { inspectBy: until } }),
    "never-came": under("rejected", [{ ...rejected, kind: "never_came" }], {
      offer: { by: "buyer", release: 13_600, pay: 0, refund: 0, version: 9 },
    }),
    withdrawn: under("settled", [{ ...one, quantity: 2, at: "withdrawn", seen: "delivered" }], {
      lines: settled,
      frozen: 0,
      settled: 13_600,
      refundDue: 600,
      coolingOff: { for: "P8D", goods: "return" },
      withdrawable: [left],
      due: { returnBy: until, coolingOffUntil: until },
    }),
    keep: under("settled", [], {
      lines: settled,
      frozen: 0,
      settled: 13_600,
      coolingOff: { for: "P8D", goods: "keep" },
      withdrawable: [left],
      due: { coolingOffUntil: until },
    }),
  };
}

/** A buyer's trade at every place where goods can be. */
export function underWayPages(
  texts: SampleTexts,
  shown: Pick<TradePageProps, "frame" | "now" | "once">,
): Record<string, ComponentChild> {
  return Object.fromEntries(
    Object.entries(tradesUnderWay(texts)).map(([name, trade]) => [
      `trade-${name}`,
      h(TradePage, {
        ...shown,
        trade,
        events: eventsUnderWay(texts),
        role: "buyer",
        ...(name === "sure"
          ? { attempt: { values: {}, errors: {}, act: "accept-all" as const, sure: { amount: 13_600n } } }
          : {}),
      }),
    ]),
  );
}
