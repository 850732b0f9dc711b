/** Bills as rows. Amounts in minor units. */
import type { TimedPlace } from "../../core/protocol/protocol.ts";
import { beyondAll, type Client, sql, uuidArray } from "../../storage/database/database.ts";
import type { Bill, Part, Plan } from "./bill.ts";

const firstId = "00000000-0000-0000-0000-000000000000";

const columns = `id, number, account, person, currency, closing::text as closing, state, amount, fees, paid,
  written_off as "writtenOff", collected, late, returned, credited_before as "creditedBefore", seen, due_at as "dueAt",
  plan, wish, step, step_at as "stepAt", charged, reminded_at as "remindedAt", next_at as "nextAt", collector,
  told_version as "toldVersion", told_amount as "toldAmount", told_done as "toldDone", told_heard as "toldHeard",
  told_returned as "toldReturned", refused, made_at as "madeAt", ended_at as "endedAt"`;

/** Money in JSON is text, since a JSON number may be rounded. */
interface WrittenPart {
  by: string;
  amount: string;
}
interface Row extends Omit<Bill, "plan" | "wish" | "step" | "charged" | "toldVersion"> {
  plan: { from: string; parts: WrittenPart[] } | null;
  wish: WrittenPart[] | null;
  step: bigint | number;
  charged: bigint | number;
  toldVersion: bigint | number;
}

const readPart = ({ by, amount }: WrittenPart): Part => ({ by: new Date(by), amount: BigInt(amount) });
const writtenPart = ({ by, amount }: Part): WrittenPart => ({
  by: by.toISOString(),
  amount: String(amount),
});

function billFrom(row: Row): Bill {
  const { plan, wish, step, charged, toldVersion } = row;
  return {
    ...row,
    step: Number(step),
    charged: Number(charged),
    toldVersion: Number(toldVersion),
    plan: plan === null ? null : { from: BigInt(plan.from), parts: plan.parts.map(readPart) },
    wish: wish === null ? null : wish.map(readPart),
  };
}

const planText = (plan: Plan | null): string | null =>
  plan === null ? null : JSON.stringify({ from: String(plan.from), parts: plan.parts.map(writtenPart) });
const wishText = (wish: Bill["wish"]): string | null =>
  wish === null ? null : JSON.stringify(wish.map(writtenPart));

async function select(client: Client, where: string, values: readonly unknown[]): Promise<Bill[]> {
  const rows = await client.query<Row>({
    text: `select ${columns} from bills ${where}`,
    values: values as never,
  });
  return rows.map(billFrom);
}

export async function insertBill(client: Client, bill: Bill): Promise<void> {
  await client.execute(sql`
    insert into bills (id, number, account, person, currency, closing, state, amount, credited_before, seen, due_at,
      reminded_at, next_at, collector, told_version, told_amount, told_done, made_at)
    values (${bill.id}, ${bill.number}, ${bill.account}, ${bill.person}, ${bill.currency}, ${bill.closing}::date,
      ${bill.state}, ${bill.amount}, ${bill.creditedBefore}, ${bill.seen}, ${bill.dueAt}, ${bill.remindedAt},
      ${bill.nextAt}, ${bill.collector}, ${bill.toldVersion}, ${bill.toldAmount}, ${bill.toldDone}, ${bill.madeAt})`);
}

/** Writes a bill that this transaction has locked. */
export async function updateBill(client: Client, bill: Bill): Promise<void> {
  await client.execute(sql`
    update bills set state = ${bill.state}, amount = ${bill.amount}, fees = ${bill.fees}, paid = ${bill.paid},
      written_off = ${bill.writtenOff}, collected = ${bill.collected}, late = ${bill.late},
      returned = ${bill.returned}, seen = ${bill.seen}, due_at = ${bill.dueAt}, plan = ${planText(bill.plan)}::jsonb,
      wish = ${wishText(bill.wish)}::jsonb, step = ${bill.step}, step_at = ${bill.stepAt}, charged = ${bill.charged},
      reminded_at = ${bill.remindedAt}, next_at = ${bill.nextAt}, collector = ${bill.collector},
      told_version = ${bill.toldVersion}, told_amount = ${bill.toldAmount}, told_done = ${bill.toldDone},
      told_heard = ${bill.toldHeard}, told_returned = ${bill.toldReturned}, refused = ${bill.refused},
      ended_at = ${bill.endedAt}
    where id = ${bill.id}`);
}

export async function readBill(client: Client, number: bigint): Promise<Bill | undefined> {
  const [bill] = await select(client, "where number = $1", [number]);
  return bill;
}

export async function readBillById(client: Client, id: string): Promise<Bill | undefined> {
  const [bill] = await select(client, "where id = $1", [id]);
  return bill;
}

/** Locks a bill, behind the means of payment and before the account that it is about. */
export async function lockBill(client: Client, id: string): Promise<Bill | undefined> {
  const [bill] = await select(client, "where id = $1 for update", [id]);
  return bill;
}

/** Whether a line has an open bill, or one for that closing. */
export async function hasBill(client: Client, account: string, closing: string | null): Promise<boolean> {
  const [row] = await client.query<{ has: boolean }>(sql`
    select exists (select from bills where account = ${account}
      and (state = 'open' or closing = ${closing}::date)) as has`);
  return row?.has ?? false;
}

/** Whether a number is a trade's, or a bill's. */
export async function isTaken(client: Client, number: bigint): Promise<boolean> {
  const [row] = await client.query<{ taken: boolean }>(sql`
    select exists (select from trades where number = ${number})
      or exists (select from bills where number = ${number}) as taken`);
  return row?.taken ?? true;
}

/** A person's bills, or those of all in a state, the newest first; `after` is the id of the last one seen. */
export function listBills(
  client: Client,
  {
    person,
    state,
    limit,
    after,
  }: {
    person: string | undefined;
    state: string | undefined;
    limit: number;
    after: string | undefined;
  },
): Promise<Bill[]> {
  return select(
    client,
    `where id < $1 and ($2::uuid is null or person = $2) and ($3::text is null or state = $3)
      order by id desc limit $4`,
    [after ?? beyondAll, person ?? null, state ?? null, limit],
  );
}

/** The open bill of each of these lines, where it has one. */
export async function openBillsOf(client: Client, accounts: readonly string[]): Promise<Bill[]> {
  if (accounts.length === 0) return [];
  return select(client, "where account = any($1::uuid[]) and state = 'open'", [
    uuidArray([...new Set(accounts)]),
  ]);
}

/** Open bills, those that have been due for the longest first. */
export function listOverdue(
  client: Client,
  limit: number,
  after: TimedPlace = { at: new Date(0), id: firstId },
): Promise<Bill[]> {
  const behind = "where state = 'open' and (due_at, id) > ($2, $3) order by due_at, id limit $1";
  return select(client, behind, [limit, after.at, after.id]);
}

/** Lines on which something is owed and for which there is no bill, behind `after`, by id. */
export function newDebts(
  client: Client,
  { closing, after, limit }: { closing: string | null; after: string; limit: number },
): Promise<{ account: string }[]> {
  return client.query(sql`
    select a.id as account from accounts a
    where a.kind = 'credit' and a.posted < 0 and a.id > ${after}
      and not exists (select from bills b where b.account = a.id
        and (b.state = 'open' or b.closing = ${closing}::date))
    order by a.id limit ${limit}`);
}

/** Bills that are to be looked at: their time has come, or the line is not as it was. */
export async function dueBills(client: Client, now: Date, limit: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    (select id from bills where next_at <= ${now} order by next_at limit ${limit})
    union
    (select b.id from bills b join accounts a on a.id = b.account
      where b.state <> 'paid' and ((b.state = 'open' and a.posted <> b.seen) or (b.state = 'written off' and b.late < b.written_off and a.posted > 0))
      order by b.id limit ${limit})`);
  return rows.map(({ id }) => id);
}

/** Bills of which an institution has still to be told something, behind `after`, by id; none of those that are `away`. */
export function billsToTell(
  client: Client,
  { after, away, limit }: { after: string; away: readonly string[]; limit: number },
): Promise<Bill[]> {
  return select(
    client,
    `where (not told_done or told_heard < collected or told_returned < returned) and id > $1
      and (collector = any($2::uuid[])) is not true order by id limit $3`,
    [after, [...away], limit],
  );
}

/** Bills that could be paid nowhere when they were looked at last, behind `after`, by id. */
export async function placeless(client: Client, after: string, limit: number): Promise<Bill[]> {
  return select(client, "where state <> 'paid' and collector is null and id > $1 order by id limit $2", [
    after,
    limit,
  ]);
}

/** All money that has come to a line from an instant on. */
export async function creditsFrom(client: Client, account: string, from: Date): Promise<bigint> {
  const [row] = await client.query<{ sum: bigint }>(sql`
    select coalesce(sum(posted) filter (where posted > 0), 0)::bigint as sum
    from entries where account = ${account} and at >= ${from}`);
  return row?.sum ?? 0n;
}

/** What this server believes an institution to collect under a bill's number. */
export interface BillThere {
  number: bigint;
  id: string;
  currency: string;
  amount: bigint;
  paid: bigint;
  refunded: bigint;
}

/** Bills of which this institution was told: those with these numbers. */
export function readBillsThere(
  client: Client,
  institution: string,
  numbers: readonly string[],
): Promise<BillThere[]> {
  return client.query<BillThere>(sql`
    select number, id, currency, greatest(told_amount, collected) as amount, collected as paid,
      told_returned as refunded
    from bills where number = any(${[...numbers]}::bigint[]) and collector = ${institution} and told_version > 0`);
}

/** All of them, by id, from after one of them on. */
export function listBillsThere(
  client: Client,
  institution: string,
  limit: number,
  after: string = "00000000-0000-0000-0000-000000000000",
): Promise<BillThere[]> {
  return client.query<BillThere>(sql`
    select number, id, currency, greatest(told_amount, collected) as amount, collected as paid,
      told_returned as refunded
    from bills where collector = ${institution} and told_version > 0 and id > ${after} order by id limit ${limit}`);
}

/** How many bills are overdue, and for how many seconds the oldest of them is. */
export async function countOverdue(client: Client): Promise<{ count: bigint; seconds: bigint }> {
  const [row] = await client.query<{ count: bigint; seconds: bigint }>(sql`
    select count(*) as count, coalesce(extract(epoch from (select kenshu_now()) - min(due_at)), 0)::bigint as seconds
    from bills where state = 'open' and due_at < (select kenshu_now())`);
  return row ?? { count: 0n, seconds: 0n };
}
