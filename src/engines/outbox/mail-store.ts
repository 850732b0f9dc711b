/** Mails on their way: queued with the change, claimed under a lease, ended by what a mail server says of them. */
import {
  beyondAll,
  bigintArray,
  type Client,
  intArray,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
  uuidv7,
} from "../../storage/database/database.ts";
import type {
  BillMailKind,
  MailKind,
  Mailing,
  PayoutMailKind,
  Reader,
  SelfMailKind,
  SettlementMailKind,
} from "./mail-kinds.ts";

/**
 * What a server does with mails: it sends them; it keeps them, as a sandbox, to be shown; or it has no mail server, and
 * whoever is not there otherwise is not told.
 */
export type MailUse = "sent" | "kept" | "unsent";

const firstStates = { sent: "waiting", kept: "kept", unsent: "failed" } as const;

export interface NewMail extends Pick<Mailing, "reader" | "kinds" | "asks"> {
  trade: bigint;
  /** The number of the event with which it begins, as the record has it. */
  seq: number;
  /** The id of the buyer or the shop; of a recipient, the id of the trade. */
  party: string;
  at: Date;
}

/** Queues mails; trades do it in the transaction of the change. For an event and a person there is one. */
export function insertMails(client: Client, mails: readonly NewMail[], use: MailUse): Promise<number> {
  const state = firstStates[use];
  return client.execute(sql`
    insert into mails (id, trade, seq, party, reader, kinds, asks, at, state, next_at, last_error)
    select id, trade, seq, party, reader, string_to_array(kinds, ','), asks, at, ${state},
      case when ${state} = 'waiting' then at end, case when ${state} = 'failed' then 'no_mail_server' end
    from unnest(${uuidArray(mails.map(() => uuidv7()))}::uuid[],
      ${bigintArray(mails.map(({ trade }) => trade))}::bigint[], ${intArray(mails.map(({ seq }) => seq))}::int[],
      ${uuidArray(mails.map(({ party }) => party))}::uuid[], ${plainArray(mails.map(({ reader }) => reader))}::text[],
      ${textArray(mails.map(({ kinds }) => kinds.join(",")))}::text[],
      ${plainArray(mails.map(({ asks }) => String(asks)))}::boolean[], ${timeArray(mails.map(({ at }) => at))}::timestamptz[])
      as new (id, trade, seq, party, reader, kinds, asks, at)
    on conflict (trade, seq, party) do nothing`);
}

export interface NewSettlementMail {
  settlement: string;
  /** The id of the member whose account it is. */
  party: string;
  kind: SettlementMailKind;
  at: Date;
}

/** Queues mails about payments from accounts, in the transaction of the payment. For a payment and a kind there is one. */
export function insertSettlementMails(
  client: Client,
  mails: readonly NewSettlementMail[],
  use: MailUse,
): Promise<number> {
  const state = firstStates[use];
  return client.execute(sql`
    insert into mails (id, settlement, party, reader, kinds, asks, at, state, next_at, last_error)
    select id, settlement, party, 'holder', array[kind], false, at, ${state},
      case when ${state} = 'waiting' then at end, case when ${state} = 'failed' then 'no_mail_server' end
    from unnest(${uuidArray(mails.map(() => uuidv7()))}::uuid[],
      ${uuidArray(mails.map(({ settlement }) => settlement))}::uuid[],
      ${uuidArray(mails.map(({ party }) => party))}::uuid[], ${textArray(mails.map(({ kind }) => kind))}::text[],
      ${timeArray(mails.map(({ at }) => at))}::timestamptz[]) as new (id, settlement, party, kind, at)
    on conflict (settlement, kinds) where settlement is not null do nothing`);
}

/** Queues a mail about somebody's own sign-in; `letter` names what it says and where it goes. */
export async function insertSelfMail(
  client: Client,
  mail: { letter: string; party: string; kind: SelfMailKind },
  use: MailUse,
): Promise<void> {
  const state = firstStates[use];
  await client.execute(sql`
    insert into mails (id, letter, party, reader, kinds, asks, at, state, next_at, last_error)
    select ${uuidv7()}, ${mail.letter}, ${mail.party}, 'self', array[${mail.kind}]::text[], false, now, ${state},
      case when ${state} = 'waiting' then now end, case when ${state} = 'failed' then 'no_mail_server' end
    from (select kenshu_now() as now) as clock`);
}

/** Queues a mail about a payout, in the transaction of what it tells. For a payout and a kind there is one. */
export async function insertPayoutMail(
  client: Client,
  mail: { payout: string; party: string; kind: PayoutMailKind },
  use: MailUse,
): Promise<void> {
  const state = firstStates[use];
  await client.execute(sql`
    insert into mails (id, payout, party, reader, kinds, asks, at, state, next_at, last_error)
    select ${uuidv7()}, ${mail.payout}, ${mail.party}, 'payee', array[${mail.kind}]::text[], false, now, ${state},
      case when ${state} = 'waiting' then now end, case when ${state} = 'failed' then 'no_mail_server' end
    from (select kenshu_now() as now) as clock
    on conflict (payout, kinds) where payout is not null do nothing`);
}

/** Queues a mail about a bill, in the transaction of what it tells. */
export async function insertBillMail(
  client: Client,
  mail: { news: string; party: string; kind: BillMailKind },
  use: MailUse,
): Promise<void> {
  const state = firstStates[use];
  await client.execute(sql`
    insert into mails (id, news, party, reader, kinds, asks, at, state, next_at, last_error)
    select ${uuidv7()}, ${mail.news}, ${mail.party}, 'debtor', array[${mail.kind}]::text[], false, now, ${state},
      case when ${state} = 'waiting' then now end, case when ${state} = 'failed' then 'no_mail_server' end
    from (select kenshu_now() as now) as clock`);
}

interface AnyMail {
  id: string;
  party: string;
  at: Date;
}

/** A mail about a trade that is to be written: what it tells, and for whom. */
export interface TradeMailRow extends AnyMail {
  trade: bigint;
  seq: number;
  settlement: null;
  letter: null;
  payout: null;
  news: null;
  reader: Reader;
  kinds: MailKind[];
}

/** The same about a payment from an account. */
export interface SettlementMailRow extends AnyMail {
  trade: null;
  seq: null;
  settlement: string;
  letter: null;
  payout: null;
  news: null;
  reader: "holder";
  kinds: SettlementMailKind[];
}

/** The same about somebody's own sign-in. */
export interface SelfMailRow extends AnyMail {
  trade: null;
  seq: null;
  settlement: null;
  letter: string;
  payout: null;
  news: null;
  reader: "self";
  kinds: SelfMailKind[];
}

/** The same about a payout. */
export interface PayoutMailRow extends AnyMail {
  trade: null;
  seq: null;
  settlement: null;
  letter: null;
  payout: string;
  news: null;
  reader: "payee";
  kinds: PayoutMailKind[];
}

/** The same about a bill. */
export interface BillMailRow extends AnyMail {
  trade: null;
  seq: null;
  settlement: null;
  letter: null;
  payout: null;
  news: string;
  reader: "debtor";
  kinds: BillMailKind[];
}

export type MailRow = TradeMailRow | SettlementMailRow | SelfMailRow | PayoutMailRow | BillMailRow;

/** `attempt`: how many there have been, this one among them. */
export type ClaimedMail = MailRow & { attempt: number };

/**
 * Takes mails that are due, the longest due first. They are this process's until the lease ends; if the process is
 * killed, they are claimed again after it.
 */
export function claimMails(
  client: Client,
  { most, leaseMs }: { most: number; leaseMs: number },
): Promise<ClaimedMail[]> {
  return client.query<ClaimedMail>(sql`
    with clock as materialized (select kenshu_now() as now, clock_timestamp() as real),
    picked as materialized (
      select id from mails
      where state = 'waiting' and next_at <= (select now from clock)
        and (leased_until is null or leased_until < (select real from clock))
      order by next_at limit ${most} for update skip locked)
    update mails m set attempts = m.attempts + 1,
      leased_until = (select real from clock) + make_interval(secs => ${leaseMs} / 1000.0)
    where m.id = any(array(select id from picked))
    returning m.id, m.trade, m.seq, m.settlement, m.letter, m.payout, m.news, m.party, m.reader, m.kinds, m.at, m.attempts::int as attempt`);
}

/** Records that a mail server has taken a mail, also where another process has taken it over meanwhile. */
export async function noteMailTaken(client: Client, id: string): Promise<void> {
  await client.execute(sql`
    update mails set state = 'taken', leased_until = null, next_at = null, last_error = null, taken_at = kenshu_now()
    where id = ${id} and state <> 'taken'`);
}

/**
 * Records that a mail was not taken, by a word that tells nothing of the reader. The next attempt is after so many seconds
 * and a random addition; with null there is none. Changes nothing where another process has taken the mail over.
 */
export async function noteMailFailure(
  client: Client,
  { id, attempt }: Pick<ClaimedMail, "id" | "attempt">,
  error: string,
  againInSeconds: number | null,
): Promise<void> {
  const state = againInSeconds === null ? "failed" : "waiting";
  await client.execute(sql`
    update mails set state = ${state}, leased_until = null, last_error = ${error},
      next_at = kenshu_now() + make_interval(secs => ${againInSeconds ?? 0}::float8 * (1 + random() / 10))
    where id = ${id} and attempts = ${attempt} and state = 'waiting'`);
}

export type ShownMail = MailRow & {
  state: "waiting" | "taken" | "kept" | "failed";
  lastError: string | null;
};

/** Mails, or those to one party, the newest first; `after` is the id of the last one seen. */
export function listMails(
  client: Client,
  { party, limit, after }: { party: string | undefined; limit: number; after: string | undefined },
): Promise<ShownMail[]> {
  return client.query<ShownMail>(sql`
    select id, trade, seq, settlement, letter, payout, news, party, reader, kinds, at, state, last_error as "lastError" from mails
    where id < ${after ?? beyondAll}::uuid and (${party ?? null}::uuid is null or party = ${party ?? null}::uuid)
    order by id desc limit ${limit}`);
}

export async function readMail(client: Client, id: string): Promise<ShownMail | undefined> {
  const [row] = await client.query<ShownMail>(sql`
    select id, trade, seq, settlement, letter, payout, news, party, reader, kinds, at, state, last_error as "lastError"
    from mails where id = ${id}`);
  return row;
}

/** A notice about a trade, as it is known of where it went; whom by address, nobody here knows. */
export interface TradeMail {
  id: string;
  seq: number;
  reader: Reader;
  kinds: MailKind[];
  at: Date;
  state: ShownMail["state"];
  lastError: string | null;
  takenAt: Date | null;
}

/** What was written about a trade, the newest first. */
export function listTradeMails(client: Client, trade: bigint, limit: number): Promise<TradeMail[]> {
  return client.query<TradeMail>(sql`
    select id, seq, reader, kinds, at, state, last_error as "lastError", taken_at as "takenAt"
    from mails where trade = ${trade} order by seq desc, party limit ${limit}`);
}

/**
 * Lets a mail about a trade that was given up be tried again, from the beginning; false where there is none. One that a mail
 * server has taken is never taken back by it: its reader was told.
 */
export async function sendMailAgain(client: Client, trade: bigint, id: string): Promise<boolean> {
  const count = await client.execute(sql`
    update mails set state = 'waiting', attempts = 0, leased_until = null, next_at = kenshu_now()
    where id = ${id} and trade = ${trade} and state = 'failed'`);
  return count === 1;
}

/** How the queue stands. */
export interface MailCounts {
  waiting: number;
  /** Seconds for which the mail that is due the longest has been due; 0 where none is. */
  behind: number;
  /** Given up within the last day. */
  failed: number;
}

export async function countMails(client: Client): Promise<MailCounts> {
  const [row] = await client.query<MailCounts>(sql`
    select (select count(*)::int from mails where state = 'waiting') as waiting,
      coalesce((select greatest(0, extract(epoch from kenshu_now() - min(next_at)))::float8
        from mails where state = 'waiting'), 0) as behind,
      (select count(*)::int from mails where state = 'failed' and (letter is null or last_error <> 'nobody')
        and at > (select kenshu_now()) - interval '1 day') as failed`);
  return row ?? { waiting: 0, behind: 0, failed: 0 };
}

/**
 * Deletes mails that ended some days ago, the oldest first; one that asked something and reached nobody, after `unreachedDays`:
 * without it, its reader would count as told. The events stay in the record of each trade.
 */
export function forgetMails(
  client: Client,
  { days, unreachedDays }: { days: number; unreachedDays: number },
  limit: number,
): Promise<number> {
  return client.execute(sql`
    with past as (
      select days, (lpad(to_hex((extract(epoch from clock_timestamp() - make_interval(days => days)) * 1000)::bigint),
        12, '0') || repeat('0', 20))::uuid as id
      from unnest(${[days, unreachedDays]}::int[]) as of (days))
    delete from mails where id = any(array(
      select id from mails
      where id < (select id from past where days = ${days}) and state <> 'waiting'
        and (state <> 'failed' or not asks or id < (select id from past where days = ${unreachedDays}))
      order by id limit ${limit}))`);
}
