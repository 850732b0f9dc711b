/**
 * Lots: the goods that are under way, by what is known of each (docs/trades.md, Lots). A line's goods are unshipped, in a
 * lot, accepted, returned or ended; a move takes pieces out of lots and puts them into others.
 */
import { checkLines, type LineQuantity, piecesOf } from "./lines.ts";
import { type Lot, type Offer, refundOf, type Trade, undecided } from "./record.ts";
import type { Refused, Tracking } from "../protocol/protocol.ts";

/** Goods that a move is about: pieces taken out of lots, and pieces that have not left the shop. */
export interface Picked {
  lots: Lot[];
  unshipped: LineQuantity[];
}

/**
 * Which goods a command means. `ranks`: which lots it can mean, the likeliest first. `unshipped`: whether it can also mean,
 * last of all, goods that have not left the shop. `parcel`: only lots of which this holds.
 */
export interface Wish {
  lines: readonly LineQuantity[] | undefined;
  ranks: readonly ((lot: Lot) => boolean)[];
  unshipped?: boolean;
}

/** Quantity on a line that has not left the shop, and of which nobody has spoken. */
export function unshippedOf(trade: Trade, index: number): number {
  let under = 0;
  for (const lot of trade.progress.lots) if (lot.line === index + 1) under += underWay(lot);
  return undecided(trade, index) - under;
}

const underWay = ({ at, quantity }: Lot): number => (at === "shipped" || at === "delivered" ? quantity : 0);

/** All goods that have not left the shop. Lots are looked at once: there may be a thousand lines, and as many lots. */
export function unshippedGoods(trade: Pick<Trade, "terms" | "progress">): LineQuantity[] {
  const under = trade.terms.lines.map(() => 0);
  for (const lot of trade.progress.lots) under[lot.line - 1] = (under[lot.line - 1] ?? 0) + underWay(lot);
  return under.flatMap((count, index) => {
    const quantity = undecided(trade, index) - count;
    return quantity > 0 ? [{ line: index + 1, quantity }] : [];
  });
}

/** Takes the goods that a command means out of their lots. Refuses a line that is not there and a quantity that is not open. */
export function pick(next: Trade, wish: Wish): Refused | Picked {
  const { lines, ranks } = wish;
  const refused = lines === undefined ? undefined : checkLines(next.terms.lines, lines);
  if (refused !== undefined) return refused;
  const picked: Picked = { lots: [], unshipped: [] };
  const wishes =
    lines ?? next.terms.lines.map((_, index) => ({ line: index + 1, quantity: Number.POSITIVE_INFINITY }));
  // Counted first: what is taken out of its lot would look as if it had never left.
  const left = new Map(
    wish.unshipped === true ? unshippedGoods(next).map(({ line, quantity }) => [line, quantity]) : [],
  );
  const shelves = shelvesOf(next.progress.lots);
  for (const { line, quantity: wanted } of wishes) {
    let missing = wanted;
    for (const isMeant of ranks) missing -= takeFrom(shelves.get(line) ?? [], missing, isMeant, picked.lots);
    const quantity = Math.min(missing, left.get(line) ?? 0);
    if (quantity > 0) picked.unshipped.push({ line, quantity });
    missing -= Math.max(0, quantity);
    if (lines !== undefined && missing > 0) {
      next.progress.lots = restOf(next.progress.lots, shelves);
      return tooMany(line, wanted - missing, wanted);
    }
  }
  next.progress.lots = restOf(next.progress.lots, shelves);
  return picked;
}

/** A lot, and how many pieces of it are left. */
interface Shelf {
  lot: Lot;
  left: number;
}

/** The lots by their lines, so that each line is looked for in its own. */
function shelvesOf(lots: readonly Lot[]): Map<number, Shelf[]> {
  const shelves = new Map<number, Shelf[]>();
  for (const lot of lots) {
    const shelf = { lot, left: lot.quantity };
    const same = shelves.get(lot.line);
    if (same === undefined) shelves.set(lot.line, [shelf]);
    else same.push(shelf);
  }
  return shelves;
}

function takeFrom(shelves: Shelf[], most: number, isMeant: (lot: Lot) => boolean, taken: Lot[]): number {
  let count = 0;
  for (const shelf of shelves) {
    const quantity = shelf.left > 0 && isMeant(shelf.lot) ? Math.min(shelf.left, most - count) : 0;
    if (quantity <= 0) continue;
    count += quantity;
    shelf.left -= quantity;
    taken.push({ ...shelf.lot, quantity });
  }
  return count;
}

/** What is left of the lots, in their order. */
function restOf(lots: readonly Lot[], shelves: Map<number, Shelf[]>): Lot[] {
  const left = new Map([...shelves.values()].flat().map((shelf) => [shelf.lot, shelf.left]));
  return lots.flatMap((lot) => {
    const quantity = left.get(lot) ?? lot.quantity;
    return quantity === lot.quantity ? [lot] : quantity > 0 ? [{ ...lot, quantity }] : [];
  });
}

export function tooMany(line: number, open: number, asked: number): Refused {
  return { refused: "quantity_exceeds_open", detail: `Line ${line} has ${open} open, not ${asked}.` };
}

/** Puts goods into a lot; where there is one with the same story, they join it. */
export function put(next: Trade, lot: Lot): void {
  const { lots } = next.progress;
  const story = storyOf(lot);
  const same = lots.findIndex((each) => each.line === lot.line && storyOf(each) === story);
  next.progress.lots =
    same < 0
      ? [...lots, lot]
      : lots.map((each, index) =>
          index === same ? { ...each, quantity: each.quantity + lot.quantity } : each,
        );
}

/** What an offer about these goods is made for: it holds as long as these sums are the same. */
export function basisOf(next: Trade, lots: readonly Lot[]): Pick<Offer, "withdrawn" | "paidBack"> {
  const due = next.progress.refundDue?.amount ?? 0;
  return {
    withdrawn: Number(refundOf(next, lots.filter(isPaid))),
    paidBack: Number(next.refunded) + due,
  };
}

/** Takes the mark of an offer off all goods, for another is made. */
export function unmark(next: Trade): void {
  const { lots } = next.progress;
  next.progress.lots = [];
  for (const { offered: _, ...lot } of lots) put(next, lot);
}

function storyOf(lot: Lot): string {
  const { at, kind, parcel, back, seen, home, refused, received, claimed, contested, unpaid, offered } = lot;
  const words = [at, kind, parcel, back, seen, home, refused, received, claimed, contested, unpaid, offered];
  return JSON.stringify(words);
}

/** The quantities of lots and of other goods, line by line. */
export function quantitiesOf(...parts: (readonly LineQuantity[])[]): LineQuantity[] {
  const sums = new Map<number, number>();
  for (const { line, quantity } of parts.flat()) sums.set(line, (sums.get(line) ?? 0) + quantity);
  return [...sums].sort(([left], [right]) => left - right).map(([line, quantity]) => ({ line, quantity }));
}

/** The progress of a line, to be changed. */
export function progressOf(trade: Trade, line: number): Trade["progress"]["lines"][number] {
  const progress = trade.progress.lines[line - 1];
  if (progress === undefined) throw new RangeError(`The trade has no line ${line}.`);
  return progress;
}

/** Goods are not accepted any more, and nobody has confirmed them. */
export function unaccept(next: Trade, line: number, quantity: number): void {
  progressOf(next, line).accepted -= quantity;
  const { confirmed } = next.progress;
  for (const [role, counts] of Object.entries(confirmed))
    confirmed[role as keyof typeof confirmed] = counts.map((count, index) =>
      index === line - 1 ? Math.max(0, count - quantity) : count,
    );
}

/** Counts goods as delivered that were not: seen by somebody, confirmed, or rejected as they are. */
export function arrive(trade: Trade, goods: readonly LineQuantity[]): void {
  for (const { line, quantity } of goods) {
    const progress = progressOf(trade, line);
    const all = piecesOf(trade.terms.lines[line - 1]);
    progress.delivered = Math.min(all, progress.delivered + quantity);
  }
}

/** True where a parcel has been named before, on its way here or back. */
export function isNamed({ progress }: Trade, tracking: Tracking | undefined): boolean {
  return tracking !== undefined && (progress.parcels ?? []).some(({ number }) => number === tracking.number);
}

/** True where a parcel was named and none of its goods are under way any more: what is said of it again is about no others. */
export function isOver(trade: Trade, tracking: Tracking | undefined): boolean {
  const holds = ({ parcel, back }: Lot) => [parcel, back].includes(tracking?.number);
  return isNamed(trade, tracking) && !trade.progress.lots.some(holds);
}

/** Rejected or withdrawn, and not on the way back as far as anybody has said. */
export function awaitsSending(lot: Lot): boolean {
  const comes = lot.at === "withdrawn" || (lot.at === "rejected" && lot.kind === "wrong");
  return comes && lot.home === undefined;
}

/** Withdrawn after it was paid for: nothing is frozen for it. */
export function isPaid(lot: Lot): boolean {
  return lot.at === "withdrawn" && lot.unpaid === undefined;
}

/** Something that the shop has to look at: goods said to be on their way back, or said to have never come. */
export function awaitsInspection(lot: Lot): boolean {
  if (lot.at === "rejected" && lot.kind !== "wrong") return true;
  const comes = lot.home !== undefined && lot.home !== "undeliverable";
  return (lot.at === "rejected" || lot.at === "withdrawn") && comes;
}

/** Still on the way to the buyer, as far as an independent party has seen. */
export function isExpected(lot: Lot): boolean {
  if (lot.seen === "delivered") return false;
  if (lot.at === "shipped" || lot.kind === "never_came") return true;
  // A bare word that it was sent back does not end the way to the buyer.
  return lot.seen === "picked_up" && (lot.home === undefined || lot.home === "said");
}
