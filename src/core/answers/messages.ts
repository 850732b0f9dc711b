/** What is sent to webhooks, and what is answered about them. */
import Type from "typebox";
import {
  memberEventTypes,
  offerEventTypes,
  personalFields,
  stepMessageType,
  tradeEventTypes,
  tradeStates,
} from "../protocol/protocol.ts";
import {
  countSchema,
  currencySchema,
  durationSchema,
  idSchema,
  instantSchema,
  metadataView,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
} from "../protocol/schemas.ts";

const endpointFields = {
  id: idSchema,
  name: orNull(Type.String({ description: "One that its owner gave it" })),
  url: Type.String({ format: "web-address" }),
  types: Type.Array(Type.String({ examples: ["trade.settled"] })),
  perRequest: Type.Integer({ minimum: 1, maximum: 100 }),
  state: oneOf(["active", "disabled", "deleted"] as const),
  oldSecretUntil: orNull(instantSchema),
  createdAt: instantSchema,
};
export const endpointShown = named("WebhookEndpoint", endpointFields);
export const endpointMadeSchema = named("WebhookEndpointMade", {
  ...endpointFields,
  secret: Type.Optional(Type.String({ description: "In the first answer only", examples: ["whsec_AAAA"] })),
});
export const testSentSchema = named("TestSent", { type: Type.Literal("webhook.test"), endpoint: idSchema });

export const deliverySchema = named("WebhookDelivery", {
  id: idSchema,
  endpoint: idSchema,
  type: Type.String({ examples: ["trade.settled"] }),
  number: orNull(numberSchema),
  state: oneOf(["waiting", "delivered", "failed"] as const),
  attempts: countSchema,
  lastStatus: orNull(Type.Integer()),
  lastError: orNull(Type.String()),
  nextAttemptAt: orNull(instantSchema),
  createdAt: instantSchema,
});
export const resentSchema = named("WebhookResent", { id: idSchema, state: Type.Literal("waiting") });

const money = Type.Optional(orNull(sumSchema));
const difference = Type.Optional(orNull(Type.Integer()));
const pieces = Type.Optional(Type.Integer());
const changedView = open(
  {
    frozen: difference,
    settled: difference,
    released: difference,
    refunded: difference,
    lines: Type.Array(
      open({
        line: Type.Integer({ minimum: 1 }),
        id: Type.Optional(Type.String()),
        shipped: pieces,
        delivered: pieces,
        accepted: pieces,
        rejected: pieces,
        returned: pieces,
        withdrawn: pieces,
        ended: pieces,
      }),
    ),
  },
  "What the step changed, below zero where something became less. All events of one `version` say the same.",
);
const tradeData = named(
  "TradeMessageData",
  {
    number: numberSchema,
    state: oneOf(tradeStates),
    version: Type.Integer({ minimum: 1 }),
    reference: orNull(Type.String()),
    metadata: Type.Optional(metadataView),
    seq: Type.Integer({ minimum: 1, description: "The number of the event in the record of the trade" }),
    currency: Type.Optional(currencySchema),
    amount: money,
    frozen: money,
    settled: money,
    released: money,
    refunded: money,
    changed: changedView,
    deadline: Type.Optional(Type.String({ description: "Of `trade.deadline_near`: which is near" })),
    at: Type.Optional(instantSchema),
    before: Type.Optional(durationSchema),
  },
  "The trade as the event left it. Carriers and providers are told neither amounts nor `metadata`.",
);

const mandate = { mandate: idSchema, member: numberSchema };
const mandateData = named(
  "MandateMessageData",
  { ...mandate, currency: currencySchema, limit: sumSchema, until: instantSchema },
  "How far a member lets the shop reserve from now on.",
);

/** What each kind of message tells. */
export const messageData: Readonly<Record<string, ReturnType<typeof named>>> = {
  ...Object.fromEntries([...tradeEventTypes, stepMessageType].map((type) => [type, tradeData])),
  [offerEventTypes[0]]: named("OfferMadeData", {
    offer: idSchema,
    number: numberSchema,
    chain: idSchema,
    until: instantSchema,
  }),
  [offerEventTypes[1]]: named("OfferUnplacedData", { number: numberSchema }),
  [offerEventTypes[2]]: named("ChainInvitedData", { chain: idSchema }),
  [memberEventTypes[0]]: mandateData,
  [memberEventTypes[1]]: mandateData,
  [memberEventTypes[2]]: named("MandateRevokedData", mandate),
  [memberEventTypes[3]]: named(
    "MemberDisclosedData",
    { disclosure: idSchema, fields: Type.Array(oneOf(personalFields)), until: instantSchema },
    "Which fields, and until when they can be fetched; never whose, before they are.",
  ),
  "webhook.test": named("WebhookTestData", { endpoint: idSchema }),
};

/** A message as it is sent: its kind, when that was, and what it tells. */
export function messageSchema(type: string) {
  const data = messageData[type];
  if (data === undefined) throw new Error(`There is no message ${type}.`);
  return named(messageName(type), { type: Type.Literal(type), timestamp: instantSchema, data });
}

/** `TradeSettledMessage`, of `trade.settled`. */
function messageName(type: string): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Message`;
}
