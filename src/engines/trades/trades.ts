/**
 * Trades, on whatever server: propose, move, read. Every change goes through one engine, in batches that are
 * committed together; nothing here knows which server it runs in.
 */
export { moves, transitions } from "../../core/machine/machine.ts";
export {
  findByAmount,
  findByReference,
  latestRefunds,
  lookAtGuarantees,
  type MoneyRow,
  moneyRows,
  openSumsOf,
  summedMost,
  todosCounted,
} from "../feed/feed.ts";
export type { Receipt, ToTake, TradeCalls } from "./trade-calls.ts";
export { createTrades, type Trades } from "./trade-service.ts";
export {
  type Actor,
  auditAdvances,
  auditKept,
  auditTrades,
  type CollectedHere,
  countLateDisputes,
  currenciesOfOpenTrades,
  type DisputeRow,
  hasOpenTrades,
  type HeldHere,
  listCollected,
  listDisputes,
  listHeld,
  readCollected,
  readHeld,
  readStandings,
  readTradeFigures,
  readTradesOfHolds,
  strayGuests,
  type Sum,
  sumHeld,
  waitsForMeans,
} from "../steps/steps.ts";
