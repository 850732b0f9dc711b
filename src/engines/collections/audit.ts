import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import {
  checkCollections,
  checkFees,
  checkKept,
  checkLeaves,
  checkPayments,
  checkReturns,
  countCollections,
  currenciesOfCollections,
} from "./audit-store.ts";

/**
 * Proves, on one snapshot, that what every due says to be paid, given back and kept is what was taken and returned for it,
 * that each payment and return is in the journal, that what servers said was taken stands on leaves of those who owe it, between the accounts that it names, and that what is kept for return is
 * what the books hold of it. Writes nothing. `keptAccount`: where that stands, by currency.
 */
export function auditCollections(
  database: Database,
  keptAccount: (currency: string) => string,
  options: AuditOptions = {},
): Promise<Audit<"collection" | "payment" | "return" | "collection fee" | "consent" | "account">> {
  return auditStages(
    database,
    options,
    countCollections,
    ({ collections, payments, returns, fees, leaves, kept }) => [
      { stage: "collections", what: "collection", total: collections, check: checkCollections },
      { stage: "payments at counters", what: "payment", total: payments, check: checkPayments },
      { stage: "returns", what: "return", total: returns, check: checkReturns },
      { stage: "fees of collectors", what: "collection fee", total: fees, check: checkFees },
      { stage: "leaves to collect", what: "consent", total: leaves, check: checkLeaves },
      {
        stage: "kept for return",
        what: "account",
        total: kept,
        check: async (client, limit) => {
          const currencies = await currenciesOfCollections(client);
          return checkKept(client, limit, currencies, currencies.map(keptAccount));
        },
      },
    ],
  );
}
