/** Moves about the end of a trade: cancel, expire, extend, dispute, resolve, pay on the date, refund. */
import type { Cancel, Dispute, Extend, Refund, Resolve } from "../protocol/schemas.ts";
import {
  type Act,
  type Decision,
  decided,
  deliveredUndecided,
  draftOf,
  giveBack,
  keepFrozenUntil,
  nextDeadline,
  pay,
  release,
  settleUp,
  startCoolingOff,
} from "./moves.ts";
import type { Refused } from "../protocol/protocol.ts";
import { owed, type Trade, undecided, valueOf } from "./trade.ts";

const day = 86_400_000;
/** Nobody's money is frozen for longer than this after the trade was made. */
const longestReservation = 366 * day;
/** By how much a buyer may move the acceptance clock, once. */
const buyersExtension = 14 * day;

/** Before acceptance; what is frozen is released. Once goods are with the buyer, only the shop can give them up. */
export function cancel(trade: Trade, command: Cancel, act: Act): Refused | Decision {
  if (act.role === "buyer" && trade.state === "delivered") {
    return {
      refused: "trade_not_open",
      detail: "The goods have been delivered: accept them, or reject and return them.",
    };
  }
  if (act.role === "buyer" && trade.state === "rejected") {
    return { refused: "already_rejected", detail: "The money is released when the rejected goods are back." };
  }
  const next = draftOf(trade);
  const decision = decided(next);
  decision.events.push({
    type: "trade.cancelled",
    data: { reason: command.reason, released: Number(next.frozen - owed(next)) },
  });
  if (next.hold === null || next.frozen === 0n) next.state = "cancelled";
  else if (next.state === "reserved") {
    release(decision, next.frozen);
    next.state = "cancelled";
  } else settleUp(decision, act.now, "all");
  return decision;
}

/**
 * A deadline has passed without the goods. Where goods were delivered and nobody has spoken, the money is
 * not given back silently: an operator has to look.
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

/** Moves the acceptance clock where it runs, else the reservation. A buyer may do it once for the clock. */
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

/** Stops the clocks until an operator has decided. */
export function dispute(trade: Trade, command: Dispute, act: Act): Refused | Decision {
  const next = draftOf(trade);
  next.progress.disputed = { at: act.now.toISOString(), from: trade.state };
  next.state = "disputed";
  return {
    next,
    effects: [],
    events: [{ type: "trade.disputed", data: { by: act.role, reason: command.reason } }],
  };
}

const amountUnknown: Refused = {
  refused: "invalid_field",
  detail: "The trade is private: this server knows no amounts, so say it in goods.",
};

/** An operator decides a dispute: all to the shop, all back, divided, or on with it as before. */
export function resolve(trade: Trade, command: Resolve, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const decision = decided(next);
  const event = { outcome: command.outcome, amount: command.amount, reason: command.reason };
  if ((command.outcome === "split") !== (command.amount !== undefined)) {
    return { refused: "invalid_field", detail: "An amount goes with the outcome split, and only with it." };
  }
  if (command.outcome === "split" && next.terms.private === true) return amountUnknown;
  decision.events.push({ type: "trade.resolved", data: event });
  if (command.outcome === "resume") return resume(trade, decision, act.now);
  const toShop = command.outcome === "settle" ? next.frozen : BigInt(command.amount ?? 0);
  if (toShop > next.frozen)
    return { refused: "amount_exceeds_hold", detail: `${next.frozen} is still frozen.` };
  if (command.outcome === "settle") {
    next.progress.lines.forEach((line, index) => {
      line.accepted += undecided(next, index) + line.rejected - line.returned;
      line.rejected = line.returned;
      line.delivered = Math.max(line.delivered, line.accepted + line.rejected);
    });
  }
  pay(decision, toShop);
  if (toShop > 0n) startCoolingOff(next, act.now);
  release(decision, next.frozen);
  next.progress.closed = true;
  next.progress.disputed = null;
  next.state = next.settled > 0n ? "settled" : "cancelled";
  return decision;
}

/** The clocks that stood still go on from where they were. */
function resume(trade: Trade, decision: Decision, now: Date): Refused | Decision {
  const { next } = decision;
  const since = trade.progress.disputed;
  if (since === null) return { refused: "trade_not_open" };
  const stood = now.getTime() - new Date(since.at).getTime();
  const shifted = (at: Date | null) => (at === null ? null : new Date(at.getTime() + stood));
  const until = shifted(trade.reservedUntil);
  if (until !== null && until <= now) {
    return {
      refused: "extension_refused",
      detail: "The reservation had ended before the dispute: settle, release or divide it.",
    };
  }
  next.shipBy = shifted(trade.shipBy);
  next.acceptBy = shifted(trade.acceptBy);
  next.paymentDate = shifted(trade.paymentDate);
  next.coolingOffUntil = shifted(trade.coolingOffUntil);
  next.state = since.from;
  next.progress.disputed = null;
  if (until !== null) keepFrozenUntil(decision, until);
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

/** Money goes back the way it came, never more than was settled; a buyer may ask within the cooling-off period. */
export function refund(trade: Trade, command: Refund, act: Act): Refused | Decision {
  if ((command.amount === undefined) === (command.lines === undefined)) {
    return { refused: "invalid_field", detail: "A refund names either an amount or lines." };
  }
  if (command.amount !== undefined && trade.terms.private === true) return amountUnknown;
  // In a dispute this clock stands still like every other.
  const disputed = trade.progress.disputed;
  const now = disputed === null ? act.now : new Date(disputed.at);
  if (act.role === "buyer" && (trade.coolingOffUntil === null || trade.coolingOffUntil <= now)) {
    return { refused: "cooling_off_over" };
  }
  const next = draftOf(trade);
  const lines = command.lines ?? [];
  for (const { line, quantity } of lines) {
    const accepted = next.progress.lines[line - 1]?.accepted;
    if (accepted === undefined) return { refused: "unknown_line", detail: `The trade has no line ${line}.` };
    const refunded = (next.progress.refundedLines[line - 1] ?? 0) + quantity;
    if (refunded > accepted)
      return {
        refused: "quantity_exceeds_open",
        detail: `Line ${line} has less that was accepted and not refunded.`,
      };
    next.progress.refundedLines[line - 1] = refunded;
  }
  const worth = (index: number) =>
    lines.reduce((sum, each) => sum + (each.line === index + 1 ? each.quantity : 0), 0);
  const amount = command.amount === undefined ? valueOf(next.terms, worth) : BigInt(command.amount);
  if (amount > next.settled - next.refunded) {
    return {
      refused: "amount_exceeds_settled",
      ...(next.terms.private === true
        ? {}
        : { detail: `${next.settled - next.refunded} was settled and not yet refunded.` }),
    };
  }
  const decision = decided(next);
  giveBack(decision, amount);
  decision.events.push({
    type: "trade.refunded",
    data: { by: act.role, amount: Number(amount), lines: command.lines, reason: command.reason },
  });
  return decision;
}
