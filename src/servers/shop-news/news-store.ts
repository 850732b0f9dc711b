/** The statements about what the shop hears from the servers at which it sells. */
import { type Client, sql } from "../../storage/database/database.ts";

/** The secret of an endpoint, as it is kept. */
export interface KeptSecret {
  kek: Buffer;
  wrapped: Buffer;
  secret: Buffer;
}

export interface HeardTill {
  kept: KeptSecret | null;
  /** Where customers come back to, once the server knows the address. */
  returnUrl: string | null;
  /** The last event of the server's list that was read. */
  position: string | null;
  /** The database's time. */
  now: Date;
}

export async function readHeard(client: Client, till: string): Promise<HeardTill | undefined> {
  const [row] = await client.query<{
    kek: Buffer | null;
    wrapped: Buffer | null;
    secret: Buffer | null;
    returnUrl: string | null;
    position: string | null;
    now: Date;
  }>(sql`
    select kek, wrapped, secret, return_url as "returnUrl", position, clock_timestamp() as now from heard_tills where till = ${till}`);
  if (row === undefined) return undefined;
  const { kek, wrapped, secret, returnUrl, position, now } = row;
  const kept = kek === null || wrapped === null || secret === null ? null : { kek, wrapped, secret };
  return { kept, returnUrl, position, now };
}

/** Takes a till for so long, so that one process at a time says where it is told; false where another is at it. */
export async function holdTill(client: Client, till: string, leaseMs: number): Promise<boolean> {
  const held = await client.execute(sql`
    insert into heard_tills (till, held_until)
    values (${till}, clock_timestamp() + ${leaseMs} * interval '1 millisecond')
    on conflict (till) do update set held_until = excluded.held_until
    where heard_tills.held_until is null or heard_tills.held_until <= clock_timestamp()`);
  return held === 1;
}

export async function releaseTill(client: Client, till: string): Promise<void> {
  await client.execute(sql`update heard_tills set held_until = null where till = ${till}`);
}

export async function keepSecret(client: Client, till: string, kept: KeptSecret): Promise<void> {
  const { kek, wrapped, secret } = kept;
  await client.execute(sql`
    update heard_tills set kek = ${kek}, wrapped = ${wrapped}, secret = ${secret} where till = ${till}`);
}

export async function keepReturn(client: Client, till: string, url: string | null): Promise<void> {
  await client.execute(sql`update heard_tills set return_url = ${url} where till = ${till}`);
}

/** Notes how far the list has been read; true where no other process has read on meanwhile. */
export async function keepPosition(
  client: Client,
  till: string,
  from: string | null,
  position: string,
): Promise<boolean> {
  const kept = await client.execute(sql`
    update heard_tills set position = ${position}
    where till = ${till} and position is not distinct from ${from}::text`);
  return kept === 1;
}

/** Notes messages; answers with those that have not come before. */
export async function noteMessages(
  client: Client,
  till: string,
  messages: readonly string[],
): Promise<string[]> {
  const noted = await client.query<{ message: string }>(sql`
    insert into heard_messages (till, message)
    select ${till}, message from unnest(${messages}::text[]) as new (message) order by message
    on conflict do nothing returning message`);
  return noted.map(({ message }) => message);
}

/** When a server's last message came, and whether it is known where its list of events was read to. */
export interface Hearing {
  till: string;
  lastAt: Date | null;
  /** Of the last day, counted up to a thousand. */
  today: number;
  reads: boolean;
}

export function readHearings(client: Client, tills: readonly string[]): Promise<Hearing[]> {
  return client.query<Hearing>(sql`
    select each.till, (select heard_at from heard_messages where till = each.till order by heard_at desc limit 1) as "lastAt",
      (select count(*)::int from (select from heard_messages where till = each.till
        and heard_at > (select clock_timestamp()) - interval '24 hours' limit 1000) as few) as today,
      exists (select from heard_tills where heard_tills.till = each.till and position is not null) as reads
    from unnest(${tills}::text[]) as each (till)`);
}

/** Servers keep their messages for 30 days, and send none again that they do not keep. */
export async function dropOldMessages(client: Client): Promise<void> {
  await client.execute(sql`
    delete from heard_messages
    where till = any(array(select till from heard_tills)) and heard_at < (select clock_timestamp()) - interval '60 days'`);
}
