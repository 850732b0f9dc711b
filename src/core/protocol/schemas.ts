/**
 * The messages of clients and servers as schemas; docs/trades.md and docs/between-parties.md say what they mean. The
 * same objects check what comes in, make the types, and are published in `/openapi.json`. Unknown fields are refused
 * everywhere. This file needs typebox, so rooms that run in browsers import its types only, never its values.
 */
import Type, { type Static, type TSchema } from "typebox";
import { moveSchemas, type MoveName } from "./moves.ts";
import { acceptors, personFields, methodSchema, proposeSchema } from "./orders.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  durationSchema,
  idSchema,
  instantSchema,
  numberSchema,
  oneByOne,
  oneOf,
  titleOf,
} from "./shapes.ts";
import { personalFields } from "./trade.ts";
import { keyPattern } from "./forms.ts";

export * from "./collections.ts";
export * from "./moves.ts";
export {
  codeSchema,
  contactSchema,
  kanaSchema,
  type Destination,
  enteringGuestSchema,
  metadataKeyForm,
  metadataValueSchema,
  type MethodKind,
  methodKinds,
  operator,
  operatorActSchema,
  methodSchema,
  type PaymentWish,
  type Point,
  pointSchema,
  postcodeSchema,
  proofKinds,
  type Propose,
  proposeSchema,
} from "./orders.ts";
export * from "./payments.ts";
export {
  amountSchema,
  basisPointsSchema,
  closed,
  countSchema,
  currencySchema,
  dateSchema,
  durationSchema,
  fixedFeeSchema,
  idSchema,
  instantSchema,
  listOf,
  limitSchema,
  maximumAmount,
  mostPhotos,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  photoDigestSchema,
  sumSchema,
  text,
  timeZoneSchema,
} from "./shapes.ts";
export { fedEventSchema, tradeEventSchema } from "./event-view.ts";
export {
  guaranteeStates,
  metadataView,
  tradeForCarrierSchema,
  tradeSchema,
  tradeSeenSchema,
} from "./trade-view.ts";

const batchKey = Type.Optional(Type.String({ pattern: keyPattern }));
export const batchProposeSchema = closed(
  { do: Type.Literal("propose"), key: batchKey, trade: proposeSchema },
  undefined,
  "ProposeCommand",
);
/** A move as it stands in a batch: the body of the call with `do`, `key` and `number` beside it. */
export function batchMoveSchema(name: MoveName) {
  return closed(
    {
      do: Type.Literal(name),
      key: batchKey,
      number: numberSchema,
      ...(moveSchemas[name].properties as Record<string, TSchema>),
    },
    undefined,
    titleOf(name, "Command"),
  );
}

/** Commands of a batch before each has been looked at. */
export const batchSchema = closed({
  commands: Type.Array(
    Type.Unsafe<unknown>(
      oneByOne({}, [batchProposeSchema, ...(Object.keys(moveSchemas) as MoveName[]).map(batchMoveSchema)]),
    ),
    { minItems: 1, maxItems: 1000 },
  ),
});

export const applicationSchema = closed({
  ...personFields,
  methods: Type.Optional(Type.Array(methodSchema, { maxItems: 10 })),
  creditLine: Type.Optional(closed({ currency: currencySchema, limit: amountSchema })),
  password: Type.Optional(Type.String({ minLength: 12, maxLength: 200 })),
  /** In which they are written to. */
  language: Type.Optional(oneOf(["en", "ja"] as const)),
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

/** A page of what was made between two instants, neither of them included. */
export const datedPageSchema = closed({
  ...pageSchema.properties,
  createdAfter: Type.Optional(instantSchema),
  createdBefore: Type.Optional(instantSchema),
});
