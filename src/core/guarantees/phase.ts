/** Where a guarantee stands, as whoever gave it looks at them: what for, how much, and when that ends. */
import type { Todo } from "../protocol/protocol.ts";
import { todoOf } from "../todo/todo.ts";
import { claimInstant, dueOf, heldOf, owed, type Trade } from "../trade/trade.ts";

/**
 * `earmarked`: before there is an order. `open`: nothing is due yet. `due`: accepted, and to be paid at the collector. `collected`:
 * paid there, and the line is not free yet. `claimed`: the guarantor has paid. `ended`: nobody stands for anything any more.
 */
export const guaranteePhases = ["earmarked", "open", "due", "collected", "claimed", "ended"] as const;
export type GuaranteePhase = (typeof guaranteePhases)[number];

/** Minor units of the trade's currency. */
export interface GuaranteeStand {
  phase: GuaranteePhase;
  /** What the buyer's line holds for it; of what was claimed what the guarantor has paid, of what has ended what was collected. */
  amount: bigint;
  /** What is to be paid at the collector now. */
  due: bigint;
  /** When something happens by itself; of what is over, when it last changed. */
  endsAt: Date;
  /** What the trade asks of its shop by then, where nothing is due. */
  asks: Todo | null;
  /** From when on the shop may claim what is due, and when the clock does it. */
  claimFrom: Date | null;
  clockFrom: Date | null;
}

/** How far the guarantee of a trade has come; undefined where nobody stands for it. */
export function standOf(trade: Trade): GuaranteeStand | undefined {
  const { guarantee } = trade.progress;
  if (guarantee === undefined) return undefined;
  const held = heldOf(trade);
  const plain = { due: 0n, asks: null, claimFrom: null, clockFrom: null };
  if (held === 0n) {
    const [phase, sum] =
      guarantee.claimed > 0
        ? (["claimed", guarantee.claimed] as const)
        : (["ended", guarantee.collected] as const);
    return { phase, amount: BigInt(sum), endsAt: trade.updatedAt, ...plain };
  }
  const { payBy, claimFrom, releaseBy } = guarantee;
  const due = dueOf(trade) - BigInt(guarantee.collected);
  if (payBy !== undefined && owed(trade) > 0n) {
    const from = claimFrom === undefined ? null : new Date(claimFrom);
    const later = { claimFrom: from, clockFrom: claimInstant(trade) };
    return { phase: "due", amount: held, due, endsAt: new Date(payBy), asks: null, ...later };
  }
  if (guarantee.collected > guarantee.freed && releaseBy !== undefined)
    return { phase: "collected", amount: held, endsAt: new Date(releaseBy), ...plain };
  const end = trade.reservedUntil ?? trade.updatedAt;
  if (trade.terms.earmark === true) return { phase: "earmarked", amount: held, endsAt: end, ...plain };
  const asked = todoOf(trade);
  const endsAt = asked?.endsAt ?? end;
  return { phase: "open", amount: held, endsAt, ...plain, asks: asked?.todo ?? null };
}
