/** The two ceremonies of WebAuthn: what a browser is asked for, and whether what it answers is right. */
import type { PasskeyRow } from "../../storage/passkeys/passkeys.ts";
import type { RelyingParty } from "./party.ts";
import type { Assertion, CreationOptions, Registration, RequestOptions } from "./schemas.ts";

/** A fifth of the time in which a server starts would be spent on it: loaded where somebody shows a passkey. */
const webauthn = () => import("@simplewebauthn/server");

/** EdDSA, ES256 and RS256: what authenticators have. */
const algorithms = [-8, -7, -257];
/** How long a browser waits for its reader, in milliseconds. */
const waitMs = 300_000;

const described = ({ credential, transports }: Pick<PasskeyRow, "credential" | "transports">) => ({
  id: credential.toString("base64url"),
  type: "public-key" as const,
  transports,
});

/** With no passkeys named, any that the reader has here. */
export function requestOptions(
  party: RelyingParty,
  challenge: string,
  allowed: readonly PasskeyRow[],
): RequestOptions {
  return {
    challenge,
    rpId: party.id,
    timeout: waitMs,
    userVerification: "required",
    allowCredentials: allowed.map(described),
  };
}

export function creationOptions(
  party: RelyingParty,
  challenge: string,
  user: { handle: Buffer; name: string; shown: string },
  known: readonly PasskeyRow[],
): CreationOptions {
  const { id, name } = party;
  return {
    rp: { id, name },
    user: { id: user.handle.toString("base64url"), name: user.name, displayName: user.shown },
    challenge,
    pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
    timeout: waitMs,
    excludeCredentials: known.map(described),
    authenticatorSelection: {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
    attestation: "none",
  };
}

/** The challenge that was signed, as the browser says it; the signature says whether that is so. */
export function challengeIn({ response }: Assertion | Registration): string {
  try {
    const said: unknown = JSON.parse(Buffer.from(response.clientDataJSON, "base64url").toString("utf8"));
    if (
      typeof said === "object" &&
      said !== null &&
      "challenge" in said &&
      typeof said.challenge === "string"
    )
      return said.challenge;
  } catch {
    // What is no JSON holds no challenge.
  }
  return "";
}

export interface Registered {
  credential: Uint8Array;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  synced: boolean;
}

const transportForm = /^[a-z-]{1,20}$/;

/** What was registered; undefined where it is not right. Nothing an authenticator says of its maker is looked at. */
export async function verifiedRegistration(
  party: RelyingParty,
  challenge: string,
  answer: Registration,
): Promise<Registered | undefined> {
  const { id, rawId, type, response } = answer;
  const { clientDataJSON, attestationObject, transports = [] } = response;
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    response: {
      id,
      rawId,
      type,
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject },
    },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => undefined);
  if (verified?.verified !== true) return undefined;
  const { credential, credentialDeviceType } = verified.registrationInfo;
  return {
    credential: Buffer.from(credential.id, "base64url"),
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: transports.filter((each) => transportForm.test(each)).slice(0, 6),
    synced: credentialDeviceType === "multiDevice",
  };
}

/** What the authenticator has counted; undefined where the signature is not right, or it has counted back. */
export async function verifiedAssertion(
  party: RelyingParty,
  challenge: string,
  answer: Assertion,
  { credential, publicKey, counter }: PasskeyRow,
): Promise<number | undefined> {
  const { id, rawId, type, response } = answer;
  const { clientDataJSON, authenticatorData, signature } = response;
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await verifyAuthenticationResponse({
    response: {
      id,
      rawId,
      type,
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData, signature },
    },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: { id: credential.toString("base64url"), publicKey: new Uint8Array(publicKey), counter },
  }).catch(() => undefined);
  return verified?.verified === true ? verified.authenticationInfo.newCounter : undefined;
}
