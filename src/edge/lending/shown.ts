/** What is answered of lines that are lent. */
import Type from "typebox";
import {
  currencySchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  orNull,
  sumSchema,
} from "../../core/protocol/schemas.ts";

const partFields = {
  member: orNull(numberSchema, "null where they are no longer known"),
  state: oneOf(
    ["open", "called"] as const,
    "`called`: the lender has made good what was owed; the line is over",
  ),
  limit: sumSchema,
  used: Type.Integer({ minimum: 0, description: "What the member owes on it" }),
  held: Type.Integer({ minimum: 0, description: "What is frozen for trades" }),
  owingSince: orNull(instantSchema),
  callFrom: orNull(instantSchema, "When the lender has to make good what is owed, unless it is paid before"),
  createdAt: instantSchema,
};
/** What of a line a member has. */
export const lentPartSchema = named("LentPart", partFields);

export const lentLineSchema = named("LentLine", {
  id: idSchema,
  lender: idSchema,
  currency: currencySchema,
  limit: sumSchema,
  given: Type.Integer({ minimum: 0, description: "What members have of it" }),
  owes: Type.Integer({ minimum: 0, description: "What the lender has made good and not paid in yet" }),
  paidIn: Type.Integer({ minimum: 0, description: "What the lender has there, for what its members owe" }),
  account: idSchema,
  stoppedAt: orNull(instantSchema, "Since when nothing new comes of it"),
  createdAt: instantSchema,
});

export const lentCallSchema = named("LentCall", {
  line: idSchema,
  member: numberSchema,
  currency: currencySchema,
  amount: Type.Integer({
    minimum: 0,
    description: "What moved from the member's debts to the lender's; 0: nothing was owed",
  }),
});

/** Whom a member lets give them credit. */
export const lendersSchema = named("Lenders", {
  items: Type.Array(named("Lender", { id: idSchema, name: orNull(Type.String()), since: instantSchema })),
});
