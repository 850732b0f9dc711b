/** Made-up trades, accounts and names, for the pages of `sample-pages.ts`. */
import { freshLine } from "../../../src/core/trade/trade.ts";
import { followsGoods } from "../../../src/core/protocol/protocol.ts";
import type {
  TradeEventView,
  TradeLineView,
  TradeState,
  TradeView,
} from "../../../src/core/protocol/protocol.ts";
import type { MethodView } from "../../../src/edge/means/choosing.tsx";
import type { AccountView, EntryView } from "../../../src/edge/member-views/accounts.tsx";

/** What people have typed: names of shops and goods, reasons, references. */
export interface SampleTexts {
  shop: string;
  goods: string;
  /** What the second line is called. */
  sending?: string;
  /** The other goods, where a part has not left yet. */
  cloth?: string;
  /** The shop's own number of the order, the carrier's of the parcel, and where the goods go. */
  reference?: string;
  parcel?: string;
  place?: string;
  reason: string;
  person: string;
}

export const plainTexts: SampleTexts = {
  shop: "Uji Tea House",
  goods: "Tea set, celadon",
  reason: "Two cups have a crack.",
  person: "Sato Hanako",
};

export const id = (last: number) => `01939d2e-7c00-7000-8000-00000000000${last}`;

export function sampleLines({ goods, sending = "Delivery" }: SampleTexts): [TradeLineView, TradeLineView] {
  const open = freshLine();
  return [
    { line: 1, name: goods, quantity: 10, unitAmount: 1200, ...open },
    { line: 2, name: sending, quantity: 1, unitAmount: 1600, kind: "shipping", ...open },
  ];
}

const all = 13_600;
const waiting = { frozen: 0, settled: 0, released: 0 };
const frozen = { ...waiting, frozen: all };
const released = { ...waiting, released: all };

/** Where the money is in each state, where nothing else is said. */
const money: Record<TradeState, typeof waiting> = {
  proposed: waiting,
  refused: waiting,
  reserved: frozen,
  delivered: frozen,
  accepted: frozen,
  rejected: frozen,
  disputed: frozen,
  settled: { ...waiting, settled: all },
  cancelled: released,
  expired: released,
};

export function sampleTrade(state: TradeState, texts: SampleTexts, more: Partial<TradeView> = {}): TradeView {
  const lines = sampleLines(texts);
  const there = state === "delivered" ? lines : [];
  const goods = there.filter(({ kind }) => !followsGoods(kind));
  return {
    number: "48210733951146",
    state,
    topology: "direct",
    shop: id(1),
    shopName: texts.shop,
    reference: texts.reference ?? texts.goods,
    buyer: { member: "4821073395" },
    currency: "JPY",
    amount: 13_600,
    ...money[state],
    refunded: 0,
    lines: lines.map((line) => (there.length === 0 ? line : { ...line, delivered: line.quantity })),
    payment: { on: "acceptance" },
    acceptance: {
      by: ["buyer", "shop"],
      need: 1,
      autoAfter: "P7D",
      place: texts.place ?? texts.shop,
      deliverWithin: "P14D",
      returnWithin: "P10D",
      inspectWithin: "P5D",
    },
    coolingOff: null,
    independent: [],
    lots: goods.map(({ line, quantity }) => ({ line, quantity, at: "delivered" })),
    parcels: [],
    dispute: null,
    offer: null,
    refundDue: 0,
    extensionAsked: null,
    withdrawable: [],
    unshippedUntil: null,
    extendedByBuyer: false,
    disputedBy: [],
    carrier: null,
    provider: null,
    deadlines: {
      reservedUntil: "2026-12-24T09:00:00Z",
      approveBy: state === "proposed" ? "2026-11-29T09:00:00Z" : null,
      shipBy: "2026-12-03T09:00:00Z",
      deliverBy: null,
      acceptBy: null,
      returnBy: null,
      inspectBy: null,
      answerBy: null,
      decideBy: null,
      paymentDate: null,
      coolingOffUntil: null,
      payBy: null,
      claimFrom: null,
    },
    refusal: null,
    pending: null,
    version: 3,
    createdAt: "2026-11-22T09:00:00Z",
    updatedAt: "2026-11-24T10:30:00Z",
    ...more,
  };
}

export function partlyAccepted(texts: SampleTexts): TradeView {
  const [first, second] = sampleLines(texts);
  return sampleTrade("delivered", texts, {
    frozen: 4800,
    settled: 7600,
    released: 1200,
    refunded: 600,
    lines: [
      { ...first, delivered: 10, accepted: 5, rejected: 2, returned: 1 },
      { ...second, delivered: 1, accepted: 1 },
    ],
    lots: [
      { line: 1, quantity: 3, at: "delivered" },
      { line: 1, quantity: 1, at: "rejected", kind: "wrong" },
    ],
    deadlines: { ...sampleTrade("delivered", texts).deadlines, acceptBy: "2026-12-01T09:00:00Z" },
  });
}

/** What a trade's sides read; others are told of no `photos`. */
export function sampleEvents(
  texts: SampleTexts,
  photos: readonly string[] | undefined = ["a", "b", "c"].map((digit) => digit.repeat(64)),
): TradeEventView[] {
  const event = (
    seq: number,
    type: TradeEventView["type"],
    role: TradeEventView["actor"]["role"],
    data = {},
  ) => ({
    seq,
    version: seq,
    type,
    at: `2026-11-2${seq}T09:00:00Z`,
    actor: { role, id: null },
    data,
  });
  return [
    event(1, "trade.proposed", "shop"),
    event(2, "trade.reserved", "buyer", { amount: 13_600 }),
    event(3, "trade.delivered", "carrier"),
    event(4, "trade.accepted", "buyer"),
    event(5, "trade.settled", "buyer", { amount: 7600 }),
    event(6, "trade.rejected", "buyer", { reason: texts.reason, photos }),
  ];
}

export const methods: MethodView[] = [
  { id: id(2), kind: "deposit", currency: "JPY", available: 128_400 },
  { id: id(3), kind: "credit", currency: "JPY", available: 50_000 },
  { id: id(4), kind: "prepaid", currency: "JPY", available: 900 },
];

export const deposit: AccountView = {
  id: id(5),
  kind: "deposit",
  currency: "JPY",
  posted: 142_000,
  held: 13_600,
  floor: 0,
  available: 128_400,
};
export const accounts: AccountView[] = [
  deposit,
  { id: id(6), kind: "credit", currency: "JPY", posted: -10_000, held: 0, floor: -60_000, available: 50_000 },
];

export function sampleEntries(texts: SampleTexts): EntryView[] {
  const trade = { trade: "48210733951146", number: null, reference: null };
  return [
    {
      id: "4",
      at: "2026-11-25T09:00:00Z",
      kind: "transfer",
      posted: -800,
      held: 0,
      trade: null,
      number: "48210733951146",
      reference: null,
    },
    { id: "3", at: "2026-11-24T10:30:00Z", kind: "settle", posted: -7600, held: -7600, ...trade },
    { id: "2", at: "2026-11-22T09:00:00Z", kind: "hold", posted: 0, held: 13_600, ...trade },
    {
      id: "1",
      at: "2026-11-20T09:00:00Z",
      kind: "deposit",
      posted: 150_000,
      held: 0,
      trade: null,
      number: null,
      reference: texts.goods,
    },
  ];
}

/** A carrier sees neither the price nor who pays. */
export function carrierView(texts: SampleTexts): TradeView {
  const seen = sampleTrade("reserved", texts);
  const hidden = [
    "buyer",
    "currency",
    "amount",
    "frozen",
    "settled",
    "released",
    "refunded",
    "payment",
  ] as const;
  for (const field of hidden) delete seen[field];
  for (const line of seen.lines) delete line.unitAmount;
  return { ...seen, acceptance: { ...seen.acceptance, by: ["buyer", "carrier"] } };
}
