import assert from "node:assert/strict";
import { test } from "node:test";
import { type AskedSettlement, confirmWithinMs, gateOf, isSilent, keepsFrozen } from "./settlements.ts";

const now = new Date("2030-01-10T00:00:00Z");
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const asked = (change: Partial<AskedSettlement> = {}): AskedSettlement => ({
  id: "s",
  peer: "p",
  instruction: "i",
  reservation: "r",
  amount: 600n,
  total: 600n,
  digest: Buffer.from("d"),
  state: "waiting",
  toldAt: null,
  decidedAt: null,
  ...change,
});
type Wanted = Parameters<typeof gateOf>[1];
const wanted: Wanted = {
  instruction: "i",
  amount: 600n,
  settled: 0n,
  confirmAbove: 500n,
  refused: undefined,
};
const refused = 600n;
const other = { ...wanted, instruction: "j" };
const gate = (before: AskedSettlement[], wish: Wanted): string => {
  const found = gateOf(before, wish, now);
  return "refused" in found ? found.refused : found.how;
};

test("what a payment may be made on, and what has to be asked first", () => {
  const told = asked({ toldAt: ago(confirmWithinMs) });
  const cases: [what: string, before: AskedSettlement[], wish: typeof wanted, is: string][] = [
    ["no more than the sum", [], { ...wanted, amount: 500n }, "pay"],
    ["a minor unit more", [], { ...wanted, amount: 501n }, "ask"],
    ["a slice on what was paid", [], { ...wanted, amount: 1n, settled: 500n }, "ask"],
    ["nobody has been told, however long ago", [asked()], wanted, "wait"],
    ["told a moment too short ago", [asked({ toldAt: ago(confirmWithinMs - 1) })], wanted, "wait"],
    ["silent since they were told", [told], wanted, "pay"],
    ["their silence to another payment says nothing", [told], other, "wait"],
    ["confirmed", [asked({ state: "allowed" })], wanted, "pay"],
    ["what was confirmed is no leave for another", [asked({ state: "allowed" })], other, "wait"],
    [
      "objected, and silent since",
      [asked({ state: "objected", toldAt: ago(10 * confirmWithinMs) })],
      wanted,
      "wait",
    ],
    ["refused", [asked({ state: "refused" })], wanted, "settlement_refused"],
    ["refused, and asked anew", [asked({ state: "refused" })], { ...other, refused }, "settlement_refused"],
    ["refused of another reservation of the trade", [], { ...other, refused }, "settlement_refused"],
    ["less than was refused", [asked({ state: "refused" })], { ...other, amount: 599n, refused }, "ask"],
    ["below the sum beside what waits", [asked()], { ...other, amount: 400n }, "pay"],
    ["a second one above it", [asked()], other, "wait"],
  ];
  for (const [what, before, wish, is] of cases) assert.equal(gate(before, wish), is, what);
  assert.equal(gate([], { ...wanted, confirmAbove: null }), "pay", "who asks for nothing confirms nothing");
});

test("money stays frozen for what somebody has to answer, and seven days for what was answered", () => {
  const week = 7 * 86_400_000;
  const cases: [AskedSettlement, boolean][] = [
    [asked(), true],
    [asked({ toldAt: ago(confirmWithinMs + week - 1) }), true],
    [asked({ toldAt: ago(confirmWithinMs + week) }), false],
    [asked({ state: "objected", decidedAt: ago(100 * week) }), true],
    [asked({ state: "allowed", decidedAt: ago(week - 1) }), true],
    [asked({ state: "allowed", decidedAt: ago(week) }), false],
    [asked({ state: "refused", decidedAt: now }), false],
  ];
  for (const [settlement, is] of cases)
    assert.equal(keepsFrozen(settlement, now), is, JSON.stringify(settlement.state));
  assert.equal(isSilent(asked({ state: "objected", toldAt: ago(confirmWithinMs) }), now), false);
});
