/** Trades for tests of the machine: terms, steps, and what they come to. Ten tea sets at 100 each, unless said otherwise. */
import {
  agreedPayment,
  type Act,
  type Decision,
  type Lot,
  type Side,
  type Terms,
  type Trade,
  upgraded,
} from "../../../src/core/trade/trade.ts";
import assert from "node:assert/strict";
import { type ActorRole, isRefused, problemCodes } from "../../../src/core/protocol/protocol.ts";
import { type Command, decide, nextDeadline, propose } from "../../../src/core/machine/machine.ts";

const noon = new Date("2026-11-22T12:00:00.000Z");
const day = 86_400_000;

/** The instant so many days after the trade was proposed. */
export const on = (days: number): Date => new Date(noon.getTime() + Math.round(days * day));

export type Step = [who: ActorRole, command: Command, onDay?: number];

/** Who was told of what they have to act on: long ago, never, or on a day. */
type ToldOn = Record<Side, boolean | number>;
export const told = ({ buyer, shop }: ToldOn): NonNullable<Act["told"]> => {
  const at = (day: boolean | number) => (typeof day === "number" ? on(day) : day ? new Date(0) : null);
  return { buyer: at(buyer), shop: at(shop) };
};

/** Time passes up to a day, and the clock does what is due; silence counts against those who were told. */
export interface Wait {
  until: number;
  told?: NonNullable<Act["told"]>;
}
export const wait = (until: number, toldOn?: ToldOn): Wait =>
  toldOn === undefined ? { until } : { until, told: told(toldOn) };

export const terms: Terms = {
  shopName: "Aoi Tea",
  reference: null,
  lines: [{ name: "Tea set", quantity: 10, unitAmount: 100 }],
  payment: { on: "acceptance" },
  acceptance: {
    by: ["buyer"],
    need: 1,
    autoAfter: "P7D",
    place: null,
    deliverWithin: "P14D",
    returnWithin: "P10D",
    inspectWithin: "P5D",
  },
  approveWithin: "P14D",
  reserveFor: "P30D",
  shipWithin: null,
  extendableTo: null,
  coolingOff: { for: "P14D", goods: "return" },
  independent: ["carrier"],
  shopAccount: "shop",
  feeAccount: "fee",
  fee: { fixed: 0, basisPoints: 1000, roundTo: "shop" },
  personal: false,
  guest: false,
};

/** A value as text, amounts and instants included: for comparing whole trades. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));
}

/** Decides one step, and makes sure that the decision leaves what it was given as it was. */
export function take(
  trade: Trade,
  [role, command, days = 0]: Step,
  more: Partial<Act> = {},
): ReturnType<typeof decide> {
  const operator = "operator" in command ? command.operator : undefined;
  const act: Act = { role, actor: role, now: on(days), id: "hold", operator, ...more };
  const before = textOf(trade);
  const result = decide(trade, command, act);
  assert.equal(textOf(trade), before);
  if (isRefused(result)) assert.ok(problemCodes.includes(result.refused));
  return result;
}

/** A trade that has just been proposed. */
function proposed(change: Partial<Terms> = {}): Trade {
  const parties = {
    shop: "shop",
    buyer: "buyer",
    member: 1n,
    carrier: null,
    provider: null,
    currency: "JPY",
  };
  const act: Act = { role: "shop", actor: null, now: noon, id: "trade" };
  return propose({ number: 18n, ...parties, terms: { ...terms, ...change } }, act).next;
}

/** What becomes of a trade while time passes: all that the clock decides. */
export function passing(trade: Trade, { until, told: who }: Wait): Decision[] {
  const decisions: Decision[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const current = decisions.at(-1)?.next ?? trade;
    const due = nextDeadline(current);
    if (due === undefined || due.move === "erase" || due.at > on(until)) return decisions;
    const now = (due.at.getTime() - noon.getTime()) / day;
    const result = take(current, ["clock", { do: due.move }, now], who === undefined ? {} : { told: who });
    if (isRefused(result)) return assert.fail(`the clock could not ${due.move}: ${result.refused}`);
    decisions.push(result);
  }
  return assert.fail("the trade does not come to rest");
}

/** A trade as it was stored before goods under way were counted. */
export function stored(trade: Trade): Trade {
  const { lots: _, clocks: __, divided: ___, ...progress } = trade.progress;
  const { extendableTo: ____, independent: _____, coolingOff, ...agreed } = trade.terms;
  const { by, need, autoAfter, place } = agreed.acceptance;
  const acceptance = { by, need, autoAfter, place };
  const terms = { ...agreed, coolingOff: coolingOff?.for ?? null, acceptance } as unknown as Terms;
  const { at = "", from = trade.state } = progress.disputed ?? {};
  const before = { ...progress, closed: false, disputed: progress.disputed && { at, from } };
  return { ...trade, terms, progress: before as unknown as Trade["progress"] };
}

/** Such a trade, read again. */
export const old = (trade: Trade): Trade => upgraded(stored(trade));

/** A trade on which these steps have been taken. */
export function given(change: Partial<Terms>, steps: readonly (Step | Wait)[]): Trade {
  return steps.reduce((trade: Trade, step) => {
    if (!Array.isArray(step)) return passing(trade, step).at(-1)?.next ?? trade;
    const result = take(trade, step);
    if (!isRefused(result)) return result.next;
    return assert.fail(`${step[0]} could not ${step[1].do}: ${result.refused} ${result.detail}`);
  }, proposed(change));
}

/** `state frozen/settled/released`, with what was paid back behind it. */
export function show({ state, frozen, settled, released, refunded }: Trade): string {
  return `${state} ${frozen}/${settled}/${released}${refunded > 0n ? ` back ${refunded}` : ""}`;
}

/** What is known of the goods under way: each lot in words, and the deadlines of goods by their days. */
export function goodsOf({ progress, acceptBy }: Trade): string {
  const days = (at: string | Date) => Math.round((new Date(at).getTime() - noon.getTime()) / (day / 10)) / 10;
  const lots = progress.lots.map((lot) => wordsOf(lot)).toSorted();
  const clocks = { acceptBy, ...progress.clocks };
  const running = Object.entries(clocks)
    .filter(([, at]) => at !== null)
    .map(([clock, at]) => `${clock} ${days(at ?? "")}`)
    .toSorted();
  return [lots.join(", "), running.join(" ")].filter((part) => part !== "").join("; ");
}

function wordsOf({ line, quantity, at, kind, parcel, back, seen, home, ...more }: Lot): string {
  const words = [
    line === 1 ? String(quantity) : `${quantity} of line ${line}`,
    kind === undefined || kind === "wrong" ? at : kind,
    parcel,
    seen === undefined ? undefined : seen === "delivered" ? "seen" : "under way",
    more.received === true ? "received" : undefined,
    more.claimed === true ? "claimed" : undefined,
    home === undefined ? undefined : home === "back" ? "back" : `return ${home}`,
    back,
    more.refused === true ? "refused" : undefined,
    more.contested === undefined ? undefined : `contested ${more.contested}`,
    more.unpaid === true ? "unpaid" : undefined,
    more.offered === true ? "offered" : undefined,
  ];
  return words.filter((word) => word !== undefined).join(" ");
}

/** What a last step comes to: a trade as `show` writes it, or the code of the refusal. */
export function outcome(change: Partial<Terms>, steps: readonly (Step | Wait)[], last: Step | Wait): string {
  const before = given(change, steps);
  if (!Array.isArray(last)) return show(passing(before, last).at(-1)?.next ?? before);
  const result = take(before, last);
  return isRefused(result) ? result.refused : show(result.next);
}

/** As `outcome`, with what is known of goods under way behind it. */
export function outcomeWithGoods(
  change: Partial<Terms>,
  steps: readonly (Step | Wait)[],
  last: Step | Wait,
): string {
  const before = given(change, steps);
  const result = Array.isArray(last) ? take(before, last) : { next: given(change, [...steps, last]) };
  if ("refused" in result) return result.refused;
  const goods = goodsOf(result.next);
  return goods === "" ? show(result.next) : `${show(result.next)}: ${goods}`;
}

const accepting = (acceptance: Partial<Terms["acceptance"]>): Partial<Terms> => ({
  acceptance: { ...terms.acceptance, ...acceptance },
});

// Terms that cases differ by.
export const plain = {};
export const two = { lines: [...terms.lines, { name: "Cup", quantity: 4, unitAmount: 25 }] };
export const payOn = (date: string): Partial<Terms> => ({
  payment: agreedPayment({ on: "date", date }, "UTC"),
});
/** To be paid twenty days after noon's day. */
export const dated = payOn("2026-12-12");
/** At a guarantor: to be paid at a collector within three days. */
export const collected: Partial<Terms> = { payment: { on: "collection", within: "P3D" } };
export const silent = accepting({ autoAfter: null });
export const hurried = { shipWithin: "P3D" };
export const both = accepting({ by: ["buyer", "carrier"], need: 2 });
export const any = accepting({ by: ["buyer", "carrier"] });
export const three = accepting({ by: ["buyer", "carrier", "provider"], need: 2 });
export const withShop = accepting({ by: ["buyer", "shop"] });
export const shopOnly = accepting({ by: ["shop"] });
export const shopOrDesk = accepting({ by: ["shop", "operator"] });

// Steps.
const q = (quantity: number, line = 1) => [{ line, quantity }];
const optional = (quantity: number | undefined, line?: number) =>
  quantity === undefined ? {} : { lines: q(quantity, line) };
const chosen = { method: "method", account: "account", mandate: null };

export const reserve: Step = ["buyer", { do: "reserve", chosen, shopAgreed: false }];
export const reserveWithShop: Step = ["buyer", { do: "reserve", chosen, shopAgreed: true }];
export const reserveForCarrier: Step = [
  "buyer",
  { do: "reserve", chosen, acceptors: ["carrier"], shopAgreed: false },
];
export const refused: Step = [
  "clock",
  { do: "refuse", code: "insufficient_funds", method: null, mandate: null },
];
export const revise: Step = [
  "shop",
  { do: "revise", lines: [{ name: "Tea set", quantity: 5, unitAmount: 100 }] },
];
/** An independent carrier hands goods over. */
export const deliver = (quantity?: number, onDay = 0, line = 1): Step => [
  "carrier",
  { do: "deliver", ...optional(quantity, line) },
  onDay,
];
export const deliverTwice: Step = ["carrier", { do: "deliver", lines: [...q(1), ...q(1)] }];
export const accept = (quantity?: number, who: ActorRole = "buyer", onDay = 0, line = 1): Step => [
  who,
  { do: "accept", ...optional(quantity, line) },
  onDay,
];
export const acceptTwice: Step = ["buyer", { do: "accept", lines: [...q(1), ...q(1)] }];
export const final = (quantity: number, who: ActorRole = "buyer", line = 1): Step => [
  who,
  { do: "accept", lines: q(quantity, line), final: true },
];
/** The operator, for an acceptor on the phone. */
export const phoned = (as?: "buyer" | "carrier"): Step => {
  const operator = { channel: "phone" as const, reference: "1", ...(as === undefined ? {} : { as }) };
  return ["operator", { do: "accept", operator }];
};
export const reject = (quantity?: number, who: ActorRole = "buyer"): Step => [
  who,
  { do: "reject", reason: "broken", ...optional(quantity) },
];
export const back = (quantity?: number, onDay = 0): Step => [
  "shop",
  { do: "return", ...optional(quantity) },
  onDay,
];
export const dispute = (who: ActorRole = "buyer", onDay = 0): Step => [
  who,
  { do: "dispute", reason: "not what I asked for" },
  onDay,
];
type Outcome = "settle" | "release" | "split" | "resume";
/** A week later, unless said otherwise: the other side has had its time to answer. */
export const resolve = (outcome: Outcome, onDay = 7, amount?: number): Step => [
  "operator",
  { do: "resolve", outcome, reason: "looked into it", ...(amount === undefined ? {} : { amount }) },
  onDay,
];
export const cancel = (who: ActorRole): Step => [who, { do: "cancel" }];
export const extend = (days: number, who: ActorRole = "buyer", onDay = 0): Step => [
  who,
  { do: "extend", until: on(days).toISOString() },
  onDay,
];
export const refund = (amount: number, who: ActorRole = "shop", onDay = 0): Step => [
  who,
  { do: "refund", amount, reason: "sorry" },
  onDay,
];
export const refundLine = (quantity: number, line = 1): Step => [
  "shop",
  { do: "refund", lines: q(quantity, line), reason: "sorry" },
];
export const refundNothing: Step = ["shop", { do: "refund", reason: "sorry" }];
export const refundBoth: Step = ["shop", { do: "refund", amount: 1, lines: q(1), reason: "sorry" }];
export const expire = (onDay: number): Step => ["clock", { do: "expire" }, onDay];
export const silence = (onDay: number): Step => ["clock", { do: "autoAccept" }, onDay];
export const pay = (onDay: number): Step => ["clock", { do: "pay" }, onDay];
/** Somebody else tries a step. */
export const by = (who: ActorRole, [, command, onDay = 0]: Step): Step => [who, command, onDay];
