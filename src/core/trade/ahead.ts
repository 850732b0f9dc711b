/** What is told of a trade's deadlines before they come, so that nobody finds one over of which they had not heard. */
import { endOfReservation } from "./clocks.ts";
import { unshippedGoods } from "./lots.ts";
import { isOpen, owed, type Trade, unaccepted } from "./record.ts";
import { parseDuration, type TradeView } from "../protocol/protocol.ts";

/** A deadline of a trade, as those who read the trade know it. */
export type ToldDeadline = keyof TradeView["deadlines"];

/** How long before a deadline it is told of, where the configuration says nothing else. ISO 8601. */
export const usualAhead: readonly string[] = ["P3D", "P1D"];

/** The same of the time to pay at a collector: there it takes the buyer's own doing, and days until it is done. */
const payAhead: readonly string[] = ["P7D", "P3D", "P1D", "PT12H"];
/** How long after that time its buyer is told once more, as long as it is due: the shop can claim after a week. */
const payAfter: readonly string[] = ["P3D", "P6D"];

/** One thing to tell, and when: of which deadline, when that is, and how long before; no `before` where it is over by then, and how long ago in `after`. */
export interface Telling {
  at: number;
  deadline: ToldDeadline;
  of: number;
  before?: string;
  after?: string;
}

type Visit = (deadline: ToldDeadline, of: Date | string | null | undefined) => void;

/** Visits the deadlines that stand: those at which something happens, or at which somebody can no longer do something. */
function visitStanding(trade: Trade, visit: Visit): void {
  const { state, progress } = trade;
  if (state === "proposed" || state === "refused") visit("approveBy", trade.approveBy);
  if (isUnmoved(trade)) return;
  const { disputed, clocks, lots, guarantee } = progress;
  // What was accepted stays due, also where other goods are in dispute.
  visit("payBy", guarantee?.payBy);
  if (lots.length > 0 || disputed !== null) {
    visit("deliverBy", clocks.deliverBy);
    visit("returnBy", clocks.returnBy);
    visit("inspectBy", clocks.inspectBy);
  }
  if (disputed !== null) {
    visit("answerBy", disputed.answerBy);
    visit("decideBy", disputed.decideBy);
  } else {
    visit("acceptBy", trade.acceptBy);
    const isDue = state === "accepted" || (state !== "settled" && owed(trade) > 0n);
    if (trade.paymentDate !== null && isDue) visit("paymentDate", trade.paymentDate);
  }
  if (state !== "accepted" && state !== "settled") visitReservation(trade, visit);
  if (trade.coolingOffUntil !== null && mayWithdraw(trade)) visit("coolingOffUntil", trade.coolingOffUntil);
}

/** True where the clock has nothing to tell about goods or money. */
function isUnmoved(trade: Trade): boolean {
  switch (trade.state) {
    case "proposed":
    case "refused":
    case "cancelled":
    case "expired":
      return true;
    default:
      return trade.state === "rejected" && !isOpen(trade);
  }
}

/** What is delivered ends with `acceptBy`, and what goes back with its own clocks, before the reservation does. */
function visitReservation(trade: Trade, visit: Visit): void {
  const { progress } = trade;
  if (unshippedGoods(trade).length > 0) {
    if (progress.disputed === null) visit("shipBy", trade.shipBy);
    visit("reservedUntil", endOfReservation(trade));
    return;
  }
  const { returnBy, inspectBy } = progress.clocks;
  const endsBefore = trade.acceptBy !== null || returnBy !== undefined || inspectBy !== undefined;
  if (progress.disputed === null && !endsBefore && unaccepted(trade) > 0n)
    visit("reservedUntil", trade.reservedUntil);
}

const mayWithdraw = ({ progress }: Trade): boolean =>
  progress.lines.some(
    ({ accepted, withdrawn }, index) => accepted > withdrawn + (progress.refundedLines[index] ?? 0),
  );

/** Deadlines of which it is told that they are over: whether it came, and that it was to be paid. */
const isAskedAbout = (deadline: ToldDeadline): boolean => deadline === "deliverBy" || deadline === "payBy";

/** Visits all that is to be told of a trade and was not yet. */
function visitTellings(trade: Trade, tell: (telling: Telling) => void): void {
  const { remindedAt } = trade.progress;
  const since = remindedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(remindedAt);
  const ahead = trade.terms.tellAhead ?? usualAhead;
  visitStanding(trade, (deadline, of) => {
    if (of === null || of === undefined) return;
    const end = typeof of === "string" ? Date.parse(of) : of.getTime();
    if (isAskedAbout(deadline) && end > since) tell({ at: end, deadline, of: end });
    for (const after of deadline === "payBy" ? payAfter : []) {
      const at = end + (parseDuration(after)?.milliseconds ?? 0);
      if (at > since) tell({ at, deadline, of: end, after });
    }
    for (const before of deadline === "payBy" ? payAhead : ahead) {
      const at = end - (parseDuration(before)?.milliseconds ?? 0);
      if (at > since) tell({ at, deadline, of: end, before });
    }
  });
}

/** When something is to be told of a trade next. */
export function nextTellingAt(trade: Trade): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  visitTellings(trade, ({ at }) => {
    if (at < next) next = at;
  });
  return Number.isFinite(next) ? next : undefined;
}

/** All that is to be told of a trade at the same instant. */
export function tellingsAt(trade: Trade, instant: number): Telling[] {
  const told: Telling[] = [];
  visitTellings(trade, (telling) => {
    if (telling.at === instant) told.push(telling);
  });
  return told;
}

/**
 * A deadline that a step sets nearer than it would be told of is known from that step, and is not told of at once again. What
 * was due before the step, and could not be told until now, still is.
 */
export function passOver(before: Trade | undefined, next: Trade, now: Date): void {
  const first = nextTellingAt(next);
  if (first === undefined || first > now.getTime()) return;
  const stood = new Map<ToldDeadline, number>();
  if (before !== undefined) visitTellings(before, ({ deadline, of }) => stood.set(deadline, of));
  let until = Number.NEGATIVE_INFINITY;
  visitTellings(next, ({ at, deadline, of }) => {
    if (at <= now.getTime() && stood.get(deadline) !== of) until = Math.max(until, at);
  });
  if (Number.isFinite(until)) next.progress.remindedAt = new Date(until).toISOString();
}
