/** The lines of a trade: what they come to, what follows the goods, and what a part of one is worth. Pure. */
import { allocate, shareOf } from "../money/money.ts";
import { followsGoods, type LineKind, type Refused } from "../protocol/protocol.ts";

/**
 * A line as it was agreed. Amounts in terms are wire integers: they are stored as JSON and stay below 2^53. It has a price for
 * each piece (`unitAmount`) or one for all of them (`amount`).
 */
export interface TermLine {
  name: string;
  quantity: number;
  unitAmount?: number;
  amount?: number;
  /** Left out: goods. */
  kind?: LineKind;
  /** What the shop calls the line. */
  id?: string;
  sku?: string;
  /** Shown only; no amount is worked out by it. */
  taxRate?: number | string;
  image?: string;
  /** What all pieces are paid with where that is not their price: shipping, taxes and discounts have their part in it. */
  worth?: number;
}

/** Pieces of a line, by its number from 1 on. */
export interface LineQuantity {
  line: number;
  quantity: number;
}

/** A line as a caller names it: by its number or by what the shop calls it. */
export interface NamedQuantity {
  line?: number;
  id?: string;
  quantity: number;
}

/** True where a line is no goods and no service: it follows them. */
export const follows = ({ kind }: TermLine): boolean => followsGoods(kind);

/** How many pieces of a line can be under way: none of shipping, fees, taxes, discounts and roundings. */
export function piecesOf(line: TermLine | undefined): number {
  return line === undefined || follows(line) ? 0 : line.quantity;
}

/** The price of all pieces of a line, without what follows it, in minor units. */
function priceOf({ amount, unitAmount = 0, quantity }: TermLine): bigint {
  return amount === undefined ? BigInt(unitAmount) * BigInt(quantity) : BigInt(amount);
}

/** True where each piece is worth its price, so that parts need no rounding. */
export function isEven({ amount, worth }: TermLine): boolean {
  return amount === undefined && worth === undefined;
}

/**
 * What the first pieces of a line are worth, in minor units, rounded down: nothing for none, and all of it for all. It never
 * falls with the count, so a part between two counts is never below zero, and parts come to the whole in whatever order.
 */
export function upTo(line: TermLine, count: number): bigint {
  if (isEven(line)) return BigInt(line.unitAmount ?? 0) * BigInt(count);
  if (count === 0) return 0n;
  return shareOf(BigInt(count), BigInt(line.quantity), wholeOf(line));
}

/** So many of some pieces of each line that they are worth an amount or a little more, from the first line on. */
export function piecesCovering(
  lines: readonly TermLine[],
  pieces: readonly number[],
  worth: bigint,
): number[] {
  let left = worth;
  return lines.map((line, index) => {
    let [least, most] = [0, pieces[index] ?? 0];
    while (least < most) {
      const half = Math.floor((least + most) / 2);
      if (upTo(line, half) < left) least = half + 1;
      else most = half;
    }
    const covered = upTo(line, most);
    left = covered < left ? left - covered : 0n;
    return most;
  });
}

/** What all pieces of a line are paid with, in minor units. */
export function wholeOf(line: TermLine): bigint {
  return line.worth === undefined ? priceOf(line) : BigInt(line.worth);
}

/** What the lines come to, in minor units; it may be more than the wire can carry, and below zero. */
export function totalOf(lines: readonly TermLine[]): bigint {
  return lines.reduce((sum, line) => sum + priceOf(line), 0n);
}

const most = BigInt(Number.MAX_SAFE_INTEGER);
const invalid = (detail: string): Refused => ({ refused: "invalid_field", detail });

/** Refuses lines that make no trade: no goods in it, a sum that is not positive, an amount that its kind does not have. */
export function checkTerms(lines: readonly TermLine[]): Refused | undefined {
  const ids = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const { id, kind = "goods", unitAmount, amount } = line;
    if ((unitAmount === undefined) === (amount === undefined))
      return invalid(`Line ${index + 1} has either a \`unitAmount\` or an \`amount\`.`);
    const price = priceOf(line);
    if (price < 0n && kind !== "discount" && kind !== "rounding")
      return invalid(`Line ${index + 1} is ${kind}: only a discount or a rounding is below zero.`);
    if (price > most || price < -most) return invalid(`Line ${index + 1} comes to more than 2^53-1.`);
    if (id !== undefined && ids.has(id)) return invalid(`Two lines have the id ${id}.`);
    if (id !== undefined) ids.add(id);
  }
  if (lines.every(follows)) return invalid("No line is goods or a service: there is nothing to accept.");
  const total = totalOf(lines);
  if (total <= 0n) return invalid(`The lines come to ${total}, which is not more than nothing.`);
  return total > most ? invalid("The lines come to more than 2^53-1.") : undefined;
}

/**
 * Divides what follows the goods among them, in proportion to their prices, or to their quantities where all are free: each
 * line of goods then has a worth of its own, never below zero, and together they come to the sum. Lines that need none stay
 * as they are.
 */
export function withWorths(lines: readonly TermLine[]): TermLine[] {
  if (!lines.some(follows)) return [...lines];
  const goods = lines.filter((line) => !follows(line));
  const prices = goods.map(priceOf);
  const free = prices.every((price) => price === 0n);
  const worths = allocate(totalOf(lines), free ? goods.map(({ quantity }) => BigInt(quantity)) : prices);
  let at = 0;
  return lines.map((line) => {
    if (follows(line)) return line;
    const worth = worths[at] ?? 0n;
    at += 1;
    return worth === priceOf(line) ? line : { ...line, worth: Number(worth) };
  });
}

/**
 * The lines as they stand once so many pieces of each are gone. What follows the goods is cut with their prices, toward zero;
 * what that leaves is a rounding, so that the lines come to what the pieces that are left are worth.
 */
export function linesWithout(lines: readonly TermLine[], gone: (index: number) => number): TermLine[] {
  const left = lines.map((line, index) => (follows(line) ? line.quantity : line.quantity - gone(index)));
  if (left.every((quantity, index) => quantity === lines[index]?.quantity)) return [...lines];
  const goods = lines.flatMap((line, index) => {
    const quantity = left[index] ?? 0;
    return follows(line) || quantity <= 0 ? [] : [cut(line, quantity)];
  });
  if (!lines.some(follows) || goods.length === 0) return goods;
  const weigh = (each: readonly TermLine[]) => totalOf(each.filter((line) => !follows(line)));
  const free = weigh(lines) === 0n;
  const count = (each: readonly TermLine[]) => each.reduce((sum, line) => sum + BigInt(piecesOf(line)), 0n);
  const [whole, part] = free ? [count(lines), count(goods)] : [weigh(lines), weigh(goods)];
  const kept = lines.flatMap((line, index): TermLine[] => {
    if (!follows(line)) return (left[index] ?? 0) <= 0 ? [] : [cut(line, left[index] ?? 0)];
    const { unitAmount: _, ...rest } = line;
    return [{ ...rest, amount: Number((priceOf(line) * part) / whole) }];
  });
  const odd = goods.reduce((sum, line) => sum + wholeOf(line), 0n) - totalOf(kept);
  return odd === 0n
    ? kept
    : [...kept, { name: "Rounding", quantity: 1, amount: Number(odd), kind: "rounding" }];
}

/** The first pieces of a line as a line of their own. */
function cut(line: TermLine, quantity: number): TermLine {
  if (quantity === line.quantity) return line;
  const shorter: TermLine = { ...line, quantity };
  if (line.amount !== undefined)
    shorter.amount = Number(shareOf(BigInt(quantity), BigInt(line.quantity), BigInt(line.amount)));
  if (line.worth !== undefined) shorter.worth = Number(upTo(line, quantity));
  return shorter;
}

/** The lines that a caller names, by their numbers; refuses one that is not there, is named twice, or is no goods. */
export function numbered(
  lines: readonly TermLine[],
  named: readonly NamedQuantity[],
): Refused | LineQuantity[] {
  const found: LineQuantity[] = [];
  for (const { line, id, quantity } of named) {
    if ((line === undefined) === (id === undefined)) return invalid("A line is named by `line` or by `id`.");
    const number = line ?? lines.findIndex((each) => each.id === id) + 1;
    if (number === 0) return { refused: "unknown_line", detail: `The trade has no line with the id ${id}.` };
    found.push({ line: number, quantity });
  }
  return checkLines(lines, found) ?? found;
}

/** Refuses lines that are named twice, are not there, or have no pieces that could be under way. */
export function checkLines(lines: readonly TermLine[], named: readonly LineQuantity[]): Refused | undefined {
  const seen = new Set<number>();
  for (const { line } of named) {
    const terms = lines[line - 1];
    if (terms === undefined) return { refused: "unknown_line", detail: `The trade has no line ${line}.` };
    if (follows(terms))
      return {
        refused: "unknown_line",
        detail: `Line ${line} is ${terms.kind}: it follows the goods, and is not named.`,
      };
    if (seen.has(line)) return { refused: "invalid_field", detail: `Line ${line} is named twice.` };
    seen.add(line);
  }
  return undefined;
}

/** What goods are called that a consent is about: the same words are the same goods. */
const nameOf = ({ id, kind, sku, name }: TermLine): string => JSON.stringify([id, kind, sku, name]);

interface Priced {
  quantity: number;
  /** The price of so many pieces, with what follows them. */
  whole: bigint;
  of: bigint;
}

/** Below zero where a piece of the one is cheaper than a piece of the other. */
const compare = (one: Pick<Priced, "whole" | "of">, other: Pick<Priced, "whole" | "of">): number => {
  const [left, right] = [one.whole * other.of, other.whole * one.of];
  return left < right ? -1 : left > right ? 1 : 0;
};

const pricedOf = (line: TermLine): Priced => ({
  quantity: line.quantity,
  whole: wholeOf(line),
  of: BigInt(line.quantity),
});

/** Goods by what they are called: how many there are, each at the price that `better` prefers. */
function shelf(lines: readonly TermLine[], better: (order: number) => boolean): Map<string, Priced> {
  const found = new Map<string, Priced>();
  for (const line of lines) {
    if (follows(line)) continue;
    const priced = pricedOf(line);
    const same = found.get(nameOf(line));
    const price = same === undefined || better(compare(priced, same)) ? priced : same;
    found.set(nameOf(line), { ...price, quantity: priced.quantity + (same?.quantity ?? 0) });
  }
  return found;
}

/** Takes each line off the shelf; false where one is not there, is too many, or has a price that is not as it should be. */
function areFrom(found: Map<string, Priced>, lines: readonly TermLine[], fits: (order: number) => boolean) {
  return lines.every((line) => {
    if (follows(line)) return true;
    const there = found.get(nameOf(line));
    if (there === undefined || line.quantity > there.quantity || !fits(compare(pricedOf(line), there)))
      return false;
    found.set(nameOf(line), { ...there, quantity: there.quantity - line.quantity });
    return true;
  });
}

/**
 * True where the new lines only take away: no new line, no larger quantity, no higher price, with shipping, taxes and
 * discounts counted in. Then the buyer's consent to the old lines covers the new ones.
 */
export function isReduction(before: readonly TermLine[], after: readonly TermLine[]): boolean {
  return areFrom(
    shelf(before, (order) => order < 0),
    after,
    (order) => order <= 0,
  );
}

/**
 * True where `after` is a part of what stands in `before`: nothing else, no more of it, and each piece at its price. Where
 * amounts of whole lines do not divide evenly, a piece may cost more by the rounding, and never less.
 */
export function isPart(before: readonly TermLine[], after: readonly TermLine[]): boolean {
  const isPlain = [...before, ...after].every((line) => isEven(line) && !follows(line));
  if (isPlain) {
    const priced = (lines: readonly TermLine[]) =>
      lines.map((line) => ({ ...line, name: `${line.unitAmount} ${line.name}` }));
    return isReduction(priced(before), priced(after));
  }
  const known = new Set(before.filter(follows).map(nameOf));
  if (after.some((line) => follows(line) && !known.has(nameOf(line)))) return false;
  return areFrom(
    shelf(before, (order) => order > 0),
    after,
    (order) => order >= 0,
  );
}
