/** Messages and instructions to other parties: written in the transaction of their change, delivered after its commit. */
export {
  claimDeliveries,
  type ClaimedDelivery,
  countWaitingWebhooks,
  type DeliveryRow,
  forgetDeliveries,
  listDeliveries,
  noteDelivered,
  noteFailure,
  readDeliveryState,
  sendAgain,
} from "./webhook-deliveries-store.ts";
export {
  deleteEndpoint,
  disableEndpoint,
  type EndpointRow,
  insertEndpoint,
  listEndpoints,
  putEndpoint,
  rotateSecret,
  sealClearSecrets,
} from "./webhook-endpoints-store.ts";
export {
  enqueueWebhooks,
  messageTo,
  readEndpoints,
  wants,
  type WebhookEndpoint,
  type WebhookEvents,
  webhookMessages,
  type WebhookOwnerKind,
} from "./webhook-store.ts";
export {
  createDispatcher,
  type Dispatcher,
  type InstructionAnswer,
} from "./dispatcher.ts";
export {
  type AnyInstruction,
  countWaitingInstructions,
  deleteInstructions,
  type Expected,
  isOfCollection,
  type WaitingInstruction,
  writeInstructions,
} from "./instruction-store.ts";
export {
  askedBy,
  type BillMailKind,
  mailingsOf,
  type MailKind,
  mailKinds,
  type PayoutMailKind,
  type Reader,
  type SelfMailKind,
  type SettlementMailKind,
  settlementMailKinds,
} from "./mail-kinds.ts";
export {
  type BillMailRow,
  claimMails,
  type ClaimedMail,
  countMails,
  forgetMails,
  insertBillMail,
  insertMails,
  insertPayoutMail,
  insertSelfMail,
  insertSettlementMails,
  listMails,
  type MailRow,
  type MailUse,
  type NewMail,
  noteMailFailure,
  noteMailTaken,
  type PayoutMailRow,
  readMail,
  type SelfMailRow,
  type SettlementMailRow,
  type ShownMail,
  type TradeMailRow,
} from "./mail-store.ts";
export { readTold, type ToldSides } from "./told-store.ts";
