/** What browsers send of passkeys, as WebAuthn writes it in JSON (sections 5.1.8 and 5.1.9); binary parts are base64url. */
import Type, { type Static } from "typebox";
import { closed } from "../../core/protocol/schemas.ts";

const binary = (maxLength: number) => Type.String({ pattern: "^[A-Za-z0-9_-]*$", maxLength });
/** Nothing is made of them: which there are is not for this server to say. */
const extensions = Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown()));
const attachment = Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()]));
const credential = {
  id: binary(1400),
  rawId: binary(1400),
  type: Type.Literal("public-key"),
  clientExtensionResults: extensions,
  authenticatorAttachment: attachment,
};

/** What `navigator.credentials.create` has made. */
export const registrationSchema = closed({
  ...credential,
  response: closed({
    clientDataJSON: binary(4000),
    attestationObject: binary(20_000),
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 10 })),
    authenticatorData: Type.Optional(binary(8000)),
    publicKey: Type.Optional(Type.Union([binary(8000), Type.Null()])),
    publicKeyAlgorithm: Type.Optional(Type.Integer()),
  }),
});
export type Registration = Static<typeof registrationSchema>;

/** What `navigator.credentials.get` has signed. */
export const assertionSchema = closed({
  ...credential,
  response: closed({
    clientDataJSON: binary(4000),
    authenticatorData: binary(8000),
    signature: binary(4000),
    userHandle: Type.Optional(Type.Union([binary(100), Type.Null()])),
  }),
});
export type Assertion = Static<typeof assertionSchema>;

const descriptor = Type.Object({
  id: Type.String(),
  type: Type.Literal("public-key"),
  transports: Type.Array(Type.String()),
});

/** What `navigator.credentials.get` takes. */
export const requestOptionsSchema = Type.Object({
  challenge: Type.String(),
  rpId: Type.String(),
  timeout: Type.Integer({ description: "In milliseconds" }),
  userVerification: Type.Literal("required"),
  allowCredentials: Type.Array(descriptor),
});
export type RequestOptions = Static<typeof requestOptionsSchema>;

/** What `navigator.credentials.create` takes. */
export const creationOptionsSchema = Type.Object({
  rp: Type.Object({ id: Type.String(), name: Type.String() }),
  user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  challenge: Type.String(),
  pubKeyCredParams: Type.Array(Type.Object({ type: Type.Literal("public-key"), alg: Type.Integer() })),
  timeout: Type.Integer({ description: "In milliseconds" }),
  excludeCredentials: Type.Array(descriptor),
  authenticatorSelection: Type.Object({
    residentKey: Type.Literal("required"),
    requireResidentKey: Type.Literal(true),
    userVerification: Type.Literal("required"),
  }),
  attestation: Type.Literal("none"),
});
export type CreationOptions = Static<typeof creationOptionsSchema>;
