/** Deadlines: which comes next, what happens when it has come, and how it is moved. */
import type { Extend } from "../protocol/schemas.ts";
import {
  type Act,
  decided,
  type Decision,
  draftOf,
  keepFrozenUntil,
  pay,
  release,
  settleUp,
} from "./decision.ts";
import type { Refused } from "../protocol/protocol.ts";
import { owed, type Trade } from "./trade.ts";
import type { Move } from "./transitions.ts";

const day = 86_400_000;
/** Nobody's money is frozen for longer than this after the trade was made. */
const longestReservation = 366 * day;
/** By how much a buyer may move the acceptance clock, once. */
const buyersExtension = 14 * day;

export interface Deadline {
  at: Date;
  move: Extract<Move, "expire" | "autoAccept" | "pay"> | "erase";
}

/** The deadline of a trade that comes next, if it has one. In a dispute the clocks stand still. */
export function nextDeadline(trade: Trade): Deadline | undefined {
  const due: Deadline[] = [];
  const add = (at: Date | null, move: Deadline["move"]) => {
    if (at !== null) due.push({ at, move });
  };
  switch (trade.state) {
    case "proposed":
    case "refused":
      add(trade.approveBy, "expire");
      break;
    case "reserved":
      add(trade.shipBy, "expire");
      add(trade.reservedUntil, "expire");
      break;
    case "delivered":
      if (deliveredUndecided(trade)) add(trade.acceptBy, "autoAccept");
      if (owed(trade) > 0n) add(trade.paymentDate, "pay");
      add(trade.reservedUntil, "expire");
      break;
    case "accepted":
      add(trade.paymentDate ?? trade.updatedAt, "pay");
      break;
    case "rejected":
      if (trade.frozen > 0n && owed(trade) > 0n) add(trade.paymentDate, "pay");
      if (trade.frozen > 0n) add(trade.reservedUntil, "expire");
      else addErasure(trade, add);
      break;
    case "settled":
    case "cancelled":
    case "expired":
      addErasure(trade, add);
      break;
    case "disputed":
      break;
  }
  return due.sort((a, b) => a.at.getTime() - b.at.getTime())[0];
}

function addErasure(trade: Trade, add: (at: Date, move: "erase") => void): void {
  if (trade.terms.personal && !trade.progress.erased) add(trade.coolingOffUntil ?? trade.updatedAt, "erase");
}

/** True where the buyer has goods that nobody has accepted or rejected. */
function deliveredUndecided(trade: Trade): boolean {
  return trade.progress.lines.some(
    (line) => !trade.progress.closed && line.delivered > line.accepted + line.rejected,
  );
}

/**
 * Ends a trade whose deadline has passed without the goods. Where goods were delivered and nobody has accepted or rejected
 * them, the money stays frozen in a dispute, so that an operator looks.
 */
export function expire(trade: Trade, act: Act): Refused | Decision {
  const deadline = nextDeadline(trade);
  if (deadline?.move !== "expire" || deadline.at > act.now) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  const decision = decided(next);
  if (next.state === "delivered" && deliveredUndecided(next)) {
    next.progress.disputed = { at: act.now.toISOString(), from: next.state };
    next.state = "disputed";
    decision.events.push({
      type: "trade.disputed",
      data: { reason: "The reservation ended after delivery, without acceptance." },
    });
    return decision;
  }
  decision.events.push({ type: "trade.expired", data: { released: Number(next.frozen - owed(next)) } });
  if (next.hold === null || next.frozen === 0n) next.state = "expired";
  else if (next.state === "reserved") {
    release(decision, next.frozen, "expire");
    next.state = "expired";
  } else settleUp(decision, act.now, "all", "expire");
  return decision;
}

/** Extends the acceptance clock where it runs, else the reservation. A buyer may extend the clock once. */
export function extend(trade: Trade, command: Extend, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const until = new Date(command.until);
  const clock = next.state === "delivered" && next.acceptBy !== null;
  const current = clock ? next.acceptBy : next.reservedUntil;
  if (current === null || until <= current || until <= act.now) {
    return { refused: "extension_refused", detail: "A deadline can only be moved to a later time." };
  }
  if (until.getTime() > trade.createdAt.getTime() + longestReservation) {
    return { refused: "extension_refused", detail: "Money is not kept frozen for more than 366 days." };
  }
  if (clock && act.role === "buyer") {
    if (next.progress.extendedByBuyer)
      return { refused: "extension_refused", detail: "The buyer has moved this clock once already." };
    if (until.getTime() > current.getTime() + buyersExtension) {
      return { refused: "extension_refused", detail: "The buyer may move this clock by 14 days." };
    }
    next.progress.extendedByBuyer = true;
  }
  const decision = decided(next);
  if (clock) next.acceptBy = until;
  else if (next.shipBy !== null && act.role !== "shop") next.shipBy = until;
  keepFrozenUntil(decision, until);
  decision.events.push({
    type: "trade.extended",
    data: { deadline: clock ? "acceptBy" : "reservedUntil", until: until.toISOString() },
  });
  return decision;
}

/** The payment date has come: what was accepted until now is paid. */
export function payDue(trade: Trade, act: Act): Refused | Decision {
  if (trade.paymentDate !== null && trade.paymentDate > act.now) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  const decision = decided(next);
  pay(decision, owed(next));
  if (next.state === "accepted") next.state = "settled";
  return decision;
}
