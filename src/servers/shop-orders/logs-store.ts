/** The statements about the logs of the servers at which this shop sells. */
import { type Client, sql } from "../../storage/database/database.ts";

export interface KeptLog {
  till: string;
  key: string;
  /** The last checkpoint that was verified. */
  note: string;
  /** Why an answer of that server cannot be true beside it. */
  broken: string | null;
  brokenAt: Date | null;
}

export function readKeptLogs(client: Client): Promise<KeptLog[]> {
  return client.query<KeptLog>(sql`
    select till, key, note, broken, broken_at as "brokenAt" from followed_logs order by till`);
}

/** Keeps the log of a till as it was verified. Of two processes at once the one that has seen more wins. */
export async function keepLog(client: Client, till: string, key: string, note: string): Promise<void> {
  await client.execute(sql`
    insert into followed_logs (till, key, note) values (${till}, ${key}, ${note})
    on conflict (till) do update set key = excluded.key, note = excluded.note,
      broken = null, broken_note = null, broken_at = null
    where followed_logs.key <> excluded.key
      or (followed_logs.broken is null and split_part(excluded.note, chr(10), 2)::bigint
        >= split_part(followed_logs.note, chr(10), 2)::bigint)`);
}

/** Keeps what contradicts the log that was kept; the first contradiction stays. */
export async function keepBreak(client: Client, till: string, why: string, note: string): Promise<void> {
  await client.execute(sql`
    update followed_logs set broken = ${why}, broken_note = ${note}, broken_at = clock_timestamp()
    where till = ${till} and broken is null`);
}
