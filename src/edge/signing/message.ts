/**
 * What servers sign and what they take as signed: a narrow profile of RFC 9421, written down for others in
 * docs/between-parties.md. Pure: keys and the time are given.
 */
import { createHash, type KeyObject, sign, verify } from "node:crypto";

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

/** Parts of `@target-uri`, which is covered always (sections 2.2.3 to 2.2.7): some programs name them beside it. */
function partOf(targetUri: string, identifier: string): string | undefined {
  if (!URL.canParse(targetUri)) return undefined;
  const { host, protocol, pathname, search } = new URL(targetUri);
  switch (identifier) {
    case '"@authority"':
      return host;
    case '"@scheme"':
      return protocol.slice(0, -1);
    case '"@path"':
      return pathname;
    case '"@query"':
      return search === "" ? "?" : search;
    default:
      return undefined;
  }
}

/** The value of a component, undefined where the message has none or this profile does not know it. */
function valueOf({ derived, fields }: Message, identifier: string): string | undefined {
  const valueIn = (name: string) => derived.find(([each]) => each === name)?.[1];
  const found = valueIn(identifier) ?? partOf(valueIn('"@target-uri"') ?? "", identifier);
  if (found !== undefined) return found;
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
  /** Seconds since 1970. */
  now: number;
  /** For requests: never used before. */
  nonce?: string;
}

/** What a key has to sign for a message, and the fields that its signature makes. */
export interface Unsigned {
  bytes: Buffer;
  signed: (signature: Uint8Array) => Record<string, string>;
}

/** A message as it is to be signed, by whoever has the key. */
export function prepareMessage(message: Message, { keyid, now, nonce }: Signing): Unsigned {
  const digest = { "content-digest": contentDigest(message.body) };
  const whole = { ...message, fields: { ...message.fields, ...digest } };
  const components = requiredOf(whole).map((identifier): Component => {
    const value = valueOf(whole, identifier);
    if (value === undefined) throw new Error(`The message has no single ${identifier} to sign.`);
    return [identifier, value];
  });
  const created = Math.floor(now);
  const expires = created + lifetime;
  const life = nonce === undefined ? { created, expires } : { created, expires, nonce };
  const { bytes, signed } = prepareComponents(components, { ...life, keyid, alg, tag });
  return { bytes, signed: (signature) => ({ ...digest, ...signed(signature) }) };
}

/** The fields that sign a message. */
export function signMessage(
  message: Message,
  { key, ...signing }: Signing & { key: KeyObject },
): Record<string, string> {
  const { bytes, signed } = prepareMessage(message, signing);
  return signed(sign(null, bytes, key));
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

// What follows is RFC 9421 itself, with Ed25519 and Content-Digest (RFC 9530): bytes in, bytes out. The profile above says
// what has to be signed, and for how long it holds.

/** A part of a message as a signature names it, such as `"@method"` or `"signature";req`, and its value. */
export type Component = readonly [identifier: string, value: string];

/** The value of Content-Digest for the bytes of a body; an empty body has one too. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}

/** The value of `@signature-params` (section 2.3): what is covered, and the parameters in the order given. */
function signatureParams(
  identifiers: readonly string[],
  params: Readonly<Record<string, string | number>>,
): string {
  const written = Object.entries(params).map(([name, value]) =>
    typeof value === "number" ? `;${name}=${value}` : `;${name}="${value}"`,
  );
  return `(${identifiers.join(" ")})${written.join("")}`;
}

/** The text that is signed (section 2.5): a line for each component, and the parameters last. */
export function signatureBase(components: readonly Component[], params: string): string {
  const last: Component = ['"@signature-params"', params];
  return [...components, last].map(([identifier, value]) => `${identifier}: ${value}`).join("\n");
}

/** What is signed over the components, and the two fields that carry the signature. */
function prepareComponents(
  components: readonly Component[],
  params: Readonly<Record<string, string | number>>,
): { bytes: Buffer; signed: (signature: Uint8Array) => { "signature-input": string; signature: string } } {
  const covered = components.map(([identifier]) => identifier);
  const written = signatureParams(covered, params);
  return {
    bytes: Buffer.from(signatureBase(components, written)),
    signed: (signature) => ({
      "signature-input": `sig=${written}`,
      signature: `sig=:${Buffer.from(signature).toString("base64")}:`,
    }),
  };
}

/** The two fields that carry a signature over the components. */
export function signComponents(
  components: readonly Component[],
  params: Readonly<Record<string, string | number>>,
  key: KeyObject,
): { "signature-input": string; signature: string } {
  const { bytes, signed } = prepareComponents(components, params);
  return signed(sign(null, bytes, key));
}

/** Whether a key made the signature over the components. */
export function verifyComponents(
  components: readonly Component[],
  { params, bytes }: Pick<Signature, "params" | "bytes">,
  key: KeyObject,
): boolean {
  return verify(null, Buffer.from(signatureBase(components, params)), key, bytes);
}

/** A signature as it was read. */
export interface Signature {
  /** What it covers, in its order. */
  identifiers: string[];
  values: ReadonlyMap<string, string | number>;
  /** The value of `@signature-params` as it was sent. */
  params: string;
  bytes: Buffer;
}

const identifierForm = String.raw`"[!#-\[\]-~]+"(?:;req)?`;
const paramForm = String.raw`;[a-z]+=(?:0|[1-9][0-9]{0,14}|"[ !#-\[\]-~]*")`;
const inputForm = new RegExp(
  String.raw`^([a-z][a-z0-9_-]*)=(\((${identifierForm}(?: ${identifierForm})*)\)((?:${paramForm})*))$`,
);
const signatureForm = /^([a-z][a-z0-9_-]*)=:([A-Za-z0-9+/]{86}==):$/;

/**
 * Reads Signature-Input and Signature. Only the strict form of RFC 8941 is taken, in which every program writes them,
 * so the parameters can be verified as they were sent. Answers a sentence where they cannot be taken.
 */
export function readSignature(input: string, signature: string): Signature | string {
  if (signature.includes(",") || input.replaceAll(/"[^"]*"/g, "").includes(",")) {
    return "The message carries more than one signature.";
  }
  const [, label, params = "", listed = "", parameters = ""] = inputForm.exec(input) ?? [];
  if (label === undefined) return "Signature-Input cannot be read.";
  const [, labelAgain, text = ""] = signatureForm.exec(signature) ?? [];
  if (labelAgain === undefined) return "Signature cannot be read.";
  if (labelAgain !== label) return "Signature and Signature-Input name different signatures.";
  const bytes = Buffer.from(text, "base64");
  // The last digit of base64 has bits to spare: without this, four texts would stand for the same signature.
  if (bytes.toString("base64") !== text) return "Signature cannot be read.";
  const identifiers = listed.split(" ");
  const pairs = [...parameters.matchAll(/;([a-z]+)=(?:"([^"]*)"|([0-9]+))/g)].map(
    ([, name = "", quoted, digits]) => [name, quoted ?? Number(digits)] as const,
  );
  const values = new Map(pairs);
  if (new Set(identifiers).size < identifiers.length || values.size < pairs.length) {
    return "Signature-Input names something twice.";
  }
  return { identifiers, values, params, bytes };
}
