/**
 * What is due at an institution under a trade number, and paid at a counter (paragraphs 0069-0085): what a guarantor tells
 * an institution of it, what those who take the money say, and what all of them are told. Accounts are named by consents,
 * as in payments.
 */
import Type, { type Static, type TSchema } from "typebox";
import {
  amountSchema,
  closed,
  currencySchema,
  idSchema,
  instantSchema,
  maximumAmount,
  named,
  numberSchema,
  oneByOne,
  oneOf,
  orNull,
  sumSchema,
  text,
  titleOf,
} from "./shapes.ts";

/** Where money is taken: a convenience store, a bank, a counter of any other kind, or the door to which goods are brought. */
export const collectionChannels = ["konbini", "bank", "counter", "cash_on_delivery"] as const;
export type CollectionChannel = (typeof collectionChannels)[number];

const share = closed({ account: idSchema, amount: amountSchema });
const versionSchema = Type.Integer({ minimum: 0, maximum: maximumAmount, description: "Of the trade" });

/**
 * What is due under a trade number, in all: `amount` and `fee.amount` count what was paid already. A `version` that is not
 * higher than the last one known changes nothing. An amount below what was paid leaves what was paid, and takes no more.
 * What is paid stays with the payee until `payableFrom`.
 */
export const dueSchema = closed({
  id: idSchema,
  tradeNumber: numberSchema,
  version: versionSchema,
  payee: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  fee: Type.Optional(closed({ account: idSchema, amount: sumSchema })),
  payBy: instantSchema,
  payableFrom: Type.Optional(instantSchema),
  shopName: Type.Optional(text(1, 120)),
  reference: Type.Optional(text(1, 200)),
});

/** Of what was paid, `total` shall have been given back in all; what is missing to it comes from `sources`. */
export const reimburseSchema = closed({
  id: idSchema,
  tradeNumber: numberSchema,
  total: amountSchema,
  sources: Type.Array(share, { minItems: 1, maxItems: 10 }),
});

/** The sender has booked what was paid, up to `paid`: it is no news to it any more. */
export const heardSchema = closed({ id: idSchema, tradeNumber: numberSchema, paid: amountSchema });

const properties = { due: dueSchema, reimburse: reimburseSchema, heard: heardSchema } as const;

export type CollectionInstruction = {
  [word in keyof typeof properties]: { do: word } & Static<(typeof properties)[word]>;
}[keyof typeof properties];

/** One instruction of a batch as it is checked. */
export const collectionInstructionSchemas = {
  due: withDo("due", dueSchema.properties),
  reimburse: withDo("reimburse", reimburseSchema.properties),
  heard: withDo("heard", heardSchema.properties),
} as const;

function withDo<T extends Record<string, TSchema>>(word: string, fields: T) {
  return closed({ do: Type.Literal(word), ...fields }, undefined, titleOf(word, "Instruction"));
}

/** Instructions before each has been looked at; each is checked and decided on its own. */
export const collectionInstructionsSchema = closed({
  instructions: Type.Array(Type.Unsafe<unknown>(oneByOne({}, Object.values(collectionInstructionSchemas))), {
    minItems: 1,
    maxItems: 1000,
  }),
});

/**
 * Money taken for a trade number: exactly what is due. `taken`: it is in the till already, so that what is not due is kept
 * for return instead of refused. `collector`: of an operator, who has taken it.
 */
export const collectionPaymentWish = closed({
  id: idSchema,
  amount: amountSchema,
  currency: currencySchema,
  channel: oneOf(collectionChannels),
  reference: text(1, 100, "The number of a receipt, or of a line of a statement"),
  taken: Type.Optional(Type.Boolean()),
  collector: Type.Optional(idSchema),
  reason: Type.Optional(text(1, 500, "Of an operator: why it is entered by hand")),
});

export const collectionStates = ["open", "paid", "withdrawn"] as const;
export const collectionPaymentStates = ["taken", "kept"] as const;

const paymentFields = {
  id: idSchema,
  amount: amountSchema,
  channel: oneOf(collectionChannels),
  reference: Type.String(),
  at: instantSchema,
  state: oneOf(collectionPaymentStates, "`kept`: it was not due, and is kept for return"),
};

/** What was paid once, as it is told to whoever has taken it. */
export const collectionPaymentSchema = named("CollectionPayment", {
  ...paymentFields,
  tradeNumber: numberSchema,
  currency: currencySchema,
});
export type CollectionPaymentView = Static<typeof collectionPaymentSchema>;

/** What an institution says of a collection. */
export const collectionSchema = named(
  "Collection",
  {
    tradeNumber: numberSchema,
    state: oneOf(collectionStates),
    currency: currencySchema,
    amount: sumSchema,
    paid: sumSchema,
    due: sumSchema,
    refunded: sumSchema,
    kept: sumSchema,
    version: versionSchema,
    payBy: instantSchema,
    payableFrom: orNull(instantSchema),
    shopName: orNull(Type.String()),
    reference: orNull(Type.String()),
    payments: Type.Array(Type.Object(paymentFields), {
      description: "The newest last, up to 100. To those who take money: their own",
    }),
  },
  "`due` is `amount` less `paid`; `kept` waits to be returned to whoever paid it.",
);
export type CollectionView = Static<typeof collectionSchema>;
