/** What servers answer about themselves and about each other. */
import Type from "typebox";
import {
  countSchema,
  currencySchema,
  idSchema,
  instantSchema,
  named,
  numberSchema,
  open,
  orNull,
  timeZoneSchema,
} from "../protocol/schemas.ts";

const kid = Type.String({ examples: ["k1"] });

export const keySetSchema = named("KeySet", {
  keys: Type.Array(
    open({
      kty: Type.Literal("OKP"),
      crv: Type.Literal("Ed25519"),
      use: Type.Literal("sig"),
      kid,
      x: Type.String({ description: "The public key in base64url" }),
      kenshu_use: Type.Optional(
        Type.Literal("guarantees", {
          description: "Signs nothing any more; here for guarantees that it has signed",
        }),
      ),
    }),
  ),
});

export const signingKeysSchema = named("SigningKeys", {
  keys: Type.Array(open({ kid, signsFrom: instantSchema, endsAt: orNull(instantSchema) })),
});

export const peerSchema = named("Peer", {
  id: idSchema,
  name: Type.String(),
  url: Type.String({ format: "web-address" }),
  reachable: Type.Boolean(),
  keys: Type.Array(open({ kid, revokedAt: orNull(instantSchema) })),
});

export const keyRevokedSchema = named("KeyRevoked", { peer: idSchema, kid, revokedAt: instantSchema });

export const ownAccountSchema = named("OwnAccount", {
  institution: idSchema,
  currency: currencySchema,
  receive: idSchema,
  pay: Type.Optional(idSchema),
});

const field = orNull(Type.String());
/** Any JSON: what was asked and answered, as it was. */
const anything = Type.Unsafe<unknown>({});

export const breachSchema = named("Breach", {
  id: idSchema,
  peer: idSchema,
  instruction: idSchema,
  trade: numberSchema,
  asked: anything,
  answered: anything,
  status: Type.Integer(),
  at: instantSchema,
  lookedAt: orNull(instantSchema),
  lookedBy: orNull(idSchema),
  signed: open({
    requestSignature: Type.String(),
    fields: open({
      "content-type": field,
      "content-digest": field,
      "signature-input": field,
      signature: field,
    }),
    reply: Type.String({ description: "The bytes in base64" }),
  }),
});

export const resumedSchema = named("PeerResumed", { peer: idSchema, looked: countSchema });

export const serverSchema = named("ServerSelf", {
  name: Type.String(),
  timeZone: timeZoneSchema,
  currencies: Type.Array(currencySchema),
});

export const clockSchema = named("TestClock", { now: instantSchema });
