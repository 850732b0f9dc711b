import type { Database } from "../../storage/database/database.ts";
import { type Audit, type AuditOptions, collector, snapshot } from "../../storage/ledger/ledger.ts";
import { checkAccounts, checkAdvances, countAdvances } from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every claim that was bought says what its trade says, that nothing of it is lost once
 * nothing is frozen, and that the sums of every shop are those of its claims. Writes nothing.
 */
export function auditAdvances(database: Database, options: AuditOptions = {}): Promise<Audit> {
  return snapshot(database, async (client) => {
    const max = options.differencesMax ?? 1000;
    const counts = await countAdvances(client);
    const found = collector(max);
    const stages = [
      { stage: "advances", what: "advance", total: Number(counts.advances), check: checkAdvances },
      { stage: "shops paid early", what: "shop", total: Number(counts.accounts), check: checkAccounts },
    ] as const;
    for (const { stage, what, total, check } of stages) {
      await options.onProgress?.({ stage, done: 0, total });
      found.add(what, await check(client, max + 1));
      await options.onProgress?.({ stage, done: total, total });
    }
    return { ...found.all(), counts };
  });
}
