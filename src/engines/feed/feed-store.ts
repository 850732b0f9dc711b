/** The lists as rows: what puts them there, and what reads them. */
import { type Client, plainArray, sql, timeArray } from "../../storage/database/database.ts";
import type { Todo } from "../../core/protocol/protocol.ts";
import type { FedRow } from "../../storage/seals/seals.ts";
import { type CountedRow, countedTypes, moneyTypes } from "../tallies/tallies.ts";

/** Lets one transaction at a time give positions, and answers the last one that was given. */
export async function lockHead(client: Client): Promise<bigint> {
  const [row] = await client.query<{ position: bigint }>(sql`select position from feed_head for update`);
  return row?.position ?? 0n;
}

export async function moveHead(client: Client, position: bigint): Promise<void> {
  await client.execute(sql`update feed_head set position = ${position}`);
}

/** A row of events with its trade as it is now; reference and metadata where parties come to know them. */
export interface TradeOfFed extends CountedRow {
  /** Which of the rows that were sought, the first one being 1. */
  nth: number;
  id: string;
  chain: string | null;
  carrier: string | null;
  provider: string | null;
  state: string;
  createdAt: Date;
  /** What it asks of its shop next, and when that ends; null where nothing is left to do. */
  todo: Todo | null;
  endsAt: Date | null;
  upto: number;
  reference: string | null;
  metadata: Record<string, string> | null;
  /** The shop has still to put its order under the number, and learns of it from the buyer. */
  earmark: boolean;
}

/** What a trade asks of its shop, the first of these that is so (sql/trading/0073_to_do.sql says the same of what was there). */
const todoOf = `case
  when t.state in ('proposed', 'refused') then 'approve'
  when t.state = 'disputed' then 'dispute'
  when t.wake_at is null or t.state in ('cancelled', 'expired') then null
  when t.state = 'reserved' and json_array_length(t.progress -> 'lots') = 0 then 'ship'
  when exists (select from json_array_elements(t.progress -> 'lots') l where l ->> 'at' in ('rejected', 'withdrawn')) then 'back'
  when t.state = 'accepted' then 'pay'
  when t.state in ('reserved', 'delivered') and exists (
    select from json_array_elements(t.terms -> 'lines') with ordinality as a (line, nth)
    cross join lateral (select t.progress -> 'lines' -> (nth - 1)::int as done) p
    where coalesce(a.line ->> 'kind', 'goods') in ('goods', 'service') and (a.line ->> 'quantity')::int >
      (p.done ->> 'accepted')::int + (p.done ->> 'rejected')::int + (p.done ->> 'ended')::int
      + coalesce((select sum((l ->> 'quantity')::int) from json_array_elements(t.progress -> 'lots') l
        where (l ->> 'line')::int = nth and l ->> 'at' in ('shipped', 'delivered')), 0)) then 'ship'
  when t.state = 'reserved' then 'way'
  when t.state = 'delivered' then 'look' end`;

const endsAtOf = `coalesce(case s.todo
  when 'approve' then t.approve_by
  when 'ship' then least(t.ship_by, t.reserved_until)
  when 'way' then coalesce((t.progress -> 'clocks' ->> 'deliverBy')::timestamptz, t.wake_at)
  when 'look' then coalesce(t.accept_by, t.wake_at)
  when 'pay' then coalesce(t.payment_date, (t.progress -> 'guarantee' ->> 'claimFrom')::timestamptz, t.wake_at)
  when 'back' then coalesce(least((t.progress -> 'clocks' ->> 'inspectBy')::timestamptz,
    (t.progress -> 'clocks' ->> 'returnBy')::timestamptz), t.wake_at)
  when 'dispute' then coalesce(t.progress -> 'disputed' ->> 'answerBy', t.progress -> 'disputed' ->> 'decideBy')::timestamptz
  end, case when s.todo is not null then '9999-01-01Z'::timestamptz end)`;

const fed = `
  select sought.nth::int as nth, t.id, t.number, t.shop, t.chain, t.carrier, t.provider, t.state,
    t.currency, t.created_at as "createdAt", s.todo, ${endsAtOf} as "endsAt", e.upto,
    (t.terms -> 'earmark') is not null as earmark, e.slot, e.types, e.data, t.hold is null as unfrozen,
    e.data is not null and (t.terms ->> 'private' = 'true') is true as private,
    case when e.accepted then (select extract(epoch from e.at - max(at))::float8 from trade_events
      where trade = t.id and seq < e.seq and types && '{trade.delivered}') end as waited,
    case when e.is_new then t.terms ->> 'reference' end as reference,
    case when e.is_new then t.terms -> 'metadata' end as metadata
  from unnest($1::bigint[], $2::int[]) with ordinality as sought (number, seq, nth)
  cross join lateral (select * from trades where number = sought.number limit 1) t
  cross join lateral (select seq, at, seq + cardinality(types) - 1 as upto, floor(extract(epoch from at) / 900)::int as slot,
      case when types && $3::text[] then array_to_string(types, ' ') end as types,
      case when types && $4::text[] then data end as data,
      seq > 3 and types && '{trade.accepted}' as accepted,
      seq = 1 or types && '{trade.assigned,trade.ordered}' as is_new
    from trade_events where trade = t.id and seq = sought.seq limit 1) e
  cross join lateral (select ${todoOf} as todo) s`;

/** What was proposed, reserved and accepted with nothing between (three events) was delivered to nobody, and is not searched for it. */
export function readFed(client: Client, rows: readonly FedRow[]): Promise<TradeOfFed[]> {
  return client.query<TradeOfFed>({
    name: "fed_rows",
    text: fed,
    values: [
      plainArray(rows.map(({ trade }) => trade)),
      plainArray(rows.map(({ sub }) => sub)),
      [...countedTypes],
      [...moneyTypes],
    ],
  });
}

export interface PartyEvent {
  party: string;
  position: bigint;
  trade: string;
  number: bigint;
  seq: number;
  upto: number;
}

export function insertPartyEvents(client: Client, events: readonly PartyEvent[]): Promise<number> {
  return client.execute(sql`
    insert into party_events (party, position, trade, number, seq, upto)
    select * from unnest(${plainArray(events.map(({ party }) => party))}::uuid[],
      ${plainArray(events.map(({ position }) => position))}::bigint[],
      ${plainArray(events.map(({ trade }) => trade))}::uuid[],
      ${plainArray(events.map(({ number }) => number))}::bigint[],
      ${plainArray(events.map(({ seq }) => seq))}::int[],
      ${plainArray(events.map(({ upto }) => upto))}::int[])`);
}

type Entered = Pick<TradeOfFed, "id" | "number" | "state" | "createdAt" | "todo" | "endsAt"> & {
  party: string;
};

/** Enters trades as they stand; answers where those that are asked about stood before, with how many did. */
export function upsertPartyTrades(
  client: Client,
  trades: readonly (Entered & { stood: boolean })[],
): Promise<{ state: string; trades: number }[]> {
  return client.query(sql`
    with entered as (
      select * from unnest(${plainArray(trades.map(({ party }) => party))}::uuid[],
        ${timeArray(trades.map(({ createdAt }) => createdAt))}::timestamptz[],
        ${plainArray(trades.map(({ id }) => id))}::uuid[],
        ${plainArray(trades.map(({ number }) => number))}::bigint[],
        ${plainArray(trades.map(({ state }) => state))}::text[],
        ${plainArray(trades.map(({ todo }) => todo))}::text[],
        ${timeArray(trades.map(({ endsAt }) => endsAt))}::timestamptz[],
        ${plainArray(trades.map(({ stood }) => String(stood)))}::boolean[])
        as new (party, created_at, id, number, state, todo, ends_at, stood)),
    written as (
      insert into party_trades (party, created_at, id, number, state, todo, ends_at)
      select party, created_at, id, number, state, todo, ends_at from entered
      on conflict (party, created_at, id) do update
        set state = excluded.state, todo = excluded.todo, ends_at = excluded.ends_at
      where (party_trades.state, party_trades.todo, party_trades.ends_at)
        is distinct from (excluded.state, excluded.todo, excluded.ends_at))
    select before.state, count(*)::int as trades
    from entered cross join lateral (select state from party_trades
      where party = entered.party and created_at = entered.created_at and id = entered.id limit 1) before
    where entered.stood group by before.state`);
}

export async function insertMarks(
  client: Client,
  marks: readonly (Omit<Entered, "state" | "todo" | "endsAt"> & { mark: string })[],
): Promise<void> {
  if (marks.length === 0) return;
  await client.execute(sql`
    insert into trade_marks (party, mark, created_at, id, number)
    select * from unnest(${plainArray(marks.map(({ party }) => party))}::uuid[],
      ${plainArray(marks.map(({ mark }) => mark))}::uuid[],
      ${timeArray(marks.map(({ createdAt }) => createdAt))}::timestamptz[],
      ${plainArray(marks.map(({ id }) => id))}::uuid[],
      ${plainArray(marks.map(({ number }) => number))}::bigint[])
    on conflict do nothing`);
}
