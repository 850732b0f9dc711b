/** Whether those whose silence would count have been told of what they have to act on. */
import { bigintArray, type Client, sql, uuidArray } from "../../storage/database/database.ts";

/** A trade, and who its two sides are now. */
export interface TwoSides {
  number: bigint;
  id: string;
  buyer: string | null;
  shop: string;
}

/** Since when each side has been told; null where nothing has reached it. */
export interface ToldSides {
  buyer: Date | null;
  shop: Date | null;
}

/** Who was never asked by mail, as in trades that are older than mails, counts as told then. */
const longAgo = new Date(0);

/**
 * For each trade, since when buyer and shop have been told of what they were asked last: a mail of this trade was taken by a
 * mail server or kept to be shown; they acted on the trade; the shop took a webhook of it; or they were there, signed in or
 * with a key. Of that only the last time is known.
 */
export async function readTold(client: Client, trades: readonly TwoSides[]): Promise<Map<bigint, ToldSides>> {
  const rows = await client.query<{ number: bigint; reader: "buyer" | "shop"; since: Date | null }>(sql`
    with sides as (
      select number, id, reader, party
      from unnest(${bigintArray(trades.map(({ number }) => number))}::bigint[],
          ${uuidArray(trades.map(({ id }) => id))}::uuid[], ${uuidArray(trades.map(({ buyer }) => buyer))}::uuid[],
          ${uuidArray(trades.map(({ shop }) => shop))}::uuid[]) as t (number, id, buyer, shop),
        lateral (values ('buyer', t.buyer), ('shop', t.shop)) as side (reader, party)
      where party is not null),
    asked as (
      select sides.*, (select max(m.at) from mails m
        where m.trade = sides.number and m.party = sides.party and m.asks) as at
      from sides)
    select number, reader, least(
      (select min(coalesce(m.taken_at, m.at)) from mails m where m.trade = asked.number and m.party = asked.party
        and m.at >= asked.at and m.state in ('taken', 'kept')),
      (select min(e.at) from trade_events e where e.trade = asked.id and e.role = reader and e.at >= asked.at),
      (select min(coalesce(d.delivered_at, d.created_at)) from webhook_deliveries d
        join webhook_endpoints w on w.id = d.endpoint
        where reader = 'shop' and d.trade = asked.number and d.state = 'delivered' and w.owner = asked.party
          and d.created_at >= asked.at),
      (select p.seen_at from presences p where p.subject = asked.party and p.seen_at >= asked.at)) as since
    from asked where at is not null`);
  const told = new Map<bigint, ToldSides>(
    trades.map(({ number }) => [number, { buyer: longAgo, shop: longAgo }]),
  );
  for (const { number, reader, since } of rows) {
    const sides = told.get(number);
    if (sides !== undefined) sides[reader] = since;
  }
  return told;
}
