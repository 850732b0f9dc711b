/** Webhook messages on their way: claimed under a lease, ended by an answer, listed and sent again for their owners. */
import {
  beyondAll,
  type Client,
  intArray,
  plainArray,
  sql,
  textArray,
  uuidArray,
} from "../../storage/database/database.ts";
import type { Waiting } from "./instruction-store.ts";

/** A message that this process has taken on, with all that sending it needs. */
export interface ClaimedDelivery {
  id: string;
  endpoint: string;
  /** How many attempts there have been, this one among them. */
  attempt: number;
  payload: string;
  url: string;
  /** With how many others it may come in one request, itself among them. */
  perRequest: number;
  /** The secrets to sign with, the newest first. */
  secrets: Buffer[];
  /** False where the endpoint has ended since the message was written: then nothing is sent. */
  wanted: boolean;
  /** The real time, also in a sandbox: receivers compare it with their own clock. */
  sentAt: Date;
}

export interface DeliveryClaim {
  /** Messages to take at most. */
  most: number;
  /** At most so many requests full of an endpoint, where `room` does not say how many messages there may be of it. */
  perEndpoint: number;
  room: ReadonlyMap<string, number>;
  /** Of an endpoint no more messages once they come to so many bytes; one alone may be longer. */
  bytesMost: number;
  leaseMs: number;
}

/**
 * Takes messages that are due, the first of each endpoint before the second of any, and only a few of each, so that one with
 * a backlog keeps nobody else waiting. They are this process's until the lease ends; if the process is killed
 * they are claimed again after it. The walk over `busy` touches one row of each endpoint that has anything waiting.
 */
export async function claimDeliveries(client: Client, claim: DeliveryClaim): Promise<ClaimedDelivery[]> {
  const { most, perEndpoint, room, bytesMost, leaseMs } = claim;
  const rows = await client.query<ClaimedRow>(sql`
    with recursive clock as materialized (
      select kenshu_now() as now, clock_timestamp() as real
    ), busy (endpoint) as (
      (select endpoint from waiting_messages order by endpoint limit 1)
      union all
      select (select w.endpoint from waiting_messages w where w.endpoint > busy.endpoint order by w.endpoint limit 1)
      from busy where busy.endpoint is not null
    ), room as materialized (
      select busy.endpoint, coalesce(known.free, ${perEndpoint}::int
        * (select per_request from webhook_endpoints where id = busy.endpoint)) as free
      from busy left join unnest(${uuidArray([...room.keys()])}::uuid[],
        ${intArray([...room.values()])}::int[]) as known (endpoint, free) using (endpoint)
      where busy.endpoint is not null
    ), due as (
      select due.id, room.endpoint, due.next_at, row_number() over each as nth, sum(due.bytes) over each - due.bytes as before
      from room cross join lateral (
        select w.id, w.next_at, w.bytes from waiting_messages w
        where w.endpoint = room.endpoint and w.next_at <= (select now from clock)
          and (w.leased_until is null or w.leased_until < (select real from clock))
        order by w.next_at limit room.free for update skip locked) as due
      window each as (partition by room.endpoint order by due.next_at rows unbounded preceding)
    ), picked as materialized (
      select id, endpoint from due where before < ${bytesMost} order by nth, next_at limit ${most}
    ), taken as (
      update waiting_messages w
      set attempts = least(w.attempts + 1, ${attemptsCounted}),
        leased_until = (select real from clock) + make_interval(secs => ${leaseMs} / 1000.0)
      from picked where w.id = picked.id and w.id = any(array(select id from picked))
      returning w.id, w.endpoint, w.attempts
    )
    select taken.id, taken.endpoint, taken.attempts::int as attempt, d.payload, e.url, e.per_request::int as "perRequest", e.secret,
      case when e.old_until > (select now from clock) then e.old_secret end as "oldSecret",
      e.state = 'active' as wanted, (select real from clock) as "sentAt"
    from taken
    left join lateral (select payload from webhook_deliveries where id = taken.id limit 1) as d on true
    cross join lateral (
      select url, secret, old_secret, old_until, state, per_request from webhook_endpoints where id = taken.endpoint limit 1) as e`);
  const gone = rows.filter(({ payload }) => payload === null);
  if (gone.length > 0) await forgetWaiting(client, gone);
  return rows.flatMap(({ secret, oldSecret, payload, ...row }) =>
    payload === null
      ? []
      : [{ payload, secrets: oldSecret === null ? [secret] : [secret, oldSecret], ...row }],
  );
}

/** More attempts than are ever made, and as many as can be counted. */
const attemptsCounted = 32_767;

type ClaimedRow = Omit<ClaimedDelivery, "secrets" | "payload"> & {
  secret: Buffer;
  oldSecret: Buffer | null;
  /** Null where the message was forgotten while its owner asked for it once more. */
  payload: string | null;
};

async function forgetWaiting(client: Client, rows: readonly { id: string }[]): Promise<void> {
  await client.execute(sql`
    delete from waiting_messages where id = any(${uuidArray(rows.map(({ id }) => id))}::uuid[])`);
}

/** Gives back messages that were taken and not sent after all: any process may take them at once. */
export async function giveBackDeliveries(client: Client, unsent: readonly ClaimedDelivery[]): Promise<void> {
  const sorted = inOneOrder(unsent);
  const ids = uuidArray(sorted.map(({ id }) => id));
  await client.execute(sql`
    with mine as materialized (
      select w.id from waiting_messages w
      join unnest(${ids}::uuid[], ${intArray(sorted.map(({ attempt }) => attempt))}::int[]) as taken (id, attempt)
        on w.id = taken.id and w.attempts = taken.attempt
      where w.id = any(${ids}::uuid[]) order by w.id for update of w)
    update waiting_messages set attempts = attempts - 1, leased_until = null
    where id = any(array(select id from mine))`);
}

/** How an attempt ended: the status of the answer, or why there was none. */
export interface AttemptEnd {
  id: string;
  attempt: number;
  status: number | null;
  error: string | null;
}

/**
 * Two processes that record the same lock it in one order, and what waits before what is kept: else they could wait for each
 * other, since an update takes rows in its own order.
 */
const inOneOrder = <Row extends { id: string }>(rows: readonly Row[]): Row[] =>
  [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));

/** Records that messages arrived, also where another process has taken one over and failed. */
export async function noteDelivered(client: Client, ends: readonly AttemptEnd[]): Promise<void> {
  const sorted = inOneOrder(ends);
  const ids = uuidArray(sorted.map(({ id }) => id));
  // Each count is there to be made: it has one lock taken before the next.
  await client.execute(sql`
    with waited as materialized (
      select id from waiting_messages where id = any(${ids}::uuid[]) order by id for update),
    failed as materialized (
      select id from webhook_deliveries where id = any(${ids}::uuid[]) and state = 'failed'
        and (select count(*) from waited) >= 0 order by id for update),
    over as (delete from waiting_messages where id = any(array(select id from waited)))
    update webhook_deliveries d set state = 'delivered', attempts = greatest(d.attempts, ended.attempt),
      last_status = ended.status, last_error = null, delivered_at = (select kenshu_now())
    from unnest(${ids}::uuid[], ${plainArray(sorted.map(({ attempt }) => attempt))}::smallint[],
      ${plainArray(sorted.map(({ status }) => status))}::smallint[]) as ended (id, attempt, status)
    where d.id = ended.id and d.id = any(${ids}::uuid[]) and d.state <> 'delivered' and (select count(*) from failed) >= 0`);
}

/** An attempt after which a message did not arrive. */
export interface FailedAttempt extends AttemptEnd {
  /** After so many seconds, and a random addition, so that not all come at once; null where there is no next attempt. */
  againInSeconds: number | null;
}

/** Records that messages did not arrive. Changes nothing of those that another process has taken over. */
export async function noteFailures(client: Client, ends: readonly FailedAttempt[]): Promise<void> {
  const sorted = inOneOrder(ends);
  const ids = uuidArray(sorted.map(({ id }) => id));
  await client.execute(sql`
    with mine as materialized (
      select w.id, w.attempts, ended.status, ended.error, ended.seconds from waiting_messages w
      join unnest(${ids}::uuid[], ${intArray(sorted.map(({ attempt }) => attempt))}::int[],
        ${intArray(sorted.map(({ status }) => status))}::int[], ${textArray(sorted.map(({ error }) => error))}::text[],
        ${plainArray(sorted.map(({ againInSeconds }) => againInSeconds))}::float8[])
        as ended (id, attempt, status, error, seconds) on w.id = ended.id and w.attempts = ended.attempt
      where w.id = any(${ids}::uuid[]) order by w.id for update of w),
    over as (delete from waiting_messages where id = any(array(select id from mine where seconds is null))),
    again as (
      update waiting_messages w set leased_until = null,
        next_at = (select kenshu_now()) + make_interval(secs => mine.seconds * (1 + random() / 10))
      from mine where w.id = mine.id and w.id = any(array(select id from mine where seconds is not null)))
    update webhook_deliveries d set state = case when mine.seconds is null then 'failed' else 'waiting' end,
      attempts = mine.attempts, last_status = mine.status, last_error = mine.error
    from mine where d.id = mine.id and d.id = any(${ids}::uuid[])`);
}

/** The messages that have not arrived yet. */
export async function countWaitingWebhooks(client: Client): Promise<Waiting> {
  const [row] = await client.query<Waiting>(sql`
    select count(*)::int as waiting, count(*) filter (where attempts > 0)::int as retried,
      coalesce(greatest(0, extract(epoch from (select kenshu_now()) - min(created_at))), 0)::float8 as behind
    from waiting_messages where id > '00000000-0000-0000-0000-000000000000'`);
  return row ?? { waiting: 0, retried: 0, behind: 0 };
}

export interface DeliveryRow {
  id: string;
  endpoint: string;
  type: string;
  trade: bigint | null;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  nextAt: Date;
  createdAt: Date;
}

/** An owner's messages, or those of one of its endpoints; the newest first. `after` is the id of the last one seen. */
export function listDeliveries(
  client: Client,
  owner: string,
  { endpoint, limit, after }: { endpoint: string | undefined; limit: number; after: string | undefined },
): Promise<DeliveryRow[]> {
  return client.query<DeliveryRow>(sql`
    select d.id, d.endpoint, d.type, d.trade, d.state, coalesce(w.attempts, d.attempts)::int as attempts,
      d.last_status::int as "lastStatus", d.last_error as "lastError", coalesce(w.next_at, d.next_at) as "nextAt",
      d.created_at as "createdAt"
    from webhook_endpoints e cross join lateral (
      select * from webhook_deliveries each
      where each.endpoint = e.id and each.id < ${after ?? beyondAll}::uuid
      order by each.id desc limit ${limit}) as d
    left join waiting_messages w on w.id = d.id
    where e.owner = ${owner} and e.state <> 'deleted' and e.id = coalesce(${endpoint ?? null}::uuid, e.id)
    order by d.id desc limit ${limit}`);
}

/** Whether the endpoint of an owner's message takes messages; undefined where the owner has no such message. */
export async function readDeliveryState(
  client: Client,
  owner: string,
  id: string,
): Promise<"active" | "disabled" | undefined> {
  const [row] = await client.query<{ state: "active" | "disabled" }>(sql`
    select e.state from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint
    where d.id = ${id} and e.owner = ${owner} and e.state <> 'deleted'`);
  return row?.state;
}

/** Starts a message's attempts anew, at once; where one is under way, only if that fails. False where the message has just gone. */
export async function sendAgain(client: Client, id: string): Promise<boolean> {
  const changed = await client.execute(sql`
    with again as (
      insert into waiting_messages (id, endpoint, bytes, next_at, created_at)
      select id, endpoint, octet_length(payload), kenshu_now(), created_at from webhook_deliveries where id = ${id}
      on conflict (id) do update set attempts = 0, next_at = excluded.next_at
      returning id)
    update webhook_deliveries set state = 'waiting', attempts = 0 where id = any(array(select id from again))`);
  return changed > 0;
}

/** Deletes messages that ended some time ago, the oldest first. The events stay in the record of each trade. */
export async function forgetDeliveries(client: Client, days: number, limit: number): Promise<number> {
  return client.execute(sql`
    delete from webhook_deliveries where id = any(array(
      select id from webhook_deliveries
      where id < (select (lpad(to_hex((extract(epoch from clock_timestamp() - make_interval(days => ${days})) * 1000)::bigint),
        12, '0') || repeat('0', 20))::uuid) and state <> 'waiting'
      order by id limit ${limit})) and state <> 'waiting'`);
}
