/** What has to reach another party: written in the transaction of the change that it tells of, delivered after it. */
export {
  type ClaimedDelivery,
  claimDeliveries,
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
  rotateSecret,
} from "./webhook-endpoints-store.ts";
export {
  enqueueWebhooks,
  messageTo,
  readEndpoints,
  type WebhookEndpoint,
  type WebhookEvents,
  webhookMessages,
  type WebhookOwnerKind,
  wants,
} from "./webhook-store.ts";
export {
  createDispatcher,
  type Dispatcher,
  type InstructionAnswer,
} from "./dispatcher.ts";
export {
  deleteInstructions,
  type WaitingInstruction,
  writeInstructions,
} from "./instruction-store.ts";
