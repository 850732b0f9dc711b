/**
 * The messages of clients and servers as schemas; docs/trades.md and docs/between-parties.md say what they mean. The
 * same objects check what comes in, make the types, and are published in `/openapi.json`. Unknown fields are refused
 * everywhere. This file needs typebox, so rooms that run in browsers import its types only, never its values.
 */
import Type, { type Static, type TSchema } from "typebox";
import {
  amountSchema,
  closed,
  currencySchema,
  dateSchema,
  durationSchema,
  idSchema,
  instantSchema,
  maximumAmount,
  numberSchema,
  oneOf,
  text,
} from "./shapes.ts";
import {
  acceptorRoles,
  contestReasons,
  coolingOffGoods,
  operatorChannels,
  personalFields,
  rejectionKinds,
} from "./trade.ts";
import { keyPattern } from "./forms.ts";

export * from "./consents.ts";
export * from "./payments.ts";
export {
  amountSchema,
  closed,
  currencySchema,
  durationSchema,
  idSchema,
  maximumAmount,
  numberSchema,
  text,
} from "./shapes.ts";

/** Eight digits that a person reads to another. */
export const codeSchema = Type.String({ pattern: "^[0-9]{8}$", description: "Eight digits" });

const quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });

const lineSchema = closed({ name: text(1, 200), quantity, unitAmount: amountSchema });
/** The price of a piece may be missing in a private trade, and only there. */
const proposedLines = Type.Array(
  closed({ name: text(1, 200), quantity, unitAmount: Type.Optional(amountSchema) }),
  { minItems: 1, maxItems: 200 },
);
const lines = Type.Array(lineSchema, { minItems: 1, maxItems: 200 });
const lineQuantities = Type.Array(closed({ line: Type.Integer({ minimum: 1, maximum: 200 }), quantity }), {
  minItems: 1,
  maxItems: 200,
});

export const trackingSchema = closed({
  carrier: Type.Optional(text(1, 80)),
  number: text(1, 80),
  url: Type.Optional(Type.String({ format: "web-address", maxLength: 500 })),
});
const tracking = Type.Optional(trackingSchema);
const evidence = closed({ kind: text(1, 40), reference: text(1, 200) });
const operatorActSchema = closed(
  {
    channel: oneOf(operatorChannels),
    reference: text(1, 200),
    reason: Type.Optional(text(1, 500)),
    as: Type.Optional(oneOf(acceptorRoles)),
    /** How the caller proved who it is; the reference leads to the operator's own record and says nothing personal. */
    proof: Type.Optional(
      closed({ kind: oneOf(["callback", "document", "code"] as const), reference: text(1, 200) }),
    ),
  },
  "How a person reached the operator who acts for them; only for operators",
);
const operator = Type.Optional(operatorActSchema);

const payment = Type.Union([
  closed({ on: Type.Literal("acceptance") }),
  closed({ on: Type.Literal("date"), date: dateSchema }),
]);
const acceptors = Type.Array(oneOf(acceptorRoles), { minItems: 1, maxItems: 6, uniqueItems: true });
const acceptance = closed({
  by: Type.Optional(acceptors),
  need: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 6 }), oneOf(["any", "all"] as const)])),
  autoAfter: Type.Optional(Type.Union([durationSchema, Type.Null()])),
  deliverWithin: Type.Optional(durationSchema),
  returnWithin: Type.Optional(durationSchema),
  inspectWithin: Type.Optional(durationSchema),
  place: Type.Optional(text(1, 200)),
});
/** A bare duration means that withdrawn goods go back. */
const coolingOff = Type.Union([
  durationSchema,
  closed({ for: durationSchema, goods: oneOf(coolingOffGoods) }),
]);

export const contactSchema = Type.Object(
  {
    email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
    phone: Type.Optional(text(3, 40)),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const methodKinds = ["deposit", "credit", "prepaid"] as const;
export type MethodKind = (typeof methodKinds)[number];

export const methodSchema = closed({
  kind: oneOf(methodKinds),
  currency: currencySchema,
  /** A prepaid account is claimed with the code that came with it; other kinds take an outside token. */
  token: Type.Optional(text(4, 200)),
  /** The credit line that is wished for, in minor units. */
  limit: Type.Optional(amountSchema),
});

const personFields = {
  name: text(1, 120),
  address: text(1, 300),
  birthDate: dateSchema,
  contact: contactSchema,
};
export const guestSchema = closed({ ...personFields, method: methodSchema });

const buyer = Type.Union([closed({ member: numberSchema }), closed({ guest: guestSchema })]);
const recipient = closed({
  name: text(1, 120),
  address: Type.Optional(text(1, 300)),
  contact: Type.Optional(contactSchema),
});

/** A place on Earth in millionths of a degree. */
export const pointSchema = closed({
  lat: Type.Integer({ minimum: -90_000_000, maximum: 90_000_000 }),
  lng: Type.Integer({ minimum: -180_000_000, maximum: 180_000_000 }),
});
export type Point = Static<typeof pointSchema>;
export const postcodeSchema = Type.String({ pattern: "^[0-9A-Z][0-9A-Z -]{0,11}$" });

/** To where the goods go, so that the nearest store of the shop's chain is asked to serve the order. */
const destinationSchema = Type.Union([closed({ postcode: postcodeSchema }), closed({ at: pointSchema })]);
export type Destination = Static<typeof destinationSchema>;

export const proposeSchema = closed({
  buyer: Type.Optional(buyer),
  shop: Type.Optional(idSchema),
  currency: currencySchema,
  amount: Type.Optional(amountSchema),
  lines: Type.Optional(proposedLines),
  /** This server is to know no amount: the shop tells it to the buyer's institution itself (paragraph 0026). */
  private: Type.Optional(Type.Literal(true)),
  approval: Type.Optional(
    Type.Union([closed({ mandate: idSchema }), closed({ operator: operatorActSchema })]),
  ),
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  approveWithin: Type.Optional(durationSchema),
  reserveFor: Type.Optional(durationSchema),
  extendableTo: Type.Optional(durationSchema),
  shipWithin: Type.Optional(durationSchema),
  coolingOff: Type.Optional(coolingOff),
  acceptance: Type.Optional(acceptance),
  recipient: Type.Optional(recipient),
  carrier: Type.Optional(idSchema),
  provider: Type.Optional(idSchema),
  reference: Type.Optional(text(1, 100)),
  route: Type.Optional(destinationSchema),
});
export type Propose = Static<typeof proposeSchema>;

export const approveSchema = closed({
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  acceptors: Type.Optional(acceptors),
  /** The buyer lets the shop's own word of a delivery start the acceptance clock. */
  shopWord: Type.Optional(Type.Literal(true)),
  /** The version of the trade that the buyer saw; another one is refused. */
  version: Type.Optional(Type.Integer({ minimum: 1 })),
  operator,
});
export type Approve = Static<typeof approveSchema>;

export const reviseSchema = closed({
  lines: Type.Optional(lines),
  amount: Type.Optional(amountSchema),
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  approval: Type.Optional(closed({ mandate: idSchema })),
  operator,
});
export type Revise = Static<typeof reviseSchema>;

export const shipSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  operator,
});
export type Ship = Static<typeof shipSchema>;

export const deliverSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  operator,
});
export type Deliver = Static<typeof deliverSchema>;

/** The carrier or provider is at the door with the goods: from then on an acceptance code holds for a time. */
export const atDoorSchema = closed({ evidence: Type.Optional(evidence), operator });
export type AtDoor = Static<typeof atDoorSchema>;

export const acceptSchema = closed({
  /** The code that buyer or recipient gave to the carrier or provider; it makes the acceptance theirs. */
  code: Type.Optional(codeSchema),
  lines: Type.Optional(lineQuantities),
  final: Type.Optional(Type.Boolean()),
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  operator,
});
export type Accept = Static<typeof acceptSchema>;

export const rejectSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  kind: Type.Optional(oneOf(rejectionKinds)),
  evidence: Type.Optional(evidence),
  operator,
});
export type Reject = Static<typeof rejectSchema>;

export const sendBackSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  operator,
});
export type SendBack = Static<typeof sendBackSchema>;

export const returnSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  /** What the shop would keep, where the goods have lost value: an offer that the buyer answers. */
  deduct: Type.Optional(closed({ amount: amountSchema, reason: text(1, 500) })),
  evidence: Type.Optional(evidence),
  operator,
});
export type Return = Static<typeof returnSchema>;

export const withdrawSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  operator,
});
export type Withdraw = Static<typeof withdrawSchema>;

export const disputeSchema = closed({
  reason: text(1, 500),
  /** The shop contests goods that are said to be on their way back, or never to have come. */
  contest: Type.Optional(oneOf(contestReasons)),
  lines: Type.Optional(lineQuantities),
  tracking,
  operator,
});
export type Dispute = Static<typeof disputeSchema>;

export const answerSchema = closed({
  statement: text(1, 2000),
  evidence: Type.Optional(evidence),
  operator,
});
export type AnswerDispute = Static<typeof answerSchema>;

const offeredAmount = Type.Integer({ minimum: 0, maximum: maximumAmount, description: "Minor units" });
export const offerSchema = closed({
  release: offeredAmount,
  pay: offeredAmount,
  refund: Type.Optional(offeredAmount),
  operator,
});
export type Offer = Static<typeof offerSchema>;

export const acceptOfferSchema = closed({ version: Type.Integer({ minimum: 1 }), operator });
export type AcceptOffer = Static<typeof acceptOfferSchema>;

const resolutions = ["settle", "release", "split", "return", "resume"] as const;
export const resolveSchema = closed({
  outcome: oneOf(resolutions),
  /** Of which goods; left out, of all that can be decided. */
  lines: Type.Optional(lineQuantities),
  /** With `split`: what goes to the shop; the rest is released. */
  amount: Type.Optional(amountSchema),
  /** Of what was paid already: so much goes back to the buyer. */
  refund: Type.Optional(amountSchema),
  reason: text(1, 500),
  operator,
});
export type Resolve = Static<typeof resolveSchema>;

export const cancelSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: Type.Optional(text(1, 500)),
  operator,
});
export type Cancel = Static<typeof cancelSchema>;

export const extendSchema = closed({ until: instantSchema, operator });
export type Extend = Static<typeof extendSchema>;

export const refundSchema = closed({
  amount: Type.Optional(amountSchema),
  /** What shall have been refunded in all. */
  total: Type.Optional(amountSchema),
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  operator,
});
export type Refund = Static<typeof refundSchema>;

/** The shop asks to be paid early. What it costs, the server has published. */
const advanceSchema = closed({ operator });

/** The calls of the trade table that move an existing trade, by the last part of their address. */
export const moveSchemas = {
  approve: approveSchema,
  revise: reviseSchema,
  ship: shipSchema,
  deliver: deliverSchema,
  "at-door": atDoorSchema,
  accept: acceptSchema,
  reject: rejectSchema,
  "send-back": sendBackSchema,
  return: returnSchema,
  withdraw: withdrawSchema,
  dispute: disputeSchema,
  answer: answerSchema,
  offer: offerSchema,
  "offer/accept": acceptOfferSchema,
  resolve: resolveSchema,
  cancel: cancelSchema,
  extend: extendSchema,
  refund: refundSchema,
  advance: advanceSchema,
} as const;
export type MoveName = keyof typeof moveSchemas;
export type MoveBody = { [name in MoveName]: { do: name } & Static<(typeof moveSchemas)[name]> }[MoveName];

/** One command of a batch before it has been looked at; each is checked on its own. */
export const batchSchema = closed({
  commands: Type.Array(Type.Unsafe<Record<string, unknown>>({ type: "object", required: ["do"] }), {
    minItems: 1,
    maxItems: 1000,
  }),
});
const batchKey = Type.Optional(Type.String({ pattern: keyPattern }));
export const batchProposeSchema = closed({
  do: Type.Literal("propose"),
  key: batchKey,
  trade: proposeSchema,
});
/** A move as it stands in a batch: the body of the call with `do`, `key` and `number` beside it. */
export function batchMoveSchema(name: MoveName) {
  return closed({
    do: Type.Literal(name),
    key: batchKey,
    number: numberSchema,
    ...(moveSchemas[name].properties as Record<string, TSchema>),
  });
}

export const applicationSchema = closed({
  ...personFields,
  methods: Type.Optional(Type.Array(methodSchema, { maxItems: 10 })),
  creditLine: Type.Optional(closed({ currency: currencySchema, limit: amountSchema })),
  password: Type.Optional(Type.String({ minLength: 12, maxLength: 200 })),
});
export type Application = Static<typeof applicationSchema>;

export const mandateSchema = closed({
  shop: idSchema,
  currency: currencySchema,
  limit: amountSchema,
  until: instantSchema,
  method: Type.Optional(idSchema),
  acceptors: Type.Optional(acceptors),
  /** What the member wants at least of a trade under the mandate; what is left out is as this server has it by default. */
  terms: Type.Optional(
    closed({
      reserveFor: Type.Optional(durationSchema),
      autoAfter: Type.Optional(durationSchema),
      deliverWithin: Type.Optional(durationSchema),
      returnWithin: Type.Optional(durationSchema),
      inspectWithin: Type.Optional(durationSchema),
    }),
  ),
});
export type MandateTerms = Static<typeof mandateSchema>;

/** What a member lets one shop read, once. */
export const disclosureSchema = closed({
  shop: idSchema,
  fields: Type.Array(oneOf(personalFields), { minItems: 1, maxItems: 5, uniqueItems: true }),
  until: Type.Optional(instantSchema),
});
export type DisclosureTerms = Static<typeof disclosureSchema>;

export const pageSchema = closed({
  limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,2}$" })),
  after: Type.Optional(Type.String({ pattern: "^[0-9A-Za-z_-]{1,100}$" })),
});
