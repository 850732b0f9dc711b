/**
 * Stories of goods under way, each tried by somebody who cheats alone, over HTTP. A trade of 5,000 yen: five cups at 1,000.
 * A step is who, what, and what the trade then comes to: `state frozen/settled/released`, with what went back behind it;
 * or the code of the refusal.
 */
import { spoken } from "../world/operators.ts";
import type { Json } from "../wire/http.ts";

export type Who = "shop" | "buyer" | "carrier" | "phone" | "admin";
/** A call on the trade, or so much time that passes. */
export type GoodsStep =
  | [who: Who, call: string, body: Json, comesTo: string]
  | [who: "clock", by: string, comesTo: string];

export interface GoodsStory {
  name: string;
  terms?: Json;
  steps: GoodsStep[];
}

const some = (quantity: number) => [{ line: 1, quantity }];
const parcel = (number: string) => ({ tracking: { carrier: "Yamato", number } });
const wrong = { reason: "cracked" };
const word = spoken;
const open = "reserved 5000/0/0";
const cups = [{ name: "Cup", quantity: 5, unitAmount: 1000 }];

/** The ten that began it, each with what stops it. */
const tenCheats: GoodsStory[] = [
  {
    name: "the buyer cancels while the parcel is on its way",
    steps: [
      ["shop", "ship", parcel("P1"), open],
      ["buyer", "cancel", {}, "already_shipped"],
      ["buyer", "cancel", { lines: some(1) }, "quantity_exceeds_open"],
      ["carrier", "deliver", parcel("P1"), "delivered 5000/0/0"],
      ["buyer", "cancel", {}, "already_shipped"],
      ["clock", "P8D", "settled 0/5000/0"],
    ],
  },
  {
    name: "the buyer rejects, keeps the goods, and waits",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "reject", wrong, "rejected 5000/0/0"],
      // Not sent back in time: a dispute, in which the shop answers and the buyer is silent.
      ["clock", "P11D", "disputed 5000/0/0"],
      ["shop", "answer", { statement: "Nothing has come back." }, "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "settle", reason: "they say so" }, "still_running"],
      ["clock", "P8D", "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "settle", reason: "delivered, not sent back" }, "settled 0/5000/0"],
    ],
  },
  {
    name: "the buyer accepts, asks for the money back, and keeps the goods",
    terms: { coolingOff: "P14D" },
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "accept", {}, "settled 0/5000/0"],
      ["buyer", "refund", { amount: 5000, reason: "I changed my mind" }, "not_allowed"],
      ["buyer", "withdraw", { reason: "I changed my mind" }, "settled 0/5000/0"],
      ["clock", "P11D", "settled 0/5000/0"],
      ["buyer", "withdraw", { reason: "again" }, "already_withdrawn"],
    ],
  },
  {
    name: "without a cooling-off period nobody withdraws",
    steps: [
      ["buyer", "accept", {}, "settled 0/5000/0"],
      ["buyer", "withdraw", { reason: "I changed my mind" }, "cooling_off_over"],
    ],
  },
  {
    name: "the buyer has them all, and accepts one as the last",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "accept", { lines: some(1), final: true }, "delivered 4000/1000/0"],
      ["clock", "P8D", "settled 0/5000/0"],
    ],
  },
  {
    name: "the shop says delivered, and sent nothing",
    steps: [
      ["shop", "deliver", {}, open],
      ["clock", "P8D", open],
      ["clock", "P7D", open],
      ["buyer", "reject", { reason: "nothing came", kind: "never_came" }, "rejected 5000/0/0"],
      ["clock", "P6D", "rejected 0/0/5000"],
    ],
  },
  {
    name: "a parcel that takes eight days is not paid by silence",
    steps: [
      ["shop", "deliver", parcel("P8"), open],
      ["clock", "P8D", open],
      ["carrier", "deliver", parcel("P8"), "delivered 5000/0/0"],
      ["buyer", "accept", {}, "settled 0/5000/0"],
    ],
  },
  {
    name: "the shop keeps the money frozen alone",
    steps: [
      ["shop", "extend", { until: "in 60 days" }, open],
      ["clock", "P9D", open],
      ["clock", "P9D", open],
      ["clock", "P13D", "expired 0/0/5000"],
    ],
  },
  {
    name: "the shop revises to the same lines again and again",
    steps: [
      ["clock", "P9D", open],
      ["shop", "revise", { lines: cups }, open],
      ["clock", "P9D", open],
      ["shop", "revise", { lines: cups }, open],
      ["clock", "P13D", "expired 0/0/5000"],
    ],
  },
  {
    name: "what the shop asks for, the buyer answers",
    steps: [
      ["shop", "extend", { until: "in 60 days" }, open],
      ["buyer", "extend", { until: "in 60 days" }, open],
      ["clock", "P31D", open],
      ["clock", "P30D", "expired 0/0/5000"],
    ],
  },
  {
    name: "a dispute and two who fall silent",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "dispute", { reason: "not what I ordered" }, "disputed 5000/0/0"],
      // The shop is silent, and an independent party has seen the delivery: an operator decides.
      ["clock", "P8D", "disputed 5000/0/0"],
      ["clock", "P14D", "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "split", amount: 2000, reason: "seen" }, "settled 0/2000/3000"],
    ],
  },
  {
    name: "the shop opens a dispute about nothing that it sent, and the buyer is silent",
    steps: [
      ["shop", "dispute", { reason: "pay me" }, "disputed 5000/0/0"],
      ["shop", "dispute", { reason: "pay me" }, "trade_disputed"],
      ["clock", "P8D", "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "resume", reason: "nothing to decide" }, open],
      ["shop", "dispute", { reason: "pay me now" }, "already_disputed"],
      ["clock", "P30D", "expired 0/0/5000"],
    ],
  },
  {
    name: "the shop never confirms what was sent back",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "reject", { lines: some(2), ...wrong }, "delivered 5000/0/0"],
      ["buyer", "accept", {}, "rejected 2000/3000/0"],
      ["buyer", "send-back", parcel("R1"), "rejected 2000/3000/0"],
      ["carrier", "return", parcel("R1"), "rejected 2000/3000/0"],
      ["shop", "extend", { until: "in 60 days" }, "rejected 2000/3000/0"],
      ["clock", "P20D", "settled 0/3000/2000"],
    ],
  },
];

/** What else is under way, and how it ends. */
const otherWays: GoodsStory[] = [
  {
    name: "two parcels, one refused at the door, one accepted",
    steps: [
      ["shop", "ship", { ...parcel("A"), lines: some(3) }, open],
      ["shop", "ship", { ...parcel("B"), lines: some(2) }, open],
      ["shop", "ship", {}, "already_shipped"],
      ["shop", "revise", { amount: 4000 }, "already_shipped"],
      ["carrier", "deliver", {}, "invalid_field"],
      ["carrier", "deliver", parcel("A"), "delivered 5000/0/0"],
      ["carrier", "send-back", parcel("B"), "delivered 5000/0/0"],
      ["buyer", "accept", {}, "rejected 2000/3000/0"],
      ["shop", "return", {}, "settled 0/3000/2000"],
    ],
  },
  {
    name: "the buyer says received, and cannot say that it never came",
    steps: [
      ["shop", "ship", {}, open],
      ["buyer", "reject", { reason: "where is it?", kind: "never_came" }, "not_due_yet"],
      ["buyer", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "reject", { reason: "where is it?", kind: "never_came" }, "already_received"],
      ["buyer", "extend", { until: "in 12 days" }, "delivered 5000/0/0"],
      ["buyer", "extend", { until: "in 13 days" }, "extension_refused"],
      ["clock", "P8D", "delivered 5000/0/0"],
      ["clock", "P5D", "settled 0/5000/0"],
    ],
  },
  {
    name: "late: the buyer's cancel is a dispute, and the shop's silence gives it back",
    steps: [
      ["shop", "ship", {}, open],
      ["clock", "P15D", open],
      ["buyer", "cancel", {}, "disputed 5000/0/0"],
      ["clock", "P8D", "cancelled 0/0/5000"],
    ],
  },
  {
    name: "late and lost: the shop gives the goods up",
    steps: [
      ["shop", "ship", { lines: some(2) }, open],
      ["shop", "cancel", { lines: some(5) }, "cancelled 0/0/5000"],
    ],
  },
  {
    name: "a part is not shipped, and the buyer ends that part",
    steps: [
      ["shop", "ship", { lines: some(2) }, open],
      ["buyer", "cancel", {}, "already_shipped"],
      ["buyer", "cancel", { lines: some(3) }, "reserved 2000/0/3000"],
      ["buyer", "accept", {}, "settled 0/2000/3000"],
    ],
  },
  {
    name: "an unhappy buyer withdraws, sends back, and is paid back",
    terms: { coolingOff: { for: "P14D", goods: "return" } },
    steps: [
      ["buyer", "accept", {}, "settled 0/5000/0"],
      ["buyer", "withdraw", { lines: some(2), reason: "too large" }, "settled 0/5000/0"],
      ["buyer", "send-back", parcel("W1"), "settled 0/5000/0"],
      ["carrier", "return", parcel("W1"), "settled 0/5000/0"],
      ["shop", "return", parcel("W1"), "settled 0/5000/0 back 2000"],
    ],
  },
  {
    name: "what is downloaded is withdrawn from at once",
    terms: { coolingOff: { for: "P14D", goods: "keep" } },
    steps: [
      ["buyer", "accept", {}, "settled 0/5000/0"],
      ["buyer", "withdraw", { reason: "no" }, "settled 0/5000/0 back 5000"],
      ["buyer", "withdraw", { reason: "no" }, "already_withdrawn"],
    ],
  },
  {
    name: "silence accepted what is wrong: two weeks to send it back",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["clock", "P8D", "settled 0/5000/0"],
      ["buyer", "withdraw", { reason: "I was away, and it is another colour" }, "settled 0/5000/0"],
      ["buyer", "send-back", parcel("S1"), "settled 0/5000/0"],
      ["shop", "dispute", { reason: "an empty box", contest: "another_article" }, "disputed 0/5000/0"],
      ["buyer", "answer", { statement: "It was full." }, "disputed 0/5000/0"],
      ["phone", "resolve", { outcome: "release", reason: "x" }, "settled 0/5000/0 back 5000"],
    ],
  },
  {
    name: "used: the shop keeps a part, and the buyer agrees",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "reject", wrong, "rejected 5000/0/0"],
      ["buyer", "send-back", {}, "rejected 5000/0/0"],
      ["shop", "return", { deduct: { amount: 1500, reason: "worn" } }, "disputed 5000/0/0"],
      ["shop", "offer/accept", { version: "of the offer" }, "not_allowed"],
      ["buyer", "offer/accept", { version: 1 }, "no_offer"],
      ["buyer", "offer/accept", { version: "of the offer" }, "settled 0/1500/3500"],
    ],
  },
  {
    name: "who has spoken for a side decides nothing",
    steps: [
      ["phone", "dispute", { reason: "late", operator: { ...word, as: "buyer" } }, "disputed 5000/0/0"],
      ["phone", "resolve", { outcome: "release", reason: "x" }, "not_allowed"],
      // Another one decides, but not against a side that can still answer.
      ["admin", "resolve", { outcome: "release", reason: "x" }, "still_running"],
      ["shop", "answer", { statement: "They know." }, "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "release", reason: "x" }, "cancelled 0/0/5000"],
    ],
  },
];

export const goodsStories: GoodsStory[] = [...tenCheats, ...otherWays];

const two = some(2);

/** What the search found beside them, for those who act over HTTP (`core/machine/holes.test.ts` has them all). */
export const foundStories: GoodsStory[] = [
  {
    name: "a brick comes in a dispute, and is looked at before it is decided",
    steps: [
      ["shop", "ship", parcel("A"), open],
      ["shop", "dispute", { reason: "pay me" }, "disputed 5000/0/0"],
      ["buyer", "answer", { statement: "nothing has come" }, "disputed 5000/0/0"],
      ["carrier", "deliver", parcel("A"), "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "settle", reason: "it has come" }, "still_running"],
      ["clock", "P8D", "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "settle", reason: "nobody has said more" }, "settled 0/5000/0"],
    ],
  },
  {
    name: "a delivery that is reported again is about no other goods",
    steps: [
      ["shop", "ship", { lines: two, ...parcel("A") }, open],
      ["carrier", "deliver", parcel("A"), "delivered 5000/0/0"],
      ["buyer", "accept", { lines: two }, "delivered 3000/2000/0"],
      ["shop", "ship", { lines: some(3) }, "delivered 3000/2000/0"],
      ["carrier", "deliver", parcel("A"), "delivered 3000/2000/0"],
      ["clock", "P8D", "delivered 3000/2000/0"],
    ],
  },
  {
    name: "a parcel that has come takes no other goods, and none go back in one that is still to come",
    steps: [
      ["shop", "ship", { lines: two, ...parcel("A") }, open],
      ["carrier", "deliver", parcel("A"), "delivered 5000/0/0"],
      ["shop", "ship", { lines: some(3), ...parcel("A") }, "already_shipped"],
      ["shop", "ship", { lines: some(3), ...parcel("B") }, "delivered 5000/0/0"],
      ["buyer", "reject", { lines: two, ...wrong }, "delivered 5000/0/0"],
      ["buyer", "send-back", { lines: two, ...parcel("B") }, "invalid_field"],
      ["buyer", "send-back", { lines: two, ...parcel("R") }, "delivered 5000/0/0"],
    ],
  },
  {
    name: "what the carrier brings back is that parcel, and nothing that was never sent",
    steps: [
      ["carrier", "deliver", {}, "delivered 5000/0/0"],
      ["buyer", "reject", { lines: two, ...wrong }, "delivered 5000/0/0"],
      ["buyer", "send-back", { lines: two, ...parcel("R") }, "delivered 5000/0/0"],
      ["buyer", "reject", wrong, "rejected 5000/0/0"],
      ["carrier", "return", parcel("R"), "rejected 5000/0/0"],
      ["shop", "return", parcel("R"), "rejected 3000/0/2000"],
    ],
  },
  {
    name: "a bare word that it was sent back does not end the way on which it still is",
    steps: [
      ["shop", "ship", parcel("A"), open],
      ["carrier", "ship", parcel("A"), open],
      ["buyer", "reject", wrong, "rejected 5000/0/0"],
      ["buyer", "send-back", {}, "rejected 5000/0/0"],
      ["shop", "dispute", { contest: "not_back", reason: "nothing is here" }, "disputed 5000/0/0"],
      ["buyer", "answer", { statement: "I have posted it" }, "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "release", reason: "the buyer says so" }, "still_running"],
    ],
  },
  {
    name: "what is late is a dispute once",
    steps: [
      ["shop", "ship", parcel("A"), open],
      ["clock", "P15D", open],
      ["buyer", "cancel", {}, "disputed 5000/0/0"],
      ["shop", "answer", { statement: "it is on its way" }, "disputed 5000/0/0"],
      ["admin", "resolve", { outcome: "resume", reason: "wait" }, open],
      ["buyer", "cancel", {}, "already_disputed"],
    ],
  },
];
