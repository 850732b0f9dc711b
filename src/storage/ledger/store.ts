import {
  always,
  type Between,
  bigintArray,
  type Client,
  conflict,
  plainArray,
  sql,
  timeArray,
  uuidArray,
} from "../database/database.ts";
import { Books } from "./books.ts";
import type { Account, AccountKind, Entry, Hold } from "./commands.ts";

export interface Need {
  /** Accounts to lock; those of the holds are added when `accountsOfHolds` says so. */
  accounts: Iterable<string>;
  holds: Iterable<string>;
  /** Ids of commands that may have been done before. */
  commands?: Iterable<string>;
  /** Set where the caller does not know the accounts behind its holds; costs one more round trip. */
  accountsOfHolds?: boolean;
}

/**
 * Locks and reads what a batch needs, holds first, then accounts, each by id. The statements are sent
 * before the first wait, so the caller may send more behind them.
 */
export async function openBooks(client: Client, need: Need): Promise<Books> {
  const books = new Books();
  const holdIds = [...new Set(need.holds)];
  const holds = holdIds.length === 0 ? Promise.resolve([]) : lockHolds(client, holdIds);
  const accountIds = new Set(need.accounts);
  if (need.accountsOfHolds === true) for (const hold of await holds) accountIds.add(hold.account);
  const commandIds = [...(need.commands ?? [])];
  const [heldRows, accountRows, entryRows] = await Promise.all([
    holds,
    accountIds.size === 0 ? [] : lockAccounts(client, [...accountIds]),
    commandIds.length === 0 ? [] : readCommands(client, commandIds),
  ]);
  for (const hold of heldRows) books.holds.set(hold.id, hold);
  for (const account of accountRows) books.accounts.set(account.id, account);
  checkHeirs(books);
  for (const entry of entryRows) {
    const legs = books.known.get(entry.command);
    if (legs === undefined) books.known.set(entry.command, [entry]);
    else legs.push(entry);
  }
  return books;
}

/**
 * Those to whom accounts were left are locked together with them. Whoever was left one while this batch waited for it is not
 * among them: locked now, out of their order, two batches could wait for each other.
 */
function checkHeirs({ accounts }: Books): void {
  for (const { id, heir } of accounts.values())
    if (heir != null && !accounts.has(heir)) throw conflict(`Account ${id} was left a moment ago.`);
}

function lockHolds(client: Client, ids: string[]): Promise<Hold[]> {
  return client.query<Hold>(sql`
    select id, account, currency, amount, settled, released, refunded, state, until
    from holds where id = any(${ids}::uuid[]) order by id for update`);
}

/** With the accounts, those to whom they were left: these are a person's own, and are left to nobody. */
function lockAccounts(client: Client, ids: string[]): Promise<Account[]> {
  return client.query<Account>(sql`
    select id, kind, currency, posted, held, floor, closed, heir
    from accounts where id = any(array(
      select unnest(${ids}::uuid[]) union all
      select heir from accounts where id = any(${ids}::uuid[]) and heir is not null))
    order by id for update`);
}

function readCommands(client: Client, ids: string[]): Promise<Entry[]> {
  return client.query<Entry>(sql`
    select command, leg::int as leg, kind, account, hold, currency, posted, held, until, at
    from entries where command = any(${ids}::uuid[]) order by command, leg`);
}

/** Sends the changes of the books; the promises resolve when the database has taken them. */
export function writeBooks(client: Client, books: Books): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const opened = [...books.openedHolds].map((id) => books.holds.get(id)).filter((hold) => hold !== undefined);
  const changed = [...books.changedHolds]
    .filter((id) => !books.openedHolds.has(id))
    .map((id) => books.holds.get(id))
    .filter((hold) => hold !== undefined);
  const accounts = [...books.changedAccounts]
    .map((id) => books.accounts.get(id))
    .filter((account) => account !== undefined);
  if (opened.length > 0) sent.push(insertHolds(client, opened));
  if (changed.length > 0) sent.push(updateHolds(client, changed));
  if (accounts.length > 0) sent.push(updateAccounts(client, accounts));
  if (books.entries.length > 0) sent.push(insertEntries(client, books.entries));
  return sent;
}

function insertHolds(client: Client, holds: readonly Hold[]): Promise<number> {
  return client.execute(sql`
    insert into holds (id, account, currency, amount, settled, released, refunded, state, until)
    select * from unnest(${uuidArray(holds.map((hold) => hold.id))}::uuid[], ${uuidArray(holds.map((hold) => hold.account))}::uuid[],
      ${plainArray(holds.map((hold) => hold.currency))}::text[], ${bigintArray(holds.map((hold) => hold.amount))}::bigint[],
      ${bigintArray(holds.map((hold) => hold.settled))}::bigint[], ${bigintArray(holds.map((hold) => hold.released))}::bigint[],
      ${bigintArray(holds.map((hold) => hold.refunded))}::bigint[], ${plainArray(holds.map((hold) => hold.state))}::text[],
      ${timeArray(holds.map((hold) => hold.until))}::timestamptz[])`);
}

function updateHolds(client: Client, holds: readonly Hold[]): Promise<number> {
  const ids = uuidArray(holds.map((hold) => hold.id));
  return client.execute(sql`
    update holds set settled = new.settled, released = new.released, refunded = new.refunded,
      state = new.state, until = new.until
    from unnest(${ids}::uuid[], ${bigintArray(holds.map((hold) => hold.settled))}::bigint[],
      ${bigintArray(holds.map((hold) => hold.released))}::bigint[], ${bigintArray(holds.map((hold) => hold.refunded))}::bigint[],
      ${plainArray(holds.map((hold) => hold.state))}::text[], ${timeArray(holds.map((hold) => hold.until))}::timestamptz[])
      as new (id, settled, released, refunded, state, until)
    where holds.id = new.id and holds.id = any(${ids}::uuid[])`);
}

function updateAccounts(client: Client, accounts: readonly Account[]): Promise<number> {
  const ids = uuidArray(accounts.map((account) => account.id));
  return client.execute(sql`
    update accounts set posted = new.posted, held = new.held
    from unnest(${ids}::uuid[],
      ${bigintArray(accounts.map((account) => account.posted))}::bigint[],
      ${bigintArray(accounts.map((account) => account.held))}::bigint[]) as new (id, posted, held)
    where accounts.id = new.id and accounts.id = any(${ids}::uuid[])`);
}

function insertEntries(client: Client, entries: readonly Entry[]): Promise<number> {
  return client.execute(sql`
    insert into entries (command, leg, kind, account, hold, currency, posted, held, until, at)
    select * from unnest(${uuidArray(entries.map((entry) => entry.command))}::uuid[],
      ${plainArray(entries.map((entry) => entry.leg))}::smallint[], ${plainArray(entries.map((entry) => entry.kind))}::text[],
      ${uuidArray(entries.map((entry) => entry.account))}::uuid[], ${uuidArray(entries.map((entry) => entry.hold))}::uuid[],
      ${plainArray(entries.map((entry) => entry.currency))}::text[], ${bigintArray(entries.map((entry) => entry.posted))}::bigint[],
      ${bigintArray(entries.map((entry) => entry.held))}::bigint[], ${timeArray(entries.map((entry) => entry.until))}::timestamptz[],
      ${timeArray(entries.map((entry) => entry.at))}::timestamptz[])`);
}

export interface NewAccount {
  id: string;
  kind: AccountKind;
  currency: string;
  /** The lowest that posted less held may be: 0 for money, minus the limit for a credit line. */
  floor: bigint;
}

/** Opens accounts. They exist before they are used; opening one twice does nothing. */
export async function openAccounts(client: Client, accounts: readonly NewAccount[]): Promise<void> {
  await client.execute(sql`
    insert into accounts (id, kind, currency, floor, opened_at)
    select new.id, new.kind, new.currency, new.floor, kenshu_now()
    from unnest(${accounts.map((account) => account.id)}::uuid[], ${accounts.map((account) => account.kind)}::text[],
      ${accounts.map((account) => account.currency)}::text[], ${accounts.map((account) => account.floor)}::bigint[])
      as new (id, kind, currency, floor)
    on conflict (id) do nothing`);
}

/** Moves an account's floor (a credit line's limit). False where the account already stands below it, or is not there. */
export async function setFloor(client: Client, account: string, floor: bigint): Promise<boolean> {
  const changed = await client.execute(
    sql`update accounts set floor = ${floor} where id = ${account} and posted - held >= ${floor}`,
  );
  return changed === 1;
}

/** Moves an account's floor to where it stands, so that nothing more is taken from it: what is owed and held, as it is under its lock. */
export async function stopAtUsed(client: Client, account: string): Promise<void> {
  await client.execute(
    sql`update accounts set floor = least(posted - held, 0::bigint) where id = ${account}`,
  );
}

/** Closes accounts for new business; what runs on them may still end. What is refunded to them goes on to `heir`. */
export async function closeAccounts(
  client: Client,
  ids: readonly string[],
  heir: string | null = null,
): Promise<void> {
  await client.execute(
    sql`update accounts set closed = true, heir = coalesce(heir, ${heir}) where id = any(${ids}::uuid[])`,
  );
}

/**
 * Whether somebody may still give back what was paid from these accounts, or from those whose money has gone to them; banks
 * send back what was paid out for some days. Their holds are found by the journal, which has an index by account.
 */
export async function mayComeBack(client: Client, ids: readonly string[]): Promise<boolean> {
  const [row] = await client.query<{ may: boolean }>(sql`
    select exists (
      select from entries e join payout_locks l on l.hold = e.hold
      where e.kind = 'hold' and e.account = any(array(
          select unnest(${ids}::uuid[]) union all select id from accounts where heir = any(${ids}::uuid[])))
        and (l.until is null or l.until > (select kenshu_now()) - interval '1 minute'))
    or exists (
      select from payouts where account = any(${ids}::uuid[])
        and (state in ('waiting', 'filed') or (state = 'done' and ended_at > (select kenshu_now()) - interval '14 days')))
      as may`);
  return row?.may ?? false;
}

/** When money last moved on any of these accounts; where it never did, when the first was opened. */
export async function lastMoved(client: Client, ids: readonly string[]): Promise<Date | null> {
  const [row] = await client.query<{ at: Date | null }>(sql`
    select greatest(
      (select max(last.at) from unnest(${ids}::uuid[]) as one (id) cross join lateral (
        select at from entries where account = one.id order by at desc limit 1) as last),
      (select max(opened_at) from accounts where id = any(${ids}::uuid[]))) as at`);
  return row?.at ?? null;
}

export async function readAccounts(client: Client, ids: readonly string[]): Promise<Account[]> {
  return client.query<Account>(sql`
    select id, kind, currency, posted, held, floor, closed from accounts where id = any(${ids}::uuid[]) order by id`);
}

export async function readHold(client: Client, id: string): Promise<Hold | undefined> {
  const [hold] = await client.query<Hold>(sql`
    select id, account, currency, amount, settled, released, refunded, state, until from holds where id = ${id}`);
  return hold;
}

/** The last entry of a page of a statement: the next page begins behind it, with older ones. */
export interface StatementCursor {
  at: Date;
  command: string;
  leg: number;
}

/** An account's entries of a time, newest first. What is entered meanwhile moves nothing from one page to another. */
export function readStatement(
  client: Client,
  account: string,
  limit: number,
  before: StatementCursor | undefined,
  { after, before: end }: Between = always,
): Promise<Entry[]> {
  if (before === undefined) {
    return client.query<Entry>(sql`
      select command, leg::int as leg, kind, account, hold, currency, posted, held, until, at
      from entries where account = ${account} and at > ${after} and at < ${end}
      order by at desc, command desc, leg desc limit ${limit}`);
  }
  return client.query<Entry>(sql`
    select command, leg::int as leg, kind, account, hold, currency, posted, held, until, at
    from entries where account = ${account} and at > ${after} and at < ${end} and at <= ${before.at}
      and (at, command, leg) < (${before.at}, ${before.command}::uuid, ${before.leg}::smallint)
    order by at desc, command desc, leg desc limit ${limit}`);
}

/** What an account's entries from an instant on come to: so much less did it hold before. */
export async function sumFrom(client: Client, account: string, from: Date): Promise<bigint> {
  const [row] = await client.query<{ sum: bigint }>(sql`
    select coalesce(sum(posted), 0)::bigint as sum from entries where account = ${account} and at >= ${from}`);
  return row?.sum ?? 0n;
}

/**
 * What an account's entries from an instant on come to, and the most that they came to at any instant since, at least nothing:
 * by so much did it ever stand higher than before.
 */
export async function movedFrom(
  client: Client,
  account: string,
  from: Date,
): Promise<{ sum: bigint; most: bigint }> {
  const [row] = await client.query<{ sum: bigint; most: bigint }>(sql`
    select coalesce(sum(moved), 0)::bigint as sum, greatest(max(total), 0)::bigint as most
    from (select sum(posted) as moved, sum(sum(posted)) over (order by at) as total
      from entries where account = ${account} and at >= ${from} group by at) as instants`);
  return row ?? { sum: 0n, most: 0n };
}

/** What was transferred from one account to another, less what went the other way; `to` is one with few entries. */
export async function sumTransferred(
  client: Client,
  from: string,
  to: string,
  since: Date | null = null,
): Promise<bigint> {
  const [row] = await client.query<{ sum: bigint }>(sql`
    select coalesce(sum(t.posted), 0)::bigint as sum from entries t
    where t.account = ${to} and t.kind = 'transfer' and (${since}::timestamptz is null or t.at >= ${since})
      and exists (select from entries f where f.command = t.command and f.account = ${from})`);
  return row?.sum ?? 0n;
}

/**
 * Since when an account has been below zero by what it is: what came to it has paid for the oldest of what went. Null where it is
 * not below zero.
 */
export async function owedSince(client: Client, account: string): Promise<Date | null> {
  const [row] = await client.query<{ at: Date }>(sql`
    select at from (
      select at, sum(-posted) over (order by at desc, command desc, leg desc) as sum
      from entries where account = ${account} and posted < 0) as gone
    where sum >= (select -posted from accounts where id = ${account} and posted < 0)
    order by at desc limit 1`);
  return row?.at ?? null;
}

/** Currencies other than these in which accounts hold or owe money, or money is frozen. */
export async function currenciesWithMoney(client: Client, but: readonly string[]): Promise<string[]> {
  const rows = await client.query<{ currency: string }>(sql`
    with recursive found (currency) as (
      (select currency from accounts order by currency limit 1)
      union all
      select (select a.currency from accounts a where a.currency > f.currency order by a.currency limit 1)
      from found f where f.currency is not null)
    select currency from found
    where currency is not null and currency <> all(${[...but]}::text[])
      and (select true from accounts a
        where a.currency = found.currency and (a.posted <> 0 or a.held <> 0) limit 1)
    order by currency`);
  return rows.map(({ currency }) => currency);
}
