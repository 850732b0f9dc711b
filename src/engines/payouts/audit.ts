import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import { checkFiles, checkPayouts, checkUnderWay, countPayouts } from "./audit-store.ts";
import { paidOutIn, type PayoutGround } from "./ground.ts";

/**
 * Proves payouts and their files from the journal, on one snapshot: each left its account once and came back once at most, a
 * file holds what it says, and what is under way is what has neither arrived nor come back.
 */
export function auditPayouts(
  database: Database,
  { house, ...options }: AuditOptions & Pick<PayoutGround, "house">,
): Promise<Audit<"payout" | "payout file" | "account">> {
  const [underWay, outside] = [house("payouts", paidOutIn), house("outside", paidOutIn)];
  return auditStages(database, options, countPayouts, ({ payouts, files }) => [
    {
      stage: "payouts",
      what: "payout",
      total: payouts,
      check: (client, limit) => checkPayouts(client, underWay, outside, limit),
    },
    {
      stage: "payout files",
      what: "payout file",
      total: files,
      check: (client, limit) => checkFiles(client, underWay, limit),
    },
    {
      stage: "payouts under way",
      what: "account",
      total: 1n,
      check: (client, limit) => checkUnderWay(client, underWay, limit),
    },
  ]);
}
