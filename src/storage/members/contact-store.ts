/** Browsers in which somebody goes on as a guest, each with the address that it says is theirs, until that is proven. */
import { type Client, sql } from "../database/database.ts";
import type { PersonLanguage } from "./kinds.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";

export interface NewContact {
  id: string;
  trade: bigint;
  /** SHA-256 of what stands in the browser's cookie. */
  secretHash: Buffer;
  email: string;
  language: PersonLanguage | undefined;
  /** For how long the code can be used. */
  minutes: number;
}

/** Keeps an address until it is confirmed, or its code is over. */
export async function insertContact(client: Client, vault: Vault, contact: NewContact): Promise<void> {
  const { id, trade, secretHash, email, language, minutes } = contact;
  const { key, sealed } = vault.seal("guest_contacts", id, { email });
  await client.execute(sql`
    with locked as (
      insert into personal_keys (subject, kek, wrapped) values (${id}, ${key.kek}, ${key.wrapped}))
    insert into guest_contacts (id, trade, secret_hash, email, language, created_at, until)
    select ${id}, ${trade}, ${secretHash}, ${sealed.email}, ${language ?? null}, now,
      now + make_interval(mins => ${minutes})
    from (select kenshu_now() as now) as clock`);
}

/** Deletes what is over, and no longer needed to count by; answers how many there were. */
export async function forgetContacts(client: Client): Promise<number> {
  const rows = await client.query<{ count: number }>(sql`
    with over as (
      delete from guest_contacts
      where until < kenshu_now() and created_at < kenshu_now() - interval '1 hour' returning id),
    unlocked as (delete from personal_keys where subject in (select id from over))
    select count(*)::int as count from over`);
  return rows[0]?.count ?? 0;
}

/** How many codes were asked for within the last hour. */
export async function countContacts(client: Client, trade: bigint): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from guest_contacts
    where trade = ${trade} and created_at > kenshu_now() - interval '1 hour'`);
  return row?.count ?? 0;
}

export interface ContactRow {
  id: string;
  trade: bigint;
  wrong: number;
  confirmed: boolean;
  /** The guest whom this browser has become. */
  person: string | null;
}

const columns = "id, trade, wrong, confirmed_at is not null as confirmed, person";

/** The contact of the browser with this secret, while it holds. */
export async function readContact(client: Client, secretHash: Buffer): Promise<ContactRow | undefined> {
  const text = `select ${columns} from guest_contacts where secret_hash = $1 and until > kenshu_now()`;
  const [row] = await client.query<ContactRow>({ name: "guest_contact", text, values: [secretHash] });
  return row;
}

/** The same, locked: of any number of codes that come at once, one after the other is looked at. */
export async function lockContact(client: Client, secretHash: Buffer): Promise<ContactRow | undefined> {
  const text = `select ${columns} from guest_contacts where secret_hash = $1 and until > kenshu_now() for update`;
  const [row] = await client.query<ContactRow>({ name: "guest_contact_locked", text, values: [secretHash] });
  return row;
}

export async function countWrongContactCode(client: Client, id: string): Promise<void> {
  await client.execute(sql`update guest_contacts set wrong = wrong + 1 where id = ${id}`);
}

/** The address is theirs: there is time now to fill in the form. */
export async function confirmContact(client: Client, id: string, minutes: number): Promise<void> {
  await client.execute(sql`
    update guest_contacts set confirmed_at = now, until = now + make_interval(mins => ${minutes})
    from (select kenshu_now() as now) as clock where id = ${id}`);
}

/** They have become a guest, with whom the address stands from now on. */
export async function spendContact(client: Client, id: string, person: string): Promise<void> {
  await client.execute(sql`
    with unlocked as (delete from personal_keys where subject = ${id})
    update guest_contacts set person = ${person}, email = null where id = ${id} and person is null`);
}

/** Where a contact is reached, and in which language; undefined once it is over or has become a guest. */
export async function readContactAddress(
  client: Client,
  vault: Vault,
  id: string,
): Promise<{ email: string; language: PersonLanguage | null } | undefined> {
  const [row] = await client.query<WrappedKey & { email: Buffer; language: PersonLanguage | null }>(sql`
    select k.kek, k.wrapped, c.email, c.language
    from guest_contacts c join personal_keys k on k.subject = c.id
    where c.id = ${id} and c.email is not null and c.until > kenshu_now()`);
  if (row === undefined) return undefined;
  const { kek, wrapped, email, language } = row;
  const opened = vault.open("guest_contacts", id, { kek, wrapped }, { email });
  return opened.email === null ? undefined : { email: opened.email, language };
}
