/** Where guarantees stand, and lines of which little is left, as rows: what puts them there. */
import {
  bigintArray,
  type Client,
  intArray,
  plainArray,
  sql,
  timeArray,
  uuidArray,
} from "../../storage/database/database.ts";
import type { GuaranteePhase } from "../../core/guarantees/guarantees.ts";

export interface Entered {
  number: bigint;
  id: string;
  phase: GuaranteePhase;
  currency: string;
  amount: bigint;
  due: bigint;
  endsAt: Date;
}

/** Enters guarantees as they stand now, and moves the sums by what has changed. Only whoever holds the head of the feed calls it. */
export async function enterGuarantees(client: Client, rows: readonly Entered[]): Promise<void> {
  await client.execute(sql`
    with entered as (
      select * from unnest(${bigintArray(rows.map(({ number }) => number))}::bigint[],
        ${uuidArray(rows.map(({ id }) => id))}::uuid[],
        ${plainArray(rows.map(({ phase }) => phase))}::text[],
        ${plainArray(rows.map(({ currency }) => currency))}::text[],
        ${bigintArray(rows.map(({ amount }) => amount))}::bigint[],
        ${bigintArray(rows.map(({ due }) => due))}::bigint[],
        ${timeArray(rows.map(({ endsAt }) => endsAt))}::timestamptz[])
        as new (number, id, phase, currency, amount, due, ends_at)),
    before as (
      select g.phase, g.currency, g.amount, g.due from entered
        cross join lateral (select * from guarantees where number = entered.number limit 1) g),
    written as (
      insert into guarantees (number, id, phase, currency, amount, due, ends_at)
      select number, id, phase, currency, amount, due, ends_at from entered
      on conflict (number) do update set phase = excluded.phase, amount = excluded.amount, due = excluded.due,
        ends_at = excluded.ends_at, rough = false),
    moved as (
      select phase, currency, 1 as guarantees, amount, due from entered
      union all select phase, currency, -1, -amount, -due from before)
    insert into guarantee_sums (phase, currency, guarantees, amount, due)
    select phase, currency, sum(guarantees), sum(amount), sum(due) from moved group by phase, currency
    on conflict (phase, currency) do update set guarantees = guarantee_sums.guarantees + excluded.guarantees,
      amount = guarantee_sums.amount + excluded.amount, due = guarantee_sums.due + excluded.due`);
}

/** Guarantees that the migration has entered, and nobody has looked at since. */
export async function roughGuarantees(client: Client, limit: number): Promise<bigint[]> {
  const rows = await client.query<{ number: bigint }>(sql`
    select number from guarantees where rough order by number limit ${limit}`);
  return rows.map(({ number }) => number);
}

export interface NearLine {
  account: string;
  person: string;
  currency: string;
  /** Hundredths of the line that are in use. */
  share: number;
}

/** Lines of which little is left now; those of `looked` that are none of them are none any more. */
export async function enterLines(
  client: Client,
  looked: readonly string[],
  near: readonly NearLine[],
): Promise<void> {
  const accounts = near.map(({ account }) => account);
  await client.execute(sql`
    with gone as (
      delete from near_lines where account = any(${uuidArray(looked)}::uuid[])
        and account <> all(${uuidArray(accounts)}::uuid[]))
    insert into near_lines (account, person, currency, share, looked_at)
    select account, person, currency, share, kenshu_now()
    from unnest(${uuidArray(accounts)}::uuid[], ${uuidArray(near.map(({ person }) => person))}::uuid[],
      ${plainArray(near.map(({ currency }) => currency))}::text[], ${intArray(near.map(({ share }) => share))}::int[])
      as near (account, person, currency, share)
    on conflict (account) do update set share = excluded.share, looked_at = excluded.looked_at`);
}

/** Those that nobody has looked at for the longest. */
export async function linesToLookAt(client: Client, limit: number): Promise<string[]> {
  const rows = await client.query<{ account: string }>(sql`
    select account from near_lines order by looked_at limit ${limit}`);
  return rows.map(({ account }) => account);
}
