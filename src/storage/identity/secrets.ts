/**
 * Keys and session ids: 160 random bits in hex behind a prefix that says what it is, so that a
 * secret scanner, and a person who finds one in a file, can tell. They are stored as plain SHA-256: slow
 * hashes protect secrets that can be guessed, and 2^160 cannot be; a fast one costs a request nothing.
 */
import { createHash } from "node:crypto";
import { randomToken } from "../database/database.ts";
import type { KeyOwnerKind } from "./callers.ts";

const bytes = 20;

export const keyPrefixes: Record<KeyOwnerKind, string> = {
  shop: "ks_",
  carrier: "kc_",
  provider: "kv_",
  collector: "kt_",
  operator: "ka_",
};
export const sessionPrefix = "kn_";
/** Of a recipient who has shown link and code. */
export const recipientPrefix = "kr_";

/** Of a browser in which somebody goes on as a guest. */
export const contactPrefix = "kq_";

const form = /^(k[scvtanrq]_)[0-9a-f]{40}$/;

/** A new secret with this prefix. */
export function makeSecret(prefix: string): string {
  return prefix + Buffer.from(randomToken(bytes), "base64url").toString("hex");
}

/** The prefix of what has the form of a secret; undefined for anything else, which no query needs to see. */
export function prefixOf(secret: string): string | undefined {
  return form.exec(secret)?.[1];
}

/** The hash of a secret in hex: the form in which it is looked up; stored as its 32 bytes. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The hash in the form in which it is stored. */
export function hashBytes(hash: string): Buffer {
  return Buffer.from(hash, "hex");
}
