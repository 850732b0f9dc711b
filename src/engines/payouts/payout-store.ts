/** Payouts as rows: what has left an account for a bank, and what became of it. */
import { type Client, intArray, sql, uuidArray } from "../../storage/database/database.ts";

export const payoutStates = ["waiting", "filed", "done", "returned", "cancelled"] as const;
export type PayoutState = (typeof payoutStates)[number];
/** By whose word it was made. */
export type PayoutRole = "owner" | "operator" | "clock";

export interface Payout {
  id: string;
  account: string;
  bankAccount: string;
  currency: string;
  amount: bigint;
  state: PayoutState;
  role: PayoutRole;
  file: string | null;
  line: number | null;
  createdAt: Date;
  endedAt: Date | null;
  /** Why it came back: the bank's code, or what an operator said. */
  reason: string | null;
}

export type NewPayout = Pick<Payout, "id" | "account" | "bankAccount" | "currency" | "amount" | "role">;

const columns = `id, account, bank_account as "bankAccount", currency, amount, state, role, file, line,
  created_at as "createdAt", ended_at as "endedAt", reason`;

/** False where the id is taken; a second caller with the same id waits here for the end of the first. */
export async function insertPayout(client: Client, payout: NewPayout): Promise<boolean> {
  const { id, account, bankAccount, currency, amount, role } = payout;
  const inserted = await client.execute(sql`
    insert into payouts (id, account, bank_account, currency, amount, state, role, created_at)
    values (${id}, ${account}, ${bankAccount}, ${currency}, ${amount}, 'waiting', ${role}, kenshu_now())
    on conflict (id) do nothing`);
  return inserted === 1;
}

export async function readPayout(client: Client, id: string): Promise<Payout | undefined> {
  const [row] = await client.query<Payout>({
    name: "payout",
    text: `select ${columns} from payouts where id = $1`,
    values: [id],
  });
  return row;
}

export async function readPayouts(client: Client, ids: readonly string[]): Promise<Map<string, Payout>> {
  const rows = await client.query<Payout>({
    name: "payouts",
    text: `select ${columns} from payouts where id = any($1::uuid[])`,
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Locks payouts, by id. */
export function lockPayouts(client: Client, ids: readonly string[]): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_locked",
    text: `select ${columns} from payouts where id = any($1::uuid[]) order by id for update`,
    values: [[...ids]],
  });
}

/** The payouts of a file that are on their way, locked, in the order of the file. */
export async function lockPayoutsOfFile(client: Client, file: string): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_of_file_locked",
    text: `select ${columns} from payouts where file = $1 and state = 'filed' order by id for update`,
    values: [file],
  });
}

/** All payouts of a file, whatever became of them, in the order of the file. */
export function readPayoutsOfFile(client: Client, file: string): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_of_file",
    text: `select ${columns} from payouts where file = $1 order by line`,
    values: [file],
  });
}

/** Payouts that no file has yet, the oldest first, locked; those that another process gathers just now are its own. */
export function pickWaiting(client: Client, currency: string, limit: number): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_picked",
    text: `select ${columns} from payouts where state = 'waiting' and currency = $1
      order by created_at, id limit $2 for update skip locked`,
    values: [currency, limit],
  });
}

/** Those that wait for a file and go to this account at a bank, locked. */
export function lockWaitingTo(client: Client, bankAccount: string): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_waiting_to",
    text: `select ${columns} from payouts where bank_account = $1 and state = 'waiting' order by id for update`,
    values: [bankAccount],
  });
}

/** How much waits for a file and would go to this account at a bank. */
export async function sumWaitingTo(client: Client, bankAccount: string): Promise<bigint> {
  const [row] = await client.query<{ sum: bigint }>({
    name: "payouts_waiting_to_summed",
    text: `select coalesce(sum(amount), 0)::bigint as sum from payouts where bank_account = $1 and state = 'waiting'`,
    values: [bankAccount],
  });
  return row?.sum ?? 0n;
}

/** Accounts at banks to which something is on its way; they are not forgotten. */
export async function bankAccountsInUse(client: Client): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select distinct bank_account as id from payouts where state in ('waiting', 'filed')`);
  return rows.map(({ id }) => id);
}

/** Payouts of an account, the newest first; `after` is the id of the last one seen. */
export function listPayouts(
  client: Client,
  account: string,
  limit: number,
  after: string | undefined,
): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_listed",
    text: `select ${columns} from payouts
      where account = $1 and ($2::uuid is null or (created_at, id) < (select created_at, id from payouts where id = $2))
      order by created_at desc, id desc limit $3`,
    values: [account, after ?? null, limit],
  });
}

/** Payouts that wait for a file, the oldest first; `after` is the id of the last one seen. */
export function listWaiting(client: Client, limit: number, after: string | undefined): Promise<Payout[]> {
  return client.query<Payout>({
    name: "payouts_waiting_listed",
    text: `select ${columns} from payouts
      where state = 'waiting' and ($1::uuid is null or (created_at, id) > (select created_at, id from payouts where id = $1))
      order by created_at, id limit $2`,
    values: [after ?? null, limit],
  });
}

/** Puts payouts into a file, in this order. */
export function fileThem(client: Client, file: string, ids: readonly string[]): Promise<number> {
  return client.execute(sql`
    update payouts set state = 'filed', file = ${file}, line = new.line
    from unnest(${uuidArray([...ids])}::uuid[], ${intArray(ids.map((_, index) => index + 1))}::int[]) as new (id, line)
    where payouts.id = new.id and payouts.id = any(${uuidArray([...ids])}::uuid[]) and state = 'waiting'`);
}

/** A file goes to no bank: its payouts wait for another. */
export function unfile(client: Client, file: string): Promise<number> {
  return client.execute(sql`
    update payouts set state = 'waiting', file = null, line = null where file = ${file} and state = 'filed'`);
}

export function endAsDone(client: Client, ids: readonly string[]): Promise<number> {
  return client.execute(sql`
    update payouts set state = 'done', ended_at = kenshu_now()
    where id = any(${uuidArray([...ids])}::uuid[]) and state = 'filed'`);
}

/** What a payout that ended otherwise came to. */
export interface Back {
  id: string;
  state: "returned" | "cancelled";
  /** The transfer that brought it back, and where to, if not to its account. */
  back: string;
  backTo: string | null;
  wasDone: boolean;
  reason: string | null;
}

export async function endAsBack(
  client: Client,
  { id, state, back, backTo, wasDone, reason }: Back,
): Promise<void> {
  await client.execute(sql`
    update payouts set state = ${state}, back = ${back}, back_to = ${backTo}, was_done = ${wasDone}, reason = ${reason},
      ended_at = kenshu_now()
    where id = ${id} and state in ('waiting', 'filed', 'done')`);
}

/** How many payouts wait for a file, and for how many seconds the oldest does. */
export async function countWaiting(client: Client): Promise<{ count: number; seconds: number }> {
  const [row] = await client.query<{ count: number; seconds: number }>(sql`
    select count(*)::int as count, coalesce(extract(epoch from kenshu_now() - min(created_at)), 0)::float8 as seconds
    from payouts where state = 'waiting'`);
  return row ?? { count: 0, seconds: 0 };
}

/** False where these bytes have been booked before. */
export async function insertReport(
  client: Client,
  report: { digest: Buffer; booking: object; operator: string; confirmedBy: string | null },
): Promise<boolean> {
  const { digest, booking, operator, confirmedBy } = report;
  const inserted = await client.execute(sql`
    insert into payout_reports (digest, booking, operator, confirmed_by, at)
    values (${digest}, ${JSON.stringify(booking)}::json, ${operator}, ${confirmedBy}, kenshu_now())
    on conflict (digest) do nothing`);
  return inserted === 1;
}

/** What was booked of a message with this digest. */
export async function readReported<Booking>(client: Client, digest: Buffer): Promise<Booking | undefined> {
  const [row] = await client.query<{ booking: Booking }>(
    sql`select booking from payout_reports where digest = ${digest}`,
  );
  return row?.booking;
}

/** Which of these payouts a statement of the bank has brought back. */
export async function readByStatement(client: Client, ids: readonly string[]): Promise<string[]> {
  const rows = await client.query<{ payout: string }>(sql`
    select back ->> 'payout' as payout
    from payout_reports r cross join lateral json_array_elements(r.booking -> 'returned') as back
    where r.booking ->> 'format' = 'camt.053' and back ->> 'payout' = any(${[...ids]}::text[])`);
  return rows.map(({ payout }) => payout);
}
