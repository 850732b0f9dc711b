/** A shop that is paid early, or owes the server: when the buyer's money is paid to the server; one line a case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Terms } from "../trade/trade.ts";
import {
  accept,
  dated,
  deliver,
  given,
  on,
  pay,
  plain,
  reserve,
  reserveWithShop,
  show,
  type Step,
  take as decide,
  terms,
  wait,
  type Wait,
} from "../../../test/support/tables/trades.ts";
import {
  bring,
  hand,
  noCoolingOff,
  nobodyIndependent,
  refuse,
  sendBack,
  ship,
  take,
  trusting,
  withdraw,
} from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const early: Step = [
  "shop",
  { do: "advance", of: "all", from: "own", into: "own", acceptedBasisPoints: 100, reservedBasisPoints: 300 },
];

/** Of a shop that is paid early once others have seen the goods leave. */
const seen: Step = [
  "shop",
  { do: "advance", of: "seen", from: "own", into: "own", acceptedBasisPoints: 100, reservedBasisPoints: 300 },
];

const advances: Case[] = [
  [
    "it waits until the buyer can give nothing back",
    plain,
    [reserve, early],
    take("buyer"),
    "accepted 1000/0/0",
  ],
  ["and is paid then", plain, [reserve, early, take("buyer")], wait(14), "settled 0/1000/0"],
  ["not before", plain, [reserve, early, take("buyer")], wait(13.9), "accepted 1000/0/0"],
  [
    "what is withdrawn meanwhile is released",
    plain,
    [reserve, early, take("buyer"), withdraw({ day: 1 }), sendBack("buyer", { day: 2 })],
    bring("shop", { day: 3 }),
    "rejected 0/0/1000",
  ],
  [
    "of a part",
    plain,
    [
      reserve,
      early,
      take("buyer"),
      withdraw({ q: 4, day: 1 }),
      sendBack("buyer", { day: 2 }),
      bring("shop", { day: 3 }),
    ],
    wait(14),
    "settled 0/600/400",
  ],
  [
    "who gave no such right waits for nothing",
    noCoolingOff,
    [reserve, early],
    take("buyer"),
    "settled 0/1000/0",
  ],
  ["silence gives one", noCoolingOff, [reserve, early, deliver()], wait(20.9), "accepted 1000/0/0"],
  ["and ends it", noCoolingOff, [reserve, early, deliver()], wait(21), "settled 0/1000/0"],
  [
    "each acceptance begins it anew",
    plain,
    [reserve, early, take("buyer", { q: 4 }), take("buyer", { q: 6, day: 10 })],
    wait(23.9),
    "accepted 1000/0/0",
  ],
  [
    "what was paid before the advance stays paid, and only that goes back from the shop",
    plain,
    [
      reserve,
      take("buyer", { q: 4 }),
      early,
      take("buyer", { q: 6, day: 1 }),
      withdraw({ day: 2 }),
      bring("shop", { day: 3 }),
    ],
    wait(3),
    "settled 0/400/600 back 400",
  ],
  [
    "while more may be accepted, which begins it anew for all",
    plain,
    [reserve, early, take("buyer", { q: 4 })],
    wait(15),
    "delivered 1000/0/0",
  ],
  [
    "and what comes back then is released, the rest paid at the end of the reservation",
    plain,
    [
      reserve,
      early,
      take("buyer", { q: 4 }),
      take("buyer", { q: 6, day: 15 }),
      withdraw({ q: 4, day: 15 }),
      bring("shop", { day: 16 }),
    ],
    wait(30),
    "settled 0/600/400",
  ],
  [
    "not at the very end of the reservation either, at which the rest becomes a dispute",
    plain,
    [reserve, early, take("buyer", { q: 4 }), ship("carrier", { q: 6, day: 15 })],
    wait(36),
    "disputed 1000/0/0: 6 shipped under way; deliverBy 29",
  ],
  [
    "until nothing can be accepted any more",
    plain,
    [reserve, early, take("buyer", { q: 4 })],
    wait(30),
    "settled 0/400/600",
  ],
  [
    "a date of the buyer's that is later",
    dated,
    [reserve, early, take("buyer")],
    wait(19),
    "accepted 1000/0/0",
  ],
];

testCases({ advances });

const debt = { account: "own", amount: 50n };

test("a shop that owes something pays it when the buyer can give nothing back, and not out of what may go back", () => {
  const taken = decide(given(plain, [reserve]), accept(), { debt });
  assert.ok("next" in taken);
  assert.deepEqual([show(taken.next), taken.next.paymentDate], ["accepted 1000/0/0", on(14)]);
  assert.ok(taken.effects.every((effect) => effect.do !== "settle"));
  const paid = decide(taken.next, pay(14), { debt });
  assert.ok("next" in paid);
  assert.equal(show(paid.next), "settled 0/1000/0");
  const [settle] = paid.effects;
  assert.ok(settle?.do === "settle");
  assert.deepEqual(settle.splits.find(({ account }) => account === "own")?.amount, 50n);
});

test("a debt that is there when the date comes moves it, where the buyer can still give back", () => {
  const late = given(dated, [reserve, accept(10, "buyer", 15)]);
  const moved = decide(late, pay(20), { debt });
  assert.ok("next" in moved);
  assert.deepEqual([show(moved.next), moved.next.paymentDate], ["accepted 1000/0/0", on(29)]);
  assert.equal(show(given(dated, [reserve, accept(10, "buyer", 15), pay(20)])), "settled 0/1000/0");
});

const byShop: Partial<Terms> = { ...dated, acceptance: { ...terms.acceptance, by: ["buyer", "shop"] } };
const bought: [name: string, terms: Partial<Terms>, steps: (Step | Wait)[], amount: number | string][] = [
  ["nothing has left", plain, [], "not_seen_shipped"],
  ["the shop says that it has left", plain, [ship("shop")], "not_seen_shipped"],
  ["the shop says that it has come", plain, [hand("shop")], "not_seen_shipped"],
  ["a carrier who is not independent says so", nobodyIndependent, [ship("carrier")], "not_seen_shipped"],
  ["nor has such a carrier brought it", nobodyIndependent, [hand("carrier")], "not_seen_shipped"],
  ["an independent carrier has it", plain, [ship("carrier")], 900],
  [
    "by what the shop had named",
    plain,
    [ship("shop", { parcel: "1" }), ship("carrier", { parcel: "1" })],
    900,
  ],
  ["it has brought it", plain, [hand("carrier")], 900],
  ["of a part, that part", plain, [ship("carrier", { q: 4 })], 360],
  [
    "what the shop has sent besides does not count",
    plain,
    [ship("carrier", { q: 4 }), ship("shop", { q: 6 })],
    360,
  ],
  ["the buyer has received it", plain, [hand("buyer")], 900],
  ["the buyer has received a part", plain, [hand("buyer", { q: 3 })], 270],
  ["the recipient has", plain, [hand("recipient")], 900],
  ["an operator passes on the word of the carrier", plain, [ship("operator", { as: "carrier" })], 900],
  ["an operator passes on that of the shop", plain, [ship("operator", { as: "shop" })], "not_seen_shipped"],
  [
    "the buyer trusts the shop's word for the clock, not for this",
    trusting,
    [hand("shop")],
    "not_seen_shipped",
  ],
  ["the buyer has accepted", dated, [take("buyer")], 900],
  ["silence has, after the carrier's word", dated, [deliver(), wait(8)], 900],
  ["of what is paid already nothing is bought", plain, [take("buyer", { q: 4 }), ship("carrier")], 540],
  ["accepted and under way", dated, [take("buyer", { q: 4 }), ship("carrier", { q: 1 })], 450],
  ["the shop has accepted its own goods", byShop, [take("shop")], "not_seen_shipped"],
  [
    "a part of them, before the buyer the rest",
    byShop,
    [take("shop", { q: 5 }), take("buyer")],
    "not_seen_shipped",
  ],
  ["the buyer alone, where the shop could", byShop, [take("buyer")], 900],
  ["what the buyer does not want does not count", plain, [hand("carrier"), refuse("wrong", { q: 4 })], 540],
  ["nothing but what goes back", plain, [hand("carrier"), refuse("wrong")], "already_rejected"],
];
for (const [name, change, steps, amount] of bought)
  test(`what is bought of a claim: ${name}`, () => {
    const result = decide(given(change, [change === byShop ? reserveWithShop : reserve, ...steps]), seen);
    assert.equal("refused" in result ? result.refused : result.next.progress.advance?.amount, amount);
  });
