/** A bill as time and money go on: what is told when, what it costs, and when it is over. Pure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf, type Bill, dueAfter, dueOf, lookAt, owedNow, withWord } from "./bill.ts";
import type { BillRules } from "./rules.ts";

const rules: BillRules = {
  closesOn: null,
  payWithin: "P10D",
  ahead: ["P7D", "P1D"],
  steps: [
    { after: "P3D", fee: { JPY: 100n } },
    { after: "P14D", fee: { JPY: 300n } },
    { after: "P28D", fee: { JPY: 300n } },
  ],
  feesMost: { JPY: 500n },
};
const day = (count: number, hours = 0) => new Date(Date.UTC(2027, 0, 1 + count, hours));
const start: Bill = {
  id: "b",
  number: 1n,
  account: "line",
  person: "p",
  currency: "JPY",
  closing: null,
  state: "open",
  amount: 1000n,
  fees: 0n,
  paid: 0n,
  writtenOff: 0n,
  collected: 0n,
  late: 0n,
  returned: 0n,
  creditedBefore: 0n,
  seen: -1000n,
  dueAt: day(10),
  plan: null,
  wish: null,
  step: 0,
  stepAt: null,
  charged: 0,
  remindedAt: day(0),
  nextAt: null,
  collector: "c",
  toldVersion: 1,
  toldAmount: 1000n,
  toldDone: true,
  toldHeard: 0n,
  toldReturned: 0n,
  refused: null,
  madeAt: day(0),
  endedAt: null,
};
const look = (bill: Bill, now: Date, posted = -1000n, credits = 0n) =>
  lookAt(bill, { now, posted, credits }, rules, "UTC");

/** Looks a day at a time, as a clerk would, and says what is told on which day, with what it costs. */
function lived(bill: Bill, days: number, posted: (day: number) => bigint = () => -1000n): string[] {
  const told: string[] = [];
  let now = bill;
  for (let count = 1; count <= days; count += 1) {
    const {
      bill: next,
      news,
      fee,
    } = look(now, day(count, 1), posted(count), -1000n < posted(count) ? 1000n + posted(count) : 0n);
    for (const kind of news)
      told.push(`${count} ${kind}${kind === "bill overdue" && fee > 0n ? ` ${fee}` : ""}`);
    now = fee > 0n ? { ...next, charged: next.step } : next;
    if (now.state !== "open") break;
  }
  return told;
}

test("what is told of a bill that nobody pays: reminders, then steps with their fees, each once", () => {
  assert.deepEqual(lived(start, 60), [
    "3 bill soon",
    "9 bill soon",
    "13 bill overdue 100",
    "24 bill overdue 300",
    "38 bill overdue 300",
  ]);
});

test("one that is paid is told so, and nothing more", () => {
  assert.deepEqual(
    lived(start, 60, (count) => (count < 5 ? -1000n : 0n)),
    ["3 bill soon", "5 bill paid"],
  );
});

test("steps that a server was too late for come as far apart as they would have", () => {
  const late = look(start, day(100));
  assert.deepEqual(late.news, ["bill overdue"]);
  assert.deepEqual(look(late.bill, day(101)).news, []);
  assert.deepEqual(look(late.bill, day(111)).news, ["bill overdue"]);
});

test("all fees together are no more than the most, and a step that starts anew costs nothing twice", () => {
  const charged = { ...start, fees: 400n, charged: 2, step: 2, stepAt: day(24), amount: 1000n };
  assert.equal(look(charged, day(39), -1400n).fee, 100n);
  assert.equal(look({ ...charged, fees: 500n }, day(39), -1500n).fee, 0n);
  assert.equal(look({ ...charged, step: 0, stepAt: null }, day(39), -1400n).fee, 0n);
});

test("a bill of a guarantor grows with what is claimed, and whoever is late wins no time by it", () => {
  const grown = look(start, day(2), -1500n);
  assert.deepEqual(
    [grown.news, dueOf(grown.bill), grown.bill.dueAt],
    [["bill grown"], 1500n, dueAfter(day(2), rules, "UTC")],
  );
  const late = look({ ...start, step: 3, stepAt: day(40) }, day(50), -1500n);
  assert.deepEqual([late.news, late.bill.dueAt, late.stops], [["bill grown"], day(10), true]);
});

test("other debts move the day of a bill by once more the time to pay, and no farther", () => {
  let { bill } = look(start, day(9), -1500n);
  for (const [count, owed] of [
    [18, -1600n],
    [19, -1700n],
  ] as const)
    bill = look(bill, day(count), owed).bill;
  assert.deepEqual([bill.dueAt, dueOf(bill)], [dueAfter(day(10), rules, "UTC"), 1700n]);
  assert.equal(look(bill, day(22), -1800n).stops, true);
});

test("no step is told, and nothing charged, while nobody knows what was paid in time", () => {
  const standing = { now: day(14), posted: -1000n, credits: 0n };
  const unheard = lookAt(start, standing, rules, "UTC", false);
  assert.deepEqual([unheard.news.includes("bill overdue"), unheard.fee, unheard.stops], [false, 0n, true]);
  assert.ok(unheard.bill.nextAt !== null && unheard.bill.nextAt <= new Date(day(14).getTime() + 60_000));
  assert.equal(lookAt(unheard.bill, standing, rules, "UTC").fee, 100n, "it is told when that is known");
});

test("a bill of a closing asks for no more than it did, and takes what comes as paid for it", () => {
  const closing = { ...start, closing: "2027-01-01" };
  const used = look(closing, day(2), -1500n);
  assert.deepEqual([used.news, dueOf(used.bill)], [[], 1000n]);
  const part = look(closing, day(2), -1100n, 400n);
  assert.deepEqual([dueOf(part.bill), part.bill.state], [600n, "open"]);
  assert.equal(look(closing, day(2), -500n, 1000n).bill.state, "paid");
  assert.equal(owedNow(closing, { now: day(2), posted: -500n, credits: 1200n }), 0n);
});

test("instalments: each is asked for by itself, and one that is missed makes all of it due", () => {
  const parts = [
    { by: day(20), amount: 400n },
    { by: day(40), amount: 600n },
  ];
  const planned = { ...start, plan: { from: 0n, parts } };
  assert.equal(askedOf(planned), 400n);
  assert.equal(
    look(planned, day(15)).stops,
    true,
    "who has time for what they owe makes no new debts with it",
  );
  assert.ok(!look(planned, day(15)).news.includes("bill overdue"), "what was due then is to be paid later");
  const paid = look(planned, day(15), -600n, 400n).bill;
  assert.deepEqual([askedOf(paid), dueOf(paid)], [600n, 600n]);
  const some = look(planned, day(15), -900n, 100n).bill;
  assert.equal(askedOf(some), 300n, "what is missing of it");
  const missed = look(paid, day(41), -600n, 400n);
  assert.deepEqual(
    [missed.news, askedOf(missed.bill), missed.bill.dueAt, missed.stops],
    [["whole due"], 600n, day(40), true],
  );
  const grown = look(paid, day(16), -900n, 400n).bill;
  assert.equal(askedOf(grown), 900n, "another debt is in the last part");
  const more = look(
    { ...planned, amount: 1001n, plan: { from: 0n, parts: [...parts, { by: day(700), amount: 1n }] } },
    day(2),
    -1301n,
  );
  assert.deepEqual(
    more.bill.plan?.parts.map(({ amount }) => amount),
    [700n, 600n, 1n],
    "another debt is not for the last of them, two years ahead",
  );
});

test("what is told to the institution is what came in there with what is asked for, and only where that changed", () => {
  assert.equal(withWord(start), start);
  const paid = withWord({ ...start, collected: 400n, paid: 400n });
  assert.equal(paid, paid, "the same in all");
  assert.equal(withWord({ ...start, paid: 400n }).toldAmount, 600n);
  const given = withWord({
    ...start,
    state: "written off",
    writtenOff: 600n,
    paid: 400n,
    collected: 400n,
    late: 100n,
  });
  assert.deepEqual([given.toldAmount, given.toldVersion, given.toldDone], [900n, 2, false]);
  assert.equal(withWord({ ...start, collector: null }).toldVersion, 1);
});
