/** The deadlines of a trade: what starts them, what keeps the money frozen for them, and when they end. */
import { type Decision, after } from "./decision.ts";
import { awaitsInspection, awaitsSending, isExpected } from "./lots.ts";
import { isOpen, type Progress, type Trade } from "./record.ts";

/** How long the other side of a dispute has to answer, and then an operator to decide. */
export const answerWithin = "P7D";
export const decideWithin = "P14D";

/** Ends the deadlines that no goods need any more. */
export function stopClocks(trade: Trade): void {
  const { lots, clocks } = trade.progress;
  if (clocks.deliverBy !== undefined && !lots.some(isExpected)) delete clocks.deliverBy;
  if (clocks.returnBy !== undefined && !lots.some(awaitsSending)) delete clocks.returnBy;
  if (clocks.inspectBy !== undefined && !lots.some(awaitsInspection)) delete clocks.inspectBy;
  if (!lots.some(({ at }) => at === "delivered")) trade.acceptBy = null;
}

/** How long goods that silence has accepted may still be withdrawn from, where they are wrong. */
const silenceMayErr = "P14D";

/** Starts the cooling-off period, for something was accepted: that of the terms, and another for what silence accepted. */
export function startCoolingOff(
  trade: Trade,
  now: Date,
  silent: readonly { line: number; quantity: number }[] = [],
): void {
  const { terms, progress } = trade;
  const ends: Date[] = [];
  if (terms.coolingOff !== null) {
    const until = after(now, terms.coolingOff.for);
    progress.coolingOff = until.toISOString();
    ends.push(until);
  }
  if (silent.length > 0) {
    const until = after(now, silenceMayErr);
    const lines = terms.lines.map((_, index) => progress.silent?.lines[index] ?? 0);
    for (const { line, quantity } of silent) lines[line - 1] = (lines[line - 1] ?? 0) + quantity;
    progress.silent = { until: until.toISOString(), lines };
    ends.push(until);
  }
  for (const until of ends)
    if (trade.coolingOffUntil === null || trade.coolingOffUntil < until) trade.coolingOffUntil = until;
  // At a guarantor the buyer has their own time to pay.
  if (terms.settleAfter === undefined || progress.guarantee !== undefined) return;
  const payable = after(now, terms.settleAfter);
  if (trade.paymentDate === null || trade.paymentDate < payable) trade.paymentDate = payable;
}

/** Makes sure that the money stays frozen at least until an instant; what has not left the shop is not part of that. */
export function keepFrozenUntil(decision: Decision, until: Date): void {
  const { next, effects } = decision;
  if (next.hold === null || !isOpen(next)) return;
  if (next.reservedUntil !== null && next.reservedUntil >= until) return;
  if (next.reservedUntil !== null) next.progress.unshippedUntil ??= next.reservedUntil.toISOString();
  next.reservedUntil = until;
  // Of what is left and worth nothing no money is frozen; only the time goes on.
  if (next.frozen === 0n) return;
  const asked = effects.find((effect) => effect.do === "extend");
  if (asked === undefined) effects.push({ do: "extend", hold: next.hold, until });
  else asked.until = until;
}

/** The end of the reservation as it was agreed; goods under way keep the money frozen for longer. */
export function endOfReservation({ progress, reservedUntil }: Trade): Date | null {
  return progress.unshippedUntil === undefined ? reservedUntil : new Date(progress.unshippedUntil);
}

/** How long goods are looked at before a dispute decides about them, where nothing is ever accepted by silence. */
const lookWithin = "P7D";

/**
 * Starts the acceptance clock over all that was delivered and is undecided. The clock never moves to an earlier time,
 * because somebody may have extended it. In a dispute it stands at its beginning, and what has just come is looked at before
 * anybody decides about it.
 */
export function startAcceptanceClock(decision: Decision, now: Date): void {
  const { next } = decision;
  const { autoAfter } = next.terms.acceptance;
  const { disputed } = next.progress;
  if (disputed !== null) {
    const lookBy = after(now, autoAfter ?? lookWithin);
    next.progress.disputed = { ...disputed, lookBy: lookBy.toISOString() };
    keepFrozenUntil(decision, lookBy);
  }
  if (autoAfter === null) return;
  const end = after(disputed === null ? now : new Date(disputed.at), autoAfter);
  if (next.acceptBy === null || next.acceptBy < end) next.acceptBy = end;
  keepFrozenUntil(decision, next.acceptBy);
}

type GoodsClock = keyof Progress["clocks"];

/** A deadline of goods under way, where it runs. */
export function clockOf(trade: Trade, clock: GoodsClock): Date | null {
  const at = trade.progress.clocks[clock];
  return at === undefined ? null : new Date(at);
}

/** Sets a deadline of goods under way, never to an earlier time. */
function raise(trade: Trade, clock: GoodsClock, until: Date): void {
  const at = clockOf(trade, clock);
  if (at === null || at < until) trade.progress.clocks[clock] = until.toISOString();
}

/** Goods are on their way to the buyer, or still seen there: they may take so long, and the buyer then has to answer. */
export function expectDelivery(decision: Decision, now: Date): void {
  const { next } = decision;
  const { deliverWithin, autoAfter } = next.terms.acceptance;
  const until = after(now, deliverWithin);
  raise(next, "deliverBy", until);
  keepFrozenUntil(decision, autoAfter === null ? until : after(until, autoAfter));
}

/** Goods have to be sent back; `from` is when the buyer has them. */
export function expectSending(decision: Decision, from: Date): void {
  const { next } = decision;
  const { returnWithin, deliverWithin, inspectWithin } = next.terms.acceptance;
  const until = after(from, returnWithin);
  raise(next, "returnBy", until);
  keepFrozenUntil(decision, after(after(until, deliverWithin), inspectWithin));
}

/** The shop has to look at goods that are there from an instant on. */
export function expectInspection(decision: Decision, from: Date): void {
  const { next } = decision;
  const until = after(from, next.terms.acceptance.inspectWithin);
  raise(next, "inspectBy", until);
  keepFrozenUntil(decision, until);
}

/** Goods have been sent back: they may take as long as the others took. */
export function expectReturn(decision: Decision, now: Date): void {
  expectInspection(decision, after(now, decision.next.terms.acceptance.deliverWithin));
}
