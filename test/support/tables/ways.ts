/** Steps of goods under way, for tests of the machine: who sends what in which parcel, on which day, and what is said of it. */
import { type Terms, withWorths } from "../../../src/core/trade/trade.ts";
import type {
  AcceptorRole,
  ActorRole,
  ContestReason,
  RejectionKind,
} from "../../../src/core/protocol/protocol.ts";
import { on, type Step, terms, type Wait, wait } from "./trades.ts";

/** What a step says: so many pieces of a line, in a parcel, on a day. */
interface Said {
  q?: number;
  line?: number;
  /** Several lines, for which there is no shorter word. */
  lines?: { line: number; quantity: number }[];
  parcel?: string;
  day?: number;
  /** Whose word an operator passes on. */
  as?: AcceptorRole;
}

function partsOf({ q, line = 1, lines, parcel, as }: Said) {
  return {
    ...(q === undefined ? {} : { lines: [{ line, quantity: q }] }),
    ...(lines === undefined ? {} : { lines }),
    ...(parcel === undefined ? {} : { tracking: { number: parcel } }),
    ...(as === undefined ? {} : { operator: { channel: "phone" as const, reference: "1", as } }),
  };
}

/** As `partsOf`, for moves that name no parcel. */
function linesOf(said: Said) {
  const { tracking: _, ...parts } = partsOf(said);
  return parts;
}

export const ship = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "ship", ...partsOf(said) },
  said.day ?? 0,
];
export const hand = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "deliver", ...partsOf(said) },
  said.day ?? 0,
];
export const take = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "accept", ...linesOf(said) },
  said.day ?? 0,
];
export const refuse = (kind: RejectionKind, said: Said = {}, who: ActorRole = "buyer"): Step => [
  who,
  { do: "reject", kind, reason: "not as agreed", ...linesOf(said) },
  said.day ?? 0,
];
export const sendBack = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "send-back", ...partsOf(said) },
  said.day ?? 0,
];
/** Goods come back to the shop; or it did not take them, or they could not be brought there. */
export const bring = (who: ActorRole, said: Said & { notTaken?: "refused" | "undeliverable" } = {}): Step => [
  who,
  {
    do: "return",
    ...partsOf(said),
    ...(said.notTaken === undefined ? {} : { notTaken: said.notTaken }),
  },
  said.day ?? 0,
];
export const deduct = (amount: number, said: Said = {}): Step => [
  "shop",
  { do: "return", deduct: { amount, reason: "scratched" }, ...partsOf(said) },
  said.day ?? 0,
];
export const withdraw = (said: Said = {}, who: ActorRole = "buyer"): Step => [
  who,
  { do: "withdraw", reason: "changed my mind", ...linesOf(said) },
  said.day ?? 0,
];
export const argue = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "dispute", reason: "not what we said", ...partsOf(said) },
  said.day ?? 0,
];
export const contest = (reason: ContestReason, said: Said = {}, who: ActorRole = "shop"): Step => [
  who,
  { do: "dispute", reason: "look at it", contest: reason, ...partsOf(said) },
  said.day ?? 0,
];
export const answer = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "answer", statement: "I see it otherwise", ...linesOf(said) },
  said.day ?? 0,
];
export const add = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "say", words: "there is more to it", ...linesOf(said) },
  said.day ?? 0,
];
export const propose = (who: ActorRole, release: number, pay: number, refund = 0, day = 0): Step => [
  who,
  { do: "offer", release, pay, refund },
  day,
];
export const agree = (who: ActorRole, version: number, day = 0): Step => [
  who,
  { do: "offer/accept", version },
  day,
];
/** A week later, unless said otherwise: what has come is looked at first. */
type Verdict = Extract<Step[1], { do: "resolve" }>;
export const judge = (
  outcome: Verdict["outcome"],
  said: Said & { amount?: number; refund?: number } = {},
): Step => [
  "operator",
  {
    do: "resolve",
    outcome,
    reason: "looked into it",
    ...linesOf(said),
    ...(said.amount === undefined ? {} : { amount: said.amount }),
    ...(said.refund === undefined ? {} : { refund: said.refund }),
  },
  said.day ?? 7,
];
export const stop = (who: ActorRole, said: Said = {}): Step => [
  who,
  { do: "cancel", ...linesOf(said) },
  said.day ?? 0,
];
export const prolong = (who: ActorRole, until: number, said: Said = {}): Step => [
  who,
  {
    do: "extend",
    until: on(until).toISOString(),
    ...(said.as === undefined ? {} : linesOf({ as: said.as })),
  },
  said.day ?? 0,
];

// Terms that cases differ by.
export const kept: Partial<Terms> = { coolingOff: { for: "P14D", goods: "keep" } };
export const noCoolingOff: Partial<Terms> = { coolingOff: null };
/** The buyer has ticked that the shop's word of a delivery counts. */
export const trusting: Partial<Terms> = { acceptance: { ...terms.acceptance, shopWord: true } };
export const nobodyIndependent: Partial<Terms> = { independent: [] };
export const extendable: Partial<Terms> = { extendableTo: "P60D" };

/** A cart: pieces that share a price unevenly, with shipping and a discount, and a gift. */
export const cart: Partial<Terms> = {
  lines: withWorths([
    { name: "Tea set", quantity: 2, amount: 201 },
    { name: "Cloth", quantity: 1, unitAmount: 0 },
    { name: "Sending", quantity: 1, unitAmount: 60, kind: "shipping" },
    { name: "Less", quantity: 1, amount: -10, kind: "discount" },
  ]),
};
/** Its gift is said to be missing while its parcel is on the way, and is contested: the parcel comes when all else is decided. */
export const contestedGift: (Step | Wait)[] = [
  ship("carrier", { line: 2, q: 1, parcel: "B" }),
  refuse("missing", { line: 2, q: 1 }),
  contest("not_back", { line: 2, q: 1 }),
  judge("resume", { day: 0.5 }),
  wait(5.5),
  answer("shop", { day: 6 }),
  answer("buyer", { day: 6 }),
];
export const broughtGift = hand("carrier", { line: 2, q: 1, parcel: "B", day: 8 });
