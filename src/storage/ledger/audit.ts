import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Client,
  type Database,
  type Finding,
} from "../database/database.ts";
import { checkAccounts, checkCommands, checkHolds, countBooks, rangeOfCommands } from "./audit-store.ts";

const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * Proves the books from their entries, on one snapshot and beside running business: every command sums to
 * zero per currency and names accounts that exist, every account is the sum of its entries and not below its
 * floor, every hold is what was done to it. Reads the whole journal three times; writes nothing. `rangeRows`: legs looked
 * at in one statement, 200,000 if not given.
 */
export function audit(
  database: Database,
  { rangeRows = 200_000, ...options }: AuditOptions & { rangeRows?: number } = {},
): Promise<Audit<"command" | "account" | "hold">> {
  return auditStages(database, options, countBooks, ({ accounts, holds, entries }) => [
    {
      stage: "entries",
      what: "command",
      total: entries,
      check: (client, limit, report) => auditCommands(client, rangeRows, limit, report),
    },
    { stage: "accounts", what: "account", total: accounts, check: checkAccounts },
    { stage: "holds", what: "hold", total: holds, check: checkHolds },
  ]);
}

async function auditCommands(
  client: Client,
  rows: number,
  limit: number,
  report: (done: number) => Promise<void>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  let done = 0;
  let from: string | null = firstId;
  while (from !== null) {
    const range = await rangeOfCommands(client, from, rows);
    if (range === undefined) break;
    const { legs, findings } = await checkCommands(client, from, range.last, limit);
    found.push(...findings.slice(0, limit - found.length));
    done += legs;
    await report(done);
    from = range.next;
  }
  return found;
}
