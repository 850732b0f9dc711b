/** Those who take money for dues: parties with a channel. */
import { type Client, plainArray, sql } from "../../storage/database/database.ts";
import type { CollectionChannel } from "../../core/protocol/schemas.ts";

export interface Collector {
  /** The party's. */
  id: string;
  channel: CollectionChannel;
  createdAt: Date;
}

export function readCollectors(client: Client, ids: readonly string[]): Promise<Collector[]> {
  return client.query<Collector>(sql`
    select id, channel, created_at as "createdAt" from collectors where id = any(${plainArray(ids)}::uuid[])`);
}

/** Enters a collector, or moves it to another channel. */
export async function putCollector(client: Client, id: string, channel: CollectionChannel): Promise<void> {
  await client.execute(sql`
    insert into collectors (id, channel, created_at) values (${id}, ${channel}, kenshu_now())
    on conflict (id) do update set channel = excluded.channel`);
}

const firstId = "00000000-0000-0000-0000-000000000000";

/** Collectors by their ids, those after `after`. */
export function listCollectors(client: Client, limit: number, after: string = firstId): Promise<Collector[]> {
  return client.query<Collector>(sql`
    select id, channel, created_at as "createdAt" from collectors where id > ${after} order by id limit ${limit}`);
}
