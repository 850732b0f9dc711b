/** What is told of bills, as schemas. */
import Type from "typebox";
import {
  amountSchema,
  closed,
  currencySchema,
  dateSchema,
  idSchema,
  instantSchema,
  listOf,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
} from "../../core/protocol/schemas.ts";
import { billStates, partsMost } from "../../engines/debts/debts.ts";

const partView = open({ by: instantSchema, amount: sumSchema });

const fields = {
  number: numberSchema,
  member: numberSchema,
  account: idSchema,
  currency: currencySchema,
  state: oneOf(billStates),
  amount: sumSchema,
  fees: sumSchema,
  paid: sumSchema,
  writtenOff: sumSchema,
  owed: Type.Integer({ minimum: 0, description: "What is still owed of it, minor units" }),
  asked: Type.Integer({ minimum: 0, description: "What is to be paid next, under its number" }),
  lineOwed: Type.Integer({
    minimum: 0,
    description: "What is owed on its line in all, also behind its closing",
  }),
  payBy: instantSchema,
  overdue: Type.Boolean({
    description:
      "What was to be paid was not. Nothing new is reserved on the line then, nor while it is paid in instalments",
  }),
  payable: Type.Boolean({ description: "It can be paid at a counter under its number" }),
  step: Type.Integer({ minimum: 0, description: "How many steps of dunning were told" }),
  instalments: orNull(Type.Array(partView)),
  wish: orNull(Type.Array(partView), "The instalments that the member asks for"),
  madeAt: instantSchema,
  endedAt: orNull(instantSchema),
};
export const billSchema = named("Bill", fields, "What a member owes on a credit line, and has to pay.");

export const billWholeSchema = named("BillWhole", {
  ...fields,
  trades: Type.Array(numberSchema, {
    description: "The trades that were paid from the line, the newest first",
  }),
  news: Type.Array(
    named("BillNews", {
      kind: Type.String(),
      owed: sumSchema,
      asked: sumSchema,
      payBy: instantSchema,
      fee: sumSchema,
      at: instantSchema,
    }),
    { description: "What was told of it, and when" },
  ),
  movements: Type.Array(
    named("BillMovement", {
      id: idSchema,
      kind: oneOf(["fee", "recovery", "write-off", "late recovery"] as const),
      amount: sumSchema,
      at: instantSchema,
    }),
    {
      description:
        "What moved money for it; what came by refunds or transfers stands in the statement of the line",
    },
  ),
});
export const billsSchema = listOf(billSchema);

/** Instalments as they are asked for: all that is owed, each by the end of its day. */
export const partsSchema = Type.Array(closed({ by: dateSchema, amount: amountSchema }), {
  minItems: 1,
  maxItems: partsMost,
});

/** What two operators agree to give up. */
export const givenUp = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description:
    "What is given up: `lineOwed`. Refused with `amount_mismatch` where something else is owed by then",
});
