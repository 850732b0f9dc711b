/** The lists as rows: what puts them there, and what reads them. */
import {
  bigintArray,
  type Client,
  intArray,
  plainArray,
  sql,
  timeArray,
  uuidArray,
} from "../../storage/database/database.ts";
import type { Todo } from "../../core/protocol/protocol.ts";
import { countedTypes, moneyTypes } from "../tallies/tallies.ts";

/** Lets one transaction at a time give positions, and answers the last one that was given. */
export async function lockHead(client: Client): Promise<bigint> {
  const [row] = await client.query<{ position: bigint }>(sql`select position from feed_head for update`);
  return row?.position ?? 0n;
}

export async function moveHead(client: Client, position: bigint): Promise<void> {
  await client.execute(sql`update feed_head set position = ${position}`);
}

/** What of a row of events counts beside its trade. */
export interface EventsOfFed {
  /** Which of the rows that were sought, the first one being 1. */
  nth: number;
  upto: number;
  slot: number;
  types: string | null;
  data: Record<string, unknown>[] | null;
  waited: number | null;
  /** Parties come to know by it what was agreed. */
  isNew: boolean;
}

/** What was proposed, reserved and accepted with nothing between (three events) was delivered to nobody, and is not searched for it. */
export function readEventsOfFed(
  client: Client,
  rows: readonly { trade: string; seq: number }[],
): Promise<EventsOfFed[]> {
  return client.query<EventsOfFed>(sql`
    select sought.nth::int as nth, e.upto, e.slot, e.types, e.data, e.is_new as "isNew",
      case when e.accepted then (select extract(epoch from e.at - max(at))::float8 from trade_events
        where trade = sought.trade and seq < sought.seq and types && '{trade.delivered}') end as waited
    from unnest(${uuidArray(rows.map(({ trade }) => trade))}::uuid[],
      ${intArray(rows.map(({ seq }) => seq))}::int[]) with ordinality as sought (trade, seq, nth)
    cross join lateral (select at, seq + cardinality(types) - 1 as upto, floor(extract(epoch from at) / 900)::int as slot,
        case when types && ${countedTypes}::text[] then array_to_string(types, ' ') end as types,
        case when types && ${moneyTypes}::text[] then data end as data,
        seq > 3 and types && '{trade.accepted}' as accepted,
        seq = 1 or types && '{trade.assigned,trade.ordered,trade.revised}' as is_new
      from trade_events where trade = sought.trade and seq = sought.seq limit 1) e`);
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
    select * from unnest(${uuidArray(events.map(({ party }) => party))}::uuid[],
      ${bigintArray(events.map(({ position }) => position))}::bigint[],
      ${uuidArray(events.map(({ trade }) => trade))}::uuid[],
      ${bigintArray(events.map(({ number }) => number))}::bigint[],
      ${intArray(events.map(({ seq }) => seq))}::int[],
      ${intArray(events.map(({ upto }) => upto))}::int[])`);
}

interface Entered {
  party: string;
  id: string;
  number: bigint;
  state: string;
  createdAt: Date;
  /** What it asks of this party next, and when that ends; null where that is nothing. */
  todo: Todo | null;
  endsAt: Date | null;
  /** What is frozen for this party: null where only `gained` is known, by how much it has changed; below 0 where it was paid before it was seen frozen. */
  frozen: bigint | null;
  gained: bigint;
  /** Its row is asked about: where it is counted, and where something was frozen before. */
  stood: boolean;
  sells: boolean;
}

/** Where a trade stood before, in the row of a party. */
export interface StoodBefore {
  party: string;
  id: string;
  state: string;
  frozen: bigint;
  stood: boolean;
}

/** Enters trades as they stand; answers where those that are asked about stood before. One transaction at a time does so. */
export function upsertPartyTrades(client: Client, trades: readonly Entered[]): Promise<StoodBefore[]> {
  return client.query<StoodBefore>(sql`
    with entered as materialized (
      select new.*, before.state as stood_in, before.frozen as had
      from unnest(${uuidArray(trades.map(({ party }) => party))}::uuid[],
        ${timeArray(trades.map(({ createdAt }) => createdAt))}::timestamptz[],
        ${uuidArray(trades.map(({ id }) => id))}::uuid[],
        ${bigintArray(trades.map(({ number }) => number))}::bigint[],
        ${plainArray(trades.map(({ state }) => state))}::text[],
        ${plainArray(trades.map(({ todo }) => todo))}::text[],
        ${timeArray(trades.map(({ endsAt }) => endsAt))}::timestamptz[],
        ${bigintArray(trades.map(({ frozen }) => frozen))}::bigint[],
        ${bigintArray(trades.map(({ gained }) => gained))}::bigint[],
        ${plainArray(trades.map(({ stood }) => String(stood)))}::boolean[],
        ${plainArray(trades.map(({ sells }) => String(sells)))}::boolean[])
        as new (party, created_at, id, number, state, todo, ends_at, frozen, gained, stood, sells)
      left join lateral (select state, frozen from party_trades
        where party = new.party and created_at = new.created_at and id = new.id limit 1) before on true),
    written as (
      insert into party_trades (party, created_at, id, number, state, todo, ends_at, frozen)
      select party, created_at, id, number, state, todo, ends_at, coalesce(frozen, coalesce(had, 0) + gained) from entered
      on conflict (party, created_at, id) do update
        set state = excluded.state, todo = excluded.todo, ends_at = excluded.ends_at, frozen = excluded.frozen
      where (party_trades.state, party_trades.todo, party_trades.ends_at, party_trades.frozen)
        is distinct from (excluded.state, excluded.todo, excluded.ends_at, excluded.frozen))
    select party, id, stood_in as state, had as frozen, stood from entered
    where stood_in is not null and (stood or (sells and had <> 0))`);
}

export async function insertMarks(
  client: Client,
  marks: readonly (Pick<Entered, "party" | "id" | "number" | "createdAt"> & { mark: string })[],
): Promise<void> {
  if (marks.length === 0) return;
  await client.execute(sql`
    insert into trade_marks (party, mark, created_at, id, number)
    select * from unnest(${uuidArray(marks.map(({ party }) => party))}::uuid[],
      ${uuidArray(marks.map(({ mark }) => mark))}::uuid[],
      ${timeArray(marks.map(({ createdAt }) => createdAt))}::timestamptz[],
      ${uuidArray(marks.map(({ id }) => id))}::uuid[],
      ${bigintArray(marks.map(({ number }) => number))}::bigint[])
    on conflict do nothing`);
}
