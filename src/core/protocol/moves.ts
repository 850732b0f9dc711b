/** The calls that move a trade which exists: what each takes. */
import Type, { type Static } from "typebox";
import {
  lines,
  lineQuantities,
  tracking,
  evidence,
  operator,
  payment,
  acceptors,
  codeSchema,
  version,
} from "./orders.ts";
import {
  amountSchema,
  closed,
  currencySchema,
  idSchema,
  instantSchema,
  label,
  maximumAmount,
  mostPhotos,
  oneOf,
  photoDigestSchema,
  text,
} from "./shapes.ts";
import { contestReasons, notTakenReasons, rejectionKinds } from "./trade.ts";

/** What the machine is given of a move: lines by their numbers, however the caller has named them. */
type Numbered<T extends { lines?: unknown }> = Omit<T, "lines"> & {
  lines?: { line: number; quantity: number }[];
};

export const approveSchema = closed({
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  acceptors: Type.Optional(acceptors),
  /** The buyer lets the shop's own word of a delivery start the acceptance clock. */
  shopWord: Type.Optional(Type.Literal(true)),
  /** A person has to say it. */
  version,
  operator,
});
export type Approve = Static<typeof approveSchema>;

export const reviseSchema = closed({
  lines: Type.Optional(lines),
  amount: Type.Optional(amountSchema),
  method: Type.Optional(idSchema),
  payment: Type.Optional(payment),
  approval: Type.Optional(closed({ mandate: idSchema })),
  /** The buyer keeps what is reserved: the shop's wish for other terms is over. */
  decline: Type.Optional(Type.Literal(true)),
  /** The shop's own number of the order that it puts under an earmark. */
  reference: Type.Optional(label(1, 100)),
  /** Who brings the goods of that order. */
  carrier: Type.Optional(idSchema),
  version,
  operator,
});
export type Revise = Static<typeof reviseSchema>;

export const shipSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  version,
  operator,
});
export type Ship = Numbered<Static<typeof shipSchema>>;

export const deliverSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  version,
  operator,
});
export type Deliver = Numbered<Static<typeof deliverSchema>>;

/** The carrier or provider is at the door with the goods: from then on an acceptance code holds for a time. */
/** Without `lines` and `tracking`: the one parcel that is under way; of services, all that is left. */
export const atDoorSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  version,
  operator,
});
export type AtDoor = Numbered<Static<typeof atDoorSchema>>;

export const acceptSchema = closed({
  /** The code that buyer or recipient gave to the carrier or provider; it makes the acceptance theirs. */
  code: Type.Optional(codeSchema),
  lines: Type.Optional(lineQuantities),
  final: Type.Optional(Type.Boolean()),
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  /** At a guarantor, by the carrier at the door: so much was taken in cash, which is what is due with this acceptance. */
  collected: Type.Optional(closed({ amount: amountSchema, currency: currencySchema })),
  version,
  operator,
});
export type Accept = Numbered<Static<typeof acceptSchema>>;

/** Photos that were brought before (`POST /v1/trades/{number}/photos`), by the digests under which they are kept. */
const photos = Type.Optional(
  Type.Array(photoDigestSchema, { minItems: 1, maxItems: mostPhotos, description: "Digests of photos" }),
);

export const rejectSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  kind: Type.Optional(oneOf(rejectionKinds)),
  photos,
  evidence: Type.Optional(evidence),
  version,
  operator,
});
export type Reject = Numbered<Static<typeof rejectSchema>>;

export const sendBackSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  evidence: Type.Optional(evidence),
  claimedAt: Type.Optional(instantSchema),
  version,
  operator,
});
export type SendBack = Numbered<Static<typeof sendBackSchema>>;

export const returnSchema = closed({
  lines: Type.Optional(lineQuantities),
  tracking,
  /** What the shop would keep, where the goods have lost value: an offer that the buyer answers. */
  deduct: Type.Optional(closed({ amount: amountSchema, reason: text(1, 500) })),
  /** By a carrier: the shop did not take the parcel at its door, which counts as back; or it could not be brought there. */
  notTaken: Type.Optional(oneOf(notTakenReasons)),
  evidence: Type.Optional(evidence),
  version,
  operator,
});
export type Return = Numbered<Static<typeof returnSchema>>;

export const withdrawSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  version,
  operator,
});
export type Withdraw = Numbered<Static<typeof withdrawSchema>>;

export const disputeSchema = closed({
  reason: text(1, 500),
  /** The shop contests goods that are said to be on their way back, or never to have come. */
  contest: Type.Optional(oneOf(contestReasons)),
  lines: Type.Optional(lineQuantities),
  tracking,
  version,
  operator,
});
export type Dispute = Numbered<Static<typeof disputeSchema>>;

export const answerSchema = closed({
  statement: text(1, 2000),
  evidence: Type.Optional(evidence),
  version,
  operator,
});
export type AnswerDispute = Static<typeof answerSchema>;

/** What somebody adds to a dispute that is open. */
export const saySchema = closed({ words: text(1, 2000), photos, version, operator });
export type Say = Static<typeof saySchema>;

const offeredAmount = Type.Integer({ minimum: 0, maximum: maximumAmount, description: "Minor units" });
export const offerSchema = closed({
  release: offeredAmount,
  pay: offeredAmount,
  refund: Type.Optional(offeredAmount),
  version,
  operator,
});
export type Offer = Static<typeof offerSchema>;

/** Here `version` is that of the trade in which the offer was made. */
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
  version,
  operator,
});
export type Resolve = Numbered<Static<typeof resolveSchema>>;

export const cancelSchema = closed({
  lines: Type.Optional(lineQuantities),
  reason: Type.Optional(text(1, 500)),
  version,
  operator,
});
export type Cancel = Numbered<Static<typeof cancelSchema>>;

export const extendSchema = closed({ until: instantSchema, version, operator });
export type Extend = Static<typeof extendSchema>;

export const refundSchema = closed({
  amount: Type.Optional(amountSchema),
  /** What shall have been refunded in all. */
  total: Type.Optional(amountSchema),
  lines: Type.Optional(lineQuantities),
  reason: text(1, 500),
  version,
  operator,
});
export type Refund = Numbered<Static<typeof refundSchema>>;

/** The shop asks to be paid early. What it costs, the server has published. */
const advanceSchema = closed({ version, operator });

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
  say: saySchema,
  offer: offerSchema,
  "offer/accept": acceptOfferSchema,
  resolve: resolveSchema,
  cancel: cancelSchema,
  extend: extendSchema,
  refund: refundSchema,
  advance: advanceSchema,
} as const;
export type MoveName = keyof typeof moveSchemas;

/** What ends a guarantee, at a guarantor only: the shop has been paid, or was not and is paid by the guarantor. */
export const guaranteeMoveSchemas = {
  release: closed({ version, operator }),
  claim: closed({ version, operator }),
} as const;
export type GuaranteeMoveName = keyof typeof guaranteeMoveSchemas;

/** What callers send. */
export type MoveBodies = { [name in MoveName]: Static<(typeof moveSchemas)[name]> };
type GuaranteeMoveBodies = {
  [name in GuaranteeMoveName]: { do: name } & Static<(typeof guaranteeMoveSchemas)[name]>;
};
export type MoveBody =
  | { [name in MoveName]: { do: name } & MoveBodies[name] }[MoveName]
  | GuaranteeMoveBodies[GuaranteeMoveName];
