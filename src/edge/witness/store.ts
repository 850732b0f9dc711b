/** What this server has seen of the logs of others. */
import { type Client, sql } from "../../storage/database/database.ts";

/** The key of a peer's log as it was first seen. */
export async function readKey(client: Client, peer: string): Promise<string | undefined> {
  const [row] = await client.query<{ key: string }>(sql`select key from witnessed_keys where peer = ${peer}`);
  return row?.key;
}

/** Keeps the key of a peer's log; answers the one that was there first. */
export async function keepKey(client: Client, peer: string, key: string): Promise<string> {
  await client.execute(sql`
    insert into witnessed_keys (peer, key, seen_at) values (${peer}, ${key}, clock_timestamp()) on conflict do nothing`);
  return (await readKey(client, peer)) ?? key;
}

/** Lets one checkpoint of a log be looked at at a time; answers the seconds since 1970. */
export async function lockOrigin(client: Client, origin: string): Promise<number> {
  await client.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('witness of ' || ${origin}::text, 0))`,
  );
  const [row] = await client.query<{ seconds: bigint }>(sql`
    select floor(extract(epoch from clock_timestamp()))::bigint as seconds`);
  return Number(row?.seconds ?? 0);
}

export interface Witnessed {
  size: number;
  /** Base64. */
  root: string;
  /** With the signatures of the log and of this witness. */
  note: string;
}

/** Checkpoints of a log that were signed here, the largest first, below a size. */
export async function readWitnessed(
  client: Client,
  origin: string,
  below: number,
  limit: number,
): Promise<Witnessed[]> {
  const rows = await client.query<{ size: bigint; root: Buffer; note: string }>(sql`
    select size, root, note from witnessed_checkpoints
    where origin = ${origin} and size < ${below} order by size desc limit ${limit}`);
  return rows.map(({ size, root, note }) => ({ size: Number(size), root: root.toString("base64"), note }));
}

export async function insertWitnessed(
  client: Client,
  origin: string,
  { size, root, note }: Witnessed,
): Promise<void> {
  await client.execute(sql`
    insert into witnessed_checkpoints (origin, size, root, note, at)
    values (${origin}, ${size}, ${Buffer.from(root, "base64")}, ${note}, clock_timestamp())
    on conflict (origin, size) do nothing`);
}

/** The logs of which something was signed here, by the hash that stands for their name in addresses. */
export async function readOrigins(client: Client): Promise<string[]> {
  const rows = await client.query<{ origin: string }>(sql`
    select distinct origin from witnessed_checkpoints order by origin`);
  return rows.map(({ origin }) => origin);
}
