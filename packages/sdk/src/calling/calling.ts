/** How a call is made: sent until it is answered, and how it can end. */
export { type BatchCommand, type FileView, isNothing, isRecord, type Retry } from "./calls.ts";
export {
  type Answer,
  type BatchOptions,
  type CallOptions,
  type DatedPageOptions,
  type FindOptions,
  type KenshuOptions,
  type Outcome,
  type PageOptions,
  ReadFailure,
  type Refused,
  type TradeOutcome,
  type Unknown,
} from "./outcomes.ts";
export { Client, pathWith, reader, segment } from "./sending.ts";
