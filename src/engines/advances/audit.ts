import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import { checkAccounts, checkAdvances, countAdvances } from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every claim that was bought says what its trade says, that nothing of it is lost once
 * nothing is frozen, and that the sums of every shop are those of its claims. Writes nothing.
 */
export function auditAdvances(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"advance" | "shop">> {
  return auditStages(database, options, countAdvances, ({ advances, accounts }) => [
    { stage: "advances", what: "advance", total: advances, check: checkAdvances },
    { stage: "shops paid early", what: "shop", total: accounts, check: checkAccounts },
  ]);
}
