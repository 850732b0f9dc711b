/**
 * Collections (paragraphs 0069-0085): what is due on a trade number after acceptance, at an institution that takes the money
 * from whoever brings it. A guarantor tells the institution what is due; only the institution's database decides whether it
 * was paid or withdrawn first. Accounts are named by consents, as in payments.ts.
 */
import Type, { type Static } from "typebox";
import { share } from "./payments.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  idSchema,
  instantSchema,
  label,
  named,
  numberSchema,
  oneByOne,
  oneOf,
  orNull,
  sumSchema,
  text,
  withDo,
} from "./shapes.ts";

const word = { id: idSchema, tradeNumber: numberSchema };

/**
 * Who brings the goods has taken what is due, and a server says so by their consent to collect. It is booked with the due itself,
 * where it is exactly what is left to pay then.
 */
const takenSchema = closed({ consent: idSchema, amount: amountSchema });

/**
 * What is due on a trade in all, what was paid included. A `version` that is not higher than the last one known changes
 * nothing. Where more was paid than `amount`, what was paid stands; nothing more is taken then, nor where they are the same.
 * `payee` and the fee's account are consents to receive; what goes to the payee is not paid out before `payableFrom`.
 */
const dueSchema = closed({
  ...word,
  version: Type.Integer({ minimum: 1 }),
  payee: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  /** A bill of the server's own: `payee` is an account of its own, and the counter shows the server's name. */
  bill: Type.Optional(Type.Literal(true)),
  /** What of `amount` is the fee. */
  fee: Type.Optional(closed({ account: idSchema, amount: sumSchema })),
  payBy: instantSchema,
  payableFrom: Type.Optional(instantSchema),
  shopName: Type.Optional(text(1, 200)),
  reference: Type.Optional(label(1, 100)),
  /** Somebody at the door has taken it already: by whose consent, and how much. */
  taken: Type.Optional(takenSchema),
});

/**
 * Of what was paid, `total` shall have been given back in all. What is missing of that goes back from `sources`, to the
 * account that paid, or is kept for return where none did.
 */
const reimburseSchema = closed({
  ...word,
  total: amountSchema,
  sources: Type.Array(share, { minItems: 1, maxItems: 10 }),
});

/** The server has booked payments up to `paid` in all; they are no news to it any more. */
const heardSchema = closed({ ...word, paid: amountSchema });

export type CollectionInstruction =
  | ({ do: "due" } & Static<typeof dueSchema>)
  | ({ do: "reimburse" } & Static<typeof reimburseSchema>)
  | ({ do: "heard" } & Static<typeof heardSchema>);

export const collectionInstructionSchemas = {
  due: withDo("due", dueSchema.properties),
  reimburse: withDo("reimburse", reimburseSchema.properties),
  heard: withDo("heard", heardSchema.properties),
} as const;

/** Instructions before each has been looked at; each is checked and decided on its own, also one that is none. */
export const collectionInstructionsSchema = closed({
  instructions: Type.Array(Type.Unsafe<unknown>(oneByOne({}, Object.values(collectionInstructionSchemas))), {
    minItems: 1,
    maxItems: 1000,
  }),
});

/** Where the money was brought. */
export const collectionChannels = ["konbini", "bank", "counter", "cash_on_delivery"] as const;
export type CollectionChannel = (typeof collectionChannels)[number];
/** How a due was paid: where the money was brought, or from an account at the institution itself. */
export const paymentChannels = [...collectionChannels, "account"] as const;
export type PaymentChannel = (typeof paymentChannels)[number];

/**
 * Somebody has brought what is due. `taken`: the money is in the till already, so that what cannot be booked on this number
 * is kept for return instead of being refused.
 */
export const collectionPaymentSchema = closed({
  id: idSchema,
  amount: amountSchema,
  currency: currencySchema,
  channel: oneOf(collectionChannels),
  reference: label(1, 100),
  taken: Type.Optional(Type.Literal(true)),
});

/** The same by an operator, for a collector: who has taken it, and why it is entered by hand. */
export const collectionEntrySchema = closed({
  ...collectionPaymentSchema.properties,
  collector: Type.Optional(idSchema),
  reason: Type.Optional(text(1, 500, "Of an operator: why it is entered by hand")),
});
export type CollectionEntry = Static<typeof collectionEntrySchema>;

export const collectionStates = ["open", "paid", "withdrawn"] as const;

const paymentView = named(
  "CollectionPayment",
  {
    id: idSchema,
    amount: sumSchema,
    channel: oneOf(paymentChannels),
    reference: Type.String(),
    at: instantSchema,
    state: oneOf(["taken", "kept"] as const, "Kept: it was not due, and is to be returned"),
  },
  "What somebody has paid on a trade number",
);

/** What was taken once, as it is told to whoever has taken it. */
export const collectionPaidSchema = named("CollectionPaid", {
  ...paymentView.properties,
  tradeNumber: numberSchema,
  currency: currencySchema,
});
export type CollectionPaidView = Static<typeof collectionPaidSchema>;

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
    version: Type.Integer({ minimum: 1 }),
    payBy: instantSchema,
    payableFrom: orNull(instantSchema),
    shopName: orNull(Type.String()),
    reference: Type.Optional(orNull(Type.String(), "The shop's own order number")),
    kept: Type.Optional(sumSchema),
    taken: Type.Optional(
      named(
        "CollectionTaken",
        { state: oneOf(["taken", "refused"] as const), code: Type.Optional(Type.String()) },
        "What became of the money that the instruction said was taken; `code` of why it was not booked",
      ),
    ),
    payments: Type.Array(paymentView, {
      description: "The newest last, up to 100. To those who take money: their own",
    }),
  },
  "What is due on a trade number: `amount` in all, of which `paid` was paid and `due` is left. `kept` was not due, " +
    "or was given back by the payee, and waits to be returned to whoever paid it.",
);
export type CollectionView = Static<typeof collectionSchema>;
