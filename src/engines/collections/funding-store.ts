/** Dues of the institution's own, by which members bring money to their accounts. */
import { type Client, idFrom, sql, uuidArray } from "../../storage/database/database.ts";

/** Whose dues these are: no other server's. */
export const ownDues = idFrom("dues of this institution's own");

/** What is to be brought to an account, with what was. */
export interface Funding {
  id: string;
  account: string;
  tradeNumber: string;
  currency: string;
  /** What was to be brought, in minor units. */
  amount: bigint;
  paid: bigint;
  until: Date;
  createdAt: Date;
  state: "open" | "paid" | "expired";
}

export async function insertFunding(
  client: Client,
  {
    id,
    account,
    tradeNumber,
    amount,
    until,
  }: Pick<Funding, "id" | "account" | "tradeNumber" | "amount" | "until">,
): Promise<void> {
  await client.execute(sql`
    insert into fundings (id, account, trade_number, amount, until, created_at)
    values (${id}, ${account}, ${tradeNumber}, ${amount}, ${until}, kenshu_now())`);
}

const columns = `f.id, f.account, f.trade_number as "tradeNumber", d.currency, f.amount, d.paid, f.until,
  f.created_at as "createdAt", case when d.paid > 0 then 'paid' when d.amount = 0 then 'expired' else 'open' end as state
  from fundings f join collections d on d.trade_number = f.trade_number`;

export async function readFundingBy(client: Client, number: string): Promise<Funding | undefined> {
  const [row] = await client.query<Funding>({
    name: "funding",
    text: `select ${columns} where f.trade_number = $1`,
    values: [number],
  });
  return row;
}

/** Fundings of an account, the newest first; `after` is the id of the last one seen. */
export function fundingsOf(
  client: Client,
  account: string,
  limit: number,
  after: string | undefined,
): Promise<Funding[]> {
  return client.query<Funding>({
    name: "fundings",
    text: `select ${columns} where f.account = $1 and ($2::uuid is null or f.id < $2) order by f.id desc limit $3`,
    values: [account, after ?? null, limit],
  });
}

/** Under how many numbers of an account something is due still. */
export async function countOpen(client: Client, account: string): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from fundings f join collections d on d.trade_number = f.trade_number
    where f.account = ${account} and f.ended_at is null and d.amount > d.paid`);
  return row?.count ?? 0;
}

/** How many were opened for an account in the last 24 hours. */
export async function countOpened(client: Client, account: string): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from fundings
    where account = ${account} and created_at > (select kenshu_now()) - interval '24 hours'`);
  return row?.count ?? 0;
}

/** Ids of those whose time is over, the oldest first. */
export async function overFundings(client: Client, limit: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select id from fundings where ended_at is null and until <= (select kenshu_now()) order by until limit ${limit}`);
  return rows.map(({ id }) => id);
}

/** Nothing is taken any more under the numbers of these; what was paid stays paid. */
export async function endFundings(client: Client, ids: readonly string[]): Promise<void> {
  const ended = uuidArray(ids);
  await client.execute(sql`
    update collections set amount = paid, version = version + 1
    where peer = ${ownDues} and amount > paid
      and trade_number = any(array(select trade_number from fundings where id = any(${ended}::uuid[])))`);
  await client.execute(sql`
    update fundings set ended_at = (select kenshu_now()) where id = any(${ended}::uuid[]) and ended_at is null`);
}
