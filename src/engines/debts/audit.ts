import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import {
  checkBills,
  checkIncome,
  checkLines,
  checkLosses,
  checkMovements,
  countDebts,
} from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every bill says what was charged, recovered and given up for it, that each of these is in the
 * journal between the accounts that it names, that what members owe is what was paid from their lines with the fees, less
 * what was recovered and given up, that what came in for bills and is not on a line yet stands where it came in, and that the losses are what was given up and has not come since. Writes nothing.
 */
export function auditDebts(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"bill" | "movement" | "account">> {
  return auditStages(database, options, countDebts, ({ bills, movements, lines, losses, income }) => [
    { stage: "bills", what: "bill", total: bills, check: checkBills },
    { stage: "movements of debts", what: "movement", total: movements, check: checkMovements },
    { stage: "credit lines", what: "account", total: lines, check: checkLines },
    { stage: "paid for bills", what: "account", total: income, check: checkIncome },
    { stage: "losses", what: "account", total: losses, check: checkLosses },
  ]);
}
