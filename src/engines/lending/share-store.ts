/** What of lent lines is given to members, and whom members let give them credit. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { LentShare } from "./line-store.ts";

/** Keeps a member's leave to a lender; one that stands stays from then. */
export async function giveLeave(client: Client, person: string, lender: string): Promise<void> {
  await client.execute(sql`
    insert into lender_leaves (person, lender, given_at) values (${person}, ${lender}, (select kenshu_now()))
    on conflict (person, lender) do update set taken_back_at = null,
      given_at = case when lender_leaves.taken_back_at is null then lender_leaves.given_at else excluded.given_at end`);
}

/** Takes it back; where there is none, nothing changes. */
export async function takeLeaveBack(client: Client, person: string, lender: string): Promise<void> {
  await client.execute(sql`
    update lender_leaves set taken_back_at = (select kenshu_now())
    where person = ${person} and lender = ${lender} and taken_back_at is null`);
}

/** Whether a member lets a lender give them credit; the leave stays as it is until this transaction ends. */
export async function lockLeave(client: Client, person: string, lender: string): Promise<boolean> {
  const rows = await client.query(sql`
    select person from lender_leaves
    where person = ${person} and lender = ${lender} and taken_back_at is null for share`);
  return rows.length > 0;
}

export interface Leave {
  lender: string;
  givenAt: Date;
}

export function listLeaves(client: Client, person: string): Promise<Leave[]> {
  return client.query<Leave>(sql`
    select lender, given_at as "givenAt" from lender_leaves
    where person = ${person} and taken_back_at is null order by lender limit 200`);
}

/** The part of a line that a member has now. */
export async function readShare(
  client: Client,
  line: string,
  person: string,
): Promise<LentShare | undefined> {
  const [row] = await client.query<LentShare>(sql`
    select id, line, person, method, account, most, state, owing_since as "owingSince", called_at as "calledAt",
      created_at as "createdAt"
    from lent_shares where line = ${line} and person = ${person} and state = 'open'`);
  return row;
}

export async function readShareById(client: Client, id: string): Promise<LentShare | undefined> {
  const [row] = await client.query<LentShare>(sql`
    select id, line, person, method, account, most, state, owing_since as "owingSince", called_at as "calledAt",
      created_at as "createdAt"
    from lent_shares where id = ${id}`);
  return row;
}

/** What members have of a line, by their ids. */
export function listShares(
  client: Client,
  line: string,
  limit: number,
  after?: string,
): Promise<LentShare[]> {
  return client.query<LentShare>(sql`
    select id, line, person, method, account, most, state, owing_since as "owingSince", called_at as "calledAt",
      created_at as "createdAt"
    from lent_shares where line = ${line} and id > ${after ?? "00000000-0000-0000-0000-000000000000"}
    order by id limit ${limit}`);
}

/**
 * All there are, one page after the other, for the clock: `left` where nothing new comes of them, since the member has taken
 * back their leave or the line was stopped.
 */
export function pageOfShares(
  client: Client,
  limit: number,
  after: string,
): Promise<(LentShare & { left: boolean })[]> {
  return client.query<LentShare & { left: boolean }>(sql`
    select s.id, s.line, s.person, s.method, s.account, s.most, s.state, s.owing_since as "owingSince",
      s.called_at as "calledAt", s.created_at as "createdAt", not exists (
        select from lender_leaves v join lent_lines l on l.lender = v.lender
        where l.id = s.line and l.stopped_at is null and v.person = s.person and v.taken_back_at is null) as left
    from lent_shares s where s.id > ${after} order by s.id limit ${limit}`);
}

export async function insertShare(
  client: Client,
  {
    id,
    line,
    person,
    method,
    account,
    most,
  }: Pick<LentShare, "id" | "line" | "person" | "method" | "account" | "most">,
): Promise<void> {
  await client.execute(sql`
    insert into lent_shares (id, line, person, method, account, most, state, created_at)
    values (${id}, ${line}, ${person}, ${method}, ${account}, ${most}, 'open', (select kenshu_now()))`);
}

/** Changes a part of a line that this transaction holds. */
export async function writeShare(
  client: Client,
  { id, most, state }: Pick<LentShare, "id" | "most" | "state">,
): Promise<void> {
  await client.execute(sql`
    update lent_shares set most = ${most}, state = ${state},
      called_at = case when ${state} = 'called' then coalesce(called_at, (select kenshu_now())) end
    where id = ${id}`);
}

/** What the members of a line owe on it in all. */
export async function owedOn(client: Client, line: string): Promise<bigint> {
  const [row] = await client.query<{ owed: bigint }>(sql`
    select coalesce(sum(-posted), 0)::bigint as owed from accounts
    where posted < 0 and id = any(array(select account from lent_shares where line = ${line}))`);
  return row?.owed ?? 0n;
}

/** What the members of these lines owe on them and have frozen for trades, in all. */
export async function inUseOf(
  client: Client,
  lines: readonly string[],
): Promise<Map<string, { used: bigint; held: bigint }>> {
  const rows = await client.query<{ line: string; used: bigint; held: bigint }>(sql`
    select s.line, sum(greatest(-a.posted, 0))::bigint as used, sum(a.held)::bigint as held
    from lent_shares s join accounts a on a.id = s.account
    where s.line = any(${[...lines]}::uuid[]) group by s.line`);
  return new Map(rows.map(({ line, used, held }) => [line, { used, held }]));
}

/** Notes since when the oldest of what is owed is; null where nothing is. */
export async function noteOwing(client: Client, id: string, since: Date | null): Promise<void> {
  await client.execute(sql`
    update lent_shares set owing_since = ${since}::timestamptz
    where id = ${id} and owing_since is distinct from ${since}::timestamptz`);
}
