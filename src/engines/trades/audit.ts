import type { Database } from "../../storage/database/database.ts";
import { type Audit, type AuditOptions, collector, snapshot } from "../../storage/ledger/ledger.ts";
import { checkEvents, checkLiveHolds, checkMoney, countTrades } from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every trade's money is that of its hold, that every hold which still freezes
 * money belongs to one live trade or to one reservation for another server, and that no trade lacks an event. For
 * servers that freeze money in their own books. `audit` of the ledger proves the holds themselves. Writes nothing.
 */
export function auditTrades(database: Database, options: AuditOptions = {}): Promise<Audit> {
  return snapshot(database, async (client) => {
    const max = options.differencesMax ?? 1000;
    const counts = await countTrades(client);
    const found = collector(max);
    const stages = [
      { stage: "trades", what: "trade", total: Number(counts.trades), check: checkMoney },
      { stage: "live holds", what: "hold", total: Number(counts.trades), check: checkLiveHolds },
      { stage: "events", what: "events", total: Number(counts.events), check: checkEvents },
    ] as const;
    for (const { stage, what, total, check } of stages) {
      await options.onProgress?.({ stage, done: 0, total });
      found.add(what, await check(client, max + 1));
      await options.onProgress?.({ stage, done: total, total });
    }
    return { ...found.all(), counts };
  });
}
