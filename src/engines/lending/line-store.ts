/** Lines that are lent, as the database keeps them. */
import { type Client, sql } from "../../storage/database/database.ts";

export interface LentLine {
  id: string;
  /** The shop or intermediary that approves members within it. */
  lender: string;
  currency: string;
  /** Where what the lender makes good for its members stands. */
  account: string;
  most: bigint;
  /** What of it is given to members. */
  given: bigint;
  /** Since when nothing new comes of it. */
  stoppedAt: Date | null;
  createdAt: Date;
}

export interface LentShare {
  id: string;
  line: string;
  person: string;
  method: string;
  account: string;
  most: bigint;
  state: "open" | "called";
  owingSince: Date | null;
  calledAt: Date | null;
  createdAt: Date;
}

/** Locks a line against every other change of it and of its members' parts. */
export async function lockLine(client: Client, id: string): Promise<LentLine | undefined> {
  const [row] = await client.query<LentLine>(sql`
    select id, lender, currency, account, most, given, stopped_at as "stoppedAt", created_at as "createdAt"
    from lent_lines where id = ${id} for update`);
  return row;
}

/** Locks the lines of a lender on which a member has a part now, in the order of their ids: whoever locks several does so. */
export function lockLinesOf(client: Client, person: string, lender: string): Promise<LentLine[]> {
  return client.query<LentLine>(sql`
    select id, lender, currency, account, most, given, stopped_at as "stoppedAt", created_at as "createdAt"
    from lent_lines where lender = ${lender} and id = any(array(
      select line from lent_shares where person = ${person} and state = 'open'))
    order by id for update`);
}

export async function readLine(client: Client, id: string): Promise<LentLine | undefined> {
  const [row] = await client.query<LentLine>(sql`
    select id, lender, currency, account, most, given, stopped_at as "stoppedAt", created_at as "createdAt" from lent_lines where id = ${id}`);
  return row;
}

/** The lines of a lender, or, without one, of all, by their ids. */
export function listLines(
  client: Client,
  { lender = null, after, limit }: { lender?: string | null; after?: string | undefined; limit: number },
): Promise<LentLine[]> {
  const from = after ?? "00000000-0000-0000-0000-000000000000";
  if (lender !== null)
    return client.query<LentLine>(sql`
      select id, lender, currency, account, most, given, stopped_at as "stoppedAt", created_at as "createdAt"
      from lent_lines where lender = ${lender} and id > ${from} order by id limit ${limit}`);
  return client.query<LentLine>(sql`
    select id, lender, currency, account, most, given, stopped_at as "stoppedAt", created_at as "createdAt"
    from lent_lines where id > ${from} order by id limit ${limit}`);
}

/** Enters a line; false where the lender has one in this currency, or the id is taken. */
export async function insertLine(
  client: Client,
  { id, lender, currency, account, most }: Pick<LentLine, "id" | "lender" | "currency" | "account" | "most">,
): Promise<boolean> {
  const entered = await client.execute(sql`
    insert into lent_lines (id, lender, currency, account, most, created_at)
    values (${id}, ${lender}, ${currency}, ${account}, ${most}, (select kenshu_now())) on conflict do nothing`);
  return entered === 1;
}

/** Changes a line that this transaction holds. */
export async function writeLine(
  client: Client,
  { id, most, given }: Pick<LentLine, "id" | "most" | "given">,
): Promise<void> {
  await client.execute(sql`update lent_lines set most = ${most}, given = ${given} where id = ${id}`);
}

/** Stops a line, or lets it go on; a line that was stopped before stays so from then. */
export async function stopLine(client: Client, id: string, stopped: boolean): Promise<boolean> {
  const changed = await client.execute(sql`
    update lent_lines
    set stopped_at = case when ${stopped}::boolean then coalesce(stopped_at, (select kenshu_now())) end
    where id = ${id}`);
  return changed === 1;
}
