/** What a step changed in a trade: how its amounts moved, and its goods. Pure. */
import type { LineProgress, Trade } from "./record.ts";

/** How many pieces of a line moved where; what did not change is left out. */
export interface LineChange extends Partial<LineProgress> {
  /** From 1 on. */
  line: number;
  /** What the shop calls it. */
  id?: string;
}

/** Differences, in minor units and pieces; below zero where something became less. */
export interface TradeChange {
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  lines: LineChange[];
}

const counts = ["shipped", "delivered", "accepted", "rejected", "returned", "withdrawn", "ended"] as const;

/**
 * The difference between a trade before a step and after it. `before` is undefined where the step made the trade. All
 * differences of a trade from its first step on add up to the trade as it stands.
 */
export function changeOf(before: Trade | undefined, next: Trade): TradeChange {
  return {
    frozen: next.frozen - (before?.frozen ?? 0n),
    settled: next.settled - (before?.settled ?? 0n),
    released: next.released - (before?.released ?? 0n),
    refunded: next.refunded - (before?.refunded ?? 0n),
    lines: linesChanged(before, next),
  };
}

/** A revision may leave fewer lines than there were: what was counted of those that are gone is taken back. */
function linesChanged(before: Trade | undefined, next: Trade): LineChange[] {
  const [was, is] = [before?.progress.lines ?? [], next.progress.lines];
  if (was === is) return [];
  const changed: LineChange[] = [];
  for (let index = 0; index < Math.max(was.length, is.length); index += 1) {
    const id = (next.terms.lines[index] ?? before?.terms.lines[index])?.id;
    const change: LineChange = { line: index + 1, ...(id === undefined ? {} : { id }) };
    let moved = false;
    for (const count of counts) {
      const difference = (is[index]?.[count] ?? 0) - (was[index]?.[count] ?? 0);
      if (difference === 0) continue;
      change[count] = difference;
      moved = true;
    }
    if (moved) changed.push(change);
  }
  return changed;
}

/** How far the goods have come, as quantities of each line in all. */
export interface GoodsSoFar {
  accepted: number[];
  /** Returned or given up: nobody will pay for these goods. */
  returned: number[];
  refunded: number[];
}

/** What the institution of a private trade, which knows the prices, is told: it pays, releases and refunds these goods. */
export function goodsOf(trade: Trade): GoodsSoFar {
  const { progress } = trade;
  return {
    accepted: progress.lines.map(({ accepted }) => accepted),
    returned: progress.lines.map(({ returned, ended }) => returned + ended),
    refunded: [...progress.refundedLines],
  };
}
