/** What ran while a payment waited for the owner of the account: one line a case, as in shipping.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";
import {
  accept,
  deliver,
  given,
  on,
  outcome,
  payOn,
  plain,
  reserve,
  type Step,
  wait,
} from "../../../test/support/tables/trades.ts";
import { argue, refuse, sendBack, ship } from "../../../test/support/tables/ways.ts";

const cools = { ...plain, coolingOff: { for: "P3D", goods: "return" as const } };
const later = { ...plain, ...payOn("2026-12-12") };
/** Something waited from the first of these days to the second. */
const held = (
  from: number,
  to: number,
  more: { own?: boolean; refused?: boolean; onlyOwed?: boolean } = {},
): Step => [
  "clock",
  { do: "hinder", who: "holder", since: on(from).toISOString(), own: false, refused: false, ...more },
  to,
];
const own = { own: true };

const givenBack: Case[] = [
  [
    "the time to accept what else has come, although it was over meanwhile",
    plain,
    [reserve, deliver(), held(5, 8)],
    wait(9.9),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 10",
  ],
  ["and then silence counts", plain, [reserve, deliver(), held(5, 8)], wait(10), "settled 0/1000/0"],
  [
    "for a buyer who made the step themselves once",
    plain,
    [reserve, deliver(), held(1, 4, own), held(4, 7, own)],
    wait(10),
    "settled 0/1000/0",
  ],
  [
    "each time where others made it",
    plain,
    [reserve, deliver(), held(1, 4), held(4, 7)],
    wait(12.9),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 13",
  ],
  [
    "the shop each time to look at what came back, however often the buyer lets it wait",
    plain,
    [reserve, deliver(), refuse("wrong"), sendBack("buyer"), held(1, 4, own), held(4, 7, own)],
    wait(24.9),
    "rejected 1000/0/0: 10 rejected seen return said; inspectBy 25",
  ],
  [
    "the time to send back",
    plain,
    [reserve, deliver(), refuse("wrong")],
    held(1, 4),
    "rejected 1000/0/0: 10 rejected seen; returnBy 13",
  ],
  [
    "what is on its way, and the money with it",
    plain,
    [reserve, ship("shop")],
    held(1, 4),
    "reserved 1000/0/0: 10 shipped; deliverBy 17",
  ],
  [
    "nothing that was over before",
    plain,
    [reserve, deliver()],
    held(7.5, 8),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  [
    "nothing in a trade that is settled and over",
    plain,
    [reserve, accept()],
    held(20, 21),
    "extension_refused",
  ],
  [
    "a payment that was due and is refused for good becomes a dispute",
    plain,
    [reserve, deliver()],
    held(6, 6.5, { refused: true }),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7.5",
  ],
  [
    "what was accepted and is refused for good on its payment date goes back, and the trade is over",
    later,
    [reserve, accept()],
    held(20, 20.5, { refused: true }),
    "cancelled 0/0/1000",
  ],
  [
    "what is not decided yet stays as it is",
    later,
    [reserve, deliver(), ["buyer", { do: "accept", lines: [{ line: 1, quantity: 4 }] }, 1]],
    held(20, 20.5, { refused: true }),
    "delivered 600/0/400: 6 delivered seen; acceptBy 7",
  ],
  [
    "nor does what was accepted stand in the way of a dispute about the rest",
    later,
    [reserve, deliver(), ["buyer", { do: "accept", lines: [{ line: 1, quantity: 4 }] }, 1], argue("buyer")],
    held(20, 20.5, { refused: true, onlyOwed: true }),
    "disputed 600/0/400: 6 delivered seen; acceptBy 7",
  ],
  [
    "where more than that was to be paid, it is tried by itself first",
    later,
    [reserve, deliver(), ["buyer", { do: "accept", lines: [{ line: 1, quantity: 4 }] }, 1], argue("buyer")],
    held(20, 20.5, { refused: true }),
    "disputed 1000/0/0: 6 delivered seen; acceptBy 7",
  ],
  [
    "and can be accepted, all of it",
    later,
    [
      reserve,
      deliver(),
      ["buyer", { do: "accept", lines: [{ line: 1, quantity: 4 }] }, 1],
      held(2, 2.5, { refused: true }),
    ],
    ["buyer", { do: "accept" }, 3],
    "accepted 600/0/400",
  ],
  ["nobody but the server says so", plain, [reserve, deliver()], ["buyer", held(0, 1)[1], 1], "not_allowed"],
];
testCases({ givenBack });

test("the end of the reservation, the time to ship and cooling-off get the wait back, once for who let it wait", () => {
  const some: Step[] = [reserve, ["buyer", { do: "accept", lines: [{ line: 1, quantity: 4 }] }, 0]];
  const before = given({ ...cools, shipWithin: "P9D" }, some);
  const after = given({ ...cools, shipWithin: "P9D" }, [...some, held(0, 3, own)]);
  assert.deepEqual([before.shipBy, before.reservedUntil, before.coolingOffUntil], [on(9), on(30), on(3)]);
  assert.deepEqual([after.shipBy, after.reservedUntil, after.coolingOffUntil], [on(12), on(33), on(6)]);
  assert.equal(after.progress.coolingOff, on(6).toISOString());
  const again = given({ ...cools, shipWithin: "P9D" }, [...some, held(0, 3, own), held(3, 5, own)]);
  assert.deepEqual([again.shipBy, again.coolingOffUntil], [on(14), on(6)]);
});

test("who has to answer in a dispute gets the wait back, and the operator after them", () => {
  const steps = [reserve, deliver(), argue("shop")];
  const [before, after] = [given(plain, steps), given(plain, [...steps, held(1, 3)])].map(
    ({ progress }) => progress.disputed,
  );
  const moved = (key: "answerBy" | "decideBy") =>
    Date.parse(after?.[key] ?? "") - Date.parse(before?.[key] ?? "");
  assert.deepEqual([moved("answerBy"), moved("decideBy")], [2 * 86_400_000, 2 * 86_400_000]);
  assert.match(outcome(plain, steps, held(1, 3)), /^disputed/u);
});
