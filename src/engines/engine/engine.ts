/**
 * What every engine is made of: commands decided in batches and committed together, the first answer to each key, and the
 * sweeper that runs deadlines. What a command means is for the engine that stands on it.
 */
export {
  type Answer,
  readAnswers,
  requestDigest,
  rewriteAnswers,
  writeAnswers,
} from "./first-answers-store.ts";
export {
  type Decided,
  groupCommit,
  OutcomeUnknownError,
  QueueFullError,
  UnavailableError,
} from "./group-commit.ts";
export { type Effect, type Replied, inTransaction, once, requestHash } from "./idempotent.ts";
export { problemOfLedger } from "./ledger-problems.ts";
export { type Sweeper, sweeper } from "./sweeper.ts";
