/** What follows from a move: what is due is paid, goods are given up, a dispute ends, and the state. */
import { stopClocks, keepFrozenUntil } from "./clocks.ts";
import type { Act, Decision } from "./decision.ts";
import { isPaid, progressOf, unaccept } from "./lots.ts";
import { payOwed, release } from "./payments.ts";
import {
  mayAcceptMore,
  outstandingOf,
  owed,
  paidOf,
  type Trade,
  undecided,
  unaccepted,
  worthOf,
} from "./record.ts";

/**
 * When accepted goods are paid; null for at once. What would go to the server, which has paid the shop early or to which it
 * owes something, stays frozen until the buyer can give nothing back any more: the shop's account would not hold it.
 */
function dueAt(trade: Trade, act: Act): Date | null {
  const { paymentDate, coolingOffUntil, reservedUntil } = trade;
  if (coolingOffUntil === null || !isForServer(trade, act)) return paymentDate;
  const { now } = act;
  const until = mayAcceptMore(trade)
    ? latest(coolingOffUntil, reservedUntil, afterADay(now))
    : coolingOffUntil;
  return latest(until, paymentDate);
}

/** Whether a payment would go to the server, wholly or in part. */
function isForServer({ progress, settled }: Trade, { debt }: Act): boolean {
  const { advance, paidLines } = progress;
  // Which goods are paid is known from the first payment on, but for trades of before that was so.
  if (settled > 0n && paidLines === undefined) return false;
  return debt !== undefined || (advance !== undefined && outstandingOf(advance) > 0n);
}

/** What may still be accepted is decided on first, also where the reservation ends at this very moment. */
const afterADay = (now: Date): Date => new Date(now.getTime() + 86_400_000);

const latest = (...dates: [Date, ...(Date | null)[]]): Date =>
  dates.reduce<Date>((last, date) => (date !== null && date > last ? date : last), dates[0]);

function payWhenDue(decision: Decision, act: Act): void {
  const { next } = decision;
  const due = dueAt(next, act);
  if (due === null || due <= act.now) payOwed(decision);
  else if (owed(next) > 0n) {
    next.paymentDate = due;
    // What waits for goods that are undecided is frozen as long as they are.
    if (!isForServer(next, act) || !mayAcceptMore(next)) keepFrozenUntil(decision, due);
  }
}

/** Pays what is accepted and due, ends the clocks that no goods need any more, and moves the state. */
export function settleUp(decision: Decision, act: Act, ending: "cancelled" | "expired" = "cancelled"): void {
  const { next } = decision;
  // A guarantor pays nothing because it was accepted: that is due at the collector, and frozen until it was paid.
  if (next.progress.guarantee === undefined) payWhenDue(decision, act);
  stopClocks(next);
  if (next.progress.offer !== undefined && !isUndone(next)) delete next.progress.offer;
  const { disputed, lots } = next.progress;
  // What a clock has asked is about goods under way: once none are left, the trade goes on.
  if (disputed !== null && isUndone(next) && !(disputed.by === "clock" && lots.length === 0)) return;
  if (disputed !== null) endDispute(decision, act.now);
  next.state = stateOf(next, ending);
}

/** True where goods are left that nobody has decided about for good. */
function isUndone(trade: Trade): boolean {
  return trade.progress.lots.length > 0 || trade.terms.lines.some((_, index) => undecided(trade, index) > 0);
}

/** The state that follows from goods and money. */
export function stateOf(trade: Trade, ending: "cancelled" | "expired" = "cancelled"): Trade["state"] {
  const { lines, lots } = trade.progress;
  if (trade.terms.lines.some((_, index) => undecided(trade, index) > 0)) {
    // Where a part was divided, the agreement is not one that can be revised any more, also when that is paid for no longer.
    const moved =
      trade.state === "delivered" ||
      trade.progress.divided > 0 ||
      lines.some((line) => line.delivered + line.accepted + line.rejected > 0);
    return moved ? "delivered" : "reserved";
  }
  if (lots.some(({ at }) => at === "rejected")) return "rejected";
  if (trade.frozen > 0n) return lots.length > 0 && owed(trade) === 0n ? "rejected" : "accepted";
  // What is accepted may have cost nothing, and be withdrawn after that: what was settled stays so.
  if (trade.state === "settled" || trade.settled > 0n || lines.some(({ accepted }) => accepted > 0))
    return "settled";
  return lines.some((line) => line.rejected > 0) ? "rejected" : ending;
}

/** Ends a dispute. The clocks of payment stood still in it and get their time back; those of the goods have run on. */
export function endDispute(decision: Decision, now: Date): void {
  const { next } = decision;
  const since = next.progress.disputed;
  if (since === null) return;
  const stood = now.getTime() - new Date(since.at).getTime();
  const shifted = (at: Date | null) => (at === null ? null : new Date(at.getTime() + stood));
  next.shipBy = shifted(next.shipBy);
  next.acceptBy = shifted(next.acceptBy);
  next.paymentDate = shifted(next.paymentDate);
  next.progress.disputed = null;
  if (next.coolingOffUntil !== null && next.coolingOffUntil > new Date(since.at)) {
    next.coolingOffUntil = shifted(next.coolingOffUntil);
    const { coolingOff, silent } = next.progress;
    if (coolingOff !== undefined) next.progress.coolingOff = later(coolingOff, stood);
    if (silent !== undefined) next.progress.silent = { ...silent, until: later(silent.until, stood) };
  }
  for (const at of [next.acceptBy, next.paymentDate]) if (at !== null) keepFrozenUntil(decision, at);
}

const later = (at: string, milliseconds: number): string =>
  new Date(new Date(at).getTime() + milliseconds).toISOString();

/** Gives up goods that have not left the shop: nobody will be paid for them. */
export function endUnshipped(
  decision: Decision,
  goods: readonly { line: number; quantity: number }[],
  how: "release" | "expire" = "release",
): void {
  const { next } = decision;
  const worth = worthOf(next, goods);
  for (const { line, quantity } of goods) {
    const progress = next.progress.lines[line - 1];
    if (progress !== undefined) progress.ended += quantity;
  }
  release(decision, worth, how);
}

/** Gives up all that is not accepted. */
export function giveUp(decision: Decision, how: "release" | "expire" = "release"): void {
  const { next } = decision;
  next.terms.lines.forEach((_, index) => {
    const line = next.progress.lines[index];
    if (line === undefined) return;
    line.ended += undecided(next, index);
    line.returned = line.rejected;
  });
  next.progress.lots = next.progress.lots.filter(isPaid);
  release(decision, unaccepted(next), how);
}

/** Gives up what is accepted and not paid: nobody will be paid for these goods. */
export function giveUpOwed(decision: Decision): void {
  const { next } = decision;
  const { progress } = next;
  // All are looked at first: what is paid for follows from what is owed, which changes below.
  const goods = progress.lines.map(({ accepted }, index) => ({
    line: index + 1,
    quantity: Math.max(0, accepted - paidOf(next, index + 1)),
  }));
  const worth = worthOf(next, goods);
  for (const { line, quantity } of goods) {
    progressOf(next, line).ended += quantity;
    unaccept(next, line, quantity);
    // Goods that cost nothing may have been refunded unpaid: of those that are given up nothing is.
    const { accepted } = progressOf(next, line);
    progress.refundedLines[line - 1] = Math.min(progress.refundedLines[line - 1] ?? 0, accepted);
  }
  // What is still owed was divided, and not for goods.
  const rest = owed(next);
  progress.divided -= Number(rest);
  release(decision, worth + rest);
}
