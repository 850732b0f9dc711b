/** Compact JWS (RFC 7515) signed by EdDSA (RFC 8037), opened without asking anybody. */

/** What a server publishes at `/.well-known/jwks.json`. */
export interface KeySet {
  keys: readonly Record<string, unknown>[];
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return undefined;
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function jsonOf(base64url: string): Record<string, unknown> | undefined {
  const bytes = bytesOf(base64url);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What a token says, where this key set holds the key that signed it as one of this kind (`typ`). */
export async function openJws(
  token: string,
  jwks: KeySet,
  kind: string,
): Promise<Record<string, unknown> | "form" | "signature"> {
  const [head = "", body = "", end = "", more] = token.split(".");
  const [header, payload, signature] = [jsonOf(head), jsonOf(body), bytesOf(end)];
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined)
    return "form";
  // The algorithm is the reader's choice and never the token's.
  if (header["alg"] !== "EdDSA" || header["typ"] !== kind || "crit" in header) return "form";
  const held = jwks.keys.find(({ kid, crv }) => kid === header["kid"] && crv === "Ed25519");
  const raw = typeof held?.["x"] === "string" ? bytesOf(held["x"]) : undefined;
  if (raw?.length !== 32) return "signature";
  const key = await globalThis.crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  const isGood = await globalThis.crypto.subtle.verify("Ed25519", key, signature, utf8(`${head}.${body}`));
  return isGood ? payload : "signature";
}
