/** What has arrived at the bank, as rows: statements, their entries, and what became of each. */
import type { IncomingForm } from "../../core/bankfiles/bankfiles.ts";
import {
  bigintArray,
  byteArray,
  type Client,
  intArray,
  plainArray,
  sql,
  textArray,
  uuidArray,
  uuidv7,
} from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";

export interface StatementRow {
  id: string;
  form: IncomingForm;
  state: "asked" | "booked";
  digest: Buffer;
  /** Entries that brought money, and how much; `known` of them had been booked before. */
  count: number;
  known: number;
  total: bigint;
  firstDay: string | null;
  lastDay: string | null;
  content: Buffer | null;
  operator: string;
  confirmedBy: string | null;
  askedAt: Date;
  bookedAt: Date | null;
}

const statementColumns = `id, form, state, digest, count, known, total, first_day::text as "firstDay",
  last_day::text as "lastDay", content, operator, confirmed_by as "confirmedBy", asked_at as "askedAt", booked_at as "bookedAt"`;

/** False where these bytes are known; a second caller waits here for the end of the first. */
export async function insertStatement(
  client: Client,
  row: Pick<StatementRow, "id" | "form" | "digest" | "count" | "total" | "operator"> & {
    content: Buffer;
    firstDay: string;
    lastDay: string;
  },
): Promise<boolean> {
  const { id, form, digest, count, total, firstDay, lastDay, content, operator } = row;
  const written = await client.execute(sql`
    insert into bank_statements (id, digest, form, state, count, total, first_day, last_day, content, operator, asked_at)
    values (${id}, ${digest}, ${form}, 'asked', ${count}, ${total}, nullif(${firstDay}, '')::date,
      nullif(${lastDay}, '')::date, ${content}, ${operator}, (select kenshu_now()))
    on conflict do nothing`);
  return written === 1;
}

export async function readBankStatement(
  client: Client,
  id: string,
  locked = false,
): Promise<StatementRow | undefined> {
  const [row] = await client.query<StatementRow>({
    text: `select ${statementColumns} from bank_statements where id = $1${locked ? " for update" : ""}`,
    values: [id],
  });
  return row;
}

/** Those that were booked, the newest first; `after` is the id of the last one seen. */
export function listBankStatements(
  client: Client,
  limit: number,
  after: string | undefined,
): Promise<StatementRow[]> {
  return client.query<StatementRow>({
    text: `select ${statementColumns} from bank_statements where state = 'booked'
      and ($2::uuid is null or (booked_at, id) < (select booked_at, id from bank_statements where id = $2))
      order by booked_at desc, id desc limit $1`,
    values: [limit, after ?? null],
  });
}

export async function noteBooked(
  client: Client,
  {
    id,
    known,
    total,
    operator,
    confirmedBy,
  }: Pick<StatementRow, "id" | "known" | "total" | "operator" | "confirmedBy">,
): Promise<void> {
  await client.execute(sql`
    update bank_statements set state = 'booked', known = ${known}, total = ${total}, content = null,
      operator = ${operator}, confirmed_by = ${confirmedBy}, booked_at = (select kenshu_now())
    where id = ${id}`);
}

/** Deletes what nobody has confirmed for days, and answers their ids. */
export async function dropAsked(client: Client, days: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    delete from bank_statements
    where state = 'asked' and asked_at < (select kenshu_now()) - make_interval(days => ${days}::integer) returning id`);
  return rows.map(({ id }) => id);
}

export const reasons = [
  "unknown",
  "ambiguous",
  "too_little",
  "too_much",
  "nothing_due",
  "currency",
  "refused",
  "uncertain",
  "taken_back",
  "came_back",
] as const;
/** Why something waits for operators. */
export type Reason = (typeof reasons)[number];

export interface Arrival {
  id: string;
  /** Of the ledger, by which it came in. */
  command: string;
  statement: string;
  line: number;
  account: string;
  reference: string;
  day: string;
  currency: string;
  amount: bigint;
  takenBack: boolean;
  state: "new" | "waiting" | "closed";
  why: Reason | null;
  number: string | null;
  rest: bigint;
  bookedAt: Date;
  details: Buffer | null;
}

const columns = `id, command, statement, line, account, reference, day::text as day, currency, amount, taken_back as "takenBack", state, why,
  number, rest, booked_at as "bookedAt", details`;

export type NewArrival = Omit<Arrival, "bookedAt" | "number"> & { details: Buffer };

/** Enters those that are not known, and answers their ids. */
export async function insertArrivals(client: Client, rows: readonly NewArrival[]): Promise<Set<string>> {
  const of = <K extends keyof NewArrival>(name: K) => rows.map((each) => each[name]);
  const entered = await client.query<{ id: string }>(sql`
    insert into arrivals (id, command, statement, line, account, reference, day, currency, amount, taken_back, state, why, rest,
      details, booked_at)
    select id, command, statement, line, account, reference, day, currency, amount, taken_back::boolean, state, why, rest, details,
      (select kenshu_now())
    from unnest(${uuidArray(of("id"))}::uuid[], ${uuidArray(of("command"))}::uuid[], ${uuidArray(of("statement"))}::uuid[], ${intArray(of("line"))}::int[],
      ${textArray(of("account"))}::text[], ${textArray(of("reference"))}::text[], ${plainArray(of("day"))}::date[],
      ${plainArray(of("currency"))}::text[], ${bigintArray(of("amount"))}::bigint[],
      ${textArray(of("takenBack").map(String))}::text[], ${plainArray(of("state"))}::text[], ${textArray(of("why"))}::text[],
      ${bigintArray(of("rest"))}::bigint[], ${byteArray(of("details"))}::bytea[])
      as new (id, command, statement, line, account, reference, day, currency, amount, taken_back, state, why, rest, details)
    order by id on conflict do nothing returning id`);
  return new Set(entered.map(({ id }) => id));
}

export async function readArrivals(client: Client, ids: readonly string[]): Promise<Map<string, Arrival>> {
  const rows = await client.query<Arrival>({
    name: "arrivals",
    text: `select ${columns} from arrivals where id = any($1::uuid[])`,
    values: [[...ids]],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One that nobody has looked at, locked; undefined where another process looks at it, or has. */
export async function lockNew(client: Client, id: string): Promise<Arrival | undefined> {
  const [row] = await client.query<Arrival>({
    name: "arrival_new",
    text: `select ${columns} from arrivals where id = $1 and state = 'new' for update skip locked`,
    values: [id],
  });
  return row;
}

/** Those that nobody has looked at, the oldest first. */
export async function newArrivals(client: Client, limit: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select id from arrivals where state = 'new' order by booked_at, id limit ${limit}`);
  return rows.map(({ id }) => id);
}

/** Those that wait for operators, the oldest first; `after` is the id of the last one seen. */
export function waitingArrivals(
  client: Client,
  limit: number,
  after: string | undefined,
): Promise<Arrival[]> {
  return client.query<Arrival>({
    text: `select ${columns} from arrivals where state = 'waiting'
      and ($2::uuid is null or (booked_at, id) > (select booked_at, id from arrivals where id = $2))
      order by booked_at, id limit $1`,
    values: [limit, after ?? null],
  });
}

/** Those of a statement, in their order; `after` is the id of the last one seen. */
export function arrivalsOf(
  client: Client,
  statement: string,
  limit: number,
  after: string | undefined,
): Promise<Arrival[]> {
  return client.query<Arrival>({
    text: `select ${columns} from arrivals where statement = $1
      and ($2::uuid is null or (line, id) > (select line, id from arrivals where id = $2)) order by line, id limit $3`,
    values: [statement, after ?? null, limit],
  });
}

/** How many wait or have not been looked at, and for how many seconds the oldest does. */
export async function countArrivals(client: Client): Promise<{ count: number; seconds: number }> {
  const [row] = await client.query<{ count: number; seconds: number }>(sql`
    select count(*)::int as count, coalesce(extract(epoch from kenshu_now() - min(booked_at)), 0)::float8 as seconds
    from (select booked_at from arrivals where state = 'new'
      union all select booked_at from arrivals where state = 'waiting') as open`);
  return row ?? { count: 0, seconds: 0 };
}

/** What waits under a number: too little of what is due, most often. */
export async function sumWaiting(client: Client, number: string): Promise<bigint> {
  const [row] = await client.query<{ sum: bigint }>(sql`
    select coalesce(sum(rest), 0)::bigint as sum from arrivals where number = ${number} and state = 'waiting'`);
  return row?.sum ?? 0n;
}

/** One that nobody has looked at waits for operators from now on. */
export async function letWait(client: Client, id: string, why: Reason, number: string | null): Promise<void> {
  await client.execute(sql`
    update arrivals set state = 'waiting', why = ${why}, number = ${number} where id = ${id} and state = 'new'`);
}

/** Takes a part of what is left; false where not so much is left any more. `why`: of what is left then. */
export async function takeRest(
  client: Client,
  { id, amount, why, number }: { id: string; amount: bigint; why: Reason; number?: string },
): Promise<boolean> {
  const taken = await client.execute(sql`
    update arrivals set rest = rest - ${amount}::bigint, number = coalesce(${number ?? null}, number),
      state = case when rest = ${amount}::bigint then 'closed' else 'waiting' end,
      why = case when rest <> ${amount}::bigint then ${why} end
    where id = ${id} and rest >= ${amount}::bigint and state in ('new', 'waiting')`);
  return taken === 1;
}

/** A part that had gone back is here again. */
export async function giveRest(client: Client, id: string, amount: bigint): Promise<void> {
  await client.execute(sql`
    update arrivals set rest = rest + ${amount}::bigint, state = 'waiting', why = 'came_back' where id = ${id}`);
}

/** Something that the bank takes back has been seen to. */
export async function closeTakenBack(client: Client, id: string): Promise<boolean> {
  const closed = await client.execute(sql`
    update arrivals set state = 'closed', why = null where id = ${id} and taken_back and state = 'waiting'`);
  return closed === 1;
}

/** What was known of who paid long ago is forgotten; answers the ids. */
export async function forgetDetails(client: Client, days: number, limit: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    update arrivals set details = null where id = any(array(
      select id from arrivals where state = 'closed' and details is not null
        and booked_at < (select kenshu_now()) - make_interval(days => ${days}::integer) order by booked_at limit ${limit}))
    returning id`);
  return rows.map(({ id }) => id);
}

export type MoveKind = "payment" | "account" | "payout" | "dismissal" | "back";

export interface Move {
  arrival: string;
  kind: MoveKind;
  command: string;
  amount: bigint;
  number?: string | undefined;
  account?: string | undefined;
  operator?: string | null | undefined;
  confirmedBy?: string | null | undefined;
  reason?: string | undefined;
}

/** Writes down what became of a part of an arrival. */
export async function insertMove(client: Client, move: Move): Promise<void> {
  const id = uuidv7();
  const { arrival, kind, command, amount, number, account, operator, confirmedBy, reason } = move;
  await client.execute(sql`
    insert into arrival_moves (id, arrival, kind, command, amount, number, account, operator, confirmed_by, reason, at)
    values (${id}, ${arrival}, ${kind}, ${command}, ${amount}, ${number ?? null}, ${account ?? null}, ${operator ?? null},
      ${confirmedBy ?? null}, ${reason ?? null}, (select kenshu_now()))`);
  await sealStored(client, "arrival_moves", [id]);
}

export interface MoveRow extends Move {
  at: Date;
}

export function movesOf(client: Client, arrival: string): Promise<MoveRow[]> {
  return client.query<MoveRow>({
    text: `select arrival, kind, command, amount, number, account, operator, confirmed_by as "confirmedBy", reason, at
      from arrival_moves where arrival = $1 order by id desc limit 100`,
    values: [arrival],
  });
}

/** The arrival of which a payout returned something; undefined where it did not. */
export async function arrivalOfPayout(client: Client, payout: string): Promise<string | undefined> {
  const [row] = await client.query<{ arrival: string }>(sql`
    select arrival from arrival_moves where command = ${payout} and kind = 'payout'`);
  return row?.arrival;
}

/** The due that has this account of the bank's making. */
export async function dueOfVirtual(
  client: Client,
  branch: string,
  number: number,
): Promise<string | undefined> {
  const [row] = await client.query<{ due: string }>(sql`
    select due from virtual_accounts where branch = ${branch} and number = ${number}`);
  return row?.due;
}

export interface VirtualAccount {
  branch: string;
  number: number;
}

export async function virtualOf(client: Client, due: string): Promise<VirtualAccount | undefined> {
  const [row] = await client.query<VirtualAccount>(sql`
    select branch, number from virtual_accounts where due = ${due}`);
  return row;
}

/** Gives a due the next account of a range: false where all are given, or another took it at the same time. */
export async function insertVirtual(
  client: Client,
  { branch, first, last }: { branch: string; first: number; last: number },
  due: string,
): Promise<boolean> {
  const given = await client.execute(sql`
    insert into virtual_accounts (branch, number, due, created_at)
    select ${branch}, next.number, ${due}, (select kenshu_now())
    from (select greatest(coalesce((select max(number) from virtual_accounts where branch = ${branch}
      and number <= ${last}), ${first} - 1) + 1, ${first}) as number) as next
    where next.number <= ${last}
    on conflict do nothing`);
  return given === 1;
}
