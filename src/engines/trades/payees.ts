/** Who is paid for a trade, now and after the step that waits. */
import type { Trade } from "../../core/machine/machine.ts";

/**
 * Who the shop of a trade is and where it is paid, once the step that waits is done: a store that takes an order becomes
 * it with the answer, and what comes next in the same batch is about the store.
 */
export function payeeAfter({ shop, terms, pending }: Trade): { shop: string; shopAccount: string } {
  const changes = (pending?.done.changes ?? {}) as Partial<Pick<Trade, "shop" | "terms">>;
  return { shop: changes.shop ?? shop, shopAccount: (changes.terms ?? terms).shopAccount };
}

/** The shops of these trades, and stores that become one with an answer. */
export function shopsOf(trades: readonly Trade[]): string[] {
  return [...new Set(trades.flatMap((trade) => [trade.shop, payeeAfter(trade).shop]))];
}
