/** A decision is what a move answers. This file holds its parts, and what several moves do with money and clocks. */
import {
  type AcceptorRole,
  type ActorRole,
  addDuration,
  parseDuration,
  type PaymentTerms,
  type Refused,
  startOfDay,
  type TradeEventType,
} from "../protocol/protocol.ts";
import type { AgreedPayment, OperatorAct, Side, Trade } from "./record.ts";

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
  /** For the clock: when who was told of what they have to act on; null where nothing has reached them. Left out: long ago. */
  told?: Record<Side, Date | null> | undefined;
  /** The shop's account has been found not to hold what this move pays back. */
  payeeShort?: boolean | undefined;
}

/**
 * What a move asks of the means of payment and of the records about people. At a guarantor `free` ends the hold for what was
 * collected, and `reimburse` has the collector give back so much that it comes to `total`.
 */
export type Effect =
  | { do: "reserve"; hold: string; account: string; currency: string; amount: bigint; until: Date }
  | { do: "settle"; hold: string; amount: bigint; splits: { account: string; amount: bigint }[] }
  | { do: "release"; hold: string; amount: bigint }
  | { do: "free"; hold: string; amount: bigint }
  | { do: "expire"; hold: string; amount: bigint }
  | { do: "extend"; hold: string; until: Date }
  | { do: "refund"; hold: string; amount: bigint; sources: { account: string; amount: bigint }[] }
  | {
      do: "reimburse";
      hold: string;
      amount: bigint;
      total: bigint;
      sources: { account: string; amount: bigint }[];
    }
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
  /** Minor units of what was settled that the move gives back to the buyer. */
  back?: bigint;
}

/** A copy that a move may change; what it does not change is shared. */
export function draftOf(trade: Trade): Trade {
  const { progress } = trade;
  return {
    ...trade,
    progress: Object.assign({}, progress, {
      lines: progress.lines.map((line) => ({ ...line })),
      clocks: { ...progress.clocks },
      confirmed: { ...progress.confirmed },
      final: [...progress.final],
      refundedLines: [...progress.refundedLines],
    }),
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

/** Whose word a move is: an operator passes on the word of the one whom they name. */
export function speakerOf(act: Act): ActorRole {
  return act.role === "operator" ? (act.operator?.as ?? "operator") : act.role;
}

/** Which side of the trade speaks, if it is one of the two. */
export function sideOf(act: Act): Side | undefined {
  const speaker = speakerOf(act);
  return speaker === "buyer" || speaker === "shop" ? speaker : undefined;
}

/** True for those who carry or serve and whom an operator knows to be independent of the shop. */
export function isIndependent(trade: Trade, speaker: ActorRole): boolean {
  return (speaker === "carrier" || speaker === "provider") && trade.terms.independent.includes(speaker);
}

/** The payment as it is agreed: a date begins, for good, when it does in this time zone. */
export function agreedPayment(payment: PaymentTerms, timeZone: string): AgreedPayment {
  return payment.on === "date"
    ? { ...payment, at: startOfDay(payment.date, timeZone).toISOString() }
    : payment;
}

/** When it is paid where that is a date; null where it is paid on acceptance or after it. */
export function paymentInstant(payment: AgreedPayment): Date | null {
  return payment.on === "date" ? new Date(payment.at) : null;
}

/** Whether the payment can be on the date that was chosen: from tomorrow on, within a year. */
export function isPayable(payment: AgreedPayment, now: Date): boolean {
  const at = paymentInstant(payment);
  return at === null || (at > now && at.getTime() <= now.getTime() + 366 * 86_400_000);
}

export const paymentDateRefused: Refused = {
  refused: "date_out_of_range",
  detail: "The payment date lies between tomorrow, in the time zone of this server, and a year from now.",
};

/** Refuses an amount that only a server which knows the prices could name. */
export const amountUnknown: Refused = {
  refused: "invalid_field",
  detail: "The trade is private: this server knows no amounts, so say it in goods.",
};
