/** What the shop contests or would keep a part of, and withdrawals, one line a case, as in returns.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  cancel,
  dated,
  deliver,
  dispute,
  given,
  pay,
  payOn,
  plain,
  refund,
  reject,
  reserve,
  type Step,
  take as decide,
  type Wait,
  wait,
} from "../../../test/support/tables/trades.ts";
import {
  agree,
  answer,
  argue,
  bring,
  contest,
  deduct,
  judge,
  kept,
  noCoolingOff,
  sendBack,
  ship,
  take,
  withdraw,
} from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const here = [reserve, deliver()];
const wrong = [...here, reject()];
/** Four and six, rejected and sent back in two parcels. */
const two = [...here, reject(), sendBack("buyer", { q: 4, parcel: "R" }), sendBack("buyer", { parcel: "S" })];

/**
 * Goods and a sample that costs nothing. The day of payment comes, and the shop is paid two days after what is accepted: the
 * sample is, and the shop gives up the rest.
 */
const sampled = (goods: "keep" | "return") => ({
  ...payOn("2026-11-25"),
  settleAfter: "P2D",
  lines: [
    { name: "Tea", quantity: 1, unitAmount: 100 },
    { name: "Sample", quantity: 1, unitAmount: 0 },
  ],
  coolingOff: { for: "P3D", goods },
});
const sampleOnly: (Step | Wait)[] = [
  reserve,
  wait(2.5),
  ship("shop", { day: 2.5 }),
  take("buyer", { line: 2, q: 1, day: 2.5 }),
  ["shop", { do: "cancel" }, 2.5],
];

const contests: Case[] = [
  [
    "the shop has another article back",
    plain,
    [...wrong, sendBack("buyer", { parcel: "R" }), bring("carrier", { parcel: "R", day: 3 })],
    contest("another_article", { day: 4 }),
    "disputed 1000/0/0: 10 rejected seen back R contested another_article; inspectBy 19",
  ],
  [
    "of one parcel",
    plain,
    two,
    contest("not_back", { parcel: "R", day: 4 }),
    "disputed 1000/0/0: 4 rejected seen return said R contested not_back, 6 rejected seen return said S; inspectBy 19",
  ],
  ["by the buyer", plain, two, contest("not_back", {}, "buyer"), "not_allowed"],
  ["where nothing is on its way", plain, here, contest("used"), "nothing_to_return"],
  [
    "twice for the same reason",
    plain,
    [...two, contest("not_back")],
    contest("not_back"),
    "nothing_to_return",
  ],
  [
    "in a dispute",
    plain,
    [...two, dispute("shop")],
    contest("not_back", { parcel: "R" }),
    "disputed 1000/0/0: 4 rejected seen return said R contested not_back, 6 rejected seen return said S; inspectBy 19",
  ],
  [
    "it is not forgotten: a dispute again, where it went on before",
    plain,
    [...two, contest("not_back"), answer("buyer"), judge("resume", { day: 1 })],
    wait(19),
    "disputed 1000/0/0: 4 rejected seen return said R contested not_back, 6 rejected seen return said S contested not_back",
  ],
  [
    "a contest dies with a new way back",
    plain,
    [...wrong, contest("not_back"), answer("buyer"), judge("resume", { day: 1 })],
    sendBack("buyer", { parcel: "R", day: 2 }),
    "rejected 1000/0/0: 10 rejected seen return said R; inspectBy 21",
  ],
  [
    "the shop would keep a part: an offer",
    plain,
    [...wrong, sendBack("buyer", { parcel: "R" })],
    deduct(200),
    "disputed 1000/0/0: 10 rejected seen back R contested used offered; inspectBy 19",
  ],
  ["more than all of it", plain, wrong, deduct(1000), "invalid_field"],
  ["the buyer takes it", plain, [...wrong, deduct(200)], agree("buyer", 5), "settled 0/200/800"],
  ["the shop itself", plain, [...wrong, deduct(200)], agree("shop", 5), "not_allowed"],
  ["an offer that was not made", plain, [...wrong, deduct(200)], agree("buyer", 4), "no_offer"],
  [
    "of a part: the dispute is over with it, the rest goes on",
    plain,
    [...wrong, deduct(100, { q: 4 })],
    agree("buyer", 5),
    "rejected 600/100/300: 6 rejected seen; returnBy 10",
  ],
  [
    "nobody takes it: the buyer's silence decides nothing about goods that are back",
    plain,
    [...wrong, deduct(200)],
    wait(20),
    "disputed 1000/0/0: 10 rejected seen back contested used offered; inspectBy 5",
  ],
];

const paid = [reserve, take("buyer")];
const withdrawing: Case[] = [
  [
    "within cooling-off: the trade stays settled",
    plain,
    paid,
    withdraw({ day: 13.9 }),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 23.9",
  ],
  ["when it is over", plain, paid, withdraw({ day: 14 }), "cooling_off_over"],
  ["none was granted", noCoolingOff, paid, withdraw(), "cooling_off_over"],
  ["by the shop", plain, paid, withdraw({}, "shop"), "not_allowed"],
  [
    "an operator, for the buyer",
    plain,
    paid,
    withdraw({ q: 1 }, "operator"),
    "settled 0/1000/0: 1 withdrawn seen; returnBy 10",
  ],
  ["of what is not accepted", plain, here, withdraw(), "cooling_off_over"],
  ["a part", plain, paid, withdraw({ q: 4 }), "settled 0/1000/0: 4 withdrawn seen; returnBy 10"],
  [
    "the rest as well",
    plain,
    [...paid, withdraw({ q: 4 })],
    withdraw({ day: 2 }),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 12",
  ],
  ["more than that", plain, [...paid, withdraw({ q: 4 })], withdraw({ q: 7 }), "already_withdrawn"],
  ["each piece once", plain, [...paid, withdraw(), wait(10)], withdraw({ day: 11 }), "already_withdrawn"],
  [
    "what was refunded: goods may still go back, but no money twice",
    plain,
    [...paid, refund(1000)],
    withdraw(),
    "settled 0/1000/0 back 1000: 10 withdrawn seen; returnBy 10",
  ],
  ["nothing comes back: the money at once", kept, paid, withdraw({ q: 4 }), "settled 0/1000/0 back 400"],
  [
    "and the rest later",
    kept,
    [...paid, withdraw({ q: 4 })],
    withdraw({ q: 6, day: 1 }),
    "settled 0/1000/0 back 1000",
  ],
  [
    "the rest, once a part is back",
    plain,
    [...paid, withdraw({ q: 4 }), sendBack("buyer", { day: 1 }), bring("shop", { day: 2 })],
    withdraw({ q: 6, day: 3 }),
    "settled 0/1000/0 back 400: 6 withdrawn seen; returnBy 13",
  ],
  [
    "sent back and taken back: the money",
    plain,
    [...paid, withdraw(), sendBack("buyer", { day: 3 })],
    bring("shop", { day: 5 }),
    "settled 0/1000/0 back 1000",
  ],
  [
    "the shop is silent",
    plain,
    [...paid, withdraw(), sendBack("buyer", { day: 3 })],
    wait(22),
    "settled 0/1000/0 back 1000",
  ],
  ["not sent back: it lapses", plain, [...paid, withdraw()], wait(10), "settled 0/1000/0"],
  [
    "not against a buyer who was not told",
    plain,
    [...paid, withdraw()],
    wait(10, { buyer: false, shop: true }),
    "disputed 0/1000/0: 10 withdrawn seen",
  ],
  [
    "contested",
    plain,
    [...paid, withdraw(), sendBack("buyer", { parcel: "R", day: 3 })],
    contest("used", { day: 6 }),
    "disputed 0/1000/0: 10 withdrawn seen return said R contested used; inspectBy 22",
  ],
  [
    "decided for the buyer",
    plain,
    [
      ...paid,
      withdraw(),
      sendBack("buyer", { day: 3 }),
      contest("used", { day: 6 }),
      answer("buyer", { day: 6 }),
    ],
    judge("release", { day: 7 }),
    "settled 0/1000/0 back 1000",
  ],
  [
    "decided for the shop",
    plain,
    [
      ...paid,
      withdraw(),
      sendBack("buyer", { day: 3 }),
      contest("used", { day: 6 }),
      answer("buyer", { day: 6 }),
    ],
    judge("settle", { day: 7 }),
    "settled 0/1000/0",
  ],
  [
    "a part of its price, by agreement",
    plain,
    [...paid, withdraw(), deduct(300)],
    agree("buyer", 6),
    "settled 0/1000/0 back 700",
  ],
  [
    "the shop has nothing to cancel",
    plain,
    [...paid, withdraw(), contest("used")],
    cancel("shop"),
    "trade_disputed",
  ],
  [
    "before it is paid: the money stays frozen",
    dated,
    paid,
    withdraw({ q: 4 }),
    "accepted 1000/0/0: 4 withdrawn seen unpaid; returnBy 10",
  ],
  ["all of it", dated, paid, withdraw(), "rejected 1000/0/0: 10 withdrawn seen unpaid; returnBy 10"],
  [
    "its date comes: the rest is paid",
    dated,
    [...paid, withdraw({ q: 4 }), sendBack("buyer", { day: 9 })],
    pay(20),
    "rejected 400/600/0: 4 withdrawn seen return said unpaid; inspectBy 28",
  ],
  [
    "and is released, not refunded",
    dated,
    [...paid, withdraw({ q: 4 }), sendBack("buyer", { day: 9 })],
    bring("shop", { day: 12 }),
    "accepted 600/0/400",
  ],
  ["it lapses", dated, [...paid, withdraw({ q: 4 })], wait(10), "accepted 1000/0/0"],
  [
    "at once, where nothing comes back",
    { ...dated, ...kept },
    paid,
    withdraw({ q: 4 }),
    "accepted 600/0/400",
  ],
  [
    "a part is paid and a part is not: first what is not",
    { settleAfter: "P2D" },
    [reserve, take("buyer", { q: 6 }), wait(2), take("buyer", { day: 3 })],
    withdraw({ q: 7, day: 3 }),
    "rejected 400/600/0: 3 withdrawn seen, 4 withdrawn seen unpaid; returnBy 13",
  ],
  [
    "silence has accepted: two weeks for what is wrong, also without cooling-off",
    noCoolingOff,
    [...here, wait(7)],
    withdraw({ day: 20.9 }),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 30.9",
  ],
  ["and then no more", noCoolingOff, [...here, wait(7)], withdraw({ day: 21 }), "cooling_off_over"],
  [
    "also where it was silent in a dispute",
    noCoolingOff,
    [...here, argue("shop"), wait(7)],
    withdraw({ day: 20 }),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 30",
  ],
  [
    "but not from what it has spoken of",
    noCoolingOff,
    [...here, reject(), wait(17)],
    withdraw({ day: 20 }),
    "cooling_off_over",
  ],
  [
    "only what silence has accepted",
    noCoolingOff,
    [...here, take("buyer", { q: 6 }), wait(7)],
    withdraw({ q: 5, day: 8 }),
    "quantity_exceeds_open",
  ],
  [
    "it comes back even where the shop would leave it: it is wrong",
    { coolingOff: null },
    [...here, wait(7)],
    withdraw({ day: 8 }),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 18",
  ],
  [
    "what cost nothing: it stays settled",
    sampled("keep"),
    sampleOnly,
    withdraw({ day: 2.5 }),
    "settled 0/0/100",
  ],
  [
    "what cost nothing, and goes back: so it does",
    sampled("return"),
    sampleOnly,
    withdraw({ day: 2.5 }),
    "settled 0/0/100: 1 of line 2 withdrawn seen unpaid; returnBy 12.5",
  ],
];

testCases({ contests, withdrawing });

test("a refund that the shop's account cannot pay stands as due, and is paid as soon as it can", () => {
  const short = { payeeShort: true };
  const before = given(plain, [reserve, accept(), withdraw(), sendBack("buyer", { day: 1 })]);
  const due = decide(before, bring("shop", { day: 2 }), short);
  assert.ok("next" in due);
  assert.deepEqual([due.next.refunded, due.next.progress.refundDue?.amount], [0n, 1000]);
  assert.deepEqual(
    due.events.map(({ type }) => type),
    ["trade.returned", "trade.refund_due"],
  );
  const still = decide(due.next, ["clock", { do: "repay" }, 3], short);
  assert.ok("next" in still);
  assert.equal(still.next.progress.refundDue?.amount, 1000);
  const paidBack = decide(still.next, ["clock", { do: "repay" }, 4]);
  assert.ok("next" in paidBack);
  assert.deepEqual([paidBack.next.refunded, paidBack.next.progress.refundDue], [1000n, undefined]);
  const more = decide(due.next, refund(1, "shop", 2));
  assert.ok("refused" in more && more.refused === "amount_exceeds_settled");
});
