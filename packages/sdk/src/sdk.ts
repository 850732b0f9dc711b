/**
 * The client of Kenshu for shops and tools: typed calls that never take a lost reply for a failure. It needs nothing
 * but `fetch` and Web Crypto, so it runs in Node and in browsers as it is. How to use it: docs/sdk.md.
 */
export {
  type Answer,
  type BatchCommand,
  type BatchOptions,
  type CallOptions,
  type DatedPageOptions,
  type FileView,
  type FindOptions,
  type KenshuOptions,
  type Outcome,
  type PageOptions,
  ReadFailure,
  type Refused,
  type Retry,
  type TradeOutcome,
  type Unknown,
} from "./calling/calling.ts";
export { kenshu } from "./client.ts";
export { type Kenshu, type NewOrder } from "./kenshu.ts";
export type * from "./described/described.ts";
export {
  fetchEnded,
  type Checkpoint,
  type FollowedLog,
  followLog,
  type FollowVerdict,
  isGrowth,
  isIncluded,
  type LogKeys,
  type LogReader,
  type LogState,
  type LogVerdict,
  type LogView,
  readCheckpoint,
  verifyLog,
} from "./checkpoints.ts";
export {
  type DigestedOrder,
  type GuaranteeCheck,
  type GuaranteeClaims,
  type GuaranteeVerdict,
  orderDigest,
  type ProvenEvent,
  type Receipt,
  type ReceiptStep,
  type ReceiptVerdict,
  type TokenStatus,
  verifyGuarantee,
  verifyReceipt,
} from "./proofs.ts";
export {
  exponentOf,
  formatMoney,
  fromMinor,
  fromWire,
  isCurrency,
  parseMoney,
  toMinor,
  toWire,
} from "./money.ts";
export {
  isOfMember,
  isOfTrade,
  type LineChange,
  type MandateTold,
  type MemberWebhookEvent,
  messagesOf,
  type TradeChange,
  type TradeNews,
  type TradeWebhookEvent,
  type VerifiedWebhook,
  verifyWebhook,
  type WebhookEvent,
  type WebhookToVerify,
  type WebhookVerdict,
} from "./webhooks.ts";
export * from "./wire/wire.ts";
