/**
 * HTTP Message Signatures (RFC 9421) with Ed25519 and Content-Digest (RFC 9530): bytes in, bytes out. What has to be
 * signed, and for how long it holds, stands in message.ts.
 */
import { createHash, type KeyObject, sign, verify } from "node:crypto";

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

/** The two fields that carry a signature over the components. */
export function signComponents(
  components: readonly Component[],
  params: Readonly<Record<string, string | number>>,
  key: KeyObject,
): { "signature-input": string; signature: string } {
  const covered = components.map(([identifier]) => identifier);
  const written = signatureParams(covered, params);
  const bytes = sign(null, Buffer.from(signatureBase(components, written)), key);
  return { "signature-input": `sig=${written}`, signature: `sig=:${bytes.toString("base64")}:` };
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
