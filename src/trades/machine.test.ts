/**
 * The trade machine, one line a case: what was done before, who does what, and what it comes to. A trade
 * comes to `state frozen/settled/released`, with what was paid back behind it; a refusal comes to its code.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ActorRole,
  actorRoles,
  type ProblemCode,
  problemCodes,
  type TradeState,
  tradeStates,
} from "../protocol/protocol.ts";
import { propose } from "./agreement.ts";
import { type Command, decide, mayMove } from "./decide.ts";
import { type Act, type Decision, isRefused, nextDeadline } from "./moves.ts";
import type { Terms, Trade } from "./trade.ts";
import { type Move, moves, transitions } from "./transitions.ts";

const noon = new Date("2026-11-22T12:00:00.000Z");
const day = 86_400_000;
/** An instant so many days after noon. */
const on = (days: number) => new Date(noon.getTime() + days * day);

type Step = [who: ActorRole, command: Command, onDay?: number];

const terms: Terms = {
  shopName: "Aoi Tea",
  reference: null,
  lines: [{ name: "Tea set", quantity: 10, unitAmount: 100 }],
  payment: { on: "acceptance" },
  acceptance: { by: ["buyer"], need: 1, autoAfter: "P7D", place: null },
  reserveFor: "P30D",
  shipWithin: null,
  coolingOff: "P14D",
  shopAccount: "shop",
  feeAccount: "fee",
  fee: { fixed: 0, basisPoints: 1000, roundTo: "shop" },
  personal: false,
  guest: false,
};

/** What the steps of a case have shown of the table: moves that led somewhere, and what they did to the hold. */
const reached = new Set<string>();
const holdMoves = new Map<Move, Set<string>>();

function take(trade: Trade, [role, command, days = 0]: Step): ReturnType<typeof decide> {
  const act: Act = { role, actor: null, now: on(days), id: "hold" };
  const before = JSON.stringify(trade, (_key, value) => (typeof value === "bigint" ? String(value) : value));
  const result = decide(trade, command, act);
  const now = JSON.stringify(trade, (_key, value) => (typeof value === "bigint" ? String(value) : value));
  assert.equal(now, before, "a decision changes nothing of what it was given");
  if (isRefused(result)) assert.ok(problemCodes.includes(result.refused));
  else observe(trade, command.do, result);
  return result;
}

function observe(trade: Trade, move: Move, { next, effects }: Decision): void {
  reached.add(`${trade.state} ${move} ${next.state}`);
  const seen = holdMoves.get(move) ?? new Set();
  holdMoves.set(move, seen);
  for (const effect of effects) seen.add(effect.do);
}

function given(change: Partial<Terms>, steps: readonly Step[]): Trade {
  const agreed = { ...terms, ...change };
  const parties = {
    shop: "shop",
    buyer: "buyer",
    member: 1n,
    carrier: null,
    provider: null,
    currency: "JPY",
  };
  const act: Act = { role: "shop", actor: null, now: noon, id: "trade" };
  let trade = propose({ number: 18n, ...parties, terms: agreed }, act).next;
  for (const step of steps) {
    const result = take(trade, step);
    if (isRefused(result))
      assert.fail(`${step[0]} could not ${step[1].do}: ${result.refused} ${result.detail}`);
    trade = result.next;
  }
  return trade;
}

const show = ({ state, frozen, settled, released, refunded }: Trade) =>
  `${state} ${frozen}/${settled}/${released}${refunded > 0n ? ` back ${refunded}` : ""}`;

function outcome(change: Partial<Terms>, steps: readonly Step[], last: Step): string {
  const result = take(given(change, steps), last);
  return isRefused(result) ? result.refused : show(result.next);
}

// Terms that cases differ by.
const plain = {};
const two = { lines: [...terms.lines, { name: "Cup", quantity: 4, unitAmount: 25 }] };
const dated = { payment: { on: "date" as const, date: "2026-12-12" } };
const silent = { acceptance: { ...terms.acceptance, autoAfter: null } };
const hurried = { shipWithin: "P3D" };
const both = { acceptance: { ...terms.acceptance, by: ["buyer" as const, "carrier" as const], need: 2 } };
const any = { acceptance: { ...both.acceptance, need: 1 } };
const three = {
  acceptance: {
    ...terms.acceptance,
    by: ["buyer" as const, "carrier" as const, "provider" as const],
    need: 2,
  },
};
const byShop = { acceptance: { ...terms.acceptance, by: ["buyer" as const, "shop" as const] } };
const deskOnly = { acceptance: { ...terms.acceptance, by: ["shop" as const, "operator" as const] } };

// Steps.
const q = (quantity: number, line = 1) => [{ line, quantity }];
const means = { method: "method", account: "account", mandate: null };
const reserve: Step = ["buyer", { do: "reserve", means, shopAgreed: false }];
const refused: Step = ["clock", { do: "refuse", code: "insufficient_funds" }];
const revise: Step = ["shop", { do: "revise", lines: [{ name: "Tea set", quantity: 5, unitAmount: 100 }] }];
const deliver = (quantity = 10, day = 0): Step => ["shop", { do: "deliver", lines: q(quantity) }, day];
const accept = (quantity?: number, day = 0, who: ActorRole = "buyer"): Step => [
  who,
  { do: "accept", ...(quantity === undefined ? {} : { lines: q(quantity) }) },
  day,
];
const final = (quantity: number, who: ActorRole = "buyer"): Step => [
  who,
  { do: "accept", lines: q(quantity), final: true },
];
const reject = (quantity?: number, who: ActorRole = "buyer"): Step => [
  who,
  { do: "reject", reason: "broken", ...(quantity === undefined ? {} : { lines: q(quantity) }) },
];
const back = (quantity?: number, day = 0): Step => [
  "shop",
  { do: "return", ...(quantity === undefined ? {} : { lines: q(quantity) }) },
  day,
];
const dispute = (day = 0, who: ActorRole = "buyer"): Step => [
  who,
  { do: "dispute", reason: "not what I asked for" },
  day,
];
const resolve = (outcome: "settle" | "release" | "resume", day = 0): Step => [
  "operator",
  { do: "resolve", outcome, reason: "looked into it" },
  day,
];
const split = (amount?: number): Step => [
  "operator",
  { do: "resolve", outcome: "split", reason: "half and half", ...(amount === undefined ? {} : { amount }) },
];
const cancel = (who: ActorRole): Step => [who, { do: "cancel" }];
const extend = (days: number, who: ActorRole = "buyer", day = 0): Step => [
  who,
  { do: "extend", until: on(days).toISOString() },
  day,
];
const refund = (amount: number, who: ActorRole = "shop", day = 0): Step => [
  who,
  { do: "refund", amount, reason: "sorry" },
  day,
];
const refundLines = (quantity: number, line = 1): Step => [
  "shop",
  { do: "refund", lines: q(quantity, line), reason: "sorry" },
];
const expire = (day: number): Step => ["clock", { do: "expire" }, day];
const silence = (day: number): Step => ["clock", { do: "autoAccept" }, day];
const pay = (day: number): Step => ["clock", { do: "pay" }, day];

type Case = [name: string, terms: Partial<Terms>, before: Step[], last: Step, comesTo: string];

const agreement: Case[] = [
  ["a proposal is reserved", plain, [], reserve, "reserved 1000/0/0"],
  ["a refusal leaves it open", plain, [], refused, "refused 0/0/0"],
  ["refused, then reserved", plain, [refused], reserve, "reserved 1000/0/0"],
  ["refused again", plain, [refused], refused, "refused 0/0/0"],
  ["twice", plain, [reserve], reserve, "already_reserved"],
  ["refused, then revised", plain, [refused], revise, "proposed 0/0/0"],
  ["revised while proposed", plain, [], revise, "proposed 0/0/0"],
  [
    "revised while reserved: nothing stays frozen for the old terms",
    plain,
    [reserve],
    revise,
    "proposed 0/0/0",
  ],
  ["revised and reserved again", plain, [reserve, revise], reserve, "reserved 500/0/0"],
  ["revised after a delivery", plain, [reserve, deliver(1)], revise, "trade_not_open"],
  ["revised after all was accepted", dated, [reserve, accept()], revise, "already_accepted"],
  ["reserved by the carrier", plain, [], ["carrier", reserve[1]], "not_allowed"],
  [
    "a payment date that is today",
    { payment: { on: "date", date: "2026-11-22" } },
    [],
    reserve,
    "date_out_of_range",
  ],
  [
    "a payment date in two years",
    { payment: { on: "date", date: "2028-11-22" } },
    [],
    reserve,
    "date_out_of_range",
  ],
];

const goods: Case[] = [
  ["delivery evidence", plain, [reserve], deliver(), "delivered 1000/0/0"],
  ["of a part", plain, [reserve], deliver(3), "delivered 1000/0/0"],
  ["of the rest", plain, [reserve, deliver(3)], deliver(7), "delivered 1000/0/0"],
  ["of more than was ordered", plain, [reserve, deliver(3)], deliver(8), "quantity_exceeds_open"],
  [
    "of a line that is not there",
    plain,
    [reserve],
    ["shop", { do: "deliver", lines: q(1, 2) }],
    "unknown_line",
  ],
  [
    "of a line twice",
    plain,
    [reserve],
    ["shop", { do: "deliver", lines: [...q(1), ...q(1)] }],
    "invalid_field",
  ],
  ["by the buyer", plain, [reserve], ["buyer", { do: "deliver" }], "not_allowed"],
  ["before it is reserved", plain, [], deliver(), "trade_not_open"],
  ["after all was accepted", plain, [reserve, accept()], deliver(), "already_accepted"],
  ["accepted whole", plain, [reserve, deliver()], accept(), "settled 0/1000/0"],
  ["accepted before it was reported delivered", plain, [reserve], accept(), "settled 0/1000/0"],
  ["seven of ten", plain, [reserve, deliver()], accept(7), "delivered 300/700/0"],
  ["then the other three", plain, [reserve, deliver(), accept(7)], accept(), "settled 0/1000/0"],
  ["then four more", plain, [reserve, deliver(), accept(7)], accept(4), "quantity_exceeds_open"],
  ["seven, and that is all", plain, [reserve, deliver()], final(7), "settled 0/700/300"],
  ["seven before delivery, and that is all", plain, [reserve], final(7), "settled 0/700/300"],
  ["again after all is accepted", plain, [reserve, accept()], accept(), "already_accepted"],
  ["a line that is not there", plain, [reserve], ["buyer", { do: "accept", lines: q(1, 2) }], "unknown_line"],
  [
    "the second line only",
    two,
    [reserve],
    ["buyer", { do: "accept", lines: q(4, 2) }],
    "delivered 1000/100/0",
  ],
  ["a line twice", two, [reserve], ["buyer", { do: "accept", lines: [...q(1), ...q(1)] }], "invalid_field"],
  ["accepted before it is reserved", plain, [], accept(), "trade_not_open"],
  ["accepted while refused", plain, [refused], accept(), "trade_not_open"],
  ["rejected whole", plain, [reserve, deliver()], reject(), "rejected 1000/0/0"],
  ["rejected before it was reported delivered", plain, [reserve], reject(), "rejected 1000/0/0"],
  ["four rejected, six open", plain, [reserve, deliver()], reject(4), "delivered 1000/0/0"],
  ["four missing before any report", plain, [reserve], reject(4), "delivered 1000/0/0"],
  [
    "four rejected, then six accepted",
    plain,
    [reserve, deliver(), reject(4)],
    accept(),
    "rejected 400/600/0",
  ],
  [
    "six accepted, then four rejected",
    plain,
    [reserve, deliver(), accept(6)],
    reject(4),
    "rejected 400/600/0",
  ],
  ["more rejected than open", plain, [reserve, deliver(), accept(7)], reject(4), "quantity_exceeds_open"],
  ["rejected and then accepted", plain, [reserve, reject()], accept(), "already_rejected"],
  ["rejected twice", plain, [reserve, reject()], reject(), "already_rejected"],
  [
    "rejected goods accepted after all",
    plain,
    [reserve, deliver(), reject(4)],
    accept(7),
    "quantity_exceeds_open",
  ],
  ["rejected goods come back", plain, [reserve, reject()], back(), "rejected 0/0/1000"],
  ["a part of them", plain, [reserve, reject()], back(4), "rejected 600/0/400"],
  ["more than were rejected", plain, [reserve, deliver(), reject(4)], back(5), "quantity_exceeds_open"],
  ["while others are undecided", plain, [reserve, deliver(), reject(4)], back(), "delivered 600/0/400"],
  ["the rest was accepted", plain, [reserve, reject(4), accept()], back(), "settled 0/600/400"],
  ["the rest is to be paid later", dated, [reserve, reject(4), accept()], back(), "accepted 600/0/400"],
  ["returned before anything was rejected", plain, [reserve], back(), "nothing_to_return"],
  ["returned, nothing rejected yet", plain, [reserve, deliver()], back(), "nothing_to_return"],
  ["returned twice", plain, [reserve, reject(), back()], back(), "nothing_to_return"],
  ["returned after it was accepted", plain, [reserve, accept()], back(), "nothing_to_return"],
  ["returned by the buyer", plain, [reserve, reject()], ["buyer", { do: "return" }], "not_allowed"],
];

const acceptors: Case[] = [
  ["the shop, when not agreed", plain, [reserve, deliver()], accept(1, 0, "shop"), "not_an_acceptor"],
  ["the carrier, when not named", plain, [reserve, deliver()], accept(1, 0, "carrier"), "not_an_acceptor"],
  ["the clock", plain, [reserve, deliver()], ["clock", { do: "accept" }], "not_allowed"],
  ["a stranger rejects", plain, [reserve, deliver()], reject(1, "provider"), "not_an_acceptor"],
  ["the shop that the buyer did not agree to", byShop, [reserve], accept(1, 0, "shop"), "not_an_acceptor"],
  [
    "the shop that the buyer agreed to",
    byShop,
    [["buyer", { do: "reserve", means, shopAgreed: true }]],
    accept(1, 0, "shop"),
    "delivered 900/100/0",
  ],
  [
    "the one the buyer chose",
    plain,
    [["buyer", { do: "reserve", means, acceptors: ["carrier"], shopAgreed: false }]],
    accept(undefined, 0, "carrier"),
    "settled 0/1000/0",
  ],
  [
    "no longer the buyer, who chose another",
    plain,
    [["buyer", { do: "reserve", means, acceptors: ["carrier"], shopAgreed: false }]],
    accept(),
    "not_an_acceptor",
  ],
  [
    "only the shop was proposed: then the buyer",
    { acceptance: { ...terms.acceptance, by: ["shop"] } },
    [reserve],
    accept(),
    "settled 0/1000/0",
  ],
  ["any of two", any, [reserve], accept(10, 0, "carrier"), "settled 0/1000/0"],
  ["one of two needed", both, [reserve], accept(10), "delivered 1000/0/0"],
  ["both of two", both, [reserve, accept(10)], accept(10, 0, "carrier"), "settled 0/1000/0"],
  ["the same one twice", both, [reserve, accept(10)], accept(), "already_accepted"],
  ["both agree on six", both, [reserve, accept(10)], accept(6, 0, "carrier"), "delivered 400/600/0"],
  ["one is final", both, [reserve, accept(10)], final(6, "carrier"), "delivered 400/600/0"],
  ["both are final", both, [reserve, final(6)], final(6, "carrier"), "settled 0/600/400"],
  [
    "two of three, whichever",
    three,
    [reserve, accept(4, 0, "provider")],
    accept(7, 0, "carrier"),
    "delivered 600/400/0",
  ],
  [
    "the third adds what the first had",
    three,
    [reserve, accept(4, 0, "provider"), accept(7, 0, "carrier")],
    accept(),
    "delivered 300/700/0",
  ],
  ["one of two is enough to reject", both, [reserve, accept(10)], reject(4, "carrier"), "delivered 1000/0/0"],
  [
    "and the rejected part is accepted by nobody",
    both,
    [reserve, accept(10), reject(4, "carrier")],
    accept(7, 0, "carrier"),
    "quantity_exceeds_open",
  ],
  [
    "the rest of it is",
    both,
    [reserve, accept(10), reject(4, "carrier")],
    accept(undefined, 0, "carrier"),
    "rejected 400/600/0",
  ],
  [
    "the operator for the buyer",
    plain,
    [reserve, deliver()],
    ["operator", { do: "accept", operator: { channel: "phone", reference: "1" } }],
    "settled 0/1000/0",
  ],
  [
    "the operator as one who is none",
    plain,
    [reserve],
    ["operator", { do: "accept", operator: { channel: "fax", reference: "1", as: "carrier" } }],
    "not_an_acceptor",
  ],
  [
    "the operator for one of two",
    both,
    [reserve, accept()],
    ["operator", { do: "accept", operator: { channel: "fax", reference: "1", as: "carrier" } }],
    "settled 0/1000/0",
  ],
  [
    "the operator by name, before the shop",
    deskOnly,
    [["buyer", { do: "reserve", means, shopAgreed: true }]],
    ["operator", { do: "accept" }],
    "settled 0/1000/0",
  ],
];

const ends: Case[] = [
  ["cancelled by the buyer before anything", plain, [], cancel("buyer"), "cancelled 0/0/0"],
  ["cancelled while refused", plain, [refused], cancel("shop"), "cancelled 0/0/0"],
  ["cancelled while reserved", plain, [reserve], cancel("buyer"), "cancelled 0/0/1000"],
  ["by the carrier", plain, [reserve], cancel("carrier"), "not_allowed"],
  ["by the buyer after delivery", plain, [reserve, deliver()], cancel("buyer"), "trade_not_open"],
  ["by the shop after delivery", plain, [reserve, deliver()], cancel("shop"), "cancelled 0/0/1000"],
  ["by the operator after delivery", plain, [reserve, deliver()], cancel("operator"), "cancelled 0/0/1000"],
  ["what is accepted stays paid", plain, [reserve, accept(7)], cancel("shop"), "settled 0/700/300"],
  [
    "what is to be paid later stays frozen",
    dated,
    [reserve, accept(7)],
    cancel("shop"),
    "accepted 700/0/300",
  ],
  ["four rejected, the rest given up", plain, [reserve, reject(4)], cancel("shop"), "rejected 0/0/1000"],
  ["rejected goods given up", plain, [reserve, reject()], cancel("shop"), "rejected 0/0/1000"],
  [
    "rejected goods given up, others paid",
    plain,
    [reserve, reject(4), accept()],
    cancel("shop"),
    "settled 0/600/400",
  ],
  [
    "rejected goods given up, others paid later",
    dated,
    [reserve, reject(4), accept()],
    cancel("shop"),
    "accepted 600/0/400",
  ],
  ["rejected goods, by the buyer", plain, [reserve, reject()], cancel("buyer"), "already_rejected"],
  ["cancelled twice", plain, [reserve, cancel("buyer")], cancel("buyer"), "already_cancelled"],
  ["cancelled after it was settled", plain, [reserve, accept()], cancel("shop"), "already_settled"],
  ["cancelled while it waits for its date", dated, [reserve, accept()], cancel("shop"), "already_accepted"],
  ["accepted after it was cancelled", plain, [reserve, cancel("shop")], accept(), "already_cancelled"],
  ["nobody approved", plain, [], expire(14), "expired 0/0/0"],
  ["nobody approved after a refusal", plain, [refused], expire(14), "expired 0/0/0"],
  ["the reservation ends", plain, [reserve], expire(30), "expired 0/0/1000"],
  ["not a moment before", plain, [reserve], expire(29.999), "trade_not_open"],
  ["not shipped in time", hurried, [reserve], expire(3), "expired 0/0/1000"],
  ["delivered and nobody spoke", silent, [reserve, deliver()], expire(30), "disputed 1000/0/0"],
  [
    "delivered in part, that part accepted",
    plain,
    [reserve, deliver(3), accept(3)],
    expire(30),
    "settled 0/300/700",
  ],
  ["rejected in part, the rest never came", plain, [reserve, reject(4)], expire(30), "rejected 0/0/1000"],
  ["rejected and never returned", plain, [reserve, reject()], expire(30), "rejected 0/0/1000"],
  [
    "rejected in part and never returned",
    plain,
    [reserve, reject(4), accept()],
    expire(30),
    "settled 0/600/400",
  ],
  ["accepted after it expired", plain, [reserve, expire(30)], accept(1, 30), "already_expired"],
  ["by anybody but the clock", plain, [reserve], ["operator", { do: "expire" }, 30], "not_allowed"],
  ["the buyer is silent", plain, [reserve, deliver()], silence(7), "settled 0/1000/0"],
  [
    "not a moment before the end of the clock",
    plain,
    [reserve, deliver()],
    silence(6.999),
    "nothing_to_accept",
  ],
  [
    "silence about a part accepts that part only",
    plain,
    [reserve, deliver(3)],
    silence(7),
    "delivered 700/300/0",
  ],
  ["silence after a rejection", plain, [reserve, deliver(), reject(4)], silence(7), "rejected 400/600/0"],
  ["silence and a payment date", dated, [reserve, deliver()], silence(7), "accepted 1000/0/0"],
  ["silence of a trade without a clock", silent, [reserve, deliver()], silence(29), "nothing_to_accept"],
  ["silence before delivery", plain, [reserve], silence(7), "trade_not_open"],
  ["silence of the second of two", both, [reserve, accept(10)], silence(7), "settled 0/1000/0"],
  ["accepted, to be paid on a date", dated, [reserve], accept(), "accepted 1000/0/0"],
  ["the date has come", dated, [reserve, accept()], pay(20), "settled 0/1000/0"],
  ["the date has not come", dated, [reserve, accept()], pay(19), "trade_not_open"],
  [
    "the date comes while a part is open",
    dated,
    [reserve, deliver(), accept(7)],
    pay(20),
    "delivered 300/700/0",
  ],
  [
    "the date comes while goods are on their way back",
    dated,
    [reserve, reject(4), accept()],
    pay(20),
    "rejected 400/600/0",
  ],
  ["accepted after the date", dated, [reserve, deliver(10, 18)], accept(10, 21), "settled 0/1000/0"],
];

const care: Case[] = [
  ["disputed before delivery", plain, [reserve], dispute(0, "shop"), "disputed 1000/0/0"],
  ["disputed after delivery", plain, [reserve, deliver()], dispute(), "disputed 1000/0/0"],
  ["disputed while it waits for its date", dated, [reserve, accept()], dispute(), "disputed 1000/0/0"],
  ["disputed about rejected goods", plain, [reserve, reject()], dispute(0, "shop"), "disputed 1000/0/0"],
  ["disputed twice", plain, [reserve, dispute()], dispute(), "trade_disputed"],
  ["disputed by the carrier", plain, [reserve], dispute(0, "carrier"), "not_allowed"],
  ["disputed before it is reserved", plain, [], dispute(), "trade_not_open"],
  ["disputed after it was settled", plain, [reserve, accept()], dispute(), "already_settled"],
  ["disputed after all came back", plain, [reserve, reject(), back()], dispute(), "already_rejected"],
  ["accepted in a dispute", plain, [reserve, dispute()], accept(), "trade_disputed"],
  ["cancelled in a dispute", plain, [reserve, dispute()], cancel("shop"), "trade_disputed"],
  ["no deadline in a dispute", plain, [reserve, dispute()], expire(31), "trade_disputed"],
  ["all to the shop", plain, [reserve, dispute()], resolve("settle"), "settled 0/1000/0"],
  [
    "all that is left to the shop",
    plain,
    [reserve, deliver(), reject(4), back(1), dispute()],
    resolve("settle"),
    "settled 0/900/100",
  ],
  ["all back", plain, [reserve, deliver(), dispute()], resolve("release"), "cancelled 0/0/1000"],
  [
    "all back but what was paid",
    plain,
    [reserve, accept(7), dispute()],
    resolve("release"),
    "settled 0/700/300",
  ],
  ["divided", plain, [reserve, deliver(), dispute()], split(250), "settled 0/250/750"],
  ["divided without an amount", plain, [reserve, dispute()], split(), "invalid_field"],
  [
    "more to the shop than there is",
    plain,
    [reserve, accept(7), dispute()],
    split(301),
    "amount_exceeds_hold",
  ],
  [
    "released with an amount",
    plain,
    [reserve, dispute()],
    ["operator", { do: "resolve", outcome: "release", amount: 1, reason: "x" }],
    "invalid_field",
  ],
  ["on with it, reserved", plain, [reserve, dispute()], resolve("resume"), "reserved 1000/0/0"],
  [
    "on with it, delivered",
    plain,
    [reserve, deliver(), dispute()],
    resolve("resume", 5),
    "delivered 1000/0/0",
  ],
  ["on with it, rejected", plain, [reserve, reject(), dispute()], resolve("resume", 5), "rejected 1000/0/0"],
  ["on with it, accepted", dated, [reserve, accept(), dispute()], resolve("resume", 25), "accepted 1000/0/0"],
  [
    "on with it, when its time had run out",
    silent,
    [reserve, deliver(), expire(30)],
    resolve("resume", 31),
    "extension_refused",
  ],
  [
    "its time had run out: all to the shop",
    silent,
    [reserve, deliver(), expire(30)],
    resolve("settle", 31),
    "settled 0/1000/0",
  ],
  ["resolved by the shop", plain, [reserve, dispute()], ["shop", resolve("settle")[1]], "not_allowed"],
  ["resolved, where there is no dispute", plain, [reserve], resolve("settle"), "trade_not_open"],
  ["the reservation is moved", plain, [reserve], extend(40, "shop"), "reserved 1000/0/0"],
  ["to an earlier day", plain, [reserve], extend(29), "extension_refused"],
  ["to the same instant", plain, [reserve], extend(30), "extension_refused"],
  ["beyond a year", plain, [reserve], extend(367, "operator"), "extension_refused"],
  ["the buyer moves the clock", plain, [reserve, deliver()], extend(14), "delivered 1000/0/0"],
  ["by more than 14 days", plain, [reserve, deliver()], extend(22), "extension_refused"],
  ["a second time", plain, [reserve, deliver(), extend(8)], extend(9), "extension_refused"],
  [
    "the shop moves it as often as it likes",
    plain,
    [reserve, deliver(), extend(8), extend(9, "shop")],
    extend(90, "shop"),
    "delivered 1000/0/0",
  ],
  [
    "the clock that the buyer moved has not run out",
    plain,
    [reserve, deliver(3), extend(20), deliver(7, 10)],
    silence(17),
    "nothing_to_accept",
  ],
  ["the time for rejected goods", plain, [reserve, reject()], extend(40), "rejected 1000/0/0"],
  ["of what has ended", plain, [reserve, reject(), back()], extend(40), "already_rejected"],
  ["of what waits for its date", dated, [reserve, accept()], extend(40), "extension_refused"],
  ["before there is a reservation", plain, [], extend(40), "trade_not_open"],
  ["refunded whole", plain, [reserve, accept()], refund(1000), "settled 0/1000/0 back 1000"],
  [
    "refunded in part, twice",
    plain,
    [reserve, accept(), refund(400)],
    refund(600),
    "settled 0/1000/0 back 1000",
  ],
  ["more than was settled", plain, [reserve, accept(), refund(400)], refund(601), "amount_exceeds_settled"],
  ["before anything was settled", plain, [reserve], refund(1), "amount_exceeds_settled"],
  ["while it waits for its date", dated, [reserve, accept()], refund(1), "amount_exceeds_settled"],
  [
    "of a part, while the rest is open",
    plain,
    [reserve, accept(7)],
    refund(700),
    "delivered 300/700/0 back 700",
  ],
  [
    "of a part, while others come back",
    plain,
    [reserve, reject(4), accept()],
    refund(100),
    "rejected 400/600/0 back 100",
  ],
  [
    "of a part, in a dispute",
    plain,
    [reserve, accept(7), dispute()],
    refund(100),
    "disputed 300/700/0 back 100",
  ],
  ["by line", two, [reserve, accept(7)], refundLines(2), "delivered 400/700/0 back 200"],
  [
    "more of a line than was accepted",
    two,
    [reserve, accept(7), refundLines(2)],
    refundLines(6),
    "quantity_exceeds_open",
  ],
  ["of a line that is not there", plain, [reserve, accept()], refundLines(1, 2), "unknown_line"],
  [
    "without amount or lines",
    plain,
    [reserve, accept()],
    ["shop", { do: "refund", reason: "x" }],
    "invalid_field",
  ],
  [
    "with both",
    plain,
    [reserve, accept()],
    ["shop", { do: "refund", amount: 1, lines: q(1), reason: "x" }],
    "invalid_field",
  ],
  [
    "by the buyer within the cooling-off",
    plain,
    [reserve, accept()],
    refund(1000, "buyer", 13.9),
    "settled 0/1000/0 back 1000",
  ],
  ["by the buyer when it is over", plain, [reserve, accept()], refund(1000, "buyer", 14), "cooling_off_over"],
  [
    "by the shop when it is over",
    plain,
    [reserve, accept()],
    refund(1000, "shop", 300),
    "settled 0/1000/0 back 1000",
  ],
  [
    "by the buyer of what was never accepted",
    plain,
    [reserve, deliver()],
    refund(1, "buyer"),
    "cooling_off_over",
  ],
  ["by the carrier", plain, [reserve, accept()], refund(1, "carrier"), "not_allowed"],
  ["of a cancelled trade", plain, [reserve, cancel("shop")], refund(1), "already_cancelled"],
];

const tables = { agreement, goods, acceptors, ends, care };
for (const [title, cases] of Object.entries(tables)) {
  test(`${title}: one line a case`, async (t) => {
    for (const [name, change, before, last, expected] of cases) {
      await t.test(name, () => assert.equal(outcome(change, before, last), expected));
    }
  });
}
