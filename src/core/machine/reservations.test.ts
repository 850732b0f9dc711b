/** How long money stays frozen for goods that have left and for those that have not: one line a case, as in shipping.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cancel,
  deliver,
  extend,
  final,
  given,
  hurried,
  on,
  outcome,
  plain,
  reserve,
  revise,
  silent,
  type Step,
  terms,
  wait,
} from "../../../test/support/tables/trades.ts";
import { agreedPayment } from "../trade/trade.ts";
import { standingRevision } from "./machine.ts";
import { argue, extendable, prolong, refuse, ship, stop, take } from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const a = ship("shop", { parcel: "A" });

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

/** To be paid after the end of the reservation. */
const late = { payment: agreedPayment({ on: "date", date: "2027-01-15" }, "UTC") };
const underMandate: Step = [
  "shop",
  {
    do: "reserve",
    chosen: { method: "method", account: "account", mandate: "mandate" },
    shopAgreed: true,
    notAfter: on(30),
  },
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
  [
    "a payment date that the buyer has approved keeps it frozen",
    late,
    [reserve],
    wait(31),
    "reserved 1000/0/0",
  ],
  [
    "one that the shop has set under a mandate does not, where nothing has left",
    late,
    [underMandate],
    wait(30),
    "expired 0/0/1000",
  ],
  [
    "nor one that it has set by a revision",
    plain,
    [underMandate, ["shop", { do: "revise", ...late }, 20], underMandate],
    wait(30),
    "expired 0/0/1000",
  ],
  [
    "what has left by then is paid on the date",
    late,
    [underMandate, ship("shop", { q: 4 }), take("buyer", { q: 4 })],
    wait(54),
    "settled 0/400/600",
  ],
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

testCases({ ending });
testCases({ agreed }, outcome);

test("a wish of the shop is kept for the buyer, and forgotten as soon as they answer", () => {
  const asked = given(plain, [reserve, extend(40, "shop")]);
  assert.equal(asked.progress.extensionAsked, on(40).toISOString());
  assert.deepEqual(asked.reservedUntil, on(30));
  const answered = given(plain, [reserve, extend(40, "shop"), extend(40)]);
  assert.equal(answered.progress.extensionAsked, undefined);
  assert.deepEqual(answered.reservedUntil, on(40));
});

test("the buyer's extension moves no deadline to an earlier time", () => {
  const patient = given({ shipWithin: "P60D" }, [reserve, extend(40)]);
  assert.deepEqual([patient.shipBy, patient.reservedUntil], [on(60), on(40)]);
});

const hinder = (who: "buyer" | "recipient", day = 0): Step => [
  "clock",
  { do: "hinder", who, for: "PT12H" },
  day,
];

const kept: Case[] = [
  [
    "the time to accept",
    plain,
    [reserve, deliver(), hinder("buyer")],
    wait(7.4),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 7.5",
  ],
  ["and then silence counts", plain, [reserve, deliver(), hinder("buyer")], wait(7.5), "settled 0/1000/0"],
  ["once", plain, [reserve, deliver(), hinder("buyer")], hinder("buyer", 1), "extension_refused"],
  [
    "for each of the two",
    plain,
    [reserve, deliver(), hinder("buyer")],
    hinder("recipient", 1),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 8",
  ],
  [
    "the time to send back",
    plain,
    [reserve, deliver(), refuse("wrong")],
    hinder("buyer"),
    "rejected 1000/0/0: 10 rejected seen; returnBy 10.5",
  ],
  [
    "which is not the recipient's",
    plain,
    [reserve, deliver(), refuse("wrong")],
    hinder("recipient"),
    "extension_refused",
  ],
  [
    "the time to answer",
    plain,
    [reserve, deliver(), argue("shop")],
    hinder("buyer"),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7.5",
  ],
  [
    "not what the other side has to answer",
    plain,
    [reserve, argue("buyer")],
    hinder("buyer"),
    "extension_refused",
  ],
  ["nothing, where no clock runs", plain, [reserve], hinder("buyer"), "extension_refused"],
  ["nothing that is over", plain, [reserve, deliver()], hinder("buyer", 8), "extension_refused"],
  [
    "nobody but the server says so",
    plain,
    [reserve, deliver()],
    ["buyer", { do: "hinder", who: "buyer", for: "PT12H" }, 0],
    "not_allowed",
  ],
];
testCases({ kept });

test("who is asked in a dispute and cannot answer gets the time back, and the operator after them", () => {
  const before = given(plain, [reserve, deliver(), argue("shop")]).progress.disputed;
  const later = given(plain, [reserve, deliver(), argue("shop"), hinder("buyer")]).progress.disputed;
  const moved = (key: "answerBy" | "decideBy") =>
    Date.parse(later?.[key] ?? "") - Date.parse(before?.[key] ?? "");
  assert.deepEqual([moved("answerBy"), moved("decideBy")], [43_200_000, 43_200_000]);
});

test("a wish for other terms ends with the trade that it was made for: where goods are given up, or another shop takes the order", () => {
  const dearer = [{ name: "Tea set", quantity: 10, unitAmount: 101 }];
  const wish: Step = ["shop", { do: "revise", lines: dearer, asks: true }];
  assert.deepEqual(standingRevision(given(plain, [reserve, wish]))?.lines, dearer);
  const store = { store: "store", shopName: "Kita", shopAccount: "store", fee: terms.fee };
  for (const last of [
    stop("buyer", { q: 3 }),
    stop("shop", { q: 3 }),
    ["shop", { do: "assign", ...store }],
  ] satisfies Step[])
    assert.equal(standingRevision(given(plain, [reserve, wish, last])), undefined, last[1].do);
});
