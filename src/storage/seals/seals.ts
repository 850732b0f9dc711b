/**
 * What seals the past: the rows of each transaction as one batch under one root, written with them; batches in a log that
 * only grows; and the proof of tables against batches, and batches against log.
 */
export { auditSeals, type Held } from "./audit.ts";
export { atOnce, newBatch, seal, sealStored } from "./batch.ts";
export { type FedRow, takeUnfed } from "./fed.ts";
export {
  beginNext,
  extendLog,
  type LogSigner,
  proveConsistency,
  readStatement,
  rootAt,
} from "./log.ts";
export {
  awaitLog,
  type Head,
  insertCosignature,
  insertHalt,
  readBacklog,
  readEpochs,
  readHalt,
  readHead,
  readNote,
  readWitnessed,
  wishEpoch,
} from "./log-store.ts";
export { type ProvenRow, proveRows } from "./proofs.ts";
export { commandRows } from "./store.ts";
