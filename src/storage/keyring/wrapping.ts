/**
 * AES-256-GCM, and keys of the database wrapped by a key-encryption key from the server's configuration, which the database
 * never sees. Whatever is encrypted is bound to its place, so that no value can be moved to another one.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { randomToken } from "../database/database.ts";

const cipher = "aes-256-gcm";
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A key as it is stored: wrapped, with the name of the key that did it. */
export interface WrappedKey {
  kek: Buffer;
  wrapped: Buffer;
}

export interface Keyring {
  /** The name of the key that wraps from now on, and of those that can still open what they have wrapped. */
  current: Buffer;
  former: Buffer[];
  wrap(place: string, key: Buffer): WrappedKey;
  /** Throws where the key that wrapped it is none of these, it is another place's, or anything was changed. */
  unwrap(place: string, key: WrappedKey): Buffer;
}

/** A ring of key-encryption keys of 32 bytes: the first wraps, the others only open. */
export function openKeyring(keys: readonly Buffer[]): Keyring {
  const byName = new Map(keys.map((key) => [nameOf(key).toString("hex"), key]));
  const [first, ...others] = keys;
  if (first === undefined || keys.some(({ length }) => length !== keyBytes))
    throw new Error(`A key for personal data has ${keyBytes} bytes.`);
  const current = nameOf(first);
  return {
    current,
    former: others.map(nameOf),
    wrap: (place, key) => ({ kek: current, wrapped: encrypt(first, key, place) }),
    unwrap: (place, { kek, wrapped }) => {
      const key = byName.get(kek.toString("hex"));
      if (key === undefined)
        throw new Error("Something is sealed under a key that the configuration does not have.");
      return decrypt(key, wrapped, place);
    },
  };
}

/** What a key is called where it is used: nothing of the key can be learnt from it. */
function nameOf(key: Buffer): Buffer {
  return createHash("sha256").update("kenshu key name").update(key).digest().subarray(0, 8);
}

export const randomBytes = (count: number): Buffer => Buffer.from(randomToken(count), "base64url");

/** Encrypts under a key of 32 bytes. `place` is where the value will stand; only there it opens. */
export function encrypt(key: Buffer, clear: Buffer, place: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(place));
  const text = Buffer.concat([sealing.update(clear), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), text]);
}

export function decrypt(key: Buffer, sealed: Buffer, place: string): Buffer {
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
}
