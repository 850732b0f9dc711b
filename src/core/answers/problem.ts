/** A refusal, as it is answered. */
import Type from "typebox";
import { problemCodes } from "../protocol/protocol.ts";
import { idSchema, named, numberSchema, oneOf, open } from "../protocol/schemas.ts";

export const problemSchema = named(
  "Problem",
  {
    type: Type.String({ format: "uri-reference", description: "Where this server says more about the code" }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    code: oneOf(problemCodes),
    transient: Type.Boolean({ description: "Whether the same request may get another answer later" }),
    errors: Type.Optional(
      Type.Array(
        open({ pointer: Type.String({ description: "RFC 6901, into the body" }), message: Type.String() }),
      ),
    ),
    trade: Type.Optional(numberSchema),
    act: Type.Optional(idSchema),
  },
  "A refusal (RFC 9457). `trade` is the number of the trade that is concerned, `act` the id of an operator's act that waits for a second operator.",
);
