/**
 * What other servers pay from the accounts of members: written down with each payment, told to whom the account belongs,
 * and shown to them; and what waits until they have confirmed it.
 */
export {
  type AskedSettlement,
  confirmWithinMs,
  gateOf,
  isSilent,
  keepsFrozen,
  silentAt,
} from "./gate.ts";
export {
  type Confirming,
  countUndecided,
  listSettlements,
  listUndecided,
  lockAsked,
  readRefused,
  type NewAsk,
  type NewSettlement,
  noteConfirming,
  noteSeen,
  readSettlement,
  type Settlement,
  type Silence,
} from "./settlement-store.ts";
export { answerSettlement, decideSettlement, writeSettlements } from "./telling.ts";
