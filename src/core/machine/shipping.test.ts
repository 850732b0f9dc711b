/**
 * Goods on their way to the buyer, one line a case, as in machine.test.ts; behind the money stands what is known of the goods,
 * lot by lot, and on which day their deadlines are.
 */
import type { Terms } from "../trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  both,
  cancel,
  deliver,
  dispute,
  extend,
  final,
  given,
  hurried,
  on,
  outcome,
  outcomeWithGoods,
  passing,
  plain,
  reserve,
  reserveWithShop,
  revise,
  silent,
  type Step,
  two,
  wait,
  type Wait,
  withShop,
} from "../../../test/support/tables/trades.ts";
import {
  argue,
  extendable,
  hand,
  nobodyIndependent,
  prolong,
  refuse,
  ship,
  stop,
  take,
  trusting,
} from "../../../test/support/tables/ways.ts";

type Case = [
  name: string,
  terms: Partial<Terms>,
  before: (Step | Wait)[],
  last: Step | Wait,
  comesTo: string,
];

const a = ship("shop", { parcel: "A" });
const halves = [ship("shop", { q: 4, parcel: "A" }), ship("shop", { parcel: "B", day: 3 })];

const shipping: Case[] = [
  ["shipped: the state stays", plain, [reserve], a, "reserved 1000/0/0: 10 shipped A; deliverBy 14"],
  ["a part", plain, [reserve], ship("shop", { q: 4 }), "reserved 1000/0/0: 4 shipped; deliverBy 14"],
  [
    "the last shipment counts",
    plain,
    [reserve, ship("shop", { q: 4, parcel: "A" })],
    ship("shop", { parcel: "B", day: 3 }),
    "reserved 1000/0/0: 4 shipped A, 6 shipped B; deliverBy 17",
  ],
  ["twice", plain, [reserve, a], a, "already_shipped"],
  [
    "more than there is",
    plain,
    [reserve, halves[0] as Step],
    ship("shop", { q: 7 }),
    "quantity_exceeds_open",
  ],
  ["a line that is not there", plain, [reserve], ship("shop", { q: 1, line: 2 }), "unknown_line"],
  ["by the buyer", plain, [reserve], ship("buyer"), "not_allowed"],
  ["by the recipient", plain, [reserve], ship("recipient"), "not_allowed"],
  ["before it is reserved", plain, [], a, "trade_not_open"],
  [
    "the rest, after a part was accepted",
    plain,
    [reserve, accept(4)],
    a,
    "delivered 600/400/0: 6 shipped A; deliverBy 14",
  ],
  ["after all was accepted", plain, [reserve, accept()], a, "already_settled"],
  ["in a dispute", plain, [reserve, dispute()], a, "disputed 1000/0/0: 10 shipped A; deliverBy 14"],
  [
    "an independent carrier picks up",
    plain,
    [reserve],
    ship("carrier", { q: 10, parcel: "A" }),
    "reserved 1000/0/0: 10 shipped A under way; deliverBy 14",
  ],
  [
    "the shop's own carrier",
    nobodyIndependent,
    [reserve],
    ship("carrier", { q: 10, parcel: "A" }),
    "reserved 1000/0/0: 10 shipped A; deliverBy 14",
  ],
  [
    "an operator, for the carrier",
    plain,
    [reserve],
    ship("operator", { q: 10, parcel: "A", as: "carrier" }),
    "reserved 1000/0/0: 10 shipped A under way; deliverBy 14",
  ],
  [
    "each scan gives the parcel its time anew",
    plain,
    [reserve, a, ship("carrier", { parcel: "A", day: 2 })],
    ship("carrier", { parcel: "A", day: 9 }),
    "reserved 1000/0/0: 10 shipped A under way; deliverBy 23",
  ],
  [
    "a scan of a parcel that the shop has not named",
    plain,
    [reserve, ship("shop")],
    ship("carrier", { parcel: "A", day: 2 }),
    "reserved 1000/0/0: 10 shipped A under way; deliverBy 16",
  ],
  [
    "a scan of a parcel that nobody knows",
    plain,
    [reserve, a],
    ship("carrier", { parcel: "X" }),
    "already_shipped",
  ],
  [
    "a scan, where there are two parcels",
    plain,
    [reserve, ...halves],
    ship("carrier", { day: 4 }),
    "invalid_field",
  ],
  [
    "a scan of the second of two",
    plain,
    [reserve, ...halves],
    ship("carrier", { parcel: "B", day: 4 }),
    "reserved 1000/0/0: 4 shipped A, 6 shipped B under way; deliverBy 18",
  ],
  [
    "the time to ship runs on for what is left",
    hurried,
    [reserve, ship("shop", { q: 4 })],
    wait(3),
    "reserved 400/0/600: 4 shipped; deliverBy 14",
  ],
  [
    "what was shipped has no time to ship",
    hurried,
    [reserve, a],
    wait(3),
    "reserved 1000/0/0: 10 shipped A; deliverBy 14",
  ],
];

const arriving: Case[] = [
  [
    "an independent carrier delivers",
    plain,
    [reserve, a],
    hand("carrier", { parcel: "A", day: 3 }),
    "delivered 1000/0/0: 10 delivered A seen; acceptBy 10",
  ],
  [
    "the recipient has it",
    plain,
    [reserve, a],
    hand("recipient", { day: 3 }),
    "delivered 1000/0/0: 10 delivered A seen; acceptBy 10",
  ],
  [
    "the buyer says: received. A parcel stays expected until somebody else has seen it",
    plain,
    [reserve, ship("carrier", { q: 10, parcel: "A" })],
    hand("buyer", { day: 3 }),
    "delivered 1000/0/0: 10 delivered A under way received; acceptBy 10 deliverBy 14",
  ],
  [
    "and the carrier says so too",
    plain,
    [reserve, ship("carrier", { q: 10, parcel: "A" }), hand("buyer", { day: 3 })],
    hand("carrier", { parcel: "A", day: 4 }),
    "delivered 1000/0/0: 10 delivered A seen received; acceptBy 10",
  ],
  [
    "the shop's word is a shipment, of which the buyer is asked",
    plain,
    [reserve],
    hand("shop"),
    "reserved 1000/0/0: 10 shipped claimed; deliverBy 14",
  ],
  [
    "it does not give the goods more time",
    plain,
    [reserve, a],
    hand("shop", { day: 5 }),
    "reserved 1000/0/0: 10 shipped A claimed; deliverBy 14",
  ],
  [
    "nor is it more than a word, where all has come",
    plain,
    [reserve, deliver()],
    hand("shop"),
    "already_shipped",
  ],
  [
    "so is the word of its own carrier",
    nobodyIndependent,
    [reserve],
    hand("carrier"),
    "reserved 1000/0/0: 10 shipped claimed; deliverBy 14",
  ],
  [
    "the shop's word, where the buyer trusts it: nobody else has seen it",
    trusting,
    [reserve],
    hand("shop"),
    "delivered 1000/0/0: 10 delivered; acceptBy 7",
  ],
  [
    "the shop's word, where it is an acceptor",
    withShop,
    [reserveWithShop],
    hand("shop"),
    "delivered 1000/0/0: 10 delivered; acceptBy 7",
  ],
  [
    "the shop as acceptor, whom the buyer has struck out",
    withShop,
    [reserve],
    hand("shop"),
    "reserved 1000/0/0: 10 shipped claimed; deliverBy 14",
  ],
  [
    "an operator's word is that of the one they speak for: the shop",
    plain,
    [reserve],
    hand("operator", { as: "shop" }),
    "reserved 1000/0/0: 10 shipped claimed; deliverBy 14",
  ],
  [
    "the buyer",
    plain,
    [reserve, a],
    hand("operator", { as: "buyer", day: 1 }),
    "delivered 1000/0/0: 10 delivered A received; acceptBy 8",
  ],
  [
    "the recipient",
    plain,
    [reserve, a],
    hand("operator", { as: "recipient", day: 1 }),
    "delivered 1000/0/0: 10 delivered A seen; acceptBy 8",
  ],
  ["nobody", plain, [reserve], hand("operator"), "reserved 1000/0/0: 10 shipped claimed; deliverBy 14"],
  [
    "one parcel of two, by its name",
    plain,
    [reserve, ...halves],
    hand("carrier", { parcel: "B", day: 5 }),
    "delivered 1000/0/0: 4 shipped A, 6 delivered B seen; acceptBy 12 deliverBy 17",
  ],
  ["which of two?", plain, [reserve, ...halves], hand("carrier", { day: 5 }), "invalid_field"],
  [
    "a report without lines is never about what has not left",
    plain,
    [reserve, ship("shop", { q: 4, parcel: "A" })],
    hand("carrier", { day: 5 }),
    "delivered 1000/0/0: 4 delivered A seen; acceptBy 12",
  ],
  [
    "nor is the same report once more",
    plain,
    [reserve, ship("shop", { q: 4, parcel: "A" }), hand("carrier", { parcel: "A", day: 5 })],
    hand("carrier", { parcel: "A", day: 6 }),
    "delivered 1000/0/0: 4 delivered A seen; acceptBy 12",
  ],
  [
    "nor one about a parcel of which nobody has spoken",
    plain,
    [reserve, ship("shop", { q: 4, parcel: "A" })],
    hand("carrier", { parcel: "X", day: 5 }),
    "invalid_field",
  ],
  [
    "a parcel that the shop has not named",
    plain,
    [reserve, ship("shop")],
    hand("carrier", { parcel: "A", day: 5 }),
    "delivered 1000/0/0: 10 delivered A seen; acceptBy 12",
  ],
  [
    "the next delivery starts the clock anew over all",
    plain,
    [reserve, ...halves, hand("carrier", { parcel: "A", day: 4 })],
    hand("carrier", { parcel: "B", day: 6 }),
    "delivered 1000/0/0: 4 delivered A seen, 6 delivered B seen; acceptBy 13",
  ],
  [
    "handed over at once, by lines",
    two,
    [reserve],
    deliver(2, 1, 2),
    "delivered 1100/0/0: 2 of line 2 delivered seen; acceptBy 8",
  ],
  [
    "nothing is accepted in silence: no clock",
    silent,
    [reserve],
    deliver(),
    "delivered 1000/0/0: 10 delivered seen",
  ],
  [
    "a delivery in a dispute is kept, and its clock stands",
    plain,
    [reserve, a, argue("buyer", { day: 1 })],
    hand("carrier", { parcel: "A", day: 4 }),
    "disputed 1000/0/0: 10 delivered A seen; acceptBy 8",
  ],
  [
    "the buyer accepts before anybody has seen it",
    plain,
    [reserve, a],
    take("buyer", { q: 4, day: 3 }),
    "delivered 600/400/0: 6 shipped A; deliverBy 14",
  ],
  [
    "what one of two has confirmed is there",
    both,
    [reserve, a],
    take("buyer", { q: 4, day: 3 }),
    "delivered 1000/0/0: 4 delivered A received, 6 shipped A; acceptBy 10 deliverBy 14",
  ],
  [
    "what the buyer says never came, and the carrier has delivered, is undecided again",
    plain,
    [reserve, a, refuse("never_came", { day: 14 })],
    hand("carrier", { parcel: "A", day: 16 }),
    "delivered 1000/0/0: 10 delivered A seen; acceptBy 23",
  ],
  [
    "a delivery of rejected goods is kept; they stay rejected",
    plain,
    [reserve, ship("carrier", { q: 10, parcel: "A" }), refuse("wrong", { day: 1 })],
    hand("carrier", { parcel: "A", day: 4 }),
    "rejected 1000/0/0: 10 rejected A seen; returnBy 24",
  ],
];

const ending: Case[] = [
  ["the buyer cancels what is on its way", plain, [reserve, a], cancel("buyer"), "already_shipped"],
  ["or a part of it", plain, [reserve, ship("shop", { q: 4 })], cancel("buyer"), "already_shipped"],
  [
    "for an operator it is the same",
    plain,
    [reserve, a],
    stop("operator", { as: "buyer" }),
    "already_shipped",
  ],
  [
    "by lines they end what has not left",
    plain,
    [reserve, ship("shop", { q: 4 })],
    stop("buyer", { q: 6 }),
    "reserved 400/0/600: 4 shipped; deliverBy 14",
  ],
  ["and no more", plain, [reserve, ship("shop", { q: 4 })], stop("buyer", { q: 7 }), "quantity_exceeds_open"],
  [
    "also after a part was delivered",
    plain,
    [reserve, deliver(4)],
    stop("buyer", { q: 6 }),
    "delivered 400/0/600: 4 delivered seen; acceptBy 7",
  ],
  [
    "also before anything has left, and then it goes on",
    plain,
    [reserve],
    stop("buyer", { q: 3 }),
    "reserved 700/0/300",
  ],
  ["all, by lines", plain, [reserve], stop("buyer", { q: 10 }), "cancelled 0/0/1000"],
  ["by lines, before it is reserved", plain, [], stop("buyer", { q: 3 }), "trade_not_open"],
  [
    "the shop ends a part that has not left",
    plain,
    [reserve, ship("shop", { q: 4 })],
    stop("shop", { q: 5 }),
    "reserved 500/0/500: 4 shipped; deliverBy 14",
  ],
  [
    "the shop gives up what is lost",
    plain,
    [reserve, ship("shop", { q: 4 })],
    stop("shop", { q: 7 }),
    "reserved 300/0/700: 3 shipped; deliverBy 14",
  ],
  ["all of it", plain, [reserve, a], stop("shop"), "cancelled 0/0/1000"],
  ["in a dispute as well", plain, [reserve, a, argue("buyer")], stop("shop"), "cancelled 0/0/1000"],
  [
    "late, the buyer's cancel is a dispute",
    plain,
    [reserve, a],
    stop("buyer", { day: 14 }),
    "disputed 1000/0/0: 10 shipped A; deliverBy 14",
  ],
  ["not a moment before", plain, [reserve, a], stop("buyer", { day: 13.999 }), "already_shipped"],
  ["what has left is not revised", plain, [reserve, a], revise, "already_shipped"],
  ["not even by the buyer", plain, [reserve, a], ["buyer", revise[1]], "already_shipped"],
  [
    "at the end of the reservation it is a dispute, not the buyer's",
    silent,
    [reserve, deliver(4)],
    wait(30),
    "disputed 400/0/600: 4 delivered seen",
  ],
  [
    "goods on their way prolong the hold; what has not left is released when it was agreed",
    plain,
    [reserve, ship("shop", { q: 4, day: 29 })],
    wait(30),
    "reserved 400/0/600: 4 shipped; deliverBy 43",
  ],
  [
    "and the rest is a dispute when their time is over, which silence ends: who sends without a third party bears it",
    plain,
    [reserve, ship("shop", { q: 4, day: 29 })],
    wait(49.9),
    "reserved 400/0/600: 4 shipped; deliverBy 43",
  ],
  [
    "then",
    plain,
    [reserve, ship("shop", { q: 4, day: 29 })],
    wait(50),
    "disputed 400/0/600: 4 shipped; deliverBy 43",
  ],
  ["in the end", plain, [reserve, ship("shop", { q: 4, day: 29 })], wait(57), "cancelled 0/0/1000"],
  [
    "final releases what never left",
    plain,
    [reserve, deliver(8)],
    final(7),
    "delivered 100/700/200: 1 delivered seen; acceptBy 7",
  ],
  [
    "and does not give away what is on its way",
    plain,
    [reserve, ship("shop", { q: 3 })],
    take("buyer", { q: 1 }),
    "delivered 900/100/0: 2 shipped; deliverBy 14",
  ],
];

const agreed: Case[] = [
  [
    "the shop extends, as far as nothing was agreed",
    plain,
    [reserve],
    extend(31, "shop"),
    "reserved 1000/0/0",
  ],
  ["the buyer extends the reservation", plain, [reserve, extend(40)], wait(39), "reserved 1000/0/0"],
  ["and it ends", plain, [reserve, extend(40)], wait(40), "expired 0/0/1000"],
  ["the shop's wish alone moves nothing", plain, [reserve, extend(40, "shop")], wait(30), "expired 0/0/1000"],
  [
    "what the buyer agreed to beforehand",
    extendable,
    [reserve, extend(60, "shop")],
    wait(59),
    "reserved 1000/0/0",
  ],
  ["and not further", extendable, [reserve, extend(61, "shop")], wait(30), "expired 0/0/1000"],
  ["the buyer, once goods have left", plain, [reserve, a], prolong("buyer", 40), "extension_refused"],
  [
    "an operator, for the shop",
    plain,
    [reserve, prolong("operator", 40, { as: "shop" })],
    wait(30),
    "expired 0/0/1000",
  ],
  [
    "an operator, for the buyer",
    plain,
    [reserve, prolong("operator", 40, { as: "buyer" })],
    wait(39),
    "reserved 1000/0/0",
  ],
  [
    "the shop moves the acceptance clock as a wish",
    plain,
    [reserve, deliver(), extend(29, "shop")],
    wait(7),
    "delivered 1000/0/0",
  ],
  ["beyond what was agreed", plain, [reserve, deliver(), extend(31, "shop")], wait(7), "settled 0/1000/0"],
  [
    "the time to ship moves with the buyer's extension",
    hurried,
    [reserve, extend(31)],
    wait(4),
    "reserved 1000/0/0",
  ],
];

const tables: Record<string, [Case[], typeof outcome]> = {
  shipping: [shipping, outcomeWithGoods],
  arriving: [arriving, outcomeWithGoods],
  ending: [ending, outcomeWithGoods],
  agreed: [agreed, outcome],
};
for (const [title, [cases, said]] of Object.entries(tables)) {
  test(`${title}: one line a case`, async (t) => {
    for (const [name, change, before, last, expected] of cases) {
      await t.test(name, () => assert.equal(said(change, before, last), expected));
    }
  });
}

test("a wish of the shop is kept for the buyer, and forgotten as soon as they answer", () => {
  const asked = given(plain, [reserve, extend(40, "shop")]);
  assert.equal(asked.progress.extensionAsked, on(40).toISOString());
  assert.deepEqual(asked.reservedUntil, on(30));
  const answered = given(plain, [reserve, extend(40, "shop"), extend(40)]);
  assert.equal(answered.progress.extensionAsked, undefined);
  assert.deepEqual(answered.reservedUntil, on(40));
});

test("who has to act is reminded: whether it came, and before silence counts", () => {
  const told = (before: Step[], until: number) =>
    passing(given(plain, before), wait(until)).flatMap(({ events }) =>
      events.filter(({ type }) => type === "trade.deadline_near").map(({ data }) => data?.["deadline"]),
    );
  assert.deepEqual(told([reserve, a], 13.9), []);
  assert.deepEqual(told([reserve, a], 14), ["deliverBy"]);
  assert.deepEqual(told([reserve, deliver()], 6.9), ["acceptBy", "acceptBy"]);
  assert.deepEqual(told([reserve, deliver(), refuse("wrong")], 9.9), ["returnBy"]);
  assert.deepEqual(told([reserve, deliver(), refuse("missing")], 4.9), ["inspectBy"]);
  assert.deepEqual(told([reserve, argue("buyer")], 6.9), ["answerBy"]);
});
