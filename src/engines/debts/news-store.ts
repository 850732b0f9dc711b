/** What was told of bills, and what moved money for them: rows that nobody changes. */
import { type Client, sql } from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";
import type { NewsKind } from "./bill.ts";

export interface News {
  id: string;
  bill: string;
  kind: NewsKind;
  owed: bigint;
  /** What was to be paid next, and by when. */
  asked: bigint;
  dueAt: Date;
  step: number;
  fee: bigint;
  at: Date;
}

export async function insertNews(client: Client, news: News): Promise<void> {
  const { id, bill, kind, owed, asked, dueAt, step, fee, at } = news;
  await client.execute(sql`
    insert into bill_news (id, bill, kind, owed, asked, due_at, step, fee, at)
    values (${id}, ${bill}, ${kind}, ${owed}, ${asked}, ${dueAt}, ${step}, ${fee}, ${at})`);
}

/** One of them with the number of its bill. */
export async function readNews(
  client: Client,
  id: string,
): Promise<(News & { number: bigint; currency: string; account: string }) | undefined> {
  const [row] = await client.query<News & { number: bigint; currency: string; account: string }>(sql`
    select n.id, n.bill, n.kind, n.owed, n.asked, n.due_at as "dueAt", n.step::int as step, n.fee, n.at, b.number, b.currency, b.account
    from bill_news n join bills b on b.id = n.bill where n.id = ${id}`);
  return row;
}

/** What was told of a bill, the oldest first. */
export function listNews(client: Client, bill: string, limit: number): Promise<News[]> {
  return client.query<News>(sql`
    select id, bill, kind, owed, asked, due_at as "dueAt", step::int as step, fee, at
    from bill_news where bill = ${bill} order by id limit ${limit}`);
}

export type MovementKind = "fee" | "recovery" | "write-off" | "late recovery";

export interface Movement {
  /** The command of the ledger. */
  command: string;
  bill: string;
  kind: MovementKind;
  /** The line. */
  account: string;
  currency: string;
  amount: bigint;
  step: number | null;
  operator: string | null;
  confirmedBy: string | null;
  reason: string | null;
  at: Date;
}

export async function insertMovement(client: Client, movement: Movement): Promise<void> {
  const { command, bill, kind, account, currency, amount, step } = movement;
  const { operator, confirmedBy, reason, at } = movement;
  await client.execute(sql`
    insert into debt_movements (command, bill, kind, account, currency, amount, step, operator, confirmed_by, reason, at)
    values (${command}, ${bill}, ${kind}, ${account}, ${currency}, ${amount}, ${step}, ${operator}, ${confirmedBy},
      ${reason}, ${at})`);
  await sealStored(client, "debt_movements", [command]);
}

export function listMovements(client: Client, bill: string, limit: number): Promise<Movement[]> {
  return client.query<Movement>(sql`
    select command, bill, kind, account, currency, amount, step::int as step, operator,
      confirmed_by as "confirmedBy", reason, at
    from debt_movements where bill = ${bill} order by command limit ${limit}`);
}

/** The holds that were paid from a line before an instant, the newest first: what a debt on it came of. */
export async function paidFromLine(
  client: Client,
  account: string,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await client.query<{ hold: string }>(sql`
    select hold from (
      select hold, max(at) as last from entries
      where account = ${account} and at <= ${before} and kind = 'settle' and hold is not null group by hold) as paid
    order by last desc limit ${limit}`);
  return rows.map(({ hold }) => hold);
}
