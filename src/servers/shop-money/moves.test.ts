/** What moved between two looks: whatever happened between them, what was frozen less what left is what is frozen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type MoneyNow, movesBetween } from "./moves.ts";

const now = (frozen: number, settled = 0, released = 0, refunded = 0, fee = 0): MoneyNow => ({
  ...{ frozen, settled, released, refunded, fee },
});

const cases: [string, MoneyNow | null, MoneyNow, string][] = [
  ["is only proposed", null, now(0), ""],
  ["is reserved", now(0), now(900), "frozen 900"],
  [
    "is seen first when it is over",
    null,
    now(0, 700, 200, 50, 30),
    "frozen 900 settled 700 released 200 refunded 50 fee 30",
  ],
  ["is paid in part", now(900), now(600, 300, 0, 0, 9), "settled 300 fee 9"],
  ["is called off", now(900), now(0, 0, 900), "released 900"],
  [
    "is paid back, with a part of the fee",
    now(0, 900, 0, 0, 27),
    now(0, 900, 0, 300, 18),
    "refunded 300 fee -9",
  ],
  ["is frozen for more under other terms", now(900), now(1200), "frozen 300"],
  ["is frozen for less under other terms", now(900), now(700), "released 200"],
  ["is frozen anew after a part was given free", now(600, 0, 300), now(700), "frozen 100"],
  ["is the same", now(600, 300), now(600, 300), ""],
  ["is of a server that does not say what it costs", now(0), { frozen: null }, ""],
];

for (const [name, before, after, moved] of cases)
  test(`an order that ${name}`, () => {
    const moves = movesBetween(before, after);
    assert.equal(moves.map(({ kind, amount }) => `${kind} ${amount}`).join(" "), moved);
    const sum = (kind: string) =>
      moves.reduce((of, move) => (move.kind === kind ? of + move.amount : of), 0n);
    const frozen = (of: MoneyNow | null) => BigInt(of?.frozen ?? 0);
    assert.equal(sum("frozen") - sum("settled") - sum("released"), frozen(after) - frozen(before));
  });
