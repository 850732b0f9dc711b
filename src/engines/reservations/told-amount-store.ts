import { type Client, plainArray, sql, uuidArray } from "../../storage/database/database.ts";

/** A line without its name: how many, and what one of them costs in minor units, or all of them together. */
export interface ToldLine {
  quantity: number;
  unitAmount?: number;
  amount?: number;
}

/** What a shop has told of a trade of a peer. */
export interface Told {
  peer: string;
  tradeNumber: string;
  shop: string;
  currency: string;
  amount: bigint;
  lines: ToldLine[];
}

/** Keeps what a shop tells; what it has told of this trade before stays as it is. */
export async function insertTold(client: Client, told: Told): Promise<void> {
  const { peer, tradeNumber, shop, currency, amount, lines } = told;
  await client.execute(sql`
    insert into told_amounts (peer, trade_number, shop, currency, amount, lines, at)
    values (${peer}, ${tradeNumber}, ${shop}, ${currency}, ${amount}, ${JSON.stringify(lines)}, kenshu_now())
    on conflict (peer, trade_number, shop) do nothing`);
}

export type ToldOf = Pick<Told, "peer" | "tradeNumber">;

/** What shops have told of these trades: of one trade each shop may have told something, and one of them is paid. */
export function readTold(client: Client, trades: readonly ToldOf[]): Promise<Told[]> {
  return client.query<Told>(sql`
    select t.peer, t.trade_number as "tradeNumber", t.shop, t.currency, t.amount, t.lines
    from unnest(${uuidArray(trades.map(({ peer }) => peer))}::uuid[],
      ${plainArray(trades.map(({ tradeNumber }) => tradeNumber))}::text[]) as sought (peer, trade_number)
      cross join lateral (
        select * from told_amounts where peer = sought.peer and trade_number = sought.trade_number offset 0) t
    order by t.at, t.shop`);
}

/**
 * Whether somebody may see what was told of a trade: whose consent pays for it, or, before that, could. Then with the shop
 * that is paid, null before the trade's server has named it.
 */
export async function mayPay(
  client: Client,
  person: string,
  { peer, tradeNumber }: ToldOf,
): Promise<{ payee: string | null } | undefined> {
  const [row] = await client.query<{ may: boolean; payee: string | null }>(sql`
    with reserved as (
      select payer.owner, payee.owner as payee, r.created_at from reservations r
      join consents payer on payer.id = r.payer join consents payee on payee.id = r.payee
      where r.peer = ${peer} and r.trade_number = ${tradeNumber} and r.state in ('held', 'settled'))
    select case when exists (select from reserved) then exists (select from reserved where owner = ${person})
      else exists (select from consents where owner = ${person} and peer = ${peer} and purpose = 'pay'
        and revoked_at is null) end as may,
      (select payee from reserved where owner = ${person} order by created_at desc limit 1) as payee`);
  return row?.may === true ? { payee: row.payee } : undefined;
}
