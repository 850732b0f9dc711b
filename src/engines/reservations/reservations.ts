/**
 * Money frozen and paid for other servers (支払機関サーバ 30 in the first embodiment): each peer gives instructions, each
 * instruction is obeyed once, as far as the owners of the accounts have agreed. Every change goes through one engine,
 * in batches that are committed together.
 */
export { createReservations, type Reservations } from "./reservation-service.ts";
export type { InstructionOutcome } from "./batch.ts";
export {
  insertConsents,
  listConsents,
  lockConsents,
  type NewConsent,
  numbersSaid,
  type OwnedConsent,
  readConsents,
  type StandingConsent,
} from "./store.ts";
export { auditReservations } from "./audit.ts";
export { monthRuns, spentOf } from "./rights.ts";
export {
  type Collecting,
  endUntaken,
  exchangeCode,
  issueCode,
  limitConsent,
  type Limits,
  lockCollecting,
  readConsent,
  revokeConsent,
  setConfirmAbove,
  writeCollecting,
} from "./consent-store.ts";
export { checkTold, worthOf } from "./private-amounts.ts";
export { insertTold, mayPay, readTold, type ToldLine } from "./told-amount-store.ts";
