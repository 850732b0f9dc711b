/** What is read of the figures, and the trades behind them. Each statement is led by a key. */
import type { TradeState } from "../../core/protocol/protocol.ts";
import { type Client, sql } from "../../storage/database/database.ts";
import type { Kind } from "./kinds.ts";

export interface DayFigure {
  /** `YYYY-MM-DD` in the zone that was asked for. */
  day: string;
  kind: Kind;
  currency: string;
  shop: string;
  times: number;
  amount: bigint;
}

/** What happened since an instant, by the days of a zone. */
export async function readDays(client: Client, since: Date, zone: string): Promise<DayFigure[]> {
  const rows = await client.query<Omit<DayFigure, "amount"> & { amount: string }>(sql`
    select to_char(slot at time zone ${zone}, 'YYYY-MM-DD') as day, kind, currency, shop,
      sum(times)::float8 as times, sum(amount)::text as amount
    from tallies where slot >= ${since} group by 1, kind, currency, shop order by 1, kind, currency, shop`);
  return rows.map(({ amount, ...row }) => ({ ...row, amount: BigInt(amount) }));
}

export interface DayWaits {
  day: string;
  step: number;
  times: number;
}

/** How long trades took from delivery to acceptance, by the day of the acceptance; the shorter ones first. */
export function readWaits(client: Client, since: Date, zone: string): Promise<DayWaits[]> {
  return client.query(sql`
    select to_char(slot at time zone ${zone}, 'YYYY-MM-DD') as day, step, sum(times)::float8 as times
    from tallied_waits where slot >= ${since} group by 1, step order by 1, step`);
}

/** How many trades stand where. */
export function readStates(client: Client): Promise<{ state: string; trades: number }[]> {
  return client.query(sql`select state, trades::float8 as trades from trade_states where trades <> 0`);
}

/** The instants at which a day of a zone begins and ends, and at which the day so many days before it began. */
export async function daySpan(
  client: Client,
  day: string,
  zone: string,
): Promise<{ from: Date; to: Date } | undefined> {
  const [row] = await client.query<{ from: Date; to: Date }>(sql`
    select ${day}::date::timestamp at time zone ${zone} as "from",
      (${day}::date + 1)::timestamp at time zone ${zone} as "to"`);
  return row;
}

/** Now by the server's clock, the day it is in a zone, and when the first of the last `days` days began. */
export async function readToday(
  client: Client,
  zone: string,
  days: number,
): Promise<{ now: Date; today: string; since: Date }> {
  const [row] = await client.query<{ now: Date; today: string; since: Date }>(sql`
    select now, to_char(now at time zone ${zone}, 'YYYY-MM-DD') as today,
      ((now at time zone ${zone})::date - ${days - 1}::int)::timestamp at time zone ${zone} as since
    from (select kenshu_now() as now) as clock`);
  if (row === undefined) throw new Error("The database has no clock.");
  return row;
}

/** A trade in a list of those behind a figure. */
export interface Behind {
  number: string;
  state: TradeState;
  shopName: string;
  currency: string;
  /** Null where this server does not know it. */
  amount: bigint | null;
  updatedAt: Date;
}

export interface Chunk {
  slot: Date;
  position: bigint;
  /** The place in the row of the last of these numbers, the first of the row being 1. */
  upto: number;
  /** In the order in which it happened. */
  numbers: string[];
}

/** Where a reader of such a list stands: behind the number at this place, newer ones first. */
export type Place = Pick<Chunk, "slot" | "position" | "upto">;

/** The last numbers of each row in which something was counted within a span, the newest row first. */
export function readChunks(
  client: Client,
  { kind, currency, shop }: { kind: Kind; currency: string; shop: string },
  { from, to }: { from: Date; to: Date },
  limit: number,
  { slot, position, upto }: Place,
): Promise<Chunk[]> {
  return client.query(sql`
    select slot, position, upto, numbers[greatest(1, upto - ${limit}::int + 1):upto]::text[] as numbers
    from (select slot, position, numbers,
        case when slot = ${slot} and position = ${position} then ${upto}::int - 1 else cardinality(numbers) end as upto
      from tallied_trades
      where kind = ${kind} and currency = ${currency} and shop = ${shop} and slot >= ${from} and slot < ${to}
        and (slot, position) <= (${slot}, ${position})
      order by slot desc, position desc limit ${limit + 1}) as newest
    order by slot desc, position desc`);
}

const shown = `t.number::text as number, t.state, s.name as "shopName", t.currency,
  case when t.terms ->> 'private' = 'true' then null else t.amount end as amount, t.updated_at as "updatedAt"`;
const theTrade = (number: string): string => `
  cross join lateral (select * from trades where number = ${number} limit 1) t
  cross join lateral (select name from parties where id = t.shop limit 1) s`;

/** These trades as they stand, in the order in which they were named. */
export function readBehind(client: Client, numbers: readonly string[]): Promise<Behind[]> {
  return client.query({
    name: "tallied_trades_shown",
    text: `select ${shown} from unnest($1::bigint[]) with ordinality n (number, nth) ${theTrade("n.number")} order by n.nth`,
    values: [`{${numbers.join(",")}}`],
  });
}

type Standing = Behind & { id: string; createdAt: Date };

/** Trades that stand somewhere, the newest first, behind the last one that was seen. */
export function readStanding(
  client: Client,
  state: string,
  limit: number,
  after: { at: Date; id: string },
): Promise<Standing[]> {
  return client.query({
    name: "tallied_by_state",
    // A row of a party that has the trade no longer may say what was true then: only that of whom it is counted for does.
    text: `select ${shown}, p.id, p.created_at as "createdAt" from party_trades p ${theTrade("p.number")}
      where p.state = $1 and p.party = coalesce(t.chain, t.shop) and t.state = p.state and (p.created_at, p.id) < ($2, $3)
      order by p.created_at desc, p.id desc limit $4`,
    values: [state, after.at, after.id, limit],
  });
}

/** Trades of which a step waits for another server, by their number, behind the last one that was seen. */
export function readHeldUp(client: Client, limit: number, after: string): Promise<Behind[]> {
  return client.query({
    name: "tallied_held_up",
    text: `select ${shown} from (select number from trades where pending is not null and number > $1 order by number limit $2) w
      ${theTrade("w.number")} order by t.number`,
    values: [after, limit],
  });
}
