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
