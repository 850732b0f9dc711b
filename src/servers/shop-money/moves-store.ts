/** The statements about what moved: kept with the order that it is about, added up by quarters of an hour. */
import { bigintArray, type Client, sql, textArray } from "../../storage/database/database.ts";
import type { Move, MoneyKind } from "./moves.ts";

/** Writes down what moved for an order, in the transaction that keeps what was seen of it. */
export async function keepMoves(
  client: Client,
  order: { id: string; currency: string; version: number; at: string },
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  const { id, currency, version, at } = order;
  await client.execute(sql`
    with kept as (
      insert into money_moves (kind, currency, at, order_id, version, amount)
      select kind, ${currency}, ${at}::timestamptz, ${id}::uuid, ${version}, amount
      from unnest(${textArray(moves.map(({ kind }) => kind))}::text[],
        ${bigintArray(moves.map(({ amount }) => amount))}::bigint[]) as new (kind, amount)
      on conflict do nothing returning at, kind, currency, amount)
    insert into money_slots (slot, kind, currency, times, amount)
    select to_timestamp(floor(extract(epoch from at) / 900) * 900), kind, currency, 1, amount from kept order by kind
    on conflict (slot, kind, currency) do update
      set times = money_slots.times + 1, amount = money_slots.amount + excluded.amount`);
}

/** Of one day and currency; minor units. */
export interface DayMoved {
  day: string;
  currency: string;
  kind: MoneyKind;
  amount: bigint;
}

/** What moved from an instant on, by the days of a zone, the latest first. */
export async function movedByDay(client: Client, from: Date, zone: string): Promise<DayMoved[]> {
  const rows = await client.query<Omit<DayMoved, "amount"> & { amount: string }>(sql`
    select to_char(slot at time zone ${zone}, 'YYYY-MM-DD') as day, currency, kind, sum(amount)::text as amount
    from money_slots where slot >= ${from} group by 1, 2, 3 order by 1 desc, 2, 3`);
  return rows.map(({ amount, ...row }) => ({ ...row, amount: BigInt(amount) }));
}

/** The instants at which a day of a zone begins and ends; undefined where there is no such day. */
export async function spanOfDay(
  client: Client,
  day: string,
  zone: string,
): Promise<{ from: Date; to: Date } | undefined> {
  const [span] = await client.query<{ from: Date; to: Date }>(sql`
    select ${day}::date::timestamp at time zone ${zone} as "from",
      (${day}::date + 1)::timestamp at time zone ${zone} as "to"`);
  return span;
}

/** Behind which one a page begins. */
export interface MoveMark {
  atMicros: bigint;
  order: string;
  version: number;
}

/** Orders of which something of a kind moved within a span, the last first: one for each time. */
export function listMoved(
  client: Client,
  { kind, currency }: { kind: MoneyKind; currency: string },
  { from, to }: { from: Date; to: Date },
  limit: number,
  before: MoveMark | undefined,
): Promise<(MoveMark & { amount: bigint; at: Date })[]> {
  const {
    atMicros = 253_402_214_400_000_000n,
    order = "ffffffff-ffff-ffff-ffff-ffffffffffff",
    version = 0,
  } = before ?? {};
  return client.query(sql`
    select order_id as order, version, at, amount, (extract(epoch from at) * 1000000)::bigint as "atMicros" from money_moves
    where kind = ${kind} and currency = ${currency} and at >= ${from} and at < ${to}
      and (at, order_id, version)
        < (timestamptz 'epoch' + ${atMicros}::bigint * interval '1 microsecond', ${order}::uuid, ${version}::int)
    order by at desc, order_id desc, version desc limit ${limit}`);
}
