/** The server's own secrets: random keys of 32 bytes, each with a name, wrapped by the key of the configuration. */
import { type Client, type Database, sql } from "../database/database.ts";
import { decrypt, encrypt, keyBytes, type Keyring, randomBytes, type WrappedKey } from "./wrapping.ts";

const placeOf = (name: string) => `secrets|wrapped|${name}`;

/**
 * The secret of this name, made when it is first asked for: by `former`, from where it has lain until now, or at random.
 * However many processes start at once, they get the same one.
 */
export async function openSecret(
  database: Database,
  keyring: Keyring,
  name: string,
  former?: (client: Client) => Promise<Buffer | undefined>,
): Promise<Buffer> {
  const kept = await read(database, name);
  if (kept !== undefined) return keyring.unwrap(placeOf(name), kept);
  return database.transaction(async (client) => {
    await client.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('secrets of ' || current_schema(), 0))`,
    );
    const first = await read(client, name);
    if (first !== undefined) return keyring.unwrap(placeOf(name), first);
    const secret = (await former?.(client)) ?? randomBytes(keyBytes);
    const { kek, wrapped } = keyring.wrap(placeOf(name), secret);
    await client.execute(sql`insert into secrets (name, kek, wrapped) values (${name}, ${kek}, ${wrapped})`);
    return secret;
  });
}

async function read(client: Client, name: string): Promise<WrappedKey | undefined> {
  const [row] = await client.query<WrappedKey>(sql`select kek, wrapped from secrets where name = ${name}`);
  return row;
}

/** Seals values under a secret of this server's: for what has to be read again, such as a key that signs. */
export interface Box {
  seal: (place: string, clear: Buffer) => Buffer;
  /** Throws where it was sealed for another place, under another secret, or was changed. */
  open: (place: string, sealed: Buffer) => Buffer;
}

export async function openBox(database: Database, keyring: Keyring, name: string): Promise<Box> {
  const secret = await openSecret(database, keyring, name);
  return {
    seal: (place, clear) => encrypt(secret, clear, `${name}|${place}`),
    open: (place, sealed) => decrypt(secret, sealed, `${name}|${place}`),
  };
}

/** Wraps by the current key whatever a former one has wrapped, and answers how many secrets those were. */
export function rewrapSecrets(database: Database, keyring: Keyring): Promise<number> {
  return database.transaction(async (client) => {
    const rows = await client.query<WrappedKey & { name: string }>(sql`
      select name, kek, wrapped from secrets where kek = any(${keyring.former}::bytea[]) order by name for update`);
    for (const { name, ...key } of rows) {
      const { kek, wrapped } = keyring.wrap(placeOf(name), keyring.unwrap(placeOf(name), key));
      await client.execute(sql`update secrets set kek = ${kek}, wrapped = ${wrapped} where name = ${name}`);
    }
    return rows.length;
  });
}

/** Throws where the database holds secrets that the ring cannot open. */
export async function checkSecrets(client: Client, keyring: Keyring): Promise<void> {
  const known = [keyring.current, ...keyring.former];
  const [row] = await client.query<{ name: string }>(
    sql`select name from secrets where kek <> all(${known}::bytea[]) limit 1`,
  );
  if (row === undefined) return;
  throw new Error(
    "The database holds secrets of this server that were sealed under another key. " +
      "Give the server that key: as personalDataKey, or among formerPersonalDataKeys.",
  );
}
