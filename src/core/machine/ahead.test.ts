/** What is told of deadlines before they come: each once a distance, anew where it was moved, nothing of what is over or stands no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { argue, extendable, refuse, ship } from "../../../test/support/tables/ways.ts";
import {
  accept,
  dated,
  deliver,
  extend,
  given,
  on,
  passing,
  plain,
  reserve,
  type Step,
  take,
  wait,
} from "../../../test/support/tables/trades.ts";
import { type Terms, type Trade } from "../trade/trade.ts";
import { isRefused } from "../protocol/protocol.ts";

const day = 86_400_000;
const noon = on(0).getTime();

/** All that is told until a day, each as `day deadline before`; the clock does what is due, at its time. */
function told(trade: Trade, until: number): string[] {
  return passing(trade, wait(until)).flatMap(({ next, events }) =>
    events
      .filter(({ type }) => type === "trade.deadline_near")
      .map(({ data }) => {
        const at = Math.round((next.updatedAt.getTime() - noon) / (day / 10)) / 10;
        return [at, data?.["deadline"], data?.["before"] ?? "over"].join(" ");
      }),
  );
}

const a: Step = ship("shop", { parcel: "A" });

const cases: [name: string, kind: Partial<Terms>, steps: Step[], until: number, told: string[]][] = [
  ["approval", plain, [], 13.9, ["11 approveBy P3D", "13 approveBy P1D"]],
  ["approval, that was given", plain, [reserve], 13.9, []],
  ["reservation", plain, [reserve], 29.9, ["27 reservedUntil P3D", "29 reservedUntil P1D"]],
  ["time to ship", { ...plain, shipWithin: "P10D" }, [reserve], 9.9, ["7 shipBy P3D", "9 shipBy P1D"]],
  [
    "delivery, and whether it came",
    plain,
    [reserve, a],
    14,
    ["11 deliverBy P3D", "13 deliverBy P1D", "14 deliverBy over"],
  ],
  ["acceptance by silence", plain, [reserve, deliver()], 6.9, ["4 acceptBy P3D", "6 acceptBy P1D"]],
  ["the way back", plain, [reserve, deliver(), refuse("wrong")], 9.9, ["7 returnBy P3D", "9 returnBy P1D"]],
  [
    "the look at what came back",
    plain,
    [reserve, deliver(), refuse("missing")],
    4.9,
    ["2 inspectBy P3D", "4 inspectBy P1D"],
  ],
  [
    "the answer in a dispute, and the decision",
    plain,
    [reserve, argue("buyer")],
    20.9,
    ["4 answerBy P3D", "6 answerBy P1D", "18 decideBy P3D", "20 decideBy P1D"],
  ],
  [
    "a payment on a date, and the time to change one's mind",
    dated,
    [reserve, deliver(), accept()],
    14,
    ["11 coolingOffUntil P3D", "13 coolingOffUntil P1D"],
  ],
  [
    "what was withdrawn from cannot be withdrawn from again",
    plain,
    [reserve, deliver(), accept(), ["buyer", { do: "withdraw", reason: "wrong colour" }, 1]],
    10.9,
    ["8 returnBy P3D", "10 returnBy P1D"],
  ],
  [
    "nothing, where it has ended",
    plain,
    [reserve, ["shop", { do: "cancel", reason: "sold out" }, 1]],
    40,
    [],
  ],
  [
    "other distances",
    { ...plain, tellAhead: ["P7D", "PT12H"] },
    [reserve],
    29.9,
    ["23 reservedUntil P7D", "29.5 reservedUntil PT12H"],
  ],
  ["no distances", { ...plain, tellAhead: [] }, [reserve, a], 14, ["14 deliverBy over"]],
  [
    "a deadline that was set nearer than that is not told of at once",
    { ...plain, reserveFor: "P2D" },
    [reserve],
    1.9,
    ["1 reservedUntil P1D"],
  ],
];

for (const [name, kind, steps, until, expected] of cases)
  test(`told ahead: ${name}`, () => assert.deepEqual(told(given(kind, steps), until), expected));

test("a deadline that was moved is told of anew, and the one before no more", () => {
  const before = given({ ...plain, ...extendable }, [reserve, wait(27.5)]);
  const after = take(before, extend(40, "buyer", 28));
  assert.ok(!isRefused(after));
  assert.deepEqual(told(after.next, 39.9), ["37 reservedUntil P3D", "39 reservedUntil P1D"]);
});

test("a deadline that is moved by less than the distance is told of once more, when it is a day away", () => {
  const before = given({ ...plain, ...extendable }, [reserve, wait(28.5)]);
  const after = take(before, extend(31, "buyer", 28.5));
  assert.ok(!isRefused(after));
  assert.deepEqual(told(after.next, 30.9), ["30 reservedUntil P1D"]);
});

/** The clock comes late: it does in turn all that was due. */
function late(trade: Trade, onDay: number): string[] {
  const events: string[] = [];
  let current = trade;
  for (;;) {
    const due = passing(current, wait(onDay))[0];
    if (due === undefined) return events;
    const result = take(current, ["clock", { do: "remind" }, onDay]);
    if (isRefused(result)) return events;
    for (const { data } of result.events)
      events.push(`${String(data?.["deadline"])} ${String(data?.["before"])}`);
    current = result.next;
  }
}

test("what was missed while nothing ran is told when it runs again, unless the deadline is over by then", () => {
  const trade = given(plain, [reserve]);
  assert.deepEqual(late(trade, 29.5), ["reservedUntil P3D", "reservedUntil P1D"]);
  assert.deepEqual(late(trade, 30.5), []);
});

test("two deadlines at the same instant are both told of", () => {
  const trade = given({ ...plain, shipWithin: "P30D" }, [reserve]);
  assert.deepEqual(told(trade, 27.5), ["27 shipBy P3D", "27 reservedUntil P3D"]);
});

test("a step that sets one deadline too near leaves what is to be told of the others", () => {
  const trade = given({ ...plain, reserveFor: "P12D", shipWithin: "P2D" }, [reserve]);
  assert.deepEqual(told(trade, 1.5), ["1 shipBy P1D"]);
});
