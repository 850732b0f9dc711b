/**
 * Personal data at rest (patent 0044, 0088): AES-256-GCM under a random key for each person, and that key wrapped by a
 * key-encryption key from the server's configuration, which the database never sees. Erasing a person is deleting the
 * wrapped key. What is sealed is bound to its table, column and row, so that no value can be moved to another place.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { randomToken } from "../database/database.ts";

const cipher = "aes-256-gcm";
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A person's own key as it is stored: wrapped, with the name of the key that did it. */
export interface WrappedKey {
  kek: Buffer;
  wrapped: Buffer;
}

type Clear<Name extends string> = Record<Name, string | null>;
type Sealed<Name extends string> = Record<Name, Buffer | null>;

export interface Vault {
  /** The name of the key that wraps from now on, and of those that can still open what they have wrapped. */
  current: Buffer;
  former: Buffer[];
  /** Seals the columns of a row under a new key of its subject. */
  seal<Name extends string>(
    table: string,
    subject: string,
    clear: Clear<Name>,
  ): { key: WrappedKey; sealed: Sealed<Name> };
  /** What was sealed. Throws where the key is another's, a value is not the row's, or anything was changed. */
  open<Name extends string>(
    table: string,
    subject: string,
    key: WrappedKey,
    sealed: Sealed<Name>,
  ): Clear<Name>;
  /** The same person's key, wrapped by the current key. */
  rewrap(subject: string, key: WrappedKey): WrappedKey;
}

/** Opens a vault with key-encryption keys of 32 bytes: the first wraps, the others only open. */
export function openVault(keys: readonly Buffer[]): Vault {
  const byName = new Map(keys.map((key) => [nameOf(key).toString("hex"), key]));
  const [first, ...others] = keys;
  if (first === undefined || keys.some(({ length }) => length !== keyBytes))
    throw new Error(`A key for personal data has ${keyBytes} bytes.`);
  const current = nameOf(first);

  function unwrap(subject: string, { kek, wrapped }: WrappedKey): Buffer {
    const key = byName.get(kek.toString("hex"));
    if (key === undefined)
      throw new Error("Personal data is sealed under a key that the configuration does not have.");
    return decrypt(key, wrapped, wrapBinding(subject));
  }

  return {
    current,
    former: others.map(nameOf),
    seal: (table, subject, clear) => {
      const own = random(keyBytes);
      const seal = (column: string, value: string) =>
        encrypt(own, Buffer.from(value), bindingOf(table, column, subject));
      return {
        key: { kek: current, wrapped: encrypt(first, own, wrapBinding(subject)) },
        sealed: mapFields(clear, seal),
      };
    },
    open: (table, subject, key, sealed) => {
      const own = unwrap(subject, key);
      return mapFields(sealed, (column, value) =>
        decrypt(own, value, bindingOf(table, column, subject)).toString(),
      );
    },
    rewrap: (subject, key) => ({
      kek: current,
      wrapped: encrypt(first, unwrap(subject, key), wrapBinding(subject)),
    }),
  };
}

/** What a key is called where it is used: nothing of the key can be learnt from it. */
function nameOf(key: Buffer): Buffer {
  return createHash("sha256").update("kenshu key name").update(key).digest().subarray(0, 8);
}

const bindingOf = (table: string, column: string, row: string) => Buffer.from(`${table}|${column}|${row}`);
const wrapBinding = (subject: string) => bindingOf("personal_keys", "wrapped", subject);
const random = (bytes: number) => Buffer.from(randomToken(bytes), "base64url");

function mapFields<From, To, Name extends string>(
  fields: Record<Name, From | null>,
  change: (name: string, value: From) => To,
): Record<Name, To | null> {
  const entries = Object.entries<From | null>(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === null ? null : change(name, value)]),
  ) as Record<Name, To | null>;
}

function encrypt(key: Buffer, clear: Buffer, aad: Buffer): Buffer {
  const nonce = random(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(aad);
  const text = Buffer.concat([sealing.update(clear), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), text]);
}

function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(aad)
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
}
