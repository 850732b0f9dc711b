/** What an institution answers about accounts, and about what other servers may do with them. */
import Type from "typebox";
import {
  basisPointsSchema,
  collectionSchema,
  consentHeldSchema,
  countSchema,
  currencySchema,
  fixedFeeSchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  reservationSchema,
  sumSchema,
  transferMadeSchema,
} from "../protocol/schemas.ts";
import { outcomeFields, refusedInBatch } from "./trades.ts";

const signed = orNull(Type.Integer({ description: "Minor units; null beyond 2^53-1" }));

export const accountSchema = named("Account", {
  id: idSchema,
  kind: oneOf(["deposit", "credit", "prepaid", "shop", "fee", "outside", "suspense", "collector"] as const),
  currency: currencySchema,
  posted: signed,
  held: signed,
  floor: signed,
  available: signed,
  closed: Type.Boolean(),
  payable: Type.Optional(signed),
});

export const entrySchema = named("Entry", {
  id: idSchema,
  kind: Type.String(),
  currency: currencySchema,
  posted: signed,
  held: signed,
  hold: orNull(idSchema),
  until: orNull(instantSchema),
  reference: orNull(Type.String()),
  at: instantSchema,
});

const transferFields = {
  id: idSchema,
  kind: oneOf(["deposit", "withdrawal", "payout"] as const),
  account: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  reference: Type.String(),
  suspended: Type.Boolean({ description: "It waits on the suspense account until its other side is seen" }),
  at: instantSchema,
};
export const transferSchema = named("Transfer", transferFields);
export const transferMatchedSchema = named("TransferMatched", { ...transferFields, matched: Type.String() });

export const passedOnSchema = named("PassedOn", {
  account: idSchema,
  to: idSchema,
  currency: currencySchema,
  amount: sumSchema,
});

export const reservationOutcomesSchema = named("InstructionOutcomes", {
  outcomes: Type.Array(
    Type.Union([
      named("ReservationOutcome", { ...outcomeFields, reservation: reservationSchema }),
      named("TransferOutcome", { ...outcomeFields, transfer: transferMadeSchema }),
      refusedInBatch,
    ]),
    { description: "In the order of the instructions" },
  ),
});

export const collectionOutcomesSchema = named("CollectionOutcomes", {
  outcomes: Type.Array(
    Type.Union([
      named("CollectionOutcome", { ...outcomeFields, collection: collectionSchema }),
      refusedInBatch,
    ]),
    { description: "In the order of the instructions" },
  ),
});

export const collectionTotalsSchema = named("CollectionTotals", {
  items: Type.Array(
    open({ currency: currencySchema, due: signed, paid: signed, refunded: signed, kept: signed }),
  ),
});

export const reservationTotalsSchema = named("ReservationTotals", {
  items: Type.Array(
    open({
      currency: currencySchema,
      frozen: signed,
      settled: signed,
      released: signed,
      refunded: signed,
    }),
  ),
});

export const consentGivenSchema = named("ConsentGiven", {
  id: idSchema,
  code: Type.Optional(Type.String({ description: "In the first answer only" })),
});

export const consentOwnedSchema = named(
  "ConsentOwned",
  {
    id: idSchema,
    peer: idSchema,
    peerName: orNull(Type.String()),
    purpose: consentHeldSchema.properties.purpose,
    kind: Type.String(),
    currency: currencySchema,
    limitPerTrade: orNull(sumSchema),
    limitPerMonth: orNull(sumSchema),
    confirmAbove: orNull(sumSchema),
    spentThisMonth: orNull(sumSchema),
    fee: orNull(open({ fixed: fixedFeeSchema, basisPoints: basisPointsSchema })),
    advanced: orNull(sumSchema),
    until: orNull(instantSchema),
    revokedAt: orNull(instantSchema),
    createdAt: instantSchema,
  },
  "A consent as its owner sees it.",
);

export const peerAccountSchema = named("PeerAccount", {
  account: idSchema,
  currency: currencySchema,
  consents: open({ receive: idSchema, pay: idSchema }),
});

export const amountToldSchema = named("AmountTold", {
  peer: idSchema,
  tradeNumber: numberSchema,
  currency: currencySchema,
  amount: sumSchema,
  lines: Type.Array(
    open({
      quantity: countSchema,
      unitAmount: Type.Optional(sumSchema),
      amount: Type.Optional(sumSchema),
    }),
  ),
});

const settlementFields = {
  id: idSchema,
  peer: Type.Optional(idSchema),
  serverName: Type.String(),
  payee: Type.String({ description: "The name of the shop" }),
  tradeNumber: numberSchema,
  currency: currencySchema,
  amount: sumSchema,
  frozen: Type.Integer({ minimum: 0, description: "What is still frozen for the trade" }),
  at: instantSchema,
  state: oneOf(["paid", "waiting", "objected", "allowed", "refused"] as const),
  isHeld: Type.Boolean({ description: "Whether something is still frozen for it" }),
  silentAt: orNull(instantSchema),
  objection: orNull(Type.String()),
  decision: orNull(Type.String()),
};
export const settlementSchema = named(
  "Settlement",
  settlementFields,
  "What another server has paid from an account, or wants to. `silentAt` is when silence confirms it.",
);
export const objectionSchema = named("Objection", {
  ...settlementFields,
  untold: Type.Boolean({ description: "Nobody could be told of it" }),
});
export const objectionDecidedSchema = named("ObjectionDecided", {
  id: idSchema,
  decision: oneOf(["pay", "refuse"] as const),
  reason: Type.String(),
});

/** How far a member's credit lines go; what is beyond 2^53-1 is null. */
export const creditLinesSchema = named("CreditLines", {
  member: numberSchema,
  items: Type.Array(
    named("CreditLine", {
      method: idSchema,
      currency: currencySchema,
      state: oneOf(["active", "pending", "closed"] as const),
      limit: signed,
      used: signed,
      held: signed,
      available: signed,
      wished: signed,
    }),
  ),
});
