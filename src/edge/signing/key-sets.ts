/** Keys as they are published: JSON Web Keys (RFC 7517) on the curve Ed25519 (RFC 8037). */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

export interface PublishedKey {
  kty: "OKP";
  crv: "Ed25519";
  use: "sig";
  kid: string;
  x: string;
}

export interface KeySet {
  keys: PublishedKey[];
}

/** The public half of a key, under its thumbprint (RFC 7638). */
export function publishedKey(key: KeyObject): PublishedKey {
  const { x = "" } = (key.type === "public" ? key : createPublicKey(key)).export({ format: "jwk" });
  const print = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return { kty: "OKP", crv: "Ed25519", use: "sig", kid: print.digest("base64url"), x };
}

const mostKeys = 16;
/** The names that a key may have: they fit into `keyid` behind the `#`, and into an address. */
export const kidForm = /^[A-Za-z0-9_.~:-]{1,100}$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readKey({ kid, x, d }: Record<string, unknown>): [string, KeyObject] | undefined {
  // A private key that everybody can read proves nothing.
  if (d !== undefined || typeof kid !== "string" || !kidForm.test(kid) || typeof x !== "string")
    return undefined;
  if (Buffer.from(x, "base64url").toString("base64url") !== x || x.length !== 43) return undefined;
  return [kid, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })];
}

/**
 * Reads another server's key set: its Ed25519 keys for signatures, by their `kid`. Skips keys of other kinds. Undefined
 * where the set has no Ed25519 key, a broken one, or two with one name.
 */
export function readKeySet(text: string): ReadonlyMap<string, KeyObject> | undefined {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(set) || !Array.isArray(set["keys"]) || set["keys"].length > mostKeys) return undefined;
  const keys = new Map<string, KeyObject>();
  for (const key of set["keys"] as unknown[]) {
    if (!isRecord(key)) return undefined;
    const { kty, crv, use = "sig" } = key;
    if (kty !== "OKP" || crv !== "Ed25519" || use !== "sig") continue;
    const [kid, held] = readKey(key) ?? [];
    if (kid === undefined || held === undefined || keys.has(kid)) return undefined;
    keys.set(kid, held);
  }
  return keys.size === 0 ? undefined : keys;
}
