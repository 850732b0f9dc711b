/** What of a trade's money has reached the shop and may not leave its account yet, because the buyer may ask it back. */
import { mayAcceptMore, type Trade } from "./record.ts";

/** Minor units, without the fee; without an end it is kept back until goods and money have come to rest. */
export interface KeptBack {
  amount: bigint;
  until: Date | null;
}

/**
 * Undefined where nothing is kept back. How a server holds it is its own: by a lock in its books, or by what it tells the
 * institution.
 */
export function keptBack(trade: Trade): KeptBack | undefined {
  const { hold, settled, refunded, progress, coolingOffUntil } = trade;
  const { lots, refundDue, feeTaken, feeReturned } = progress;
  const amount = settled - refunded - BigInt(feeTaken - feeReturned);
  if (hold === null || amount <= 0n) return undefined;
  if (refundDue?.kept === true || lots.some(({ at }) => at === "withdrawn")) return { amount, until: null };
  if (coolingOffUntil === null) return undefined;
  return { amount, until: mayAcceptMore(trade) ? null : coolingOffUntil };
}

export function isSameKept(left: KeptBack | undefined, right: KeptBack | undefined): boolean {
  return left?.amount === right?.amount && left?.until?.getTime() === right?.until?.getTime();
}
