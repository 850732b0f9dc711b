/** A trade as the database keeps it: with the step of it that waits for another server, if one does. */
import type { OperatorAct, Trade } from "../../core/machine/machine.ts";
import type { ActorRole, TradeEventType } from "../../core/protocol/protocol.ts";

export interface KeptTrade extends Trade {
  pending: PendingStep | null;
}

/** What a step comes to: the fields that change, as JSON that `pending-steps.ts` reads, and its events. */
export interface StepRecord {
  changes: Record<string, unknown>;
  events: { type: TradeEventType; data?: Record<string, unknown> }[];
}

/**
 * A step that is decided and waits for the means of payment to say that the money has moved. Until then the trade
 * stands as it was, and no other step begins.
 */
export interface PendingStep {
  instruction: string;
  /** The move, for those who look at the trade meanwhile. */
  step: string;
  act: { role: ActorRole; actor: string | null; at: string; operator?: OperatorAct };
  done: StepRecord;
  /** What the trade becomes where the means of payment refuses a reservation; else it stays as it is. */
  refused: (StepRecord & { method: string | null; mandate: string | null }) | null;
  /** Room in mandates: taken already, and given back on a refusal; or given back when it is done. */
  mandates: { taken: MandateShare[]; given: MandateShare[] };
  /** The same for what the shop was paid early; none where there is none. */
  advances?: { taken: AdvanceShare[]; given: AdvanceShare[] };
  /** Who asked, and how an answer is kept for them; null for a clock. */
  answer: { caller: string; key: string | null; role: ActorRole; status: number } | null;
}

/** Minor units as text, since this is kept as JSON. */
export interface MandateShare {
  id: string;
  amount: string;
}

/** An `AdvanceUse` as JSON. */
export interface AdvanceShare {
  shop: string;
  currency: string;
  change: "advanced" | "recovered" | "owed" | "covered";
  amount: string;
}

/**
 * The shop of a trade and where it is paid, once the step that waits is done: a store that takes an order becomes the shop
 * with the answer, and what comes next in the same batch is about the store.
 */
export function payeeAfter({ shop, terms, pending }: KeptTrade): { shop: string; shopAccount: string } {
  const changes = (pending?.done.changes ?? {}) as Partial<Pick<Trade, "shop" | "terms">>;
  return { shop: changes.shop ?? shop, shopAccount: (changes.terms ?? terms).shopAccount };
}

/** The shops of these trades, and stores that become one with an answer. */
export function shopsOf(trades: readonly KeptTrade[]): string[] {
  return [...new Set(trades.flatMap((trade) => [trade.shop, payeeAfter(trade).shop]))];
}
