import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import { checkLines, checkShares, countLending } from "./audit-store.ts";

/**
 * Proves lines that are lent, on one snapshot: what is given is what members have, and the floors of the accounts are together
 * what was lent.
 */
export function auditLending(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"lent line" | "part of a lent line">> {
  return auditStages(database, options, countLending, ({ lines, shares }) => [
    { stage: "lent lines", what: "lent line", total: lines, check: checkLines },
    { stage: "parts of lent lines", what: "part of a lent line", total: shares, check: checkShares },
  ]);
}
