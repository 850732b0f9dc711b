/** The wrapped keys of people and recipients, apart from what they seal. */
import { type Client, type Database, sql } from "../database/database.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

const atOnce = 500;

/**
 * Wraps by the vault's current key whatever a former key has wrapped, and answers how many keys those were. Runs beside
 * everything else: a key that is being deleted meanwhile is left alone.
 */
export async function rewrapKeys(database: Database, vault: Vault): Promise<number> {
  let done = 0;
  for (;;) {
    const wrapped = await database.transaction((client) => rewrapSome(client, vault));
    if (wrapped === 0) return done;
    done += wrapped;
  }
}

async function rewrapSome(client: Client, vault: Vault): Promise<number> {
  const rows = await client.query<WrappedKey & { subject: string }>(sql`
    select subject, kek, wrapped from personal_keys where kek = any(${vault.former}::bytea[])
    order by subject limit ${atOnce} for update skip locked`);
  if (rows.length === 0) return 0;
  const renewed = rows.map(({ subject, ...key }) => vault.rewrap(subject, key).wrapped);
  const subjects = rows.map(({ subject }) => subject);
  return client.execute(sql`
    update personal_keys set kek = ${vault.current}, wrapped = new.wrapped
    from unnest(${subjects}::uuid[], ${renewed}::bytea[]) as new(subject, wrapped)
    where personal_keys.subject = new.subject and personal_keys.subject = any(${subjects}::uuid[])`);
}

/**
 * Throws where the database holds data that the vault cannot open: started with another key, a server would seal new
 * people under it and find out much later that it cannot read the others. The first and the last of the index are
 * enough to see a key that was exchanged.
 */
export async function checkVault(client: Client, vault: Vault): Promise<void> {
  const rows = await client.query<{ kek: Buffer }>(sql`
    (select kek from personal_keys order by kek limit 1)
    union (select kek from personal_keys order by kek desc limit 1)`);
  const known = [vault.current, ...vault.former];
  if (rows.every(({ kek }) => known.some((name) => name.equals(kek)))) return;
  throw new Error(
    "The database holds personal data that was sealed under another key. " +
      "Give the server that key: as personalDataKey, or among formerPersonalDataKeys.",
  );
}

/** Keeps the keys of rows that another room seals under keys of their own. */
export async function insertKeys(
  client: Client,
  keys: readonly (WrappedKey & { subject: string })[],
): Promise<void> {
  if (keys.length === 0) return;
  await client.execute(sql`
    insert into personal_keys (subject, kek, wrapped)
    select * from unnest(${keys.map(({ subject }) => subject)}::uuid[], ${keys.map(({ kek }) => kek)}::bytea[],
      ${keys.map(({ wrapped }) => wrapped)}::bytea[])`);
}

/** The keys of these rows, by their ids; whatever was forgotten is not among them. */
export async function readKeys(
  client: Client,
  subjects: readonly string[],
): Promise<Map<string, WrappedKey>> {
  const rows = await client.query<WrappedKey & { subject: string }>(sql`
    select subject, kek, wrapped from personal_keys where subject = any(${[...subjects]}::uuid[])`);
  return new Map(rows.map(({ subject, kek, wrapped }) => [subject, { kek, wrapped }]));
}

/** What was sealed under these keys is forgotten. */
export async function dropKeys(client: Client, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  await client.execute(sql`delete from personal_keys where subject = any(${[...subjects]}::uuid[])`);
}
