/** What parts of lines are worth, worked out a second way: by whole numbers of pieces, one after the other. */
import assert from "node:assert/strict";
import type { TermLine } from "../../../src/core/trade/trade.ts";

export interface CartOracle {
  /** How many pieces of each line can be under way. */
  pieces: number[];
  /** What the pieces of a line between two counts are worth. */
  worth: (index: number, from: number, to: number) => bigint;
}

const underWay = ["goods", "service"];

/** The worths of a trade's lines; they have to come to its amount, and none may be below zero. */
export function oracleOf(lines: readonly TermLine[]): CartOracle {
  const pieces = lines.map(({ kind = "goods", quantity }) => (underWay.includes(kind) ? quantity : 0));
  const price = ({ amount, unitAmount = 0, quantity }: TermLine) =>
    amount === undefined ? BigInt(unitAmount) * BigInt(quantity) : BigInt(amount);
  const wholes = lines.map((line, index) =>
    pieces[index] === 0 ? 0n : line.worth === undefined ? price(line) : BigInt(line.worth),
  );
  const sum = (amounts: readonly bigint[]) => amounts.reduce((all, amount) => all + amount, 0n);
  assert.equal(sum(wholes), sum(lines.map(price)), "the worths of the goods come to the whole cart");
  assert.ok(
    wholes.every((whole) => whole >= 0n),
    "no goods are worth less than nothing",
  );
  const cuts = lines.map(() => new Map<number, bigint>());
  const below = (index: number, count: number): bigint => {
    const cut = cuts[index]?.get(count);
    if (cut !== undefined) return cut;
    const of = BigInt(pieces[index] ?? 0);
    // The largest amount that is not more than so many of the pieces' equal shares.
    let amount = of === 0n ? 0n : (wholes[index] ?? 0n) * BigInt(count);
    amount = of === 0n ? 0n : (amount - (amount % of)) / of;
    cuts[index]?.set(count, amount);
    return amount;
  };
  return { pieces, worth: (index, from, to) => below(index, to) - below(index, from) };
}
