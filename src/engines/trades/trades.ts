/**
 * Trades, on whatever server: propose, move, read. Every change goes through one engine, in batches that are
 * committed together; nothing here knows which server it runs in.
 */
export { type TradesOptions, type Page, type Trades, createTrades } from "./trade-service.ts";
export { moves, transitions } from "../../core/machine/machine.ts";
export type { Outcome } from "./batch.ts";
export type { Actor, Rules } from "./world.ts";
export { auditTrades } from "./audit.ts";
