import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import {
  checkConsents,
  checkPeerAdvances,
  checkPeerTransfers,
  checkReservations,
  countReservations,
} from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every reservation says what its hold says and froze an account whose owner had agreed,
 * that every consent counts what was reserved under it, and that every transfer is in the journal. Writes nothing.
 */
export function auditReservations(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"reservation" | "consent" | "transfer" | "account">> {
  return auditStages(
    database,
    options,
    countReservations,
    ({ reservations, consents, transfers, accounts }) => [
      { stage: "reservations", what: "reservation", total: reservations, check: checkReservations },
      { stage: "consents", what: "consent", total: consents, check: checkConsents },
      { stage: "accounts paid before", what: "account", total: accounts, check: checkPeerAdvances },
      { stage: "transfers", what: "transfer", total: transfers, check: checkPeerTransfers },
    ],
  );
}
