/** A trade as the database keeps it: with the step of it that waits for another server, if one does. */
import type { OperatorAct, Trade } from "../../core/trade/trade.ts";
import type { ActorRole, TradeEventType } from "../../core/protocol/protocol.ts";
import { type KeptForm, type Outcome, textOf } from "../engine/engine.ts";

export interface KeptTrade extends Trade {
  pending: PendingStep | null;
}

/** What a step comes to: the fields that change, as JSON that `effects.ts` reads, and its events. */
export interface StepRecord {
  changes: Record<string, unknown>;
  events: { type: TradeEventType; data?: Record<string, unknown> }[];
}

/**
 * A step that is decided and waits for the rail to say that the money has moved. Until then the trade
 * stands as it was, and no other step begins.
 */
export interface PendingStep {
  instruction: string;
  /** Whom the institution has asked first; it has answered nothing yet. */
  awaits?: "account_holder";
  /** The move, for those who look at the trade meanwhile. */
  step: string;
  act: { role: ActorRole; actor: string | null; at: string; operator?: OperatorAct };
  done: StepRecord;
  /** What the trade becomes where the rail refuses a reservation; else it stays as it is. */
  refused: (StepRecord & { method: string | null; mandate: string | null }) | null;
  /** What it comes to where the institution finds that the shop's account does not hold what goes back. */
  short?: StepRecord;
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

const mark = "approve:";

/**
 * Answers are kept without the buyer's link to the trade, which is made anew when they are given again: a copy of the
 * database opens no trade.
 */
export function withoutLinks(approveUrl: (number: string) => string): KeptForm {
  return {
    away: (outcome) => {
      const text = textOf(outcome);
      const link = linkIn(outcome);
      return link === undefined ? text : text.replaceAll(JSON.stringify(link), JSON.stringify(mark));
    },
    back: (text) => {
      if (!text.includes(JSON.stringify(mark))) return text;
      const { number } = JSON.parse(text) as { number: string };
      return text.replaceAll(JSON.stringify(mark), JSON.stringify(approveUrl(number)));
    },
  };
}

function linkIn(outcome: Outcome<unknown>): string | undefined {
  if (outcome.how === "refused") return undefined;
  const { value } = outcome.view;
  const link = typeof value === "object" && value !== null && "approveUrl" in value ? value.approveUrl : null;
  return typeof link === "string" ? link : undefined;
}
