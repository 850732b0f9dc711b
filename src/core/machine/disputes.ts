/** Disputes: the clocks stop, and an operator decides. */
import type { Dispute, Resolve } from "../protocol/schemas.ts";
import {
  type Act,
  amountUnknown,
  decided,
  type Decision,
  draftOf,
  keepFrozenUntil,
  pay,
  release,
  startCoolingOff,
} from "./decision.ts";
import type { Refused } from "../protocol/protocol.ts";
import { type Trade, undecided } from "./trade.ts";

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

/** An operator decides a dispute: the shop gets all, the buyer gets all, they share, or the trade goes on as before. */
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

/** Ends the dispute and moves every deadline by the time that the clocks stood still. */
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
