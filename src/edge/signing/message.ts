/**
 * What servers sign and what they take as signed: a narrow profile of RFC 9421, written down for others in
 * docs/between-parties.md. Pure: keys and the time are given.
 */
import type { KeyObject } from "node:crypto";
import {
  type Component,
  contentDigest,
  readSignature,
  signComponents,
  verifyComponents,
} from "./signature.ts";

/** The fields of a message by their names in lower case. */
export type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** A request, or a reply with the request that it answers. */
export interface Message {
  kind: "request" | "reply";
  derived: readonly Component[];
  fields: Fields;
  body: Uint8Array;
}

/** `targetUri` is the whole address, as the one who asks sees it. */
export function requestMessage(method: string, targetUri: string, fields: Fields, body: Uint8Array): Message {
  const derived = [
    ['"@method"', method],
    ['"@target-uri"', targetUri],
  ] as const;
  return { kind: "request", derived, fields, body };
}

/** `requestSignature` is the Signature field of the request: it ties the reply to it. */
export function replyMessage(
  status: number,
  requestSignature: string,
  fields: Fields,
  body: Uint8Array,
): Message {
  const derived = [
    ['"@status"', String(status)],
    ['"signature";req', requestSignature],
  ] as const;
  return { kind: "reply", derived, fields, body };
}

/** How long a signature holds, and how far the sender's clock may be ahead, in seconds. */
const lifetime = 60;
const aheadMost = 10;

const alg = "ed25519";
const tag = "kenshu";

/** Fields that change what a message means. A signature has to cover each that the message has. */
const meaningful = ["content-type", "authorization", "cookie", "idempotency-key"];

const knownParams = new Set(["created", "expires", "nonce", "keyid", "alg", "tag"]);
const nonceForm = /^[A-Za-z0-9_+/=-]{16,64}$/;

function fieldOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === "string" ? value.trim() : undefined;
}

/** The value of a component, undefined where the message has none or this profile does not know it. */
function valueOf({ derived, fields }: Message, identifier: string): string | undefined {
  const found = derived.find(([name]) => name === identifier);
  if (found !== undefined) return found[1];
  const name = /^"([a-z0-9-]+)"$/.exec(identifier)?.[1];
  return name === undefined ? undefined : fieldOf(fields, name);
}

/** What a signature of this message has to cover. */
function requiredOf({ derived, fields }: Message): string[] {
  const present = meaningful.filter((name) => fields[name] !== undefined).map((name) => `"${name}"`);
  return [...derived.map(([identifier]) => identifier), '"content-digest"', ...present];
}

export interface Signing {
  keyid: string;
  key: KeyObject;
  /** Seconds since 1970. */
  now: number;
  /** For requests: never used before. */
  nonce?: string;
}

/** The fields that sign a message. */
export function signMessage(message: Message, { keyid, key, now, nonce }: Signing): Record<string, string> {
  const digest = { "content-digest": contentDigest(message.body) };
  const whole = { ...message, fields: { ...message.fields, ...digest } };
  const components = requiredOf(whole).map((identifier): Component => {
    const value = valueOf(whole, identifier);
    if (value === undefined) throw new Error(`The message has no single ${identifier} to sign.`);
    return [identifier, value];
  });
  const created = Math.floor(now);
  const life = { created, expires: created + lifetime, ...(nonce === undefined ? {} : { nonce }) };
  return { ...digest, ...signComponents(components, { ...life, keyid, alg, tag }, key) };
}

/** What a signed message says about itself. It is proved once `isSignedBy` holds for the key. */
export interface Claim {
  keyid: string;
  created: number;
  expires: number;
  /** Empty in replies, which need none. */
  nonce: string;
  isSignedBy(key: KeyObject): boolean;
}

/** Reads the claim of a message; a sentence where the message breaks a rule that needs neither key nor clock. */
export function readClaim(message: Message): Claim | string {
  const { fields, body, kind } = message;
  const [input, field] = [fieldOf(fields, "signature-input"), fieldOf(fields, "signature")];
  if (input === undefined || field === undefined) return "The message is not signed.";
  const signature = readSignature(input, field);
  if (typeof signature === "string") return signature;
  const { values, identifiers } = signature;
  if (values.get("alg") !== alg) return `The parameter alg has to be "${alg}".`;
  if (values.get("tag") !== tag) return `The parameter tag has to be "${tag}".`;
  const unknown = [...values.keys()].find((name) => !knownParams.has(name));
  if (unknown !== undefined) return `The parameter ${unknown} is not known here.`;
  const [created, expires, nonce = "", keyid] = ["created", "expires", "nonce", "keyid"].map((name) =>
    values.get(name),
  );
  if (typeof keyid !== "string") return "The parameter keyid is missing.";
  if (typeof created !== "number") return "The parameter created is missing.";
  if (typeof expires !== "number" || expires <= created || expires > created + lifetime) {
    return `The parameter expires has to lie 1 to ${lifetime} seconds after created.`;
  }
  if (typeof nonce !== "string" || (kind === "request" && !nonceForm.test(nonce))) {
    return "The parameter nonce has to be 16 to 64 characters of base64.";
  }
  const uncovered = requiredOf(message).find((identifier) => !identifiers.includes(identifier));
  if (uncovered !== undefined) return `The signature does not cover ${uncovered}.`;
  const components: Component[] = [];
  for (const identifier of identifiers) {
    const value = valueOf(message, identifier);
    if (value === undefined) return `The message has no single ${identifier}, which the signature covers.`;
    components.push([identifier, value]);
  }
  if (fieldOf(fields, "content-digest") !== contentDigest(body)) {
    return "Content-Digest is not the sha-256 of the body as it arrived.";
  }
  const isSignedBy = (key: KeyObject) => verifyComponents(components, signature, key);
  return { keyid, created, expires, nonce, isSignedBy };
}

/** What is wrong with the time of a message, by the receiver's clock in seconds since 1970. */
export function untimely({ created, expires }: Claim, now: number): string | undefined {
  if (created > now + aheadMost) {
    return `The signature was created ${Math.ceil(created - now)} seconds from now; ${aheadMost} is the most.`;
  }
  if (created < now - lifetime) {
    return `The signature was created ${Math.floor(now - created)} seconds ago; ${lifetime} is the most.`;
  }
  return expires <= now ? "The signature has expired." : undefined;
}
