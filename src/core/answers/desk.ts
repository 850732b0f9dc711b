/** What is answered to operators about what waits for them. */
import Type from "typebox";
import { actorRoles } from "../protocol/protocol.ts";
import {
  currencySchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  oneOf,
  open,
  orNull,
  sumSchema,
} from "../protocol/schemas.ts";

export const openDisputeSchema = named("OpenDispute", {
  trade: numberSchema,
  openedAt: instantSchema,
  openedBy: oneOf(actorRoles),
  answerBy: orNull(instantSchema),
  decideBy: orNull(instantSchema),
  late: Type.Boolean({ description: "The time in which an operator decides is over" }),
});

export const actWaitingSchema = named("OperatorAct", {
  id: idSchema,
  operator: idSchema,
  name: Type.String(),
  does: oneOf(["moves", "gives", "takes", "stops", "records", "reads"] as const),
  subject: orNull(Type.String()),
  trade: orNull(numberSchema),
  version: orNull(Type.Integer({ minimum: 1 })),
  currency: orNull(currencySchema),
  amount: orNull(sumSchema),
  act: Type.Unsafe<Record<string, unknown>>({
    type: "object",
    additionalProperties: true,
    description: "What exactly will be done, in the fields of the call by which it was asked for",
  }),
  digest: orNull(Type.String({ pattern: "^[0-9a-f]{64}$" })),
  createdAt: instantSchema,
  until: instantSchema,
});

/** An act whose answer holds a secret was confirmed: whoever asked for it gets that. */
export const toCollectSchema = named("ToCollect", {
  id: idSchema,
  confirmedBy: idSchema,
  collect: Type.String({ format: "uri-reference" }),
});

const breakFields = {
  id: idSchema,
  party: Type.String({
    description:
      "The id of the other server; `books`: a balance and the entries it is made of; `bank`: a payout that came back, and of " +
      "which the bank's message says that it was paid",
  }),
  subject: orNull(
    Type.String({ description: "What differs, by its number or id; null: the sums of both sides" }),
  ),
  what: Type.String(),
  here: Type.String(),
  there: Type.String(),
  reference: orNull(Type.String({ description: "What the other side calls it" })),
  currency: orNull(currencySchema),
  difference: orNull(Type.Integer({ description: "There less here, in minor units" })),
  state: oneOf(["open", "explained", "closed"] as const),
  version: Type.Integer({ minimum: 1 }),
  firstSeen: instantSchema,
  lastSeen: instantSchema,
  agreesSince: orNull(instantSchema),
} as const;

export const breakSchema = named("Break", breakFields);

export const breakWithWordsSchema = named("BreakWithWords", {
  ...breakFields,
  words: Type.Array(
    open({
      word: oneOf(["found again", "explained", "closed"] as const),
      version: Type.Integer({ minimum: 1 }),
      here: Type.String(),
      there: Type.String(),
      difference: orNull(Type.Integer()),
      reason: orNull(Type.String()),
      operator: orNull(idSchema),
      confirmedBy: orNull(idSchema),
      at: instantSchema,
    }),
  ),
});

export const tradeMailSchema = named("TradeMail", {
  id: idSchema,
  seq: Type.Integer({ description: "The event with which it begins, as the record of the trade has it" }),
  reader: oneOf(["buyer", "recipient", "shop"] as const),
  kinds: Type.Array(Type.String()),
  at: instantSchema,
  state: oneOf(["waiting", "taken", "kept", "failed"] as const),
  error: orNull(Type.String()),
  takenAt: orNull(instantSchema),
});

export const mailAgainSchema = named("MailAgain", { id: idSchema, state: Type.Literal("waiting") });

export const actPlaceSchema = Type.Union([
  named("BankPlace", {
    bank: Type.String(),
    branch: Type.String(),
    kind: oneOf(["ordinary", "current"] as const),
    number: Type.String(),
    holder: Type.String(),
  }),
  named("MailPlace", { email: Type.String() }),
]);
