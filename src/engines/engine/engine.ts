/**
 * What every engine is made of: requests decided in batches and committed together, the first answer to each key, outcomes
 * that become JSON at the edge, and the sweeper that runs deadlines. What a request means is for the engine that stands
 * on it.
 */
export { type Engine, openEngine, openLine, technicalOutcome } from "./batch-engine.ts";
export {
  answerTo,
  type Digest,
  digestOf,
  type FirstAnswer,
  type FirstAnswers,
  firstAnswers,
  type KeyOf,
  type KeptForm,
  openFirstAnswers,
  writeFirstAnswers,
} from "./first-answers-store.ts";
export type { BatchCounts, Decided } from "./group-commit.ts";
export { type Effect, inTransaction, noteKey, once } from "./idempotent.ts";
export { problemOfLedger } from "./ledger-problems.ts";
export {
  done,
  notDone,
  type Outcome,
  refusal,
  textOf,
} from "./outcome.ts";
export { type Sweeper, sweeper } from "./sweeper.ts";
