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
  dateSchema,
  listOf,
} from "../protocol/schemas.ts";
import { outcomeFields, refusedInBatch } from "./trades.ts";

const signed = orNull(Type.Integer({ description: "Minor units; null beyond 2^53-1" }));

export const accountSchema = named("Account", {
  id: idSchema,
  kind: oneOf([
    "deposit",
    "credit",
    "prepaid",
    "shop",
    "fee",
    "outside",
    "suspense",
    "collector",
    "lender",
    "losses",
  ] as const),
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
  tradeNumber: orNull(numberSchema),
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
      state: oneOf(["active", "pending", "overdue", "closed"] as const),
      limit: signed,
      used: signed,
      held: signed,
      available: signed,
      wished: signed,
      lender: orNull(idSchema, "The shop or intermediary that gives it, within a line that is lent to it"),
      trade: orNull(numberSchema, "The one trade for which the line was opened; it pays for nothing else"),
    }),
  ),
});

const bankAccountSchema = named("BankAccount", {
  id: idSchema,
  bank: Type.String({ pattern: "^[0-9]{4}$", examples: ["0001"] }),
  bankName: Type.String({ description: "As people know the bank" }),
  branch: Type.String({ pattern: "^[0-9]{3}$", examples: ["001"] }),
  branchName: Type.String(),
  kind: oneOf(["ordinary", "current"] as const, "普通, 当座"),
  number: Type.String({ pattern: "^[0-9]{7}$", examples: ["0123456"] }),
  holder: Type.String({ description: "In half-width kana, as files for banks have it" }),
  usableFrom: instantSchema,
});

export const payoutScheduleSchema = named("PayoutSchedule", {
  every: oneOf(["day", "week", "month"] as const),
  on: Type.Integer({ description: "Of a week 1 (Monday) to 5; of a month 1 to 31" }),
  least: sumSchema,
  nextOn: dateSchema,
});

export const payingOutSchema = named("PayingOut", {
  account: idSchema,
  bankAccount: orNull(bankAccountSchema),
  asked: orNull(bankAccountSchema, "What an operator asks for and a second one has not confirmed yet"),
  schedule: orNull(payoutScheduleSchema),
});

export const payoutSchema = named("Payout", {
  id: idSchema,
  account: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  state: oneOf(["waiting", "filed", "done", "returned", "cancelled"] as const),
  by: oneOf(["owner", "operator", "clock"] as const),
  file: orNull(idSchema),
  reason: orNull(Type.String({ description: "Why it came back" })),
  createdAt: instantSchema,
  endedAt: orNull(instantSchema),
});

const digestSchema = Type.String({ pattern: "^[0-9a-f]{64}$" });
const fileFields = {
  id: idSchema,
  number: Type.String({
    pattern: "^[0-9]{10}$",
    examples: ["4012345678"],
    description: "By which the bank knows it",
  }),
  currency: currencySchema,
  payOn: dateSchema,
  count: countSchema,
  total: sumSchema,
  digest: Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256 of its bytes as 総合振込" }),
  xmlDigest: Type.String({ pattern: "^[0-9a-f]{64}$", description: "The same as pain.001" }),
  state: oneOf(["made", "approved", "sent", "done", "dropped"] as const),
  madeBy: idSchema,
  approvedBy: orNull(idSchema),
  confirmedBy: orNull(idSchema),
  reference: orNull(Type.String()),
  madeAt: instantSchema,
  sentAt: orNull(instantSchema),
  doneAt: orNull(instantSchema),
};
export const payoutFileSchema = named("PayoutFile", fileFields);
export const payoutFileWholeSchema = named("PayoutFileWhole", {
  ...fileFields,
  payouts: Type.Array(payoutSchema),
  downloads: Type.Array(
    named("PayoutDownload", {
      form: oneOf(["zengin", "pain001"] as const),
      operator: idSchema,
      at: instantSchema,
    }),
  ),
});
export const payoutFilesSchema = listOf(payoutFileSchema);

export const payoutReportSchema = named("PayoutReport", {
  format: oneOf(["pain.002", "camt.053"] as const),
  digest: digestSchema,
  returned: Type.Array(named("PayoutBack", { payout: idSchema, reason: Type.String() })),
  done: Type.Array(idSchema, { description: "Files of which it says that they were paid" }),
  contradicted: Type.Array(idSchema, {
    description:
      "Payouts that had come back to their owners, and of which it says that they were paid: each is a break",
  }),
  known: Type.Integer({ minimum: 0, description: "Transfers of which it says what was booked before" }),
  unknown: Type.Integer({
    minimum: 0,
    description: "How often money came back that no file of ours had sent",
  }),
});

/** A file's bytes, of no interest to a reader of JSON. */
export const bytesSchema = Type.String({ contentMediaType: "application/octet-stream" });
