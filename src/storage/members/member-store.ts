/** What is kept of one member at a time: for registration and the member's own pages, off the trades' hot path. */
import { type Client, sql, uuidArray } from "../database/database.ts";
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import { type PersonalData, sealPerson, tokenHash } from "./store.ts";
import type { WrappedKey } from "../keyring/keyring.ts";
import type { Vault } from "./vault.ts";
import type { MethodKind, MethodState, PersonLanguage, PersonState } from "./kinds.ts";

export interface MemberRow extends PersonalData {
  id: string;
  number: bigint;
  state: PersonState;
  createdAt: Date;
}

export type NewMember = Omit<MemberRow, "createdAt">;

/** Enters a member; false where the number is taken. */
export async function insertMember(client: Client, vault: Vault, member: NewMember): Promise<boolean> {
  const { key, sealed } = sealPerson(vault, member);
  const entered = await client.execute(sql`
    with entered as (
      insert into people (id, number, kind, state, name, kana, address, birth_date, email, phone, created_at)
      values (${member.id}, ${member.number}, 'member', ${member.state}, ${sealed.name}, ${sealed.kana}, ${sealed.address},
        ${sealed.birth_date}, ${sealed.email}, ${sealed.phone}, kenshu_now())
      on conflict (number) do nothing returning id)
    insert into personal_keys (subject, kek, wrapped) select id, ${key.kek}, ${key.wrapped} from entered`);
  return entered === 1;
}

/** Who has this number, erased ones included, and nothing personal. */
export async function findMember(
  client: Client,
  number: bigint,
): Promise<{ id: string; state: PersonState; createdAt: Date } | undefined> {
  const [row] = await client.query<{ id: string; state: PersonState; createdAt: Date }>(sql`
    select id, state, created_at as "createdAt" from people where number = ${number}`);
  return row;
}

type SealedPerson = WrappedKey &
  Record<"name" | "kana" | "address" | "birth_date" | "email" | "phone", Buffer | null>;

/** What is known of a person; undefined once they have been erased. */
export async function readPersonalData(
  client: Client,
  vault: Vault,
  id: string,
): Promise<PersonalData | undefined> {
  const [row] = await client.query<SealedPerson>(sql`
    select k.kek, k.wrapped, p.name, p.kana, p.address, p.birth_date, p.email, p.phone
    from people p join personal_keys k on k.subject = p.id where p.id = ${id}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, ...sealed } = row;
  const { birth_date: birthDate, ...rest } = vault.open("people", id, { kek, wrapped }, sealed);
  return { ...rest, birthDate };
}

/** What of a person can be changed; their date of birth cannot. */
export type ProfileChange = Partial<Record<"name" | "address" | "email" | "phone", string>> & {
  /** Null takes it away. */
  kana?: string | null;
};

/** Changes what is known of a person, all of it sealed anew under a new key. False where there is no such person. */
export async function changePerson(
  client: Client,
  vault: Vault,
  id: string,
  change: ProfileChange,
): Promise<boolean> {
  const before = await readPersonalData(client, vault, id);
  if (before === undefined) return false;
  const { key, sealed } = sealPerson(vault, { ...before, ...change, id });
  await client.execute(sql`
    with locked as (
      update personal_keys set kek = ${key.kek}, wrapped = ${key.wrapped}, marked = false where subject = ${id})
    update people set name = ${sealed.name}, kana = ${sealed.kana}, address = ${sealed.address}, birth_date = ${sealed.birth_date},
      email = ${sealed.email}, phone = ${sealed.phone}
    where id = ${id} and state <> 'erased'`);
  return true;
}

/** In which language a person is written to; null where they have said none. */
export async function readLanguage(client: Client, id: string): Promise<PersonLanguage | null> {
  const [row] = await client.query<{ language: PersonLanguage | null }>(
    sql`select language from people where id = ${id}`,
  );
  return row?.language ?? null;
}

/** Remembers in which language a person is written to; not of one who was erased. */
export async function setLanguage(client: Client, id: string, language: PersonLanguage): Promise<void> {
  await client.execute(sql`
    update people set language = ${language}
    where id = ${id} and state <> 'erased' and language is distinct from ${language}`);
}

/** Locks a member against every other change of state and returns the state it has now. */
export async function lockMember(
  client: Client,
  number: bigint,
): Promise<{ id: string; state: PersonState } | undefined> {
  const [row] = await client.query<{ id: string; state: PersonState }>(sql`
    select id, state from people where number = ${number} for update`);
  return row;
}

/** The same by id, before what is known of them changes: then their sign-in. Of a party nothing is locked. */
export async function lockPerson(client: Client, id: string): Promise<void> {
  await client.query(sql`select id from people where id = ${id} for update`);
}

export async function setMemberState(client: Client, id: string, state: PersonState): Promise<void> {
  await client.execute(sql`update people set state = ${state} where id = ${id}`);
}

export interface NewMethod {
  id: string;
  person: string;
  kind: MethodKind;
  currency: string;
  account: string | null;
  state: MethodState;
  token: string | null;
  wishedLimit: bigint | null;
  /** The one trade that a credit line was granted for. */
  trade?: bigint;
  /** Who stands for the member on a credit line that is lent, and where. */
  lent?: { lender: string; account: string };
}

export async function insertMethod(client: Client, method: NewMethod): Promise<void> {
  const hash = method.token === null ? null : tokenHash(method.token);
  await client.execute(sql`
    insert into methods (id, person, kind, currency, account, state, token_hash, wished_limit, trade,
      lender, lender_account, created_at)
    values (${method.id}, ${method.person}, ${method.kind}, ${method.currency}, ${method.account},
      ${method.state}, ${hash}, ${method.wishedLimit}, ${method.trade ?? null},
      ${method.lent?.lender ?? null}, ${method.lent?.account ?? null}, kenshu_now())`);
}

export interface MethodDetails {
  id: string;
  kind: MethodKind;
  currency: string;
  account: string | null;
  state: MethodState;
  wishedLimit: bigint | null;
  /** Set where the credit line was granted for one trade, and pays for nothing else. */
  trade?: bigint | null;
  /** Who has lent it, where somebody stands for the member. */
  lender?: string | null;
}

/** A person's means of payment, the oldest first. */
export function listMethods(client: Client, person: string): Promise<MethodDetails[]> {
  return client.query<MethodDetails>(sql`
    select id, kind, currency, account, state, wished_limit as "wishedLimit", trade, lender
    from methods where person = ${person} order by id`);
}

/** Whose means of payment an account stands behind. */
export async function readPersonOfAccount(client: Client, account: string): Promise<string | undefined> {
  const [row] = await client.query<{ person: string }>(
    sql`select person from methods where account = ${account}`,
  );
  return row?.person;
}

/** A credit line as somebody's means of payment. */
export interface LineRow {
  id: string;
  person: string;
  state: MethodState;
  /** Somebody else stands for what is owed on it. */
  lent: boolean;
  /** On which account they do. */
  lenderAccount: string | null;
}

/** Locks the means of payment of which an account is the credit line; undefined where it is none. */
export async function lockLine(client: Client, account: string): Promise<LineRow | undefined> {
  const [row] = await client.query<LineRow>(sql`
    select id, person, state, lender is not null as lent, lender_account as "lenderAccount" from methods
    where account = ${account} and kind = 'credit' order by id for update`);
  return row;
}

/** Who has lent the credit line of an account; undefined where nobody has. */
export async function readLender(client: Client, account: string): Promise<string | undefined> {
  const [row] = await client.query<{ lender: string }>(sql`
    select lender from methods where account = ${account} and kind = 'credit' and lender is not null limit 1`);
  return row?.lender;
}

/** The lines that these accounts are: whose each is, and for which trade alone it was granted. */
export function readLines(
  client: Client,
  accounts: readonly string[],
): Promise<{ account: string; person: string; trade: bigint | null }[]> {
  return client.query(sql`
    select account, person, trade from methods
    where account = any(${uuidArray(accounts)}::uuid[]) and kind = 'credit' and state <> 'closed'`);
}

export async function setMethodState(client: Client, id: string, state: MethodState): Promise<void> {
  await client.execute(sql`update methods set state = ${state} where id = ${id}`);
}

/** Like {@link listMethods}, and locks them. */
export function lockMethods(client: Client, person: string): Promise<MethodDetails[]> {
  return client.query<MethodDetails>(sql`
    select id, kind, currency, account, state, wished_limit as "wishedLimit", trade, lender
    from methods where person = ${person} order by id for update`);
}

/** Ends a means of payment: nothing new is paid by it. */
export async function closeMethod(client: Client, id: string): Promise<void> {
  await client.execute(sql`update methods set state = 'closed' where id = ${id} and state <> 'closed'`);
}

/** Gives a method that was pending its account. */
export async function activateMethod(client: Client, id: string, account: string): Promise<void> {
  await client.execute(sql`
    update methods set state = 'active', account = ${account} where id = ${id} and state = 'pending'`);
}

export async function insertVouchers(
  client: Client,
  vouchers: { code: string; account: string; currency: string }[],
): Promise<void> {
  await client.execute(sql`
    insert into vouchers (code_hash, account, currency, created_at)
    select new.*, kenshu_now()
    from unnest(${vouchers.map(({ code }) => tokenHash(code))}::bytea[],
      ${vouchers.map(({ account }) => account)}::uuid[], ${vouchers.map(({ currency }) => currency)}::text[]) as new`);
}

/** Accounts of the codes that a member has claimed. */
export async function claimedAccounts(client: Client, person: string): Promise<string[]> {
  const rows = await client.query<{ account: string }>(
    sql`select account from vouchers where claimed_by = ${person}`,
  );
  return rows.map(({ account }) => account);
}

/** Makes a voucher a person's, once for all: of any number who try at the same time, one gets it. */
export async function claimVoucher(
  client: Client,
  code: string,
  person: string,
): Promise<{ account: string; currency: string } | undefined> {
  const [row] = await client.query<{ account: string; currency: string }>(sql`
    update vouchers set claimed_by = ${person} where code_hash = ${tokenHash(code)} and claimed_by is null
    returning account, currency`);
  return row;
}

export interface MandateDetails {
  id: string;
  shop: string;
  currency: string;
  limit: bigint;
  used: bigint;
  until: Date;
  method: string | null;
  acceptors: AcceptorRole[];
  terms: Record<string, string> | null;
  revokedAt: Date | null;
  createdAt: Date;
}

export interface NewMandate {
  id: string;
  person: string;
  shop: string;
  currency: string;
  limit: bigint;
  until: Date;
  method: string | null;
}

/** Enters mandates that name the same acceptors and the same terms; several at once for the seed. */
export async function insertMandates(
  client: Client,
  mandates: NewMandate[],
  acceptors: readonly AcceptorRole[],
  terms: Record<string, string> | null,
): Promise<void> {
  await client.execute(sql`
    insert into mandates (id, person, shop, currency, limit_amount, until, method, acceptors, terms, created_at)
    select new.*, ${[...acceptors]}::text[], ${terms === null ? null : JSON.stringify(terms)}::json, kenshu_now()
    from unnest(${mandates.map(({ id }) => id)}::uuid[], ${mandates.map(({ person }) => person)}::uuid[],
      ${mandates.map(({ shop }) => shop)}::uuid[], ${mandates.map(({ currency }) => currency)}::text[],
      ${mandates.map(({ limit }) => limit)}::bigint[], ${mandates.map(({ until }) => until)}::timestamptz[],
      ${mandates.map(({ method }) => method)}::uuid[]) as new`);
}

const firstId = "00000000-0000-0000-0000-000000000000";

/** A person's mandates in the order in which they were given, those after `after` (an id). */
export function listMandates(
  client: Client,
  person: string,
  limit: number,
  after: string = firstId,
): Promise<MandateDetails[]> {
  return client.query<MandateDetails>(sql`
    select id, shop, currency, limit_amount as limit, used, until, method, acceptors, terms,
      revoked_at as "revokedAt", created_at as "createdAt"
    from mandates where person = ${person} and id > ${after} order by id limit ${limit}`);
}

/** One of a person's mandates; undefined where they have no such. */
export async function readMandate(
  client: Client,
  person: string,
  id: string,
): Promise<MandateDetails | undefined> {
  const [found] = await client.query<MandateDetails>(sql`
    select id, shop, currency, limit_amount as limit, used, until, method, acceptors, terms,
      revoked_at as "revokedAt", created_at as "createdAt"
    from mandates where id = ${id} and person = ${person}`);
  return found;
}

/** Writes another limit and another end of a mandate that this transaction has locked. */
export async function limitMandate(
  client: Client,
  { id, limit, until }: Pick<MandateDetails, "id" | "limit" | "until">,
): Promise<void> {
  await client.execute(sql`update mandates set limit_amount = ${limit}, until = ${until} where id = ${id}`);
}

/**
 * Ends a mandate; trades reserved on it go on. Answers it with when that was, where this call has ended it and it still ran;
 * `over` where it had ended before, by its date or by an earlier call; undefined where the person has no such mandate.
 */
export async function revokeMandate(
  client: Client,
  person: string,
  id: string,
): Promise<{ shop: string; at: Date } | "over" | undefined> {
  const [ended] = await client.query<{ shop: string; at: Date; ran: boolean }>(sql`
    update mandates set revoked_at = kenshu_now() where id = ${id} and person = ${person} and revoked_at is null
    returning shop, revoked_at as at, until > revoked_at as ran`);
  if (ended?.ran === true) return { shop: ended.shop, at: ended.at };
  const known = ended ?? (await readMandate(client, person, id));
  return known === undefined ? undefined : "over";
}

/** Somebody who has applied, with what is there of them, and nothing of what it is. */
export interface Applicant {
  id: string;
  number: bigint;
  createdAt: Date;
  hasEmail: boolean;
  hasPhone: boolean;
}

/** Members who wait to be admitted, the oldest first; `after` is the id of the last one seen. */
export function listApplicants(client: Client, limit: number, after: string = firstId): Promise<Applicant[]> {
  return client.query<Applicant>(sql`
    select id, number, created_at as "createdAt", email is not null as "hasEmail", phone is not null as "hasPhone"
    from people where kind = 'member' and state = 'provisional' and id > ${after} order by id limit ${limit}`);
}
