/** What is answered of credit that was asked for with a trade. */
import Type from "typebox";
import {
  amountSchema,
  approveSchema,
  countSchema,
  currencySchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  orNull,
  sumSchema,
} from "../../core/protocol/schemas.ts";
import { requestStates } from "../../engines/credit/credit.ts";

const signed = orNull(Type.Integer({ description: "Minor units; null beyond 2^53-1" }));

const { payment, acceptors, shopWord } = approveSchema.properties;

const requestFields = {
  id: idSchema,
  trade: numberSchema,
  version: Type.Integer({ minimum: 1, description: "Of the trade, as the buyer has seen it" }),
  currency: currencySchema,
  amount: amountSchema,
  state: oneOf(requestStates),
  createdAt: instantSchema,
  until: instantSchema,
  decidedAt: orNull(instantSchema),
  method: orNull(idSchema, "The credit line that was opened for this trade, and pays for nothing else"),
};

export const requestSchema = named("CreditRequest", requestFields);

const tradesSchema = named("CreditTrades", {
  trades: Type.Integer({ minimum: 0, description: "Of the last thousand" }),
  open: countSchema,
  claimed: Type.Integer({ minimum: 0, description: "Of which nobody paid in time" }),
  disputed: countSchema,
  sums: Type.Array(named("CreditSum", { currency: currencySchema, frozen: sumSchema, claimed: sumSchema })),
});
const figuresSchema = Type.Record(Type.String(), countSchema);

/** How much is stood for of a member at a time, or for a shop anew on a day. */
export const standLimitsSchema = named("StandLimits", {
  items: Type.Array(
    named("StandLimit", {
      currency: currencySchema,
      most: orNull(sumSchema, "Minor units; null where there is no limit"),
      today: Type.Optional(
        Type.Integer({ minimum: 0, description: "What was stood for anew for the shop today" }),
      ),
      set: orNull(
        named("StandLimitSet", {
          by: idSchema,
          confirmedBy: orNull(idSchema),
          at: instantSchema,
          reason: Type.String(),
        }),
        "By whom, where operators have set it; null where it is the server's own",
      ),
    }),
  ),
});

/** What operators see of a request. */
export const requestForOperatorSchema = named("CreditRequestForOperator", {
  ...requestFields,
  member: orNull(numberSchema),
  by: oneOf(["buyer", "operator"] as const, "Who asked: the buyer, or an operator in the buyer's name"),
  choice: named(
    "CreditChoice",
    { payment, acceptors, shopWord },
    "What the order is approved with, beside the line",
  ),
  decidedBy: orNull(idSchema),
  confirmedBy: orNull(idSchema),
  reason: orNull(Type.String()),
});

/** The same with all that is to be known before it is decided. */
export const requestWithFactsSchema = named("CreditRequestWithFacts", {
  ...requestForOperatorSchema.properties,
  facts: named("CreditFacts", {
    buyer: named("CreditBuyer", {
      since: orNull(instantSchema),
      state: orNull(Type.String()),
      lines: Type.Array(
        named("CreditBuyerLine", {
          currency: currencySchema,
          state: oneOf(["active", "pending", "overdue", "closed"] as const),
          trade: orNull(numberSchema),
          limit: signed,
          used: signed,
          held: signed,
        }),
      ),
      bills: Type.Array(
        named(
          "CreditBuyerBills",
          { currency: currencySchema, open: signed, givenUp: signed },
          "Owed by open bills, and given up of others",
        ),
      ),
      figures: figuresSchema,
      ...tradesSchema.properties,
    }),
    shop: named("CreditShop", {
      id: idSchema,
      name: Type.String(),
      since: orNull(instantSchema),
      state: orNull(Type.String()),
      figures: figuresSchema,
      ...tradesSchema.properties,
    }),
    order: named("CreditOrder", {
      state: Type.String(),
      version: Type.Integer({ minimum: 1 }),
      changed: Type.Boolean({ description: "It is another order by now, and cannot be granted" }),
      reference: orNull(Type.String()),
      lines: Type.Array(
        named("CreditOrderLine", { name: Type.String(), quantity: Type.Integer(), amount: signed }),
      ),
    }),
  }),
});
