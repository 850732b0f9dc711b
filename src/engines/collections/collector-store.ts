/** Those who take money for dues: parties with a channel. */
import { type Client, sql } from "../../storage/database/database.ts";
import type { CollectionChannel } from "../../core/protocol/schemas.ts";

export interface Collector {
  /** The party's. */
  id: string;
  channel: CollectionChannel;
  createdAt: Date;
  /** What it is paid for each collection, and who pays that: a sum, and a part of what was taken. Null where it is nothing. */
  feeFixed: bigint | null;
  feeBasisPoints: number | null;
  feeBorneBy: FeeBearer | null;
}

export const feeBearers = ["institution", "payee"] as const;
export type FeeBearer = (typeof feeBearers)[number];

export interface CollectorFee {
  fixed: bigint;
  basisPoints: number;
  borneBy: FeeBearer;
}

const columns = `id, channel, created_at as "createdAt", fee_fixed as "feeFixed", fee_basis_points as "feeBasisPoints",
  fee_borne_by as "feeBorneBy"`;

export function readCollectors(client: Client, ids: readonly string[]): Promise<Collector[]> {
  return client.query<Collector>({
    name: "collectors",
    text: `select ${columns} from collectors where id = any($1::uuid[])`,
    values: [[...ids]],
  });
}

/** Sets what a collector is paid from now on. */
export async function setCollectorFee(client: Client, id: string, fee: CollectorFee): Promise<void> {
  const { fixed, basisPoints, borneBy } = fee;
  await client.execute(sql`
    update collectors set fee_fixed = ${fixed}, fee_basis_points = ${basisPoints}, fee_borne_by = ${borneBy}
    where id = ${id}`);
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
  return client.query<Collector>({
    name: "collectors_listed",
    text: `select ${columns} from collectors where id > $1 order by id limit $2`,
    values: [after, limit],
  });
}
