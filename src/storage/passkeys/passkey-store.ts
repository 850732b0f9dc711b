/** Passkeys: each of one sign-in, with the public half of its key. What it is called is sealed. */
import { createHash } from "node:crypto";
import { type Client, sql } from "../database/database.ts";
import { dropKeys, insertKeys, readKeys, type Vault } from "../members/members.ts";

/** What it takes to verify what a passkey has signed. */
export interface PasskeyRow {
  id: string;
  login: string;
  credential: Buffer;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  /** It proves that its owner acts; younger ones, that were made by less than another passkey, only sign in. */
  proves: boolean;
}

/** A passkey as its owner sees it. */
export interface PasskeyShown {
  id: string;
  name: string;
  /** It is kept by more than one device. */
  synced: boolean;
  createdAt: Date;
  usedAt: Date | null;
  proves: boolean;
}

const tableName = "passkeys";

export interface NewPasskey {
  id: string;
  login: string;
  subject: string;
  credential: Uint8Array;
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  name: string;
  synced: boolean;
  /** It was made by the password, beside others: it proves nothing for three days. */
  waits: boolean;
}

/** Waits for everybody who registers or takes away a passkey of this sign-in, or proves something by one. */
export async function lockSignIn(client: Client, login: string): Promise<void> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`passkeys of ${login}`}, 0))`);
}

/** Enters a passkey; false where there is one with this credential. */
export async function insertPasskey(client: Client, vault: Vault, wish: NewPasskey): Promise<boolean> {
  const { id, login, subject, counter, transports, name, synced, waits } = wish;
  const [credential, publicKey] = [Buffer.from(wish.credential), Buffer.from(wish.publicKey)];
  const keyHash = createHash("sha256").update(publicKey).digest();
  const { key, sealed } = vault.seal(tableName, id, { name });
  const entered = await client.execute(sql`
    insert into passkeys (id, login, subject, key_hash, credential, public_key, counter, transports, name, synced,
      created_at, proves_from)
    select ${id}, ${login}, ${subject}, ${keyHash}, ${credential}, ${publicKey}, ${counter}::bigint, ${transports.join(" ")},
      ${sealed.name}, ${synced}, now, case when ${waits} then now + interval '3 days' else now end
    from (select kenshu_now() as now) as clock
    on conflict do nothing`);
  if (entered === 0) return false;
  await insertKeys(client, [{ subject: id, ...key }]);
  return true;
}

interface Stored extends Omit<PasskeyRow, "transports" | "counter"> {
  counter: bigint;
  transports: string;
}
const columns = `id, login, credential, public_key as "publicKey", counter, transports,
  proves_from <= kenshu_now() as proves`;

const readable = ({ counter, transports, ...row }: Stored): PasskeyRow => ({
  ...row,
  counter: Number(counter),
  transports: transports === "" ? [] : transports.split(" "),
});

/** The passkey with this credential. */
export async function passkeyOf(client: Client, credential: Buffer): Promise<PasskeyRow | undefined> {
  const text = `select ${columns} from passkeys where credential = $1`;
  const [row] = await client.query<Stored>({ name: "passkey_of", text, values: [credential] });
  return row && readable(row);
}

/** The passkeys of a sign-in, the oldest first. */
export async function passkeysOf(client: Client, login: string): Promise<PasskeyRow[]> {
  const text = `select ${columns} from passkeys where login = $1 and ended_at is null order by id limit 100`;
  return (await client.query<Stored>({ name: "passkeys_of", text, values: [login] })).map(readable);
}

/**
 * How a sign-in stands that proves something: which of its passkeys do, whether there are younger ones, and whether its
 * password proves nothing, since one was taken away by it within three days.
 */
export async function standingOf(
  client: Client,
  login: string,
): Promise<{ proving: PasskeyRow[]; young: boolean; waits: boolean }> {
  const found = await passkeysOf(client, login);
  const proving = found.filter(({ proves }) => proves);
  const [row] = await client.query<{ waits: boolean }>(sql`
    select exists (select from passkeys where login = ${login} and ended_by in ('password', 'mail')
      and ended_at > kenshu_now() - interval '3 days') as waits`);
  return { proving, young: found.length > proving.length, waits: row?.waits === true };
}

/** The passkeys of a sign-in as its owner sees them. */
export async function listPasskeys(client: Client, vault: Vault, login: string): Promise<PasskeyShown[]> {
  const rows = await client.query<Omit<PasskeyShown, "name"> & { name: Buffer }>(sql`
    select id, name, synced, created_at as "createdAt", used_at as "usedAt", proves_from <= kenshu_now() as proves
    from passkeys where login = ${login} and ended_at is null order by id limit 100`);
  const ids = rows.map(({ id }) => id);
  const keys = await readKeys(client, ids);
  return rows.flatMap(({ name: sealed, ...row }) => {
    const key = keys.get(row.id);
    const name = key && vault.open(tableName, row.id, key, { name: sealed }).name;
    return name == null ? [] : [{ ...row, name }];
  });
}

/** Calls it otherwise; false where it is none of this sign-in's. */
export async function renamePasskey(
  client: Client,
  vault: Vault,
  { id, login, name }: { id: string; login: string; name: string },
): Promise<boolean> {
  const { key, sealed } = vault.seal(tableName, id, { name });
  const touched = await client.execute(sql`
    update passkeys set name = ${sealed.name} where id = ${id} and login = ${login} and ended_at is null`);
  if (touched === 0) return false;
  await dropKeys(client, [id]);
  await insertKeys(client, [{ subject: id, ...key }]);
  return true;
}

/**
 * Notes that a passkey has signed, with what it has counted; false where it has counted as much before, which another copy of it
 * may have done, or has ended meanwhile. Those that count nothing stay at zero.
 */
export async function notePasskeyUse(client: Client, id: string, counter: number): Promise<boolean> {
  const touched = await client.execute(sql`
    update passkeys set counter = ${counter}::bigint, used_at = kenshu_now()
    where id = ${id} and ended_at is null and (counter < ${counter}::bigint or (counter = 0 and ${counter}::bigint = 0))`);
  return touched === 1;
}

type EndedBy = "passkey" | "password" | "mail" | "operator" | "erased";

/** Takes one away; false where there is none, or is none any more. What is known of it goes. */
export async function endPasskey(
  client: Client,
  { id, login, by }: { id: string; login: string; by: EndedBy },
): Promise<boolean> {
  const touched = await client.execute(sql`
    update passkeys set credential = null, public_key = null, name = null, transports = '', ended_at = kenshu_now(),
      ended_by = ${by}
    where id = ${id} and login = ${login} and ended_at is null`);
  if (touched === 0) return false;
  await dropKeys(client, [id]);
  return true;
}

/** Takes away the passkeys of a person, party or operator. Answers how many there were. */
export async function endPasskeysOf(client: Client, subject: string, by: EndedBy): Promise<number> {
  const rows = await client.query<{ id: string }>(sql`
    update passkeys set credential = null, public_key = null, name = null, transports = '', ended_at = kenshu_now(),
      ended_by = ${by}
    where subject = ${subject} and ended_at is null returning id`);
  await dropKeys(
    client,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

/** Takes away those that were registered within so many days before. */
export async function endYoungPasskeys(client: Client, subject: string, days: number): Promise<number> {
  const rows = await client.query<{ id: string }>(sql`
    update passkeys set credential = null, public_key = null, name = null, transports = '', ended_at = kenshu_now(),
      ended_by = 'mail'
    where subject = ${subject} and ended_at is null and created_at > kenshu_now() - make_interval(days => ${days}::integer)
    returning id`);
  await dropKeys(
    client,
    rows.map(({ id }) => id),
  );
  return rows.length;
}
