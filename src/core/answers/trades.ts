/** What the calls of trades answer beside a trade. */
import Type from "typebox";
import {
  fedEventSchema,
  guaranteeStates,
  idSchema,
  instantSchema,
  listOf,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  photoDigestSchema,
  sumSchema,
  tradeSchema,
} from "../protocol/schemas.ts";
import { problemSchema } from "./problem.ts";

const isTrue = Type.Literal(true);

/** A photo under the digest by which it is named. */
export const photoView = named("Photo", {
  digest: photoDigestSchema,
  bytes: Type.Integer({ minimum: 1, description: "Of what is kept" }),
  at: instantSchema,
});
export const photoListed = named("PhotoListed", {
  id: idSchema,
  trade: numberSchema,
  digest: photoDigestSchema,
  at: instantSchema,
});

/** What each command or instruction of a batch came to, under the name of what it is about. */
export const outcomeFields = {
  status: Type.Integer({ minimum: 200, maximum: 599 }),
  replayed: Type.Optional(isTrue),
};
export const refusedInBatch = named("RefusedInBatch", { ...outcomeFields, problem: problemSchema });

export const batchOutcomesSchema = named("TradeOutcomes", {
  outcomes: Type.Array(
    Type.Union([named("TradeOutcome", { ...outcomeFields, trade: tradeSchema }), refusedInBatch]),
    {
      description: "In the order of the commands",
    },
  ),
});

/** The last position is where to go on later; `next` is null at the end. */
export const feedSchema = listOf(fedEventSchema);

const place = open({
  index: Type.Integer({ minimum: 0 }),
  path: Type.Array(Type.String({ description: "A hash in base64" })),
});

export const receiptSchema = named(
  "Receipt",
  {
    format: Type.Literal("kenshu-receipt/1"),
    trade: numberSchema,
    steps: Type.Array(
      open({
        entry: Type.String({ description: "The text of the row's leaf, which its batch holds" }),
        parts: Type.Record(Type.String(), Type.String(), {
          description: "The parts that the reader may see, by their names; the leaf holds a hash of each",
        }),
        row: place,
        batch: Type.String({ description: "The text of the batch's leaf, which the log holds" }),
        leaf: place,
        checkpoint: Type.Integer({ minimum: 0, description: "Which of the checkpoints" }),
      }),
    ),
    checkpoints: Type.Array(Type.String({ description: "A signed note" })),
    witnesses: Type.Array(Type.String()),
  },
  "What happened, in a form that proves itself (docs/receipts.md).",
);

export const recipientSchema = named(
  "Recipient",
  {
    name: Type.String(),
    kana: orNull(Type.String({ description: "How the name is read, in full-width katakana" })),
    address: orNull(Type.String()),
    email: orNull(Type.String()),
    phone: orNull(Type.String()),
    from: orNull(Type.String({ description: "Of a present: for buyer, shop and recipient" })),
    greeting: orNull(Type.String()),
  },
  "To whom the goods go.",
);

/** What a shop was paid early, and what of it is still open, by currency. */
const debtFields = {
  owed: orNull(Type.Integer()),
  covering: orNull(Type.Integer()),
  covered: orNull(Type.Integer()),
};
export const advancesSchema = named("Advances", {
  prices: orNull(
    open({
      acceptedBasisPoints: Type.Integer({ description: "Of the claim, once everything is accepted" }),
      reservedBasisPoints: Type.Integer({ description: "Of the claim, before that" }),
    }),
    "What being paid early costs, in hundredths of a percent; null where this server pays nobody early",
  ),
  accounts: Type.Array(
    open({
      currency: Type.String(),
      outstanding: orNull(Type.Integer()),
      ...debtFields,
      debts: Type.Array(open({ institution: idSchema, ...debtFields })),
    }),
  ),
  items: Type.Array(
    named("Advance", {
      trade: numberSchema,
      currency: Type.String(),
      amount: Type.Integer(),
      price: Type.Integer(),
      paid: Type.Integer(),
      recovered: Type.Integer(),
      owed: Type.Integer(),
      at: Type.String({ format: "instant" }),
    }),
  ),
  next: orNull(Type.String()),
});

/** What a guarantor answers about a guarantee. */
export const guaranteeSchema = named(
  "Guarantee",
  {
    number: numberSchema,
    state: oneOf(guaranteeStates),
    shop: idSchema,
    currency: Type.String(),
    amount: sumSchema,
    order: Type.String({ description: "The SHA-256 of what was ordered, in base64url" }),
    /** The buyer has reserved it before ordering, and the order is still to follow. */
    earmark: Type.Optional(isTrue),
    until: orNull(instantSchema),
    payBy: orNull(instantSchema),
    claimFrom: orNull(instantSchema),
    token: orNull(
      Type.String({
        description:
          "While it is open: the same as a compact JWS (EdDSA), to be verified against `/.well-known/jwks.json`",
      }),
    ),
  },
  "What this server stands for: for one shop and one order. `amount` is what it would pay at most.",
);
