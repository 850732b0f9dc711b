/**
 * Payments for other servers: what a trading server tells an institution to do with a reservation, and what it is
 * told of it (paragraphs 0046-0050). Everything that names an account names a *consent*: the leave that the owner of
 * an account gave, at the institution, to the server that asks. It is asked for by that owner, and taken up by that server
 * with a code that is good once. No account number ever leaves the institution.
 */
import Type, { type Static } from "typebox";
import {
  amountSchema,
  basisPointsSchema,
  closed,
  currencySchema,
  fixedFeeSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneByOne,
  oneOf,
  orNull,
  sumSchema,
  text,
  withDo,
} from "./shapes.ts";

/** Above how much, paid for one trade, the owner confirms a payment themselves; 0: each. */
const confirmAboveSchema = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "Minor units; what is paid for one trade above this, the owner confirms. 0: each payment",
});

/** SHA-256 in base64url: RFC 7636, S256. */
export const challengeSchema = Type.String({
  pattern: "^[A-Za-z0-9_-]{43}$",
  description: "The SHA-256 of a verifier, in base64url; the code is given up by whoever shows the verifier",
});

/** Null: the owner confirms nothing. */
export const confirmingSchema = closed({ confirmAbove: Type.Union([confirmAboveSchema, Type.Null()]) });

/** What the owner of an account lets a server do: take money from it, pay into it, or say that its owner has taken money at the door. */
const consentPurposes = ["pay", "receive", "collect"] as const;

/**
 * To pay: a member lets a server reserve from one of their means of payment, up to limits and until a day. To receive:
 * a shop lets a server have money paid into its account in a currency. To collect: who takes money at doors lets a server say
 * that they have, up to so much a day.
 */
export const consentSchema = closed({
  peer: idSchema,
  purpose: Type.Optional(oneOf(consentPurposes)),
  method: Type.Optional(idSchema),
  limitPerTrade: Type.Optional(amountSchema),
  limitPerMonth: Type.Optional(amountSchema),
  /** To collect: how much the server may say on a day that was taken. */
  limitPerDay: Type.Optional(amountSchema),
  confirmAbove: Type.Optional(confirmAboveSchema),
  until: Type.Optional(instantSchema),
  currency: Type.Optional(currencySchema),
  /** What the server may keep for itself of each payment to the shop, beside what it has paid the shop before. */
  fee: Type.Optional(closed({ fixed: fixedFeeSchema, basisPoints: basisPointsSchema })),
  challenge: Type.Optional(challengeSchema),
});
/** What is agreed to; the challenge is the code's, which comes beside. */
export type ConsentWish = Omit<Static<typeof consentSchema>, "challenge">;

/** `id` is made by the server that asks: the same request again, with the same id, gets the same answer. */
export const consentCodeSchema = closed({ id: Type.Optional(idSchema), code: text(10, 200) });

/** `verifier`: for a code that was made with a challenge, and for no other. */
export const exchangeSchema = closed({
  id: Type.Optional(idSchema),
  code: text(10, 200),
  verifier: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9._~-]{43,128}$" })),
});

/** What a server is told of a consent that it holds. */
export const consentHeldSchema = named(
  "Consent",
  {
    consent: idSchema,
    purpose: oneOf(consentPurposes),
    kind: Type.String(),
    currency: currencySchema,
    limitPerTrade: orNull(sumSchema),
    limitPerMonth: orNull(sumSchema),
    limitPerDay: Type.Optional(orNull(sumSchema)),
    until: orNull(instantSchema),
    good: Type.Boolean({ description: "Whether something new may be begun under it now" }),
  },
  "A consent as the server that holds it is told of it: nothing of the account.",
);
export type ConsentView = Static<typeof consentHeldSchema>;

/** A part of an amount, and the consent of whose account it is. */
export const share = closed({ account: idSchema, amount: amountSchema });
const shares = Type.Optional(Type.Array(share, { minItems: 1, maxItems: 10 }));

const soFar = Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), { minItems: 1, maxItems: 200 });
/**
 * How far the goods of a trade have come, as quantities of each line in all, where the amount is known to the institution
 * only. `returned` is what is given up as well: what nobody will pay for any more.
 */
const goods = Type.Optional(closed({ accepted: soFar, returned: soFar, refunded: soFar }));

/**
 * Freezes an amount. `account` is the payer's consent, `payee` the shop's. Where the shop has told the amount to
 * the institution itself, `quantities` stand instead, one for each line: they have to be those that the shop told.
 * `replaces` ends an older reservation of the same trade in the same step.
 */
export const reserveSchema = closed({
  id: idSchema,
  tradeNumber: numberSchema,
  account: idSchema,
  payee: idSchema,
  amount: Type.Optional(amountSchema),
  quantities: Type.Optional(soFar),
  currency: currencySchema,
  until: instantSchema,
  replaces: Type.Optional(idSchema),
});

/**
 * Pays `amount` of what is frozen, or all of it, divided as `splits` say, or all to the payee. `release` gives back an
 * amount in the same step, `final` all that is left; `until` moves the end of the reservation in the same step. What
 * this reservation has paid to the payee so is not paid out before `payableFrom`.
 */
const settleSchema = closed({
  id: idSchema,
  amount: Type.Optional(amountSchema),
  release: Type.Optional(amountSchema),
  final: Type.Optional(Type.Boolean()),
  until: Type.Optional(instantSchema),
  payableFrom: Type.Optional(instantSchema),
  splits: shares,
  goods,
});

/**
 * Gives back `amount` of what is frozen, or all of it. `because` says why, for the record; `until` moves the end of what
 * stays frozen in the same step, and what was paid before can be taken out from `payableFrom` on.
 */
const releaseSchema = closed({
  id: idSchema,
  amount: Type.Optional(amountSchema),
  until: Type.Optional(instantSchema),
  payableFrom: Type.Optional(instantSchema),
  because: Type.Optional(oneOf(["released", "expired"] as const)),
  goods,
});

/** Moves the end of what is frozen to `until`; says anew from when the payee can take out what was paid. */
const extendReservationSchema = closed({
  id: idSchema,
  until: Type.Optional(instantSchema),
  payableFrom: Type.Optional(instantSchema),
});

/**
 * Gives back what was settled, never more; from those who had it as `sources` say, or all from the payee. The rest can be
 * taken out from `payableFrom` on.
 */
const refundReservationSchema = closed({
  id: idSchema,
  amount: Type.Optional(amountSchema),
  payableFrom: Type.Optional(instantSchema),
  sources: shares,
  goods,
});

/**
 * Names another payee for what is frozen, of which nothing has been paid: a store that takes an order which the head of
 * its chain has made (paragraph 0026).
 */
const assignReservationSchema = closed({ id: idSchema, payee: idSchema });

/** The calls on a reservation that exists, by the last part of their address. */
export const reservationMoves = {
  settle: settleSchema,
  release: releaseSchema,
  extend: extendReservationSchema,
  refund: refundReservationSchema,
  assign: assignReservationSchema,
} as const;
export type ReservationMove = keyof typeof reservationMoves;

/** Money between two accounts that this server may use: how a shop is paid early (paragraph 0094). */
export const transferInstructionSchema = closed({
  id: idSchema,
  from: idSchema,
  to: idSchema,
  amount: amountSchema,
  currency: currencySchema,
  tradeNumber: numberSchema,
});

/** One instruction; in a batch it carries `do`, and `reservation` where it is about one that exists. */
export type Instruction =
  | ({ do: "reserve" } & Static<typeof reserveSchema>)
  | {
      [move in ReservationMove]: { do: move; reservation: string } & Static<(typeof reservationMoves)[move]>;
    }[ReservationMove]
  | ({ do: "transfer" } & Static<typeof transferInstructionSchema>);

/** One instruction of a batch as it is checked: with `do`, and `reservation` where it is about one that exists. */
export const instructionSchemas = {
  reserve: withDo("reserve", reserveSchema.properties),
  settle: withDo("settle", { reservation: idSchema, ...settleSchema.properties }),
  release: withDo("release", { reservation: idSchema, ...releaseSchema.properties }),
  extend: withDo("extend", { reservation: idSchema, ...extendReservationSchema.properties }),
  refund: withDo("refund", { reservation: idSchema, ...refundReservationSchema.properties }),
  assign: withDo("assign", { reservation: idSchema, ...assignReservationSchema.properties }),
  transfer: withDo("transfer", transferInstructionSchema.properties),
} as const;

/** Instructions before each has been looked at; each is checked and decided on its own, also one that is none. */
export const instructionsSchema = closed({
  instructions: Type.Array(Type.Unsafe<unknown>(oneByOne({}, Object.values(instructionSchemas))), {
    minItems: 1,
    maxItems: 1000,
  }),
});

/** What a shop tells the institution of a trade whose server is not to know the amount (paragraph 0026). */
export const toldAmountSchema = closed({
  peer: idSchema,
  tradeNumber: numberSchema,
  currency: currencySchema,
  lines: Type.Array(
    closed({
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      unitAmount: Type.Optional(amountSchema),
      amount: Type.Optional(amountSchema),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});

export const reservationStates = ["held", "settled", "released", "expired"] as const;

/** What an institution says of a reservation. */
export const reservationSchema = named(
  "Reservation",
  {
    id: idSchema,
    tradeNumber: numberSchema,
    state: oneOf(reservationStates),
    currency: currencySchema,
    amount: orNull(sumSchema),
    settled: orNull(sumSchema),
    released: orNull(sumSchema),
    refunded: orNull(sumSchema),
    until: instantSchema,
  },
  "Amounts are null where the server that asks is not to know them.",
);
export type ReservationView = Static<typeof reservationSchema>;

/** What an institution says of a transfer that it made on a server's word. */
export const transferMadeSchema = named("TransferMade", {
  id: idSchema,
  tradeNumber: numberSchema,
  currency: currencySchema,
  amount: sumSchema,
});
export type TransferView = Static<typeof transferMadeSchema>;
