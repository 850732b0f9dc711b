/** What is answered about what has arrived at the institution's bank. */
import Type, { type Static } from "typebox";
import {
  countSchema,
  currencySchema,
  dateSchema,
  idSchema,
  instantSchema,
  listOf,
  named,
  numberSchema,
  oneOf,
  orNull,
  sumSchema,
} from "../../core/protocol/schemas.ts";
import { reasons } from "../../engines/arrivals/arrivals.ts";

export const statementSchema = named(
  "BankStatement",
  {
    id: idSchema,
    form: oneOf(["statement", "notice", "camt.053"] as const, "入出金取引明細, 振込入金通知, or camt.053"),
    digest: Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256 of its bytes" }),
    firstDay: orNull(dateSchema),
    lastDay: orNull(dateSchema),
    count: { ...countSchema, description: "Entries that brought money" },
    known: { ...countSchema, description: "Of these, those that another file had brought" },
    total: { ...sumSchema, description: "What the others brought, in minor units" },
    operator: idSchema,
    confirmedBy: orNull(idSchema),
    bookedAt: orNull(instantSchema),
  },
  "A bank's statement that was booked.",
);
export const statementsSchema = listOf(statementSchema);

const arrivalFields = {
  id: idSchema,
  statement: idSchema,
  line: Type.Integer({ minimum: 1 }),
  account: Type.String({ description: "Of the institution's: bank, branch and number" }),
  reference: Type.String({ description: "The bank's own" }),
  day: dateSchema,
  currency: currencySchema,
  amount: sumSchema,
  rest: { ...sumSchema, description: "What of it waits" },
  state: oneOf(["new", "waiting", "closed"] as const),
  why: orNull(oneOf(reasons), "Why it waits for operators"),
  number: orNull(numberSchema, "The due that it names"),
  takenBack: Type.Boolean({ description: "The bank takes an earlier one back: no money came" }),
  bookedAt: instantSchema,
};
export const arrivalSchema = named("Arrival", arrivalFields, "A transfer that has come in at the bank.");
export const arrivalsSchema = listOf(arrivalSchema);

export const arrivalWholeSchema = named("ArrivalWhole", {
  ...arrivalFields,
  told: orNull(
    named("ArrivalTold", {
      remitter: Type.String(),
      text: Type.String(),
      from: Type.String({ description: "Bank and branch" }),
      to: orNull(Type.String(), "Digits of the account to which it came, if it is one of the bank's making"),
    }),
    "Null once it is forgotten",
  ),
  due: orNull(sumSchema, "What is due under the number that it names"),
  together: orNull(sumSchema, "What waits under that number in all"),
  moves: Type.Array(
    named("ArrivalMove", {
      kind: oneOf(["payment", "account", "payout", "dismissal", "back"] as const),
      amount: sumSchema,
      number: orNull(numberSchema),
      account: orNull(idSchema),
      reason: orNull(Type.String()),
      operator: orNull(idSchema),
      confirmedBy: orNull(idSchema),
      at: instantSchema,
    }),
    { description: "The newest first, up to 100" },
  ),
});

export const assignedSchema = named("ArrivalsAssigned", { number: numberSchema, paid: sumSchema });

export const returnAccountSchema = named("ReturnAccount", {
  id: idSchema,
  bank: Type.String(),
  bankName: Type.String(),
  branch: Type.String(),
  branchName: Type.String(),
  kind: oneOf(["ordinary", "current"] as const),
  number: Type.String(),
  holder: Type.String(),
});

export type PayingInView = Static<typeof payingInSchema>;
export const payingInSchema = named(
  "PayingIn",
  {
    reference: Type.String({ description: "To be written before the name of the remitter" }),
    bank: Type.String(),
    bankName: Type.String({ description: "In kana" }),
    branch: Type.String(),
    branchName: Type.String({
      description: "In kana; of an account of the bank's making, as the bank has told",
    }),
    kind: oneOf(["ordinary", "current"] as const),
    number: Type.String({ pattern: "^[0-9]{7}$", examples: ["7000001"] }),
    holder: Type.String({ description: "In kana" }),
    virtual: Type.Boolean({ description: "An account for this due alone: nothing need be written" }),
  },
  "Where a due is paid by a transfer.",
);
