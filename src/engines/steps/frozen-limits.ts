/** Shops for which no more than so much may be frozen at a time, over all their trades, however many servers decide. */
import type { Trade } from "../../core/trade/trade.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { lockFrozenLimits, type ShopRow } from "../../storage/parties/parties.ts";
import { sumFrozen } from "./frozen-store.ts";
import { type KeptTrade, stepIn } from "./kept-trade.ts";
import { type LimitedShop, payeeAfter, type World } from "./world.ts";

/**
 * Locks the limits of those of these shops that have one, and reads behind the locks what is frozen for them. Its
 * statements are sent before the first wait.
 */
export async function lockLimited(
  client: Client,
  shops: readonly ShopRow[],
  trades: readonly KeptTrade[],
): Promise<Map<string, LimitedShop>> {
  const limited = shops.filter(({ standing }) => Object.keys(standing.frozenLimits).length > 0);
  if (limited.length === 0) return new Map();
  const ids = limited.map(({ id }) => id);
  const numbers = trades.map(({ number }) => number);
  const [locked, sums] = await Promise.all([lockFrozenLimits(client, ids), sumFrozen(client, ids, numbers)]);
  const found = new Map(
    locked.map(({ shop, limits }): [string, LimitedShop] => [shop, { limits, elsewhere: new Map() }]),
  );
  for (const { shop, currency, frozen } of sums) found.get(shop)?.elsewhere.set(currency, frozen);
  return found;
}

/** Whether freezing what `next` has frozen would be more than its shop may have. */
export function beyondFrozenLimit(world: World, next: Trade): Refused | undefined {
  const limited = world.limited.get(next.shop);
  const limit = limited?.limits[next.currency];
  if (limited === undefined || limit === undefined || next.terms.earmark === true) return undefined;
  if (next.terms.private === true)
    return {
      refused: "not_allowed",
      detail: "What may be frozen for this shop is limited, so it has to be known.",
    };
  let frozen = (limited.elsewhere.get(next.currency) ?? 0n) + next.frozen;
  for (const trade of world.trades.values()) {
    if (trade.number === next.number || trade.currency !== next.currency || trade.terms.private === true)
      continue;
    // Before there is an order the shop has nothing in hand, and a buyer's amount takes no room from others.
    if (trade.terms.earmark === true && trade.pending === null) continue;
    if (trade.shop === next.shop || payeeAfter(trade).shop === next.shop) frozen += frozenOf(trade);
  }
  if (frozen <= BigInt(limit)) return undefined;
  const detail = `At most ${limit} may be frozen for this shop at a time, in minor units of ${next.currency}.`;
  return { refused: "shop_limit_exceeded", detail };
}

/** What is frozen for a trade, or will be where that is more. */
function frozenOf({ frozen, pending }: KeptTrade): bigint {
  const change = stepIn(pending)?.done.changes["frozen"] as { integer: string } | undefined;
  const then = change === undefined ? 0n : BigInt(change.integer);
  return then > frozen ? then : frozen;
}
