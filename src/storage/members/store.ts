/** What the trades room asks of people, set-based: one statement a call, whatever the number of rows. */
import { createHash } from "node:crypto";
import { type Client, sql } from "../database/database.ts";
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import type { Vault } from "./vault.ts";
import type { MethodKind, MethodState, PersonKind, PersonState } from "./kinds.ts";

export interface PersonRow {
  id: string;
  /** Null for guests, who have no number. */
  number: bigint | null;
  state: PersonState;
  kind: PersonKind;
}

/** The people, guests included, with these ids. */
export function readPeopleById(client: Client, ids: string[]): Promise<PersonRow[]> {
  return client.query<PersonRow>(sql`
    select id, number, state, kind from people where id = any(${ids}::uuid[])`);
}

export interface MethodRow {
  id: string;
  person: string;
  kind: MethodKind;
  currency: string;
  /** Null while a credit line waits for its limit. */
  account: string | null;
  state: MethodState;
  /** The one trade that a credit line was granted for. */
  trade?: bigint | null;
  /** Who stands for the member on a credit line that is lent, and where. */
  lender?: string | null;
  lenderAccount?: string | null;
}

export interface MandateRow {
  id: string;
  person: string;
  shop: string;
  currency: string;
  limit: bigint;
  used: bigint;
  until: Date;
  method: string | null;
  acceptors: AcceptorRole[];
  /** What the member wants at least of a trade under it, as durations; null: what the server has by default. */
  terms: Record<string, string> | null;
  revoked: boolean;
}

/** Reads mandates and locks them for this transaction, in the order of their ids. */
export function lockMandates(client: Client, ids: string[]): Promise<MandateRow[]> {
  return client.query<MandateRow>(sql`
    select id, person, shop, currency, limit_amount as limit, used, until, method, acceptors, terms,
      revoked_at is not null as revoked
    from mandates where id = any(${ids}::uuid[]) order by id for update`);
}

/** Writes what has been used of mandates that this transaction has locked. */
export async function writeMandates(client: Client, changes: { id: string; used: bigint }[]): Promise<void> {
  if (changes.length === 0) return;
  const ids = changes.map(({ id }) => id);
  await client.execute(sql`
    update mandates set used = new.used
    from unnest(${ids}::uuid[], ${changes.map(({ used }) => used)}::bigint[]) as new(id, used)
    where mandates.id = new.id and mandates.id = any(${ids}::uuid[])`);
}

/** What is known of a person. Null where it was never told; nothing is left of an erased person. */
export interface PersonalData {
  name: string | null;
  /** How the name is read, in full-width katakana. */
  kana: string | null;
  address: string | null;
  /** YYYY-MM-DD. */
  birthDate: string | null;
  email: string | null;
  phone: string | null;
}

/** Seals a person's data under a new key of their own, by the names of the columns. */
export function sealPerson(vault: Vault, person: PersonalData & { id: string }) {
  const { id, name, kana, address, birthDate, email, phone } = person;
  return vault.seal("people", id, { name, kana, address, birth_date: birthDate, email, phone });
}

export interface NewGuest extends PersonalData {
  id: string;
  method: {
    id: string;
    kind: MethodKind;
    currency: string;
    account: string | null;
    state: MethodState;
    /** What came with the method from outside; only its hash is kept. */
    token: string | null;
  };
}

/** Enters guests with their one means of payment each (patent 0054, 0064: the same fields as a member's). */
export async function insertGuests(
  client: Client,
  vault: Vault,
  guests: NewGuest[],
  at: Date,
): Promise<void> {
  if (guests.length === 0) return;
  const methods = guests.map(({ method }) => method);
  const people = guests.map((guest) => sealPerson(vault, guest));
  const keys = people.map(({ key }) => key);
  const sealed = people.map((person) => person.sealed);
  await client.execute(sql`
    with entered as (
      insert into people (id, kind, state, name, kana, address, birth_date, email, phone, created_at)
      select id, 'guest', 'active', name, kana, address, birth_date, email, phone, ${at}
      from unnest(${guests.map(({ id }) => id)}::uuid[], ${sealed.map(({ name }) => name)}::bytea[],
        ${sealed.map(({ kana }) => kana)}::bytea[],
        ${sealed.map(({ address }) => address)}::bytea[], ${sealed.map((each) => each.birth_date)}::bytea[],
        ${sealed.map(({ email }) => email)}::bytea[], ${sealed.map(({ phone }) => phone)}::bytea[])
        as new(id, name, kana, address, birth_date, email, phone)),
    locked as (
      insert into personal_keys (subject, kek, wrapped)
      select * from unnest(${guests.map(({ id }) => id)}::uuid[], ${keys.map(({ kek }) => kek)}::bytea[],
        ${keys.map(({ wrapped }) => wrapped)}::bytea[]))
    insert into methods (id, person, kind, currency, account, state, token_hash, created_at)
    select new.*, ${at}
    from unnest(${methods.map(({ id }) => id)}::uuid[], ${guests.map(({ id }) => id)}::uuid[],
      ${methods.map(({ kind }) => kind)}::text[], ${methods.map(({ currency }) => currency)}::text[],
      ${methods.map(({ account }) => account)}::uuid[], ${methods.map(({ state }) => state)}::text[],
      ${methods.map(({ token }) => (token === null ? null : tokenHash(token)))}::bytea[]) as new`);
}

/** The form in which tokens and codes are kept: what is stored cannot be used to pay. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export interface VoucherRow {
  code: string;
  account: string;
  currency: string;
  /** The member it belongs to; a claimed voucher pays through that member's own method only. */
  claimedBy: string | null;
}

/** The vouchers with these codes; unknown codes are left out. */
export async function readVouchers(client: Client, codes: string[]): Promise<VoucherRow[]> {
  const byHash = new Map(codes.map((code) => [tokenHash(code).toString("hex"), code]));
  const rows = await client.query<{
    hash: Buffer;
    account: string;
    currency: string;
    claimedBy: string | null;
  }>(sql`
    select code_hash as hash, account, currency, claimed_by as "claimedBy"
    from vouchers where code_hash = any(${codes.map(tokenHash)}::bytea[])`);
  return rows.map(({ hash, ...row }) => ({ ...row, code: byHash.get(hash.toString("hex")) ?? "" }));
}

/** What a person allows others and has not taken back: mandates with when they end by themselves, and consents. */
export interface OpenLeave {
  mandates: { id: string; shop: string; until: Date }[];
  consents: string[];
}

/** Locks all that a person allows others, which stops new reservations under it until this transaction ends. */
export async function lockLeaveOf(client: Client, person: string): Promise<OpenLeave> {
  const mandates = await client.query<OpenLeave["mandates"][number] & { open: boolean }>(sql`
    select id, shop, until, revoked_at is null as open from mandates where person = ${person} order by id for update`);
  const consents = await client.query<{ id: string; open: boolean }>(sql`
    select id, revoked_at is null as open from consents where owner = ${person} order by id for update`);
  return {
    mandates: mandates.filter(({ open }) => open).map(({ id, shop, until }) => ({ id, shop, until })),
    consents: consents.filter(({ open }) => open).map(({ id }) => id),
  };
}

/** Makes two registrations of the same guest, sent at once, follow one another. */
export async function lockRegistration(client: Client, id: string): Promise<void> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`);
}

/**
 * Empties everything personal of these people: the key that opens it first of all, then the columns, sign-ins with their
 * sessions, tokens; mandates and consents end and methods close. One statement, so that no step of an erasure can be
 * forgotten, although sign-ins and consents are otherwise kept by other rooms. Ids, account numbers and amounts stay for the books (patent 0064: a guest's registration is deleted soon after
 * the trade). Returns how many people were erased by this call.
 */
export function erasePeople(client: Client, ids: string[], at: Date): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0);
  return client.execute(sql`
    with unlocked as (
      delete from personal_keys where subject = any(${ids}::uuid[])),
    revoked as (
      update mandates set revoked_at = ${at} where person = any(${ids}::uuid[]) and revoked_at is null),
    untied as (
      update consents set revoked_at = ${at} where owner = any(${ids}::uuid[]) and revoked_at is null),
    closed as (
      update methods set state = 'closed', token_hash = null, wished_limit = null
      where person = any(${ids}::uuid[])),
    signed_out as (
      delete from logins where subject_kind = 'member' and subject = any(${ids}::uuid[])),
    unwritten as (
      delete from letters where subject = any(${ids}::uuid[]) returning id),
    unasked as (
      delete from email_changes where person = any(${ids}::uuid[]) returning id),
    unbanked as (
      delete from bank_accounts where account = any(array(
        select account from methods where person = any(${ids}::uuid[]) and account is not null)) returning id),
    unregistered as (
      update passkeys set credential = null, public_key = null, name = null, transports = '', ended_at = ${at},
        ended_by = 'erased'
      where subject = any(${ids}::uuid[]) and ended_at is null returning id),
    unshown as (
      delete from trade_photos where owner = any(${ids}::uuid[]) returning id),
    unopened as (
      delete from personal_keys where subject = any(array(
        select id from unwritten union all select id from unasked union all select id from unbanked
        union all select id from unregistered union all select id from unshown))),
    unadmitted as (
      delete from admissions where person = any(${ids}::uuid[])),
    unlent as (
      update lender_leaves set taken_back_at = ${at} where person = any(${ids}::uuid[]) and taken_back_at is null),
    unseen as (
      delete from presences where subject = any(${ids}::uuid[])),
    unlinked as (
      delete from guest_links where person = any(${ids}::uuid[]))
    update people set state = 'erased', erased_at = ${at}, name = null, kana = null, address = null, birth_date = null,
      email = null, phone = null, language = null
    where id = any(${ids}::uuid[]) and state <> 'erased'`);
}

export interface SoughtBuyers {
  methods: string[];
  people: string[];
  memberNumbers: bigint[];
  mandates: string[];
}

/**
 * The methods of payment a batch may need, in one statement: those named, and all of the people who are named
 * by id, by member number or through a mandate. Oldest first.
 */
export function readMethods(client: Client, sought: SoughtBuyers): Promise<MethodRow[]> {
  return client.query<MethodRow>(sql`
    with owners as materialized (
      select array(
        select unnest(${sought.people}::uuid[])
        union all select id from people where number = any(${sought.memberNumbers}::bigint[])
        union all select person from mandates where id = any(${sought.mandates}::uuid[])) as ids),
    found as materialized (
      select id from methods where id = any(${sought.methods}::uuid[])
      union all select id from methods where person = any((select ids from owners)::uuid[]))
    select id, person, kind, currency, account, state, trade, lender, lender_account as "lenderAccount" from methods
    where id = any(array(select id from found)) order by id`);
}

/** The people a batch may need as buyers: by member number, by id, or through a mandate. */
export function readBuyers(client: Client, sought: Omit<SoughtBuyers, "methods">): Promise<PersonRow[]> {
  return client.query<PersonRow>(sql`
    select id, number, state, kind from people where id = any(array(
      select unnest(${sought.people}::uuid[])
      union all select id from people where number = any(${sought.memberNumbers}::bigint[])
      union all select person from mandates where id = any(${sought.mandates}::uuid[])))`);
}
