/** A shop's money by time, as rows: added to by each pass, read by its people. Each statement is led by the shop. */
import {
  bigintArray,
  type Client,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
} from "../../storage/database/database.ts";
import { slotSeconds } from "./kinds.ts";
import type { Chunk, Place } from "./reading-store.ts";

export interface ShopTally {
  shop: string;
  slot: number;
  kind: string;
  currency: string;
  amount: bigint;
  fee: bigint;
  numbers: bigint[];
}

export async function addShopMoney(
  client: Client,
  tallies: readonly ShopTally[],
  position: bigint,
): Promise<void> {
  const shops = uuidArray(tallies.map(({ shop }) => shop));
  const slots = timeArray(tallies.map(({ slot }) => new Date(slot * slotSeconds * 1000)));
  const kinds = textArray(tallies.map(({ kind }) => kind));
  const currencies = textArray(tallies.map(({ currency }) => currency));
  await client.execute(sql`
    insert into shop_tallies (shop, slot, kind, currency, times, amount, fee)
    select * from unnest(${shops}::uuid[], ${slots}::timestamptz[], ${kinds}::text[], ${currencies}::text[],
      ${bigintArray(tallies.map(({ numbers }) => numbers.length))}::bigint[],
      ${plainArray(tallies.map(({ amount }) => amount))}::numeric[], ${plainArray(tallies.map(({ fee }) => fee))}::numeric[])
    on conflict (shop, slot, kind, currency) do update set times = shop_tallies.times + excluded.times,
      amount = shop_tallies.amount + excluded.amount, fee = shop_tallies.fee + excluded.fee`);
  await client.execute(sql`
    insert into shop_tallied (shop, slot, kind, currency, position, numbers)
    select shop, slot, kind, currency, ${position}, numbers::bigint[]
    from unnest(${shops}::uuid[], ${slots}::timestamptz[], ${kinds}::text[], ${currencies}::text[],
      ${textArray(tallies.map(({ numbers }) => `{${numbers.join(",")}}`))}::text[])
      as new (shop, slot, kind, currency, numbers)`);
}

export interface ShopDayRow {
  /** `YYYY-MM-DD` in the zone that was asked for. */
  day: string;
  kind: string;
  currency: string;
  times: number;
  amount: bigint;
  fee: bigint;
}

/** What moved for a shop between two instants, by the days of a zone. */
export async function readShopDays(
  client: Client,
  shop: string,
  { from, to }: { from: Date; to: Date },
  zone: string,
): Promise<ShopDayRow[]> {
  const rows = await client.query<Omit<ShopDayRow, "amount" | "fee"> & { amount: string; fee: string }>(sql`
    select to_char(slot at time zone ${zone}, 'YYYY-MM-DD') as day, kind, currency, sum(times)::float8 as times,
      sum(amount)::text as amount, sum(fee)::text as fee
    from shop_tallies where shop = ${shop} and slot >= ${from} and slot < ${to}
    group by 1, kind, currency order by 1 desc, currency, kind`);
  return rows.map(({ amount, fee, ...row }) => ({ ...row, amount: BigInt(amount), fee: BigInt(fee) }));
}

/** The last numbers of each row in which something was counted for a shop within a span, the newest row first. */
export function readShopChunks(
  client: Client,
  { kind, currency, shop }: { kind: string; currency: string; shop: string },
  { from, to }: { from: Date; to: Date },
  limit: number,
  { slot, position, upto }: Place,
): Promise<Chunk[]> {
  return client.query(sql`
    select slot, position, upto, numbers[greatest(1, upto - ${limit}::int + 1):upto]::text[] as numbers
    from (select slot, position, numbers,
        case when slot = ${slot} and position = ${position} then ${upto}::int - 1 else cardinality(numbers) end as upto
      from shop_tallied
      where shop = ${shop} and kind = ${kind} and currency = ${currency} and slot >= ${from} and slot < ${to}
        and (slot, position) <= (${slot}, ${position})
      order by slot desc, position desc limit ${limit + 1}) as newest
    order by slot desc, position desc`);
}
