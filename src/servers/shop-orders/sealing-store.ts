/** The statements that keep what is known of customers sealed, under the key that is used now, and that erase it. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { Customer, OrderKey } from "./orders-store.ts";

/** Orders whose customers stand in clear, locked. */
export function lockClear(client: Client, limit: number): Promise<(Customer & { id: string })[]> {
  return client.query<Customer & { id: string }>(sql`
    select id, name, address, email, phone, recipient from orders where kek is null order by id limit ${limit} for update`);
}

export async function keepSealed(
  client: Client,
  { id, kek, wrapped }: OrderKey,
  customer: Buffer,
): Promise<void> {
  await client.execute(sql`
    update orders set kek = ${kek}, wrapped = ${wrapped}, customer = ${customer}, name = null, address = null, email = null,
      phone = null, recipient = null
    where id = ${id}`);
}

export function readClearBodies(client: Client, order: string): Promise<{ seq: number; body: string }[]> {
  return client.query(sql`select seq, body from outgoing where order_id = ${order} and body is not null`);
}

export async function keepBody(client: Client, order: string, seq: number, sealed: Buffer): Promise<void> {
  await client.execute(sql`
    update outgoing set sealed_body = ${sealed}, body = null where order_id = ${order} and seq = ${seq}`);
}

/** Orders whose key another key than this has wrapped, locked. */
export function lockWrappedOtherwise(client: Client, kek: Buffer, limit: number): Promise<OrderKey[]> {
  return client.query<OrderKey>(sql`
    select id, kek, wrapped from orders where kek <> ${kek} order by id limit ${limit} for update`);
}

export async function keepKey(client: Client, { id, kek, wrapped }: OrderKey): Promise<void> {
  await client.execute(sql`update orders set kek = ${kek}, wrapped = ${wrapped} where id = ${id}`);
}

/**
 * Erases whom orders were for that ended so many days ago, and what was told about them: nothing is to be learnt or told any
 * more. Answers how many.
 */
export async function eraseEnded(client: Client, days: number, limit: number): Promise<number> {
  const rows = await client.query<{ count: number }>(sql`
    with ended as (
      select id from orders
      where customer is not null and check_at is null
        and changed_at < (select clock_timestamp()) - ${days} * interval '1 day'
        and not exists (select from outgoing where order_id = orders.id and state = 'waiting')
      order by changed_at limit ${limit} for update skip locked),
    forgotten as (update orders set customer = null where id = any(array(select id from ended)) returning id),
    unnamed as (delete from order_names where order_id = any(array(select id from forgotten))),
    untold as (
      update outgoing set sealed_body = null where order_id = any(array(select id from forgotten)) returning 1)
    select count(*)::int as count from forgotten`);
  return rows[0]?.count ?? 0;
}
