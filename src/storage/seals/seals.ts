/**
 * What seals the past: the rows of each transaction as one batch under one root, written with them; batches in a log that
 * only grows; and the proof of tables against batches, and batches against log.
 */
export { auditSeals, type Held } from "./audit.ts";
export { atOnce, newBatch, seal, sealStored } from "./batch.ts";
export { extendLog, type SignCheckpoint } from "./log.ts";
export { readBacklog } from "./log-store.ts";
export { commandRows } from "./store.ts";
