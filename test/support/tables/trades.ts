/** Trades for tests of the machine: terms, steps, and what they come to. Ten tea sets at 100 each, unless said otherwise. */
import assert from "node:assert/strict";
import { type ActorRole, isRefused, problemCodes } from "../../../src/core/protocol/protocol.ts";
import {
  type Act,
  type Command,
  decide,
  propose,
  type Terms,
  type Trade,
} from "../../../src/core/machine/machine.ts";

const noon = new Date("2026-11-22T12:00:00.000Z");
const day = 86_400_000;

/** The instant so many days after the trade was proposed. */
export const on = (days: number): Date => new Date(noon.getTime() + days * day);

export type Step = [who: ActorRole, command: Command, onDay?: number];

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
export function take(trade: Trade, [role, command, days = 0]: Step): ReturnType<typeof decide> {
  const act: Act = { role, actor: null, now: on(days), id: "hold" };
  const before = textOf(trade);
  const result = decide(trade, command, act);
  assert.equal(textOf(trade), before);
  if (isRefused(result)) assert.ok(problemCodes.includes(result.refused));
  return result;
}

/** A trade that has just been proposed. */
export function proposed(change: Partial<Terms> = {}): Trade {
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

/** A trade on which these steps have been taken. */
export function given(change: Partial<Terms>, steps: readonly Step[]): Trade {
  return steps.reduce((trade, step) => {
    const result = take(trade, step);
    if (!isRefused(result)) return result.next;
    return assert.fail(`${step[0]} could not ${step[1].do}: ${result.refused} ${result.detail}`);
  }, proposed(change));
}

/** `state frozen/settled/released`, with what was paid back behind it. */
export function show({ state, frozen, settled, released, refunded }: Trade): string {
  return `${state} ${frozen}/${settled}/${released}${refunded > 0n ? ` back ${refunded}` : ""}`;
}

/** What a last step comes to: a trade as `show` writes it, or the code of the refusal. */
export function outcome(change: Partial<Terms>, steps: readonly Step[], last: Step): string {
  const result = take(given(change, steps), last);
  return isRefused(result) ? result.refused : show(result.next);
}

const accepting = (acceptance: Partial<Terms["acceptance"]>): Partial<Terms> => ({
  acceptance: { ...terms.acceptance, ...acceptance },
});

// Terms that cases differ by.
export const plain = {};
export const two = { lines: [...terms.lines, { name: "Cup", quantity: 4, unitAmount: 25 }] };
export const payOn = (date: string): Partial<Terms> => ({ payment: { on: "date", date } });
/** To be paid twenty days after noon's day. */
export const dated = payOn("2026-12-12");
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
export const deliver = (quantity?: number, onDay = 0, line = 1): Step => [
  "shop",
  { do: "deliver", ...optional(quantity, line) },
  onDay,
];
export const deliverTwice: Step = ["shop", { do: "deliver", lines: [...q(1), ...q(1)] }];
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
export const resolve = (outcome: Outcome, onDay = 0, amount?: number): Step => [
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
