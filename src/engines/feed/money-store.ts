/** What a shop's trades come to in money: of those that are open by what they ask of it, and of what happened day by day. */
import type { Todo } from "../../core/protocol/protocol.ts";
import { bigintArray, type Client, sql } from "../../storage/database/database.ts";

/** Minor units of one currency; `count`: how many trades. */
export interface OpenSum {
  todo: Todo;
  currency: string;
  count: number;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
}

/**
 * Sums over the open trades of a shop, those first that end first, and over no more than `most`. What a server does not know of
 * private trades is left out.
 */
export function sumOpen(client: Client, party: string, now: Date, most: number): Promise<OpenSum[]> {
  return client.query<OpenSum>(sql`
    select d.todo, t.currency, count(*)::int as count, sum(t.frozen)::bigint as frozen, sum(t.settled)::bigint as settled,
      sum(t.refunded)::bigint as refunded
    from (select case when todo = 'approve' and ends_at <= ${now} and state not in ('proposed', 'refused') then 'ship' else todo end as todo,
      number from party_trades where party = ${party} and todo is not null
      order by todo, ends_at, id limit ${most}) d
    cross join lateral (select currency, shop, frozen, settled, refunded, terms from trades where number = d.number limit 1) t
    where t.shop = ${party} and t.terms ->> 'private' is distinct from 'true' group by d.todo, t.currency order by d.todo, t.currency`);
}

/** A row of events of a shop's trade in which money moved. */
export interface MoneyEvents {
  number: bigint;
  at: Date;
  currency: string;
  types: string[];
  data: Record<string, unknown>[];
}

/** What lies between two positions, of that what happened between two instants. */
export interface MoneySpan {
  first: bigint;
  last: bigint;
  from: Date;
  to: Date;
}

/** Of the rows of events of a party that lie between two positions, the first `most`: those in which money moved. */
export function moneyBetween(
  client: Client,
  party: string,
  { first, last, from, to }: MoneySpan,
  most: number,
): Promise<MoneyEvents[]> {
  return client.query<MoneyEvents>(sql`
    select d.number, e.at, t.currency, e.types, e.data
    from (select position, number, trade, seq from party_events
      where party = ${party} and position >= ${first} and position < ${last} order by position limit ${most}) d
    cross join lateral (select types, at, data from trade_events where trade = d.trade and seq = d.seq
      and types && '{trade.settled,trade.refunded}' and at >= ${from} and at < ${to} limit 1) e
    cross join lateral (select currency, shop, terms from trades where number = d.number limit 1) t
    where t.shop = ${party} and t.terms ->> 'private' is distinct from 'true' order by d.position`);
}

/** Whether more rows of events of a party lie between two positions than so many. */
export async function isMoreBetween(
  client: Client,
  party: string,
  { first, last }: MoneySpan,
  most: number,
): Promise<boolean> {
  const rows = await client.query(sql`
    select position from party_events where party = ${party} and position >= ${first} and position < ${last}
    order by position offset ${most} limit 1`);
  return rows.length > 0;
}

/** The last rows of events of some trades between two instants in which something was paid back, the latest first. */
export function readRefunds(
  client: Client,
  numbers: readonly bigint[],
  { from, to }: { from: Date; to: Date },
  limit: number,
): Promise<MoneyEvents[]> {
  return client.query(sql`
    select sought.number, e.at, t.currency, e.types, e.data
    from unnest(${bigintArray(numbers)}::bigint[]) as sought (number)
    cross join lateral (select id, currency from trades where number = sought.number limit 1) t
    cross join lateral (select at, seq, types, data from trade_events
      where trade = t.id and types && '{trade.refunded}' and at >= ${from} and at < ${to} order by seq desc limit ${limit}) e
    order by e.at desc, sought.number desc, e.seq desc limit ${limit}`);
}
