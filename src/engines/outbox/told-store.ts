/** Whether those whose silence would count have been told of what they have to act on. */
import { type Client, plainArray, sql } from "../../storage/database/database.ts";

/** A trade, and who its two sides are now. */
export interface TwoSides {
  number: bigint;
  id: string;
  buyer: string | null;
  shop: string;
}

/** Whether silence counts against each side. */
export interface ToldSides {
  buyer: boolean;
  shop: boolean;
}

/**
 * For each trade, whether buyer and shop have been told since they were last asked something: a mail of this trade was
 * taken by a mail server or kept to be shown; they were there, signed in or with a key; they acted on the trade; or the
 * shop took a webhook of it. Who was never asked by mail, as in trades that are older than mails, counts as told.
 */
export async function readTold(client: Client, trades: readonly TwoSides[]): Promise<Map<bigint, ToldSides>> {
  const rows = await client.query<{ number: bigint; reader: "buyer" | "shop"; told: boolean }>(sql`
    with sides as (
      select number, id, reader, party
      from unnest(${plainArray(trades.map(({ number }) => number))}::bigint[],
          ${plainArray(trades.map(({ id }) => id))}::uuid[], ${plainArray(trades.map(({ buyer }) => buyer))}::uuid[],
          ${plainArray(trades.map(({ shop }) => shop))}::uuid[]) as t (number, id, buyer, shop),
        lateral (values ('buyer', t.buyer), ('shop', t.shop)) as side (reader, party)
      where party is not null),
    asked as (
      select sides.*, (select max(m.at) from mails m
        where m.trade = sides.number and m.party = sides.party and m.asks) as since
      from sides)
    select number, reader,
      exists (select from mails m where m.trade = asked.number and m.party = asked.party
        and m.at >= since and m.state in ('taken', 'kept'))
      or exists (select from presences p where p.subject = asked.party and p.seen_at >= since)
      or exists (select from trade_events e where e.trade = asked.id and e.role = reader and e.at >= since)
      or (reader = 'shop' and exists (select from webhook_deliveries d join webhook_endpoints w on w.id = d.endpoint
        where d.trade = asked.number and d.state = 'delivered' and w.owner = asked.party and d.created_at >= since))
      as told
    from asked where since is not null`);
  const told = new Map(trades.map(({ number }) => [number, { buyer: true, shop: true }]));
  for (const { number, reader, told: is } of rows) {
    const sides = told.get(number);
    if (sides !== undefined) sides[reader] = is;
  }
  return told;
}
