/**
 * The leave that the owner of an account gives, at the institution, to another server (paragraph 0046): asked for by
 * its owner, and taken up by that server with a code that is good once.
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
  oneOf,
  orNull,
  sumSchema,
  text,
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

/**
 * To pay: a member lets a server reserve from one of their means of payment, up to limits and until a day. To receive:
 * a shop lets a server have money paid into its account in a currency.
 */
export const consentSchema = closed({
  peer: idSchema,
  purpose: Type.Optional(oneOf(["pay", "receive"] as const)),
  method: Type.Optional(idSchema),
  limitPerTrade: Type.Optional(amountSchema),
  limitPerMonth: Type.Optional(amountSchema),
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
    purpose: oneOf(["pay", "receive"] as const),
    kind: Type.String(),
    currency: currencySchema,
    limitPerTrade: orNull(sumSchema),
    limitPerMonth: orNull(sumSchema),
    until: orNull(instantSchema),
    good: Type.Boolean({ description: "Whether something new may be begun under it now" }),
  },
  "A consent as the server that holds it is told of it: nothing of the account.",
);
export type ConsentView = Static<typeof consentHeldSchema>;
