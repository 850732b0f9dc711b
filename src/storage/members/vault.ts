/**
 * Personal data at rest (patent 0044, 0088): AES-256-GCM under a random key for each person, and that key wrapped by a
 * key-encryption key from the server's configuration, which the database never sees. Erasing a person is deleting the
 * wrapped key. What is sealed is bound to its table, column and row, so that no value can be moved to another place.
 */
import { randomToken } from "../database/database.ts";
import { decrypt, encrypt, keyBytes, type Keyring, type WrappedKey } from "../keyring/keyring.ts";

type Clear<Name extends string> = Record<Name, string | null>;
type Sealed<Name extends string> = Record<Name, Buffer | null>;

export interface BytesPlace {
  table: string;
  column: string;
  subject: string;
}

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
  /** Seals bytes, as the one column of a row, under a new key of its own. */
  sealBytes(place: BytesPlace, bytes: Buffer): { key: WrappedKey; sealed: Buffer };
  openBytes(place: BytesPlace, key: WrappedKey, sealed: Buffer): Buffer;
  /** The same person's key, wrapped by the current key. */
  rewrap(subject: string, key: WrappedKey): WrappedKey;
}

/** A vault for the people of a server that has these keys. */
export function openVault(keyring: Keyring): Vault {
  return {
    current: keyring.current,
    former: keyring.former,
    seal: (table, subject, clear) => {
      const own = Buffer.from(randomToken(keyBytes), "base64url");
      const seal = (column: string, value: string) =>
        encrypt(own, Buffer.from(value), placeOf(table, column, subject));
      return { key: keyring.wrap(keyPlace(subject), own), sealed: mapFields(clear, seal) };
    },
    open: (table, subject, key, sealed) => {
      const own = keyring.unwrap(keyPlace(subject), key);
      return mapFields(sealed, (column, value) =>
        decrypt(own, value, placeOf(table, column, subject)).toString(),
      );
    },
    sealBytes: ({ table, column, subject }, bytes) => {
      const own = Buffer.from(randomToken(keyBytes), "base64url");
      const sealed = encrypt(own, bytes, placeOf(table, column, subject));
      return { key: keyring.wrap(keyPlace(subject), own), sealed };
    },
    openBytes: ({ table, column, subject }, key, sealed) =>
      decrypt(keyring.unwrap(keyPlace(subject), key), sealed, placeOf(table, column, subject)),
    rewrap: (subject, key) => keyring.wrap(keyPlace(subject), keyring.unwrap(keyPlace(subject), key)),
  };
}

const placeOf = (table: string, column: string, row: string) => `${table}|${column}|${row}`;
const keyPlace = (subject: string) => placeOf("personal_keys", "wrapped", subject);

function mapFields<From, To, Name extends string>(
  fields: Record<Name, From | null>,
  change: (name: string, value: From) => To,
): Record<Name, To | null> {
  const entries = Object.entries<From | null>(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === null ? null : change(name, value)]),
  ) as Record<Name, To | null>;
}
