/** When somebody was last there. */
import { type Client, sql } from "../database/database.ts";

/** Remembers, by the server's clock, that these people and parties are there now. */
export function notePresence(client: Client, subjects: readonly string[]): Promise<number> {
  return client.execute(sql`
    insert into presences (subject, seen_at)
    select subject, (select kenshu_now()) from unnest(${[...subjects]}::uuid[]) as new (subject) order by subject
    on conflict (subject) do update set seen_at = greatest(presences.seen_at, excluded.seen_at)`);
}
