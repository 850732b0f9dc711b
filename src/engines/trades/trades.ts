/**
 * Trades, on whatever server: propose, move, read. Every change goes through one engine, in batches that are
 * committed together; nothing here knows which server it runs in.
 */
export { moves, transitions } from "../../core/machine/machine.ts";
export { auditAdvances, auditTrades } from "./audit.ts";
export { type HeldHere, listFrozen, listLongDisputes, readHeld, type Sum, sumHeld } from "./audit-store.ts";
export type { Actor } from "../steps/steps.ts";
export { hasOpenTrades, readTradesOfHolds, strayGuests } from "../steps/steps.ts";
export type { Page, TradeCalls } from "./trade-calls.ts";
export { createTrades, type Trades, type TradesOptions } from "./trade-service.ts";
export type { Rules } from "../steps/steps.ts";
