/** Statements that belong to a trading server as a whole: what stands between a person and erasure. */
import { type Client, sql } from "../../storage/database/database.ts";

/** Locks all that a person allows others, which stops new reservations under it until this transaction ends. */
export async function lockLeaveOf(client: Client, person: string): Promise<void> {
  await client.query(sql`select id from mandates where person = ${person} order by id for update`);
  await client.query(sql`select id from consents where owner = ${person} order by id for update`);
}

/**
 * Whether a person has a trade that has not ended: one that waits for somebody, holds money, or can still be undone
 * within cooling-off.
 */
export async function hasOpenTrades(client: Client, person: string): Promise<boolean> {
  const [row] = await client.query<{ open: boolean }>(sql`
    select exists (
      select from trades where buyer = ${person} and (frozen > 0
        or state in ('proposed', 'reserved', 'delivered', 'accepted', 'disputed')
        or (settled > refunded and cooling_off_until > kenshu_now()))) as open`);
  return row?.open ?? false;
}

/** Makes two registrations of the same guest, sent at once, follow one another. */
export async function lockRegistration(client: Client, id: string): Promise<void> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`);
}

/** Guests of whom no trade speaks a day after they were entered: what they came for was refused. */
export async function strayGuests(client: Client): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select p.id from people p
    where p.kind = 'guest' and p.state = 'active' and p.created_at < kenshu_now() - interval '1 day'
      and not exists (select from trades t where t.buyer = p.id)
    order by p.id limit 500`);
  return rows.map(({ id }) => id);
}
