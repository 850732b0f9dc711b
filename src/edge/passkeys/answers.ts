/** What the calls about passkeys answer. */
import Type from "typebox";
import { idSchema, instantSchema } from "../../core/protocol/schemas.ts";
import { creationOptionsSchema, requestOptionsSchema } from "../moments/moments.ts";

export const passkeySchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  synced: Type.Boolean({ description: "It is kept by more than one device" }),
  createdAt: instantSchema,
  usedAt: Type.Union([instantSchema, Type.Null()]),
  proves: Type.Boolean({ description: "It proves acts; else it only signs in, for three days" }),
});
export const passkeyAddedSchema = Type.Object({ id: idSchema });
export const creationSchema = Type.Object({ publicKey: creationOptionsSchema });
export const signInOptionsSchema = Type.Object({ publicKey: requestOptionsSchema });
export const proofWantedSchema = Type.Object({
  by: Type.Union([
    Type.Literal("passkey"),
    Type.Literal("password"),
    Type.Literal("later"),
    Type.Literal("nowhere"),
  ]),
  publicKey: Type.Optional(requestOptionsSchema),
});
export const proofSchema = Type.Object({ proof: Type.String(), until: instantSchema });
