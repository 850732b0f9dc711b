import type { Database } from "../../storage/database/database.ts";
import { type Audit, type AuditOptions, collector, snapshot } from "../../storage/ledger/ledger.ts";
import { checkConsents, checkPeerTransfers, checkReservations, countReservations } from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every reservation says what its hold says and froze an account whose owner had agreed,
 * that every consent counts what was reserved under it, and that every transfer is in the journal. Writes nothing.
 */
export function auditReservations(database: Database, options: AuditOptions = {}): Promise<Audit> {
  return snapshot(database, async (client) => {
    const max = options.differencesMax ?? 1000;
    const counts = await countReservations(client);
    const { reservations, consents, transfers } = counts;
    const found = collector(max);
    const stages = [
      { stage: "reservations", what: "reservation", total: Number(reservations), check: checkReservations },
      { stage: "consents", what: "consent", total: Number(consents), check: checkConsents },
      { stage: "transfers", what: "transfer", total: Number(transfers), check: checkPeerTransfers },
    ] as const;
    for (const { stage, what, total, check } of stages) {
      await options.onProgress?.({ stage, done: 0, total });
      found.add(what, await check(client, max + 1));
      await options.onProgress?.({ stage, done: total, total });
    }
    return { ...found.all(), counts };
  });
}
