/** Keys as they are published: JSON Web Keys (RFC 7517) on the curve Ed25519 (RFC 8037). */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

export interface PublishedKey {
  kty: "OKP";
  crv: "Ed25519";
  use: "sig";
  kid: string;
  x: string;
  /** Where it is there: for what alone the key is good. Messages by such a key are nobody's (docs/between-parties.md). */
  kenshu_use?: "guarantees";
}

export interface KeySet {
  keys: PublishedKey[];
}

export const jwkOf = (kid: string, x: string): PublishedKey => ({
  kty: "OKP",
  crv: "Ed25519",
  use: "sig",
  kid,
  x,
});

/** A key that signs nothing any more, and is published for the guarantees that it has signed. */
export const forGuarantees = (key: PublishedKey): PublishedKey => ({ ...key, kenshu_use: "guarantees" });

/** The public half of a key, under its thumbprint (RFC 7638). */
export function publishedKey(key: KeyObject): PublishedKey {
  const { x = "" } = (key.type === "public" ? key : createPublicKey(key)).export({ format: "jwk" });
  const print = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return jwkOf(print.digest("base64url"), x);
}

/** How many keys a set may have; one with more is refused whole. */
export const mostKeys = 16;
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

type Keys = ReadonlyMap<string, KeyObject>;

/**
 * Reads another server's key set: its Ed25519 keys for signatures of messages, by their `kid`. Skips keys of other kinds, and
 * those that are published for something else. Undefined where the set has no such key, a broken one, or two with one name.
 */
export function readKeySet(text: string): Keys | undefined {
  return readKeySets(text)?.messages;
}

/** The same, and beside it the keys that are published for guarantees alone. */
export function readKeySets(text: string): { messages: Keys; guarantees: Keys } | undefined {
  const listed = listOf(text);
  if (listed === undefined) return undefined;
  const messages = new Map<string, KeyObject>();
  const guarantees = new Map<string, KeyObject>();
  const seen = new Set<string>();
  for (const key of listed) {
    if (!isRecord(key)) return undefined;
    const { kty, crv, use = "sig", kenshu_use: only } = key;
    if (kty !== "OKP" || crv !== "Ed25519" || use !== "sig") continue;
    const [kid, held] = readKey(key) ?? [];
    if (kid === undefined || held === undefined || seen.has(kid)) return undefined;
    seen.add(kid);
    if (only === undefined) messages.set(kid, held);
    // A word that is not known here says that the key is for something that is no message.
    else if (only === "guarantees") guarantees.set(kid, held);
  }
  return messages.size === 0 ? undefined : { messages, guarantees };
}

/** What stands in a key set; undefined where it is none, or has more than a set may have. */
function listOf(text: string): unknown[] | undefined {
  try {
    const set: unknown = JSON.parse(text);
    const keys = isRecord(set) ? set["keys"] : undefined;
    return Array.isArray(keys) && keys.length <= mostKeys ? keys : undefined;
  } catch {
    return undefined;
  }
}
