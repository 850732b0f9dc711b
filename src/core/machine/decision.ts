/** A decision is what a move answers. This file holds its parts, and what several moves do with money and clocks. */
import { feeOn } from "../money/money.ts";
import {
  type AcceptorRole,
  type ActorRole,
  addDuration,
  parseDuration,
  type PaymentTerms,
  type Refused,
  type TradeEventType,
} from "../protocol/protocol.ts";
import { awaitsReturn, type OperatorAct, owed, type Trade, undecided, valueOf } from "./trade.ts";

/** Who acts and when, and the id for a hold that the move makes. The caller decides all of it. */
export interface Act {
  role: ActorRole;
  actor: string | null;
  now: Date;
  /** A fresh id for a hold, should one be made. */
  id: string;
  operator?: OperatorAct | undefined;
  /** What the shop owes this server from advances, minor units, and into which account it comes back. */
  debt?: { account: string; amount: bigint } | undefined;
  /** The acceptor for whom the actor accepts, after showing that acceptor's code. */
  standsFor?: AcceptorRole | undefined;
}

/** What a move asks of the means of payment and of the records about people. */
export type Effect =
  | { do: "reserve"; hold: string; account: string; currency: string; amount: bigint; until: Date }
  | { do: "settle"; hold: string; amount: bigint; splits: { account: string; amount: bigint }[] }
  | { do: "release"; hold: string; amount: bigint }
  | { do: "expire"; hold: string; amount: bigint }
  | { do: "extend"; hold: string; until: Date }
  | { do: "refund"; hold: string; amount: bigint; sources: { account: string; amount: bigint }[] }
  | { do: "assign"; hold: string; account: string }
  | { do: "transfer"; from: string; to: string; currency: string; amount: bigint }
  | { do: "use mandate"; mandate: string; amount: bigint }
  | AdvanceUse;

/**
 * How a step changes the advances of one shop in one currency: `advanced`, the shop was paid early; `recovered`, a
 * settlement repaid it; `owed`, no settlement will repay it, so the shop owes it; `covered`, the shop has paid this debt.
 */
export interface AdvanceUse {
  do: "use advance";
  shop: string;
  currency: string;
  change: "advanced" | "recovered" | "owed" | "covered";
  amount: bigint;
}

export interface Happening {
  type: TradeEventType;
  data?: Record<string, unknown>;
}

export interface Decision {
  next: Trade;
  effects: Effect[];
  events: Happening[];
}

/** A copy that a move may change; what it does not change is shared. */
export function draftOf(trade: Trade): Trade {
  const { progress } = trade;
  return {
    ...trade,
    progress: {
      ...progress,
      lines: progress.lines.map((line) => ({ ...line })),
      confirmed: { ...progress.confirmed },
      final: [...progress.final],
      refundedLines: [...progress.refundedLines],
    },
  };
}

export function decided(next: Trade): Decision {
  return { next, effects: [], events: [] };
}

/** The instant a duration of the terms after another; the schemas have checked that it is one. */
export function after(from: Date, duration: string): Date {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`Not a duration: ${duration}`);
  return addDuration(from, parsed);
}

/** Pays an amount of what is frozen: the fee rule applies to all that is paid on the trade, however it is divided. */
export function pay(decision: Decision, amount: bigint): void {
  const { next } = decision;
  if (amount <= 0n || next.hold === null) return;
  const { fee: rule, shopAccount, feeAccount } = next.terms;
  const total = feeOn(next.settled + amount, { ...rule, fixed: BigInt(rule.fixed) });
  const fee = total - BigInt(next.progress.feeTaken);
  const splits = [
    { account: shopAccount, amount: amount - fee },
    { account: feeAccount, amount: fee },
  ].filter((share) => share.amount > 0n);
  next.settled += amount;
  next.frozen -= amount;
  next.progress.feeTaken = Number(total);
  decision.effects.push({ do: "settle", hold: next.hold, amount, splits });
  decision.events.push({ type: "trade.settled", data: { amount: Number(amount), fee: Number(fee) } });
}

/** Releases an amount of what is frozen; where a mandate allowed it, the mandate counts it as unused again. */
export function release(decision: Decision, amount: bigint, how: "release" | "expire" = "release"): void {
  const { next } = decision;
  if (amount <= 0n || next.hold === null) return;
  next.released += amount;
  next.frozen -= amount;
  decision.effects.push({ do: how, hold: next.hold, amount });
  if (next.mandate !== null) {
    decision.effects.push({ do: "use mandate", mandate: next.mandate, amount: -amount });
  }
}

/** True when accepted goods are to be paid at once. */
function isDue(trade: Trade, now: Date): boolean {
  return trade.paymentDate === null || trade.paymentDate <= now;
}

/**
 * Brings money and state in line with the goods: pays what is accepted and due, releases what is given up
 * (`undecided`: what nobody decided about; `all`: rejected goods too), and moves the state.
 */
export function settleUp(
  decision: Decision,
  now: Date,
  give: "nothing" | "undecided" | "all",
  how: "release" | "expire" = "release",
): void {
  const { next } = decision;
  if (isDue(next, now)) pay(decision, owed(next));
  if (give === "undecided") {
    release(
      decision,
      valueOf(next.terms, (index) => undecided(next, index)),
    );
    next.progress.closed = true;
  } else if (give === "all") {
    release(decision, next.frozen - owed(next), how);
    next.progress.closed = true;
  }
  next.state = stateOf(next, give === "all");
}

/** The state that follows from goods and money after a delivery, an acceptance, a rejection or a return. */
function stateOf(trade: Trade, givenUp: boolean): Trade["state"] {
  const open = trade.terms.lines.some((_, index) => undecided(trade, index) > 0);
  if (open) return "delivered";
  if (awaitsReturn(trade) && !givenUp) return "rejected";
  if (trade.frozen > 0n) return "accepted";
  if (trade.settled > 0n) return "settled";
  return trade.progress.lines.some((line) => line.rejected > 0) ? "rejected" : "cancelled";
}

/** Starts the cooling-off period: something was accepted. */
export function startCoolingOff(trade: Trade, now: Date): void {
  trade.coolingOffUntil = after(now, trade.terms.coolingOff);
}

/** Makes sure that the money stays frozen at least until an instant. */
export function keepFrozenUntil(decision: Decision, until: Date): void {
  const { next } = decision;
  if (next.hold === null || (next.reservedUntil !== null && next.reservedUntil >= until)) return;
  next.reservedUntil = until;
  decision.effects.push({ do: "extend", hold: next.hold, until });
}

/**
 * Starts the acceptance clock over all that was delivered and is undecided. The clock never moves to an earlier time,
 * because somebody may have extended it.
 */
export function startAcceptanceClock(decision: Decision, now: Date): void {
  const { next } = decision;
  if (next.terms.acceptance.autoAfter === null) return;
  const end = after(now, next.terms.acceptance.autoAfter);
  if (next.acceptBy === null || next.acceptBy < end) next.acceptBy = end;
  keepFrozenUntil(decision, next.acceptBy);
}

/** Whether the payment can be on the date that was chosen: from tomorrow on, within a year. */
export function isPayable(payment: PaymentTerms, now: Date): boolean {
  if (payment.on === "acceptance") return true;
  const date = new Date(`${payment.date}T00:00:00Z`);
  return date > now && date.getTime() <= now.getTime() + 366 * 86_400_000;
}

export const paymentDateRefused: Refused = {
  refused: "date_out_of_range",
  detail: "The payment date lies between tomorrow and a year from now.",
};

/** Refuses an amount that only a server which knows the prices could name. */
export const amountUnknown: Refused = {
  refused: "invalid_field",
  detail: "The trade is private: this server knows no amounts, so say it in goods.",
};
