/** Offers, one line a case; and trades from before goods under way were counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cancel,
  deliver,
  given,
  goodsOf,
  old,
  passing,
  plain,
  reject,
  reserve,
  type Step,
  stored,
  take as decide,
  two,
  wait,
  type Wait,
} from "../../../test/support/tables/trades.ts";
import {
  agree,
  argue,
  bring,
  deduct,
  judge,
  propose,
  sendBack,
  ship,
  take,
  withdraw,
} from "../../../test/support/tables/ways.ts";
import { upgraded } from "../trade/trade.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const here = [reserve, deliver()];
const withdrawn = [reserve, take("buyer"), withdraw({ q: 4 }), sendBack("buyer")];
const picked = [reserve, ship("carrier", { q: 10, parcel: "A" })];

const offers: Case[] = [
  [
    "an offer changes nothing yet",
    plain,
    here,
    propose("shop", 300, 700),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["it names all that is frozen", plain, here, propose("shop", 300, 600), "amount_mismatch"],
  [
    "the other side takes it",
    plain,
    [...here, propose("shop", 300, 700)],
    agree("buyer", 3),
    "settled 0/700/300",
  ],
  [
    "the shop is paid later, as an operator has set it",
    { settleAfter: "P2D" },
    [...here, propose("shop", 300, 700)],
    agree("buyer", 3),
    "accepted 700/0/300",
  ],
  [
    "and then it is paid",
    { settleAfter: "P2D" },
    [...here, propose("shop", 300, 700), agree("buyer", 3)],
    wait(2),
    "settled 0/700/300",
  ],
  ["the same side", plain, [...here, propose("shop", 300, 700)], agree("shop", 3), "not_allowed"],
  [
    "an operator for nobody",
    plain,
    [...here, propose("shop", 300, 700)],
    agree("operator", 3),
    "not_allowed",
  ],
  [
    "another one has replaced it",
    plain,
    [...here, propose("shop", 300, 700), propose("shop", 400, 600)],
    agree("buyer", 3),
    "no_offer",
  ],
  [
    "the trade has gone on since",
    plain,
    [...here, propose("shop", 300, 700), take("buyer", { q: 4 })],
    agree("buyer", 3),
    "no_offer",
  ],
  ["there is none", plain, here, agree("buyer", 3), "no_offer"],
  [
    "in a dispute it ends it",
    plain,
    [...here, argue("buyer"), propose("buyer", 500, 500)],
    agree("shop", 4),
    "settled 0/500/500",
  ],
  [
    "with goods under way",
    plain,
    [...picked, argue("buyer"), propose("shop", 1000, 0)],
    agree("buyer", 4),
    "cancelled 0/0/1000",
  ],
  [
    "of what is paid",
    plain,
    [reserve, take("buyer"), propose("shop", 0, 0, 250)],
    agree("buyer", 4),
    "settled 0/1000/0 back 250",
  ],
  [
    "of more than is paid",
    plain,
    [reserve, take("buyer")],
    propose("shop", 0, 0, 1001),
    "amount_exceeds_settled",
  ],
  ["of nothing", plain, [reserve, take("buyer")], propose("shop", 0, 0), "nothing_to_accept"],
  [
    "it does not come on top of what has gone back since",
    plain,
    [...withdrawn, propose("shop", 0, 0, 400), bring("shop", { q: 3 })],
    agree("buyer", 6),
    "no_offer",
  ],
  [
    "nor after more was withdrawn",
    plain,
    [...withdrawn, propose("buyer", 0, 0, 400), withdraw({ q: 6 })],
    agree("shop", 6),
    "no_offer",
  ],
  [
    "the shop keeps a part, and then one of other goods: that is the offer",
    two,
    [reserve, deliver(), reject(), sendBack("buyer"), deduct(100, { q: 10 }), deduct(20, { q: 4, line: 2 })],
    agree("buyer", 8),
    "disputed 1000/20/80: 10 rejected seen back contested used; inspectBy 19",
  ],
  [
    "a part of some goods after an offer for all",
    two,
    [
      ...[reserve, deliver(), reject(), sendBack("buyer"), deduct(100, { q: 10 })],
      ...[propose("shop", 500, 600), deduct(20, { q: 4, line: 2 })],
    ],
    agree("buyer", 9),
    "disputed 1000/20/80: 10 rejected seen back contested used; inspectBy 19",
  ],
  [
    "what was divided is not revised any more",
    plain,
    [reserve, argue("shop"), judge("split", { q: 4, amount: 100 }), judge("resume")],
    ["shop", { do: "revise", lines: [] }],
    "already_shipped",
  ],
];

testCases({ offers });

/** A trade from before goods under way were counted is read as one that has them. */
const olds: [name: string, before: (Step | Wait)[], read: string, then: Step | Wait, comesTo: string][] = [
  [
    "delivered and undecided",
    [reserve, deliver(4)],
    "4 delivered; acceptBy 7",
    wait(7),
    "delivered 600/400/0",
  ],
  [
    "rejected: at the end of the reservation a dispute",
    [reserve, reject()],
    "10 rejected",
    wait(30),
    "disputed 1000/0/0",
  ],
  ["rejected, and it comes back", [reserve, reject()], "10 rejected", bring("shop"), "rejected 0/0/1000"],
  ["reserved", [reserve], "", cancel("buyer"), "cancelled 0/0/1000"],
  ["settled", [reserve, take("buyer")], "", withdraw({ day: 1 }), "settled 0/1000/0"],
  [
    "disputed: nobody was asked, an operator decides",
    [...here, argue("buyer")],
    "10 delivered; acceptBy 7",
    wait(30),
    "disputed 1000/0/0",
  ],
  [
    "disputed, and decided",
    [...here, argue("buyer")],
    "10 delivered; acceptBy 7",
    judge("release"),
    "cancelled 0/0/1000",
  ],
];

test("old trades are read as if their goods had been counted", async (t) => {
  for (const [name, before, read, then, comesTo] of olds) {
    await t.test(name, () => {
      const kept = stored(given(plain, before));
      const trade = upgraded(kept);
      assert.equal(goodsOf(trade), read);
      const results = Array.isArray(then) ? [decide(trade, then)] : passing(trade, then);
      const last = results.at(-1);
      assert.ok(last !== undefined && "next" in last);
      const { state, frozen, settled, released } = last.next;
      assert.equal(`${state} ${frozen}/${settled}/${released}`, comesTo);
      // A step writes how far the goods have come; the terms stay in the database as they were.
      assert.deepEqual(upgraded({ ...last.next, terms: kept.terms }), last.next);
    });
  }
});

test("what an operator divided in an old trade is known", () => {
  const steps = [reserve, take("buyer", { q: 1 }), argue("buyer"), judge("split", { amount: 250 })];
  const divided = given(plain, steps);
  assert.equal(divided.progress.divided, 250);
  assert.equal(old(divided).progress.divided, 250);
});
