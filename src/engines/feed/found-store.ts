/** What is read of the lists. A statement is led by one index, whatever else is asked of the trades that it finds. */
import type { ActorRole, Todo } from "../../core/protocol/protocol.ts";
import { type Client, plainArray, sql, uuidArray, type Value } from "../../storage/database/database.ts";
import { everyShop } from "./marks.ts";

/** A trade that was found, with what orders it in the list. */
export interface FoundTrade {
  number: bigint;
  id: string;
  createdAt: Date;
}

/** What is asked of trades, beside whose they are; undefined asks for nothing. */
export interface Asked {
  party: string;
  /** A trade has all of them. */
  marks: readonly string[];
  state: string | undefined;
  createdAfter: Date | undefined;
  createdBefore: Date | undefined;
  limit: number;
}

const nothingBefore = new Date(0);
/** A year that PostgreSQL keeps and nobody sees. */
const nothingBehind = new Date(Date.UTC(9999, 0, 1));
const firstId = "00000000-0000-0000-0000-000000000000";

/** The trade as it stands, looked up by its number. */
const asItStands = `cross join lateral (select state, version from trades where number = d.number limit 1) t`;
const fits = `($5::text is null or t.state = $5)
  and (select count(*) from trade_marks m where m.party = $1 and m.mark = any($6::uuid[])
    and m.created_at = d.created_at and m.id = d.id) = cardinality($6::uuid[])`;
const backwards = `(d.created_at, d.id) < ($2, $3) and d.created_at > $4 and ${fits}
  order by d.created_at desc, d.id desc limit $7`;
const found = `select d.number, d.id, d.created_at as "createdAt" from`;

const byMark = `${found} trade_marks d ${asItStands} where d.party = $1 and d.mark = $8 and ${backwards}`;
const byState = `${found} party_trades d ${asItStands} where d.party = $1 and d.state = $8 and ${backwards}`;
const byTime = `${found} party_trades d ${asItStands} where d.party = $1 and ${backwards}`;

/** The trades of all shops under a reference, the newest first. */
export function tradesByReference(
  client: Client,
  mark: string,
  limit: number,
): Promise<{ number: bigint; createdAt: Date }[]> {
  return client.query<{ number: bigint; createdAt: Date }>(sql`
    select number, created_at as "createdAt" from trade_marks where party = ${everyShop} and mark = ${mark}
    order by created_at desc, id desc limit ${limit}`);
}

/** The trades of all shops that come to one of these amounts and were proposed in a time, the newest first. */
export function tradesByAmount(
  client: Client,
  marks: readonly string[],
  { from, until }: { from: Date; until: Date },
  limit: number,
): Promise<{ number: bigint; createdAt: Date }[]> {
  return client.query<{ number: bigint; createdAt: Date }>(sql`
    select m.number, m.created_at as "createdAt" from unnest(${uuidArray([...marks])}::uuid[]) as sought (mark)
      cross join lateral (select number, created_at, id from trade_marks
        where party = ${everyShop} and mark = sought.mark and created_at >= ${from} and created_at < ${until}
        order by created_at desc, id desc limit ${limit}) m
    order by m.created_at desc, m.id desc limit ${limit}`);
}

/** Trades by when they were proposed, the newest first, behind the last one that was seen. */
export function tradesByTime(
  client: Client,
  { party, marks, state, createdAfter, createdBefore, limit }: Asked,
  after: { at: Date; id: string } | undefined,
): Promise<FoundTrade[]> {
  const from =
    after === undefined || (createdBefore !== undefined && createdBefore < after.at)
      ? { at: createdBefore ?? nothingBehind, id: firstId }
      : after;
  const values = [party, from.at, from.id, createdAfter ?? nothingBefore, state ?? null];
  const [mark, ...more] = marks;
  const ask = (name: string, text: string, led: readonly Value[]) =>
    client.query<FoundTrade>({ name, text, values: [...values, plainArray(more), limit, ...led] });
  if (mark !== undefined) return ask("found_by_mark", byMark, [mark]);
  return state === undefined ? ask("found_by_time", byTime, []) : ask("found_by_state", byState, [state]);
}

const byChange = `
  select d.number, d.position, d.upto as version from party_events d
  cross join lateral (select state, version, created_at, id from trades where number = d.number limit 1) t
  where d.party = $1 and d.position > $2 and t.version = d.upto and ($3::text is null or t.state = $3)
    and t.created_at > $4 and t.created_at < $5
    and (select count(*) from trade_marks m where m.party = $1 and m.mark = any($6::uuid[])
      and m.created_at = t.created_at and m.id = t.id) = cardinality($6::uuid[])
  order by d.position limit $7`;

/** Trades by their last event, from behind a position on, each at that of its last one. */
export function tradesByChange(
  client: Client,
  { party, marks, state, createdAfter, createdBefore, limit }: Asked,
  behind: bigint,
): Promise<{ number: bigint; position: bigint; version: number }[]> {
  const created = [createdAfter ?? nothingBefore, createdBefore ?? nothingBehind];
  const values = [party, behind, state ?? null, ...created, plainArray(marks), limit];
  return client.query({ name: "found_by_change", text: byChange, values });
}

const byBuyer = `
  select number, id, created_at as "createdAt" from trades
  where buyer = $1 and id < $2 and created_at > $3 and created_at < $4 and updated_at > $5
    and ($6::text is null or state = $6) and ($7::text is null or terms ->> 'reference' = $7)
  order by id desc limit $8`;

const beyondAll = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Trades of a person, the newest first: whoever buys has few enough to look at each. */
export function tradesOfBuyer(
  client: Client,
  { party, state, createdAfter, createdBefore, limit }: Omit<Asked, "marks">,
  { reference, updatedAfter }: { reference: string | undefined; updatedAfter: Date | undefined },
  after: string = beyondAll,
): Promise<FoundTrade[]> {
  const times = [
    createdAfter ?? nothingBefore,
    createdBefore ?? nothingBehind,
    updatedAfter ?? nothingBefore,
  ];
  const values = [party, after, ...times, state ?? null, reference ?? null, limit];
  return client.query<FoundTrade>({ name: "found_by_buyer", text: byBuyer, values });
}

const listed = (which: string) => `select d.number, d.id, d.ends_at as "endsAt" from party_trades d
  where d.party = $1 and (d.ends_at, d.id) > ($2, $3) and ${which} order by d.ends_at, d.id limit $4`;

const notApproved = "('proposed', 'refused')";

/**
 * No mark changes by the time alone, and nobody has to be there at the instant: what its buyer has looked at long enough is marked
 * as waiting, and is read with what is to be sent. Where it stands among that is when it could first be sent.
 */
const bySending = `select * from (
    (${listed("d.todo = 'ship'")}) union all
    (${listed(`d.todo = 'approve' and d.ends_at <= $5 and d.state not in ${notApproved}`)})) listed
  order by "endsAt", id limit $4`;
const byWaiting = listed(`d.todo = 'approve' and (d.ends_at > $5 or d.state in ${notApproved})`);
const byOther = listed("d.todo = $5");

/** A shop's trades that ask the same of it at an instant, what ends soon first, behind the last one that was seen. */
export function tradesByTodo(
  client: Client,
  { party, todo, now, limit }: { party: string; todo: Todo; now: Date; limit: number },
  after: { at: Date; id: string } = { at: nothingBefore, id: firstId },
): Promise<{ number: bigint; id: string; endsAt: Date }[]> {
  const ask = (name: string, text: string, last: Value) =>
    client.query<{ number: bigint; id: string; endsAt: Date }>({
      name,
      text,
      values: [party, after.at, after.id, limit, last],
    });
  if (todo === "ship") return ask("found_to_send", bySending, now);
  return todo === "approve" ? ask("found_to_approve", byWaiting, now) : ask("found_by_todo", byOther, todo);
}

/**
 * How many of a shop's trades ask each of these of it at an instant, and not more than `most`: a list is counted as far as it says
 * something.
 */
export async function countTodos(
  client: Client,
  party: string,
  { todos, now, most }: { todos: readonly Todo[]; now: Date; most: number },
): Promise<{ todo: Todo; count: number }[]> {
  const found = await client.query<{ todo: Todo; count: number; seen: number }>(sql`
    select w.todo, (select count(*)::int from (select from party_trades where party = ${party} and todo = w.todo
        and (todo <> 'approve' or ends_at > ${now} or state in ('proposed', 'refused')) limit ${most}) few) as count,
      case when w.todo = 'ship' then (select count(*)::int from (select from party_trades where party = ${party}
        and todo = 'approve' and ends_at <= ${now} and state not in ('proposed', 'refused') limit ${most}) few) else 0 end as seen
    from unnest(${plainArray(todos)}::text[]) w (todo)`);
  return found.map(({ todo, count, seen }) => ({ todo, count: Math.min(count + seen, most) }));
}

/** One row of the record of a trade, where it stands in a party's list. */
export interface FedEvents {
  position: bigint;
  number: bigint;
  seq: number;
  types: string[];
  at: Date;
  role: ActorRole;
  actor: string | null;
  data: Record<string, unknown>[] | null;
  batch: string | null;
}

/** A party's events from a position on, the row at that position included. */
export function eventsFrom(
  client: Client,
  party: string,
  position: bigint,
  limit: number,
): Promise<FedEvents[]> {
  return client.query<FedEvents>(sql`
    select d.position, d.number, e.seq, e.types, e.at, e.role, e.actor, e.data, e.batch
    from party_events d
    cross join lateral (select * from trade_events where trade = d.trade and seq = d.seq limit 1) e
    where d.party = ${party} and d.position >= ${position} order by d.position limit ${limit}`);
}
