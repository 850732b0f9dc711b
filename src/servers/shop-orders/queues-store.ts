/** The statements of the staff's lists: orders by what they ask for next, by number, and by marks of names. */
import { type Client, plainArray, sql } from "../../storage/database/database.ts";
import type { Place, Queue } from "../shop-finding/shop-finding.ts";
import type { Order } from "./orders-store.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";

/** An order in a queue, with the place in it after which the next page begins. */
export type Queued = Order & { dueMicros: bigint };

/** After which one a page of a queue begins. */
export interface QueueMark {
  dueMicros: bigint;
  id: string;
}

/** Orders of one queue, those whose time ends soonest first. */
export function listQueue(client: Client, queue: Queue, after: QueueMark, limit: number): Promise<Queued[]> {
  return client.query<Queued>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view,
      (extract(epoch from due_at) * 1000000)::bigint as "dueMicros"
    from orders
    where queue = ${queue}
      and (due_at, id) > (timestamptz 'epoch' + ${after.dueMicros}::bigint * interval '1 microsecond', ${after.id}::uuid)
    order by due_at, id limit ${limit}`);
}

/** These orders, each once. */
export function ordersById(client: Client, ids: readonly string[]): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where id = any(${ids}::uuid[])`);
}

/** Orders in which the shop has to do something, those whose time ends soonest first. */
export function listToDo(client: Client, after: QueueMark, limit: number): Promise<Queued[]> {
  return client.query<Queued>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view,
      (extract(epoch from due_at) * 1000000)::bigint as "dueMicros"
    from orders
    where todo
      and (due_at, id) > (timestamptz 'epoch' + ${after.dueMicros}::bigint * interval '1 microsecond', ${after.id}::uuid)
    order by due_at, id limit ${limit}`);
}

/** How many orders stand in each queue, counted up to so many, and how many of those to be done end within a day. */
export async function countQueues(
  client: Client,
  most: number,
): Promise<{ queues: { queue: Queue; count: number }[]; todo: number; today: number }> {
  const queues = await client.query<{ queue: Queue; count: number }>(sql`
    select queue, (select count(*)::int from (select from orders where orders.queue = each.queue limit ${most}) as few) as count
    from unnest(array['ship', 'disputed', 'back', 'delivered', 'way', 'accepted', 'waiting']) as each (queue)`);
  const [sums] = await client.query<{ todo: number; today: number }>(sql`
    select (select count(*)::int from (select from orders where todo limit ${most}) as few) as todo,
      (select count(*)::int from (select from orders where todo
        and due_at < (select clock_timestamp()) + interval '24 hours' limit ${most}) as few) as today`);
  return { queues, todo: sums?.todo ?? 0, today: sums?.today ?? 0 };
}

/** Orders whose own number, or that of their trade, begins so. At most two hundred of each are looked at. */
export function findByNumber(client: Client, digits: string, limit: number): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where id = any(array(
      (select id from orders where number ~>=~ ${digits} and number ~<~ ${`${digits}:`} limit ${limit})
      union
      (select id from orders where trade ~>=~ ${digits} and trade ~<~ ${`${digits}:`} limit ${limit})))
    order by id desc limit ${limit}`);
}

/** Orders of whom a mark stands, newest first, from before one of them on. */
export function findByMark(client: Client, mark: number, before: string, limit: number): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from order_names join orders on orders.id = order_id
    where mark = ${mark} and order_id < ${before}::uuid
    order by mark desc, order_id desc limit ${limit}`);
}

export async function keepMarks(client: Client, order: string, marks: readonly number[]): Promise<void> {
  await client.execute(sql`
    insert into order_names (mark, order_id) select mark, ${order}::uuid from unnest(${marks}::int[]) as new (mark)
    on conflict do nothing`);
  await client.execute(sql`update orders set marked = true where id = ${order}`);
}

/** Orders by whose names nobody finds them yet, locked. */
export function lockUnmarked(client: Client, limit: number): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where customer is not null and not marked order by id limit ${limit} for update`);
}

/** Orders of which nobody knows yet what they ask for, locked. */
export function lockUnsorted(client: Client, limit: number): Promise<{ id: string; view: TradeView }[]> {
  return client.query<{ id: string; view: TradeView }>(sql`
    select id, view from orders where queue is null order by id limit ${limit} for update`);
}

export async function keepPlace(client: Client, id: string, { queue, due, todo }: Place): Promise<void> {
  await client.execute(sql`
    update orders set queue = ${queue}, todo = ${todo}, due_at = coalesce(${due}::timestamptz, '9999-12-31T00:00:00Z')
    where id = ${id}`);
}

export interface KeptKey {
  kek: Buffer;
  wrapped: Buffer;
}

/** A secret of the shop's; the first that was made stays. */
export async function keptSecret(client: Client, name: string, made: KeptKey): Promise<KeptKey> {
  await client.execute(sql`
    insert into shop_secrets (name, kek, wrapped) values (${name}, ${made.kek}, ${made.wrapped}) on conflict do nothing`);
  const [kept] = await client.query<KeptKey>(sql`select kek, wrapped from shop_secrets where name = ${name}`);
  return kept ?? made;
}

export async function replaceSecret(client: Client, name: string, { kek, wrapped }: KeptKey): Promise<void> {
  await client.execute(sql`update shop_secrets set kek = ${kek}, wrapped = ${wrapped} where name = ${name}`);
}

/** What orders come to, by currency, of one queue. Minor units. */
export interface Sums {
  currency: string;
  count: number;
  amount: bigint;
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  fee: bigint;
}

const openQueues = [
  "ship",
  "disputed",
  "back",
  "delivered",
  "way",
  "accepted",
  "waiting",
] as const satisfies Queue[];

/** More orders than this are not added up at once: a page says so instead. */
export const summedMost = 5000;

/** Whether sums are of as many orders as are added up, so that some may be missing. */
const isMostSummed = (sums: readonly Sums[]): boolean =>
  sums.reduce((all, { count }) => all + count, 0) >= summedMost;

/** The same of any one queue. */
export const isSomeQueueCut = (sums: readonly (Sums & { queue: Queue })[]): boolean =>
  openQueues.some((queue) => isMostSummed(sums.filter((each) => each.queue === queue)));

/** Of the orders that are not over, by what they ask for next: of those of each queue that end first. */
export function sumsByQueue(client: Client): Promise<(Sums & { queue: Queue })[]> {
  return client.query(sql`
    select queue, currency, count(*)::int as count,
      sum(coalesce((view ->> 'amount')::bigint, amount))::bigint as amount,
      coalesce(sum((view ->> 'frozen')::bigint), 0)::bigint as frozen,
      coalesce(sum((view ->> 'settled')::bigint), 0)::bigint as settled,
      coalesce(sum((view ->> 'released')::bigint), 0)::bigint as released,
      coalesce(sum((view ->> 'refunded')::bigint), 0)::bigint as refunded,
      coalesce(sum((view ->> 'fee')::bigint), 0)::bigint as fee
    from unnest(${plainArray([...openQueues])}::text[]) as open (queue)
    cross join lateral (select currency, amount, view from orders where orders.queue = open.queue
      order by due_at, id limit ${summedMost}) first
    group by 1, 2 order by 1, 2`);
}

/** Orders of which something was paid back, those that changed last first. */
export function listPaidBack(client: Client, limit: number): Promise<Order[]> {
  return client.query<Order>(sql`
    select id, number, till, language, currency, amount, kek, wrapped, customer, placed_at as "placedAt", trade, view
    from orders where (view ->> 'refunded')::bigint > 0 order by changed_at desc, id desc limit ${limit}`);
}
