/** What is answered about money that members bring to their accounts, and pay from there. */
import Type from "typebox";
import {
  currencySchema,
  idSchema,
  instantSchema,
  listOf,
  named,
  numberSchema,
  oneOf,
  orNull,
  sumSchema,
} from "../../core/protocol/schemas.ts";
import { payingInSchema } from "../arrivals/arrivals.ts";

const fields = {
  number: numberSchema,
  account: idSchema,
  currency: currencySchema,
  amount: sumSchema,
  state: oneOf(["open", "paid", "expired"] as const),
  until: instantSchema,
  createdAt: instantSchema,
};
export const fundingsSchema = listOf(named("FundingListed", fields));
export const fundingSchema = named(
  "Funding",
  { ...fields, payingIn: orNull(payingInSchema, "Where it is paid by a transfer, if it can be") },
  "A number under which money is brought to an account.",
);

export const dueShownSchema = named(
  "DueShown",
  {
    tradeNumber: numberSchema,
    currency: currencySchema,
    due: sumSchema,
    shopName: orNull(Type.String()),
    payBy: instantSchema,
  },
  "What is to be paid under a number.",
);
