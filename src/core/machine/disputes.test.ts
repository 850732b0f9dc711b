/** Disputes, one line a case: who is asked, what silence says, what waits, and how an operator divides. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deliver,
  given,
  on,
  passing,
  plain,
  reject,
  reserve,
  wait,
} from "../../../test/support/tables/trades.ts";
import {
  add,
  answer,
  argue,
  bring,
  contest,
  hand,
  judge,
  sendBack,
  ship,
  take,
  withdraw,
} from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const here = [reserve, deliver()];
const under = [reserve, ship("shop", { parcel: "A" })];
const picked = [reserve, ship("carrier", { q: 10, parcel: "A" })];

const twenty = <T>(step: T): T[] => Array.from({ length: 20 }, () => step);

const opening: Case[] = [
  [
    "by the buyer: the clocks of payment stand",
    plain,
    [...here, argue("buyer", { day: 2 })],
    wait(8.9),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  [
    "a second one by the same side",
    plain,
    [...here, argue("buyer"), judge("resume", { day: 0 })],
    argue("buyer"),
    "already_disputed",
  ],
  [
    "the other side has one of its own",
    plain,
    [...here, argue("buyer"), judge("resume", { day: 0 })],
    argue("shop"),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["while there is one", plain, [...here, argue("buyer")], argue("shop"), "trade_disputed"],
  ["of what is settled", plain, [reserve, take("buyer")], argue("buyer"), "already_settled"],
  [
    "of what is withdrawn",
    plain,
    [reserve, take("buyer"), withdraw()],
    argue("buyer"),
    "disputed 0/1000/0: 10 withdrawn seen; returnBy 10",
  ],
  [
    "the other side answers",
    plain,
    [...here, argue("buyer")],
    answer("shop"),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["twice", plain, [...here, argue("buyer"), answer("shop")], answer("shop"), "already_answered"],
  ["who has opened it has spoken", plain, [...here, argue("buyer")], answer("buyer"), "already_answered"],
  ["an operator says for whom", plain, [...here, argue("buyer")], answer("operator"), "not_allowed"],
  ["where there is none", plain, here, answer("shop"), "trade_not_open"],
  [
    "what a side adds is no answer, and moves no clock",
    plain,
    [...here, argue("buyer", { day: 2 }), add("shop", { day: 3 })],
    answer("shop", { day: 3 }),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  [
    "who has opened it may add to it, and so may an operator",
    plain,
    [...here, argue("buyer"), add("buyer"), add("operator")],
    add("buyer"),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["twenty times", plain, [...here, argue("buyer"), ...twenty(add("buyer"))], add("buyer"), "too_many_words"],
  [
    "and the other side is not kept from it",
    plain,
    [...here, argue("buyer"), ...twenty(add("buyer"))],
    add("shop"),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["nor without a dispute", plain, here, add("buyer"), "trade_not_open"],
  ["nor by a carrier", plain, [...here, argue("buyer")], add("carrier"), "not_allowed"],
];

const silences: Case[] = [
  [
    "the shop's: nobody saw a delivery",
    plain,
    [...under, argue("buyer", { day: 8 })],
    wait(15),
    "cancelled 0/0/1000",
  ],
  [
    "not while the goods may still come",
    plain,
    [...picked, argue("buyer", { day: 1 })],
    wait(8),
    "disputed 1000/0/0: 10 shipped A under way; deliverBy 14",
  ],
  [
    "the shop's: a delivery was seen, and no way back",
    plain,
    [...here, argue("buyer")],
    wait(7),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  [
    "not while the shop may still look at what is back",
    plain,
    [
      ...here,
      reject(),
      argue("buyer", { day: 1 }),
      sendBack("carrier", { day: 2 }),
      bring("carrier", { day: 2 }),
    ],
    wait(8),
    "disputed 1000/0/0: 10 rejected seen back; inspectBy 21",
  ],
  [
    "the shop's: a way back was seen",
    plain,
    [...here, reject(), sendBack("carrier", { day: 1 }), argue("buyer", { day: 14 })],
    wait(21),
    "rejected 0/0/1000",
  ],
  ["the buyer's: a delivery was seen", plain, [...here, argue("shop")], wait(7), "settled 0/1000/0"],
  [
    "the buyer's: nobody saw it",
    plain,
    [...under, argue("shop", { day: 8 })],
    wait(15),
    "disputed 1000/0/0: 10 shipped A; deliverBy 14",
  ],
  [
    "the buyer's: they have rejected it",
    plain,
    [...here, reject(), argue("shop", { day: 4 })],
    wait(11),
    "disputed 1000/0/0: 10 rejected seen; returnBy 10",
  ],
  [
    "piece by piece: only what was seen is paid",
    plain,
    [reserve, deliver(4), argue("shop")],
    wait(7),
    "disputed 600/400/0",
  ],
  [
    "not against a buyer who was not told",
    plain,
    [...here, argue("shop")],
    wait(7, { buyer: false, shop: true }),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  [
    "nor a shop that was not",
    plain,
    [...under, argue("buyer", { day: 8 })],
    wait(15, { buyer: true, shop: false }),
    "disputed 1000/0/0: 10 shipped A; deliverBy 14",
  ],
  [
    "nor against one who has answered",
    plain,
    [...under, argue("buyer", { day: 8 }), answer("shop", { day: 9 })],
    wait(16),
    "disputed 1000/0/0: 10 shipped A; deliverBy 14",
  ],
  [
    "what might still have come, when its own time is over",
    plain,
    [...picked, argue("buyer", { day: 1 })],
    wait(14),
    "cancelled 0/0/1000",
  ],
  [
    "but not after a late answer",
    plain,
    [...picked, argue("buyer", { day: 1 }), wait(8), answer("shop", { day: 9 })],
    wait(14),
    "disputed 1000/0/0: 10 shipped A under way; deliverBy 14",
  ],
  [
    "nor against one who was not told when they should have answered",
    plain,
    [...picked, argue("buyer", { day: 1 }), wait(8, { buyer: true, shop: false })],
    wait(14),
    "disputed 1000/0/0: 10 shipped A under way; deliverBy 14",
  ],
  [
    "nor against one who was not told of what came after it",
    plain,
    [...picked, argue("shop", { day: 1 }), wait(8), hand("carrier", { parcel: "A", day: 9 })],
    wait(16, { buyer: false, shop: true }),
    "disputed 1000/0/0: 10 delivered A seen; acceptBy 8",
  ],
  [
    "what came after it, when it could have been looked at",
    plain,
    [...picked, argue("shop", { day: 1 }), wait(8), hand("carrier", { parcel: "A", day: 9 })],
    wait(16),
    "settled 0/1000/0",
  ],
  [
    "and not before",
    plain,
    [...picked, argue("shop", { day: 1 }), wait(8), hand("carrier", { parcel: "A", day: 9 })],
    wait(15.9),
    "disputed 1000/0/0: 10 delivered A seen; acceptBy 8",
  ],
  [
    "what the shop could have looked at, when that time is over",
    plain,
    [
      ...here,
      reject(),
      argue("buyer", { day: 1 }),
      sendBack("carrier", { day: 2 }),
      bring("carrier", { day: 2 }),
    ],
    wait(21),
    "rejected 0/0/1000",
  ],
  [
    "each piece at its time",
    plain,
    [
      reserve,
      deliver(4),
      reject(),
      bring("carrier"),
      argue("buyer", { day: 1 }),
      ship("carrier", { q: 6, parcel: "A", day: 2 }),
    ],
    wait(15.9),
    "disputed 600/0/400: 6 shipped A under way; deliverBy 16",
  ],
  [
    "nor the shop's about what it has contested",
    plain,
    [
      ...here,
      reject(),
      argue("buyer", { day: 1 }),
      sendBack("carrier", { day: 2 }),
      bring("carrier", { day: 2 }),
      contest("used", { day: 3 }),
    ],
    wait(21),
    "disputed 1000/0/0: 10 rejected seen back contested used; inspectBy 21",
  ],
  [
    "both, of rejected goods that were delivered: no return was seen",
    plain,
    [...here, reject()],
    wait(17),
    "settled 0/1000/0",
  ],
  ["both, of goods that nobody saw delivered", plain, [reserve, reject()], wait(17), "rejected 0/0/1000"],
  [
    "an operator is late: it stays, and their time begins anew",
    plain,
    [...here, argue("buyer"), answer("shop")],
    wait(50),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
];

testCases({ opening, silences });

test("the times of a dispute: seven days to answer, then fourteen to decide, and the money stays frozen for them", () => {
  const open = given(plain, [...here, argue("buyer", { day: 20 })]);
  const { disputed } = open.progress;
  assert.deepEqual(
    [disputed?.asked, disputed?.answerBy, disputed?.decideBy],
    [["shop"], on(27).toISOString(), on(41).toISOString()],
  );
  assert.deepEqual(open.reservedUntil, on(41));
  const heard = given(plain, [...here, argue("buyer", { day: 2 }), answer("shop", { day: 3 })]).progress
    .disputed;
  assert.deepEqual([heard?.asked, heard?.answerBy, heard?.decideBy], [[], null, on(17).toISOString()]);
  const late = passing(given(plain, [...here, argue("buyer"), answer("shop")]), wait(14)).at(-1);
  assert.deepEqual(
    late?.events.map(({ data }) => [data?.["deadline"], data?.["late"]]),
    [["decideBy", true]],
  );
  assert.equal(late?.next.progress.disputed?.decideBy, on(28).toISOString());
});
