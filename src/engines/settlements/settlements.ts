/**
 * What other servers pay from the accounts of members: written down with each payment, told to whom the account belongs,
 * and shown to them.
 */
export { listSettlements, readSettlement, type Settlement } from "./settlement-store.ts";
export { type NewSettlement, writeSettlements } from "./telling.ts";
