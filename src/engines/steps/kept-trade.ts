/** A trade as the database keeps it: with the step of it that waits for another server, if one does. */
import type { Command } from "../../core/machine/machine.ts";
import { type OperatorAct, type Trade, upgraded } from "../../core/trade/trade.ts";
import type { AcceptorRole, ActorRole, TradeEventType } from "../../core/protocol/protocol.ts";
import { type KeptForm, type Outcome, textOf } from "../engine/engine.ts";

export interface KeptTrade extends Trade {
  pending: PendingStep | PendingCommand | null;
}

/** What a step comes to: the fields that change, as JSON that `effects.ts` reads, and its events. */
export interface StepRecord {
  changes: Record<string, unknown>;
  events: { type: TradeEventType; data?: Record<string, unknown> }[];
}

/** What waits for another server, so that the trade stands as it was and no other step begins. */
interface Pending {
  instruction: string;
  /** The instruction by which the caller knows it, where another one has followed. */
  began?: string;
  /** Whom the institution has asked first; it has answered nothing yet. */
  awaits?: "account_holder";
  /** The move, for those who look at the trade meanwhile. */
  step: string;
  act: {
    role: ActorRole;
    actor: string | null;
    at: string;
    operator?: OperatorAct;
    standsFor?: AcceptorRole;
  };
  /** Who asked, and how an answer is kept for them; null for a clock. */
  answer: { caller: string; key: string | null; role: ActorRole; status: number } | null;
}

/** What can only be decided with the word of another server: the command itself waits, and is decided then. */
export interface PendingCommand extends Pending {
  command: Command;
}

/** A step that is decided and waits for the rail to say that the money has moved. */
export interface PendingStep extends Pending {
  done: StepRecord;
  /** What the trade becomes where the rail refuses a reservation; else it stays as it is. */
  refused: (StepRecord & { method: string | null; mandate: string | null }) | null;
  /** What it comes to where the institution finds that the shop's account does not hold what goes back. */
  short?: StepRecord;
  /** Room in mandates: taken already, and given back on a refusal; or given back when it is done. */
  mandates: { taken: MandateShare[]; given: MandateShare[] };
  /** The same for what the shop was paid early; none where there is none. */
  advances?: { taken: AdvanceShare[]; given: AdvanceShare[] };
}

/** The step that waits, where it is decided. */
export function stepIn(pending: KeptTrade["pending"]): PendingStep | undefined {
  return pending === null || "command" in pending ? undefined : pending;
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

const isSame = (left: unknown, right: unknown): boolean =>
  left instanceof Date && right instanceof Date ? left.getTime() === right.getTime() : left === right;

/** The fields in which `next` differs, as JSON. `pending` is none of them: it says that there is more to come. */
export function differenceOf(before: Trade, next: Trade): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const name of Object.keys(next) as (keyof KeptTrade)[]) {
    if (name === "pending") continue;
    if (!isSame(before[name], next[name])) changes[name] = stored(next[name]);
  }
  return changes;
}

// JSON knows neither; a tag keeps an amount from passing for a quantity, and a time for a text.
function stored(value: Trade[keyof Trade]): unknown {
  if (typeof value === "bigint") return { integer: String(value) };
  return value instanceof Date ? { instant: value.toISOString() } : value;
}

function restored(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("integer" in value) return BigInt(String(value.integer));
  return "instant" in value ? new Date(String(value.instant)) : value;
}

export function withChanges(trade: KeptTrade, changes: Record<string, unknown>): KeptTrade {
  const restoredChanges = Object.entries(changes).map(([name, value]) => [name, restored(value)] as const);
  return upgraded({ ...trade, ...Object.fromEntries(restoredChanges), pending: null });
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
