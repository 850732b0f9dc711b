/** Amounts that are reserved before ordering, one line a case: until there is an order, and while the buyer looks at it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  cancel,
  deliver,
  dispute,
  extend,
  given,
  on,
  outcome,
  reserve,
  type Step,
  take,
  terms,
  type Wait,
  wait,
} from "../../../test/support/tables/trades.ts";
import { isRefused } from "../protocol/protocol.ts";
import { type Terms, upgraded } from "../trade/trade.ts";
import { earmarkState, waitsForLook } from "./earmarks.ts";

const whole = [{ name: "Total", quantity: 1, unitAmount: 1000 }];
const teaSet = { name: "Tea set", quantity: 6, unitAmount: 100 };
const tea = [teaSet];
const earmark: Partial<Terms> = { earmark: true, lines: whole };
const chosen = { method: "method", account: "account", mandate: null };
const again: Step = ["shop", { do: "reserve", chosen, shopAgreed: false }];
const order = (onDay = 0, reference?: string): Step => [
  "shop",
  { do: "revise", lines: tea, order: reference === undefined ? {} : { reference } },
  onDay,
];
const seen = (onDay = 0): Step => ["buyer", { do: "revise", seen: true }, onDay];
const ship = (onDay = 0): Step => ["shop", { do: "ship" }, onDay];
const early = {
  do: "advance" as const,
  of: "all" as const,
  from: "own",
  into: "own",
  acceptedBasisPoints: 100,
  reservedBasisPoints: 300,
};
const ordered = [reserve, order(), again];

const cases: [name: string, before: (Step | Wait)[], last: Step | Wait, comesTo: string][] = [
  // Before there is an order.
  ["the amount is frozen", [], reserve, "reserved 1000/0/0"],
  ["nothing can be sent that nobody has ordered", [reserve], ship(), "order_to_follow"],
  ["nor have come", [reserve], deliver(), "order_to_follow"],
  ["nor be accepted, also by the buyer", [reserve], accept(), "order_to_follow"],
  ["nor be argued about", [reserve], dispute(), "order_to_follow"],
  ["nor be paid early", [reserve], ["shop", early], "order_to_follow"],
  ["the shop does not keep it frozen for longer", [reserve], extend(40, "shop"), "order_to_follow"],
  ["the buyer may", [reserve], extend(40, "buyer"), "reserved 1000/0/0"],
  ["the buyer takes it back", [reserve], cancel("buyer"), "cancelled 0/0/1000"],
  ["the shop does not want it", [reserve], cancel("shop"), "cancelled 0/0/1000"],
  ["without an order it ends by itself", [reserve], wait(31), "expired 0/0/1000"],
  // The order.
  ["the order takes its place, and is reserved", [reserve, order()], again, "reserved 600/0/0"],
  ["the buyer has a day to look at it", ordered, ship(0.9), "order_to_be_seen"],
  ["a carrier sees none of it before", ordered, deliver(), "order_to_be_seen"],
  ["the shop does not argue about it before", ordered, dispute("shop"), "order_to_be_seen"],
  ["after that it is sent", ordered, ship(1), "reserved 600/0/0"],
  ["or as soon as the buyer has seen it", [...ordered, seen()], ship(), "reserved 600/0/0"],
  ["what is theirs the buyer accepts over the counter", ordered, accept(), "settled 0/600/0"],
  ["what is not theirs the buyer cancels", ordered, cancel("buyer"), "cancelled 0/0/600"],
  ["also after the day, until it is sent", ordered, ["buyer", { do: "cancel" }, 5], "cancelled 0/0/600"],
  ["and not after", [...ordered, ship(1)], ["buyer", { do: "cancel" }, 5], "already_shipped"],
  ["it is looked at once", [...ordered, seen()], seen(), "already_reserved"],
  ["before there is one, nothing is looked at", [reserve], seen(), "already_reserved"],
];

for (const [name, before, last, comesTo] of cases)
  test(name, () => assert.equal(outcome(earmark, before, last), comesTo));

test("a later revision leaves the buyer's time to look as it was", () => {
  const less: Step = ["shop", { do: "revise", lines: [{ ...teaSet, quantity: 5 }] }, 0.5];
  const trade = given(earmark, [...ordered, less, ["shop", again[1], 0.5]]);
  assert.equal(trade.frozen, 500n);
  assert.ok(waitsForLook(trade, on(0.9)) && !waitsForLook(trade, on(1)));
});

test("what is ordered has its own reference, and an event that says so", () => {
  const result = take(given(earmark, [reserve]), order(0, "A-7"));
  assert.ok(!isRefused(result));
  assert.equal(result.next.terms.reference, "A-7");
  assert.deepEqual(
    result.events.map(({ type }) => type),
    ["trade.ordered"],
  );
  assert.deepEqual([given(earmark, [reserve]), result.next, given({}, [reserve])].map(earmarkState), [
    "open",
    "ordered",
    undefined,
  ]);
});

test("a wish for more than was reserved leaves it as it is until the buyer agrees", () => {
  const dear = [{ name: "Tea set", quantity: 20, unitAmount: 100 }];
  const asks: Step = ["shop", { do: "revise", lines: dear, asks: true, order: { reference: "A-8" } }];
  const trade = given(earmark, [reserve, asks]);
  assert.deepEqual([earmarkState(trade), trade.frozen], ["open", 1000n]);
  assert.equal(trade.progress.revisionAsked?.order?.reference, "A-8");
  const agreed: Step = ["buyer", { do: "revise", lines: dear, order: { reference: "A-8" } }];
  const after = given(earmark, [reserve, asks, agreed, reserve]);
  assert.deepEqual([earmarkState(after), after.frozen, after.terms.reference], ["ordered", 2000n, "A-8"]);
  assert.ok(!waitsForLook(after, on(0)), "the buyer has seen it");
});

test("trades of before are none of these", () =>
  assert.equal(upgraded(given({}, [reserve])).terms.earmark, terms.earmark));
