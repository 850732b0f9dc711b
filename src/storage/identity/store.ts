/** Keys, sign-ins and sessions as they are stored. Hashes go in and out as hex; secrets never do. */
import { type Client, type Database, sql } from "../database/database.ts";
import { type Keyring, openSecret } from "../keyring/keyring.ts";
import { hashBytes } from "./secrets.ts";
import type { Caller, KeyOwnerKind, LoginKind, ShopPerson, ShopRole } from "./callers.ts";

/** Whoever works at a shop signs in for it, as long as they do. `l` is their sign-in. */
const asWorking = `left join lateral (
  select id, shop, role from shop_people where id = l.subject and state <> 'removed' limit 1) w on l.subject_kind = 'shop'`;

interface Working {
  person: string | null;
  role: ShopRole | null;
}

const personIn = ({ person, role }: Working): { person?: ShopPerson } =>
  person === null || role === null ? {} : { person: { id: person, role } };

/**
 * The owners of the keys with these hashes: one statement for all requests that came together. A suspended shop is
 * still known, since it has open trades to finish and the trade engine refuses it new ones; a suspended carrier,
 * provider or operator is nobody from that moment.
 */
export async function readKeys(client: Client, hashes: string[]): Promise<Map<string, Caller>> {
  const rows = await client.query<{
    hash: string;
    id: string;
    kind: KeyOwnerKind;
    owner: string;
    name: string;
  }>(sql`
    select encode(k.hash, 'hex') as hash, k.id, k.owner_kind as kind, k.owner, coalesce(p.name, o.name) as name
    from api_keys k
      left join lateral (select kind, state, name from parties where id = k.owner limit 1) p on p.kind = k.owner_kind
      left join lateral (select state, name from operators where id = k.owner limit 1) o on k.owner_kind = 'operator'
    where k.hash = any(${hashes.map(hashBytes)}::bytea[]) and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > kenshu_now())
      and (p.kind = 'shop' or p.state = 'approved' or o.state = 'active')`);
  return new Map(
    rows.map(({ hash, id, kind, owner, name }) => [
      hash,
      { kind, id: owner, name, credential: { kind: "key", id } },
    ]),
  );
}

/** Whose a sign-in `l` is: a member's, an operator's, a party's, or of somebody who works at a shop. */
const whose = `${asWorking}
  left join lateral (select number, state from people where id = l.subject limit 1) m on l.subject_kind = 'member'
  left join lateral (select kind, state, name from parties where id = coalesce(w.shop, l.subject) limit 1) p
    on p.kind = l.subject_kind
  left join lateral (select state, name from operators where id = l.subject limit 1) o on l.subject_kind = 'operator'`;
const maySignIn = "(m.state <> 'erased' or p.kind = 'shop' or p.state = 'approved' or o.state = 'active')";

interface SessionOwner extends Working {
  hash: string;
  login: string;
  kind: LoginKind;
  subject: string;
  name: string;
  stale: boolean;
}

/**
 * Who is signed in by the sessions with these hashes. Sessions end by the real clock, unlike everything else: how
 * long somebody has been away from the screen does not change when a sandbox moves its clock.
 */
export async function readSessions(client: Client, hashes: string[]): Promise<Map<string, Caller>> {
  const text = `
    select encode(s.hash, 'hex') as hash, s.seen_at < clock_timestamp() - interval '5 minutes' as stale, l.id as login,
      l.subject_kind as kind, coalesce(w.shop, l.subject) as subject, w.id as person, w.role,
      coalesce(m.number::text, p.name, o.name) as name
    from sessions s
      cross join lateral (
        select id, subject_kind, subject from logins where id = s.login and closed_at is null limit 1) l
      ${whose}
    where s.hash = any($1::bytea[]) and s.expires_at > clock_timestamp() and ${maySignIn}`;
  const rows = await client.query<SessionOwner>({
    name: "sessions",
    text,
    values: [hashes.map(hashBytes)],
  });
  const stale = rows.flatMap((row) => (row.stale ? [row.hash] : []));
  if (stale.length > 0) await noteUse(client, stale);
  return new Map(
    rows.map(({ hash, login, kind, subject, name, ...working }) => [
      hash,
      { kind, id: subject, name, ...personIn(working), credential: { kind: "session", id: login } },
    ]),
  );
}

/** Remembers, to within minutes, that these sessions are used. Where nothing can be written, people are known all the same. */
async function noteUse(client: Client, hashes: string[]): Promise<void> {
  try {
    await client.execute(sql`
      update sessions set seen_at = clock_timestamp() where hash = any(array(
        select hash from sessions where hash = any(${hashes.map(hashBytes)}::bytea[]) for update skip locked))`);
  } catch {
    // The next request tries again.
  }
}

export interface KeyRow {
  id: string;
  label: string | null;
  createdAt: Date;
  expiresAt: Date | null;
}

export async function insertKey(
  client: Client,
  key: { id: string; hash: string; ownerKind: KeyOwnerKind; owner: string; label: string | null },
): Promise<void> {
  await client.execute(sql`
    insert into api_keys (hash, id, owner_kind, owner, label, created_at)
    values (${hashBytes(key.hash)}, ${key.id}, ${key.ownerKind}, ${key.owner}, ${key.label}, kenshu_now())`);
}

/** Lets the owner's keys run out `overlapMs` from now, unless they do so sooner. */
export async function expireKeys(client: Client, owner: string, overlapMs: number): Promise<void> {
  await client.execute(sql`
    update api_keys
    set expires_at = least(expires_at, kenshu_now() + make_interval(secs => ${overlapMs}::double precision / 1000))
    where owner = ${owner} and revoked_at is null`);
}

/** Lets the owner's keys run out at an instant, unless they do so sooner. */
export async function endKeysAt(client: Client, owner: string, at: Date): Promise<void> {
  await client.execute(sql`
    update api_keys set expires_at = least(expires_at, ${at}) where owner = ${owner} and revoked_at is null`);
}

export async function revokeKey(client: Client, owner: string, id: string): Promise<boolean> {
  const touched = await client.execute(sql`
    update api_keys set revoked_at = kenshu_now() where id = ${id} and owner = ${owner} and revoked_at is null`);
  return touched === 1;
}

/** The owner's keys that still work, the oldest first. */
export function listKeys(client: Client, owner: string): Promise<KeyRow[]> {
  return client.query<KeyRow>(sql`
    select id, label, created_at as "createdAt", expires_at as "expiresAt" from api_keys
    where owner = ${owner} and revoked_at is null and (expires_at is null or expires_at > kenshu_now())
    order by id`);
}

/**
 * The server's own secret, 32 bytes, of which its links and codes are made, and by which sign-ins are known; it never
 * changes. Until it was sealed it lay in a table of its own, from which it is taken.
 */
export function openServerSecret(database: Database, keyring: Keyring): Promise<Buffer> {
  return openSecret(database, keyring, "server", async (client) => {
    const [row] = await client.query<{ secret: Buffer }>(sql`delete from server_secret returning secret`);
    return row?.secret;
  });
}

export interface NewLogin {
  id: string;
  address: Buffer;
  /** The mailbox to which it leads, however the address is written. */
  mailbox: Buffer;
  passwordHash: string;
  subjectKind: LoginKind;
  subject: string;
}

/** Adds nothing where a sign-in with this address and password exists. */
export async function insertLogin(client: Client, login: NewLogin): Promise<void> {
  await client.execute(sql`
    insert into logins (id, address_hmac, mailbox_hmac, password_hash, subject_kind, subject, created_at)
    values (${login.id}, ${login.address}, ${login.mailbox}, ${login.passwordHash}, ${login.subjectKind}, ${login.subject}, kenshu_now())
    on conflict (address_hmac, password_hash) do nothing`);
}

/** The sign-in with this address and password, where its owner may sign in. */
export async function findLogin(
  client: Client,
  address: Buffer,
  passwordHash: string,
): Promise<Caller | undefined> {
  const text = `
    select l.id as login, l.subject_kind as kind, coalesce(w.shop, l.subject) as subject, w.id as person, w.role,
      coalesce(m.number::text, p.name, o.name) as name
    from logins l ${whose}
    where l.address_hmac = $1 and l.password_hash = $2 and l.closed_at is null and ${maySignIn}`;
  const [row] = await client.query<Omit<SessionOwner, "hash" | "stale">>({
    name: "find_login",
    text,
    values: [address, passwordHash],
  });
  if (row === undefined) return undefined;
  const { kind, subject: id, name, login, ...working } = row;
  return { kind, id, name, ...personIn(working), credential: { kind: "session", id: login } };
}

/** Whether somebody signs in for this person or party with the address of which this is the HMAC. */
export async function hasLogin(
  client: Client,
  subject: string,
  { address, mailbox }: Pick<NewLogin, "address" | "mailbox">,
): Promise<boolean> {
  const [row] = await client.query<{ found: boolean }>(sql`
    select exists (select from logins where subject = any(array(
        select ${subject}::uuid union all select id from shop_people where shop = ${subject} and state <> 'removed'))
      and (address_hmac = ${address} or mailbox_hmac = ${mailbox})) as found`);
  return row?.found === true;
}

/**
 * Opens a session; undefined where the sign-in has gone in the meantime, or has another password. Sweeps some that have run
 * out.
 */
export async function insertSession(
  client: Client,
  session: { hash: string; login: string; passwordHash: string; lifetimeMs: number; place: string | null },
): Promise<Date | undefined> {
  await client.execute(sql`
    delete from sessions where hash = any(array(
      select hash from sessions where expires_at < clock_timestamp() limit 200 for update skip locked))`);
  const [row] = await client.query<{ expiresAt: Date }>(sql`
    insert into sessions (hash, login, place, created_at, expires_at)
    select ${hashBytes(session.hash)}, id, ${session.place}, clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${session.lifetimeMs}::double precision / 1000)
    from logins where id = ${session.login} and password_hash = ${session.passwordHash} and closed_at is null
    for key share
    returning expires_at as "expiresAt"`);
  return row?.expiresAt;
}

export async function deleteSession(client: Client, hash: string): Promise<void> {
  await client.execute(sql`delete from sessions where hash = ${hashBytes(hash)}`);
}

/** Ends every session of a person, party or operator; of a shop those of its people, too. */
export async function deleteSessionsOf(client: Client, subject: string): Promise<void> {
  await client.execute(sql`
    delete from sessions where login = any(array(select id from logins where subject = any(array(
      select ${subject}::uuid union all select id from shop_people where shop = ${subject}))))`);
}

/** A sign-in: whose it is, and how it stands. */
export interface LoginRow {
  id: string;
  kind: LoginKind;
  /** Of somebody who works at a shop themselves, and `working` where. */
  subject: string;
  working: { shop: string; person: ShopPerson } | null;
  /** Of a member the number, else the name. */
  name: string;
  passwordHash: string;
  address: Buffer;
  mailbox: Buffer | null;
  /** Stopped until operators have settled whose it is. */
  closed: boolean;
  /** Its password was changed, or reset, within the last three days; or its address. */
  fresh: boolean;
  /** Two operators let this operator's password be reset by mail now. */
  mayReset: boolean;
}

const loginColumns = `l.id, l.subject_kind as kind, l.subject, coalesce(m.number::text, p.name, o.name) as name,
  w.shop, w.id as person, w.role, l.password_hash as "passwordHash", l.address_hmac as address, l.mailbox_hmac as mailbox,
  l.closed_at is not null as closed,
  coalesce(l.changed_at > kenshu_now() - interval '3 days', false) or coalesce(l.held_until > kenshu_now(), false) as fresh,
  coalesce(l.reset_until > kenshu_now(), false) as "mayReset"
  from logins l ${whose}`;

type StoredLogin = Omit<LoginRow, "working"> & Working & { shop: string | null };

function loginIn({ shop, person, role, ...row }: StoredLogin): LoginRow {
  const known = personIn({ person, role }).person;
  return { ...row, working: shop === null || known === undefined ? null : { shop, person: known } };
}

export async function readLogin(client: Client, id: string): Promise<LoginRow | undefined> {
  const text = `select ${loginColumns} where l.id = $1 and ${maySignIn}`;
  const [row] = await client.query<StoredLogin>({ name: "login", text, values: [id] });
  return row && loginIn(row);
}

const oldestFirst = (rows: StoredLogin[]): LoginRow[] =>
  rows.map(loginIn).toSorted((left, right) => (left.id < right.id ? -1 : 1));

/** The sign-ins with this address, the oldest first. */
export async function loginsAt(client: Client, address: Buffer): Promise<LoginRow[]> {
  const text = `select ${loginColumns} where l.address_hmac = $1 and ${maySignIn}`;
  return oldestFirst(await client.query<StoredLogin>({ name: "logins_at", text, values: [address] }));
}

/** The sign-ins of a person, party or operator. */
export async function loginsOf(client: Client, subject: string): Promise<LoginRow[]> {
  const text = `select ${loginColumns} where l.subject = $1`;
  return oldestFirst(await client.query<StoredLogin>({ name: "logins_of", text, values: [subject] }));
}

/**
 * Gives a sign-in another password, where it still has the one that was looked at; of any number at once, one does it.
 * `held`: it was reset by mail, and gives no right for three days.
 */
export async function setPassword(
  client: Client,
  { login, from, to, held }: { login: string; from: string; to: string; held: boolean },
): Promise<boolean> {
  const touched = await client.execute(sql`
    update logins set password_hash = ${to}, changed_at = kenshu_now(), reset_until = null,
      held_until = case when ${held} then kenshu_now() + interval '3 days' else held_until end
    where id = ${login} and password_hash = ${from} and closed_at is null`);
  return touched === 1;
}

/** Moves a sign-in to another address; false where another sign-in has that address with that password. */
export async function moveLogin(
  client: Client,
  wish: { login: string; address: Buffer; mailbox: Buffer | null; passwordHash: string; held: boolean },
): Promise<boolean> {
  const { login, address, mailbox, passwordHash, held } = wish;
  const touched = await client.execute(sql`
    update logins set address_hmac = ${address}, mailbox_hmac = ${mailbox}, password_hash = ${passwordHash},
      closed_at = null, held_until = case when ${held} then kenshu_now() + interval '3 days' end
    where id = ${login} and not exists (
      select from logins where address_hmac = ${address} and password_hash = ${passwordHash} and id <> ${login})`);
  return touched === 1;
}

/** Stops the sign-ins of a person until operators have settled whose they are. */
export async function closeLogins(client: Client, subject: string): Promise<void> {
  await client.execute(sql`update logins set closed_at = kenshu_now() where subject = ${subject}`);
}

/** Lets an operator's password be reset by mail within a day. False where they have no sign-in. */
export async function allowReset(client: Client, subject: string): Promise<boolean> {
  const touched = await client.execute(sql`
    update logins set reset_until = kenshu_now() + interval '1 day' where subject = ${subject}`);
  return touched > 0;
}

/** Whether somebody's sign-in was lately reset by mail or moved, so that it gives no right yet; or is stopped. */
export async function isHeld(client: Client, subject: string): Promise<boolean> {
  const [row] = await client.query<{ held: boolean }>(sql`
    select exists (select from logins where subject = ${subject}
      and (held_until > kenshu_now() or closed_at is not null)) as held`);
  return row?.held === true;
}

/** Ends the sessions of a sign-in, but the one that is kept. */
export async function deleteOtherSessions(
  client: Client,
  login: string,
  kept: string | undefined,
): Promise<void> {
  await client.execute(sql`
    delete from sessions where login = ${login} and hash is distinct from ${kept === undefined ? null : hashBytes(kept)}`);
}

/** A session as its owner sees it. */
export interface SessionRow {
  id: string;
  /** On what kind of browser; null where that is not known. */
  place: string | null;
  createdAt: Date;
  seenAt: Date;
  /** It is the one that asks. */
  here: boolean;
}

/** The sessions of a sign-in that have not ended, the newest first; `hash` is of the one that asks. */
export function listSessions(client: Client, login: string, hash: string | undefined): Promise<SessionRow[]> {
  return client.query<SessionRow>(sql`
    select id, place, created_at as "createdAt", seen_at as "seenAt",
      hash is not distinct from ${hash === undefined ? null : hashBytes(hash)} as here
    from sessions where login = ${login} and expires_at > clock_timestamp() order by created_at desc, id limit 100`);
}

/** Whether the session with this hash began no longer ago than so many minutes. */
export async function isYoungSession(client: Client, hash: string, minutes: number): Promise<boolean> {
  const rows = await client.query(sql`
    select from sessions where hash = ${hashBytes(hash)}
      and created_at > clock_timestamp() - make_interval(mins => ${minutes})`);
  return rows.length > 0;
}

/** Ends one session of a sign-in. One that has ended, or is not theirs, stays as it is. */
export async function endSession(client: Client, login: string, id: string): Promise<boolean> {
  return (await client.execute(sql`delete from sessions where login = ${login} and id = ${id}`)) === 1;
}
