/**
 * A step of a trade inside a batch: what it reads under locks, what it asks of the rail, how it waits for another server, and
 * what is kept of it.
 */
export {
  apply,
  catchUp,
  clockAct,
  decideAndApply,
  type Decisions,
  refusedAs,
  resultOf,
  settleAlarm,
} from "./effects.ts";
export { book, complete, heardOfDue } from "./answered.ts";
export { currenciesOfOpenTrades } from "./frozen-store.ts";
export { countLateDisputes, type DisputeRow, listDisputes, writeDisputes } from "./dispute-store.ts";
export { disputesOfBatch, figuresOfBatch } from "./figures.ts";
export { beyondFrozenLimit } from "./frozen-limits.ts";
export type { KeptTrade } from "./kept-trade.ts";
export {
  dueTrades,
  readStandings,
  readTradeFigures,
  eraseRecipients,
  type EventRow,
  hasOpenTrades,
  insertEvents,
  insertRecipients,
  insertRoutes,
  insertTrades,
  listAllTrades,
  listTrades,
  readEvents,
  readRecipient,
  readTrade,
  readTrades,
  readTradesOfHolds,
  type Recipient,
  strayGuests,
  updateAgreements,
  updateTrades,
  waitsForMeans,
} from "./store.ts";
export { advanceFor, debtOf, tooMuchEarly, writeAdvancesOf } from "./trade-advances.ts";
export { isStorable, openWorld } from "./world-reading.ts";
export {
  type Actor,
  actOf,
  type Asked,
  type CollectionWord,
  isUnanswered,
  keepQuietly,
  referenceKey,
  type Notice,
  type Request,
  type Result,
  type Rules,
  toldEvents,
  type World,
} from "./world.ts";
export { auditAdvances, auditKept, auditTrades } from "./audit.ts";
export {
  type CollectedHere,
  type HeldHere,
  listCollected,
  listHeld,
  readCollected,
  readHeld,
  type Sum,
  sumHeld,
} from "./audit-store.ts";
