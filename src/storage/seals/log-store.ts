/** The log: batches in their order, the tree over them, and what was signed of it. */
import type { Hash, Node } from "../../core/log/log.ts";
import { byteArray, type Client, plainArray, sql } from "../database/database.ts";

/** Lets one process at a time add to the log; false where another one does. */
export async function lockLog(client: Client): Promise<boolean> {
  const [row] = await client.query<{ locked: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended('log of ' || current_schema(), 0)) as locked`);
  return row?.locked === true;
}

/** A root that was signed. */
export interface Checkpoint {
  epoch: number;
  size: number;
  root: Hash;
  note: string;
  at: Date;
}

/** The log as it stands. */
export type Head = Omit<Checkpoint, "at">;

type CheckpointRow = Omit<Checkpoint, "size" | "root"> & { size: bigint; root: Buffer };

const checkpointOf = ({ size, root, ...row }: CheckpointRow): Checkpoint => ({
  ...row,
  size: Number(size),
  root: root.toString("base64"),
});

/** The last checkpoint, of an epoch or of all, which is the log as it stands; undefined before the first. */
export async function readHead(client: Client, epoch?: number): Promise<Head | undefined> {
  const [row] = await client.query<CheckpointRow>(sql`
    select epoch, size, root, note, at from log_checkpoints
    where ${epoch ?? null}::int is null or epoch = ${epoch ?? null} order by epoch desc, size desc limit 1`);
  return row && checkpointOf(row);
}

/** The checkpoints of an epoch that hold the leaf with this number, the smallest first. */
export async function readCheckpoints(
  client: Client,
  epoch: number,
  from: number,
  limit: number,
): Promise<Checkpoint[]> {
  const rows = await client.query<CheckpointRow>(sql`
    select epoch, size, root, note, at from log_checkpoints
    where epoch = ${epoch} and size > ${from} order by size limit ${limit}`);
  return rows.map(checkpointOf);
}

export async function insertCheckpoint(client: Client, { epoch, size, root, note }: Head): Promise<void> {
  await client.execute(sql`
    insert into log_checkpoints (epoch, size, root, note, at)
    values (${epoch}, ${size}, ${Buffer.from(root, "base64")}, ${note}, clock_timestamp())`);
}

/** A batch as its leaf tells of it. */
export interface BatchHead {
  id: string;
  at: Date;
  rows: number;
  root: Hash;
}

type HeadRow = Omit<BatchHead, "rows" | "root"> & { bytes: number; root: Buffer };

const headOf = ({ bytes, root, ...row }: HeadRow, width: number): BatchHead => ({
  ...row,
  rows: bytes / width,
  root: root.toString("base64"),
});

/** Batches that are not in the log yet, in the order of their ids. */
export async function waitingBatches(client: Client, width: number, limit: number): Promise<BatchHead[]> {
  const rows = await client.query<HeadRow>(sql`
    select id, at, octet_length(rows) as bytes, root from sealed_batches where place is null order by id limit ${limit}`);
  return rows.map((row) => headOf(row, width));
}

/** Gives batches their numbers in the log, from `place` on. */
export async function placeBatches(
  client: Client,
  epoch: number,
  place: number,
  batches: readonly BatchHead[],
): Promise<void> {
  await client.execute(sql`
    update sealed_batches set epoch = ${epoch}, place = ${place} + placed.nth - 1
    from unnest(${plainArray(batches.map(({ id }) => id))}::uuid[]) with ordinality as placed (id, nth)
    where sealed_batches.id = placed.id`);
}

export async function insertNodes(
  client: Client,
  epoch: number,
  nodes: readonly (Node & { hash: Hash })[],
): Promise<void> {
  await client.execute(sql`
    insert into log_nodes (epoch, level, place, hash)
    select ${epoch}, new.* from unnest(${plainArray(nodes.map(({ level }) => level))}::smallint[],
      ${plainArray(nodes.map(({ place }) => place))}::bigint[],
      ${byteArray(nodes.map(({ hash }) => Buffer.from(hash, "base64")))}::bytea[]) as new`);
}

/** The hashes of nodes, in the order in which they are asked for. Throws where one is not there. */
export async function readNodes(client: Client, epoch: number, nodes: readonly Node[]): Promise<Hash[]> {
  if (nodes.length === 0) return [];
  const rows = await client.query<{ hash: Buffer | null }>(sql`
    select n.hash from unnest(${plainArray(nodes.map(({ level }) => level))}::smallint[],
      ${plainArray(nodes.map(({ place }) => place))}::bigint[]) with ordinality as sought (level, place, nth)
    left join log_nodes n on n.epoch = ${epoch} and n.level = sought.level and n.place = sought.place order by nth`);
  return rows.map(({ hash }, index) => {
    if (hash !== null) return hash.toString("base64");
    throw new Error(`The log lacks node ${nodes[index]?.place} of level ${nodes[index]?.level}.`);
  });
}

/** The first leaf of each epoch, the first epoch first. */
export function readEpochs(client: Client): Promise<{ epoch: number; statement: string }[]> {
  return client.query(sql`select epoch, statement from log_epochs order by epoch`);
}

export async function insertEpoch(client: Client, epoch: number, statement: string): Promise<void> {
  await client.execute(sql`
    insert into log_epochs (epoch, statement, begun_at) values (${epoch}, ${statement}, clock_timestamp())`);
}

/** How many rows of each table were there before the first batch. */
export async function readUnsealed(client: Client): Promise<Record<string, string>> {
  const rows = await client.query<{ relation: string; count: bigint }>(sql`
    select relation, count from unsealed_rows order by relation`);
  return Object.fromEntries(rows.map(({ relation, count }) => [relation, String(count)]));
}

/** How many batches wait, and for how many seconds the oldest has. */
export async function readBacklog(client: Client): Promise<{ waiting: number; seconds: number }> {
  const [row] = await client.query<{ waiting: bigint; seconds: number }>(sql`
    select count(*) as waiting, coalesce(extract(epoch from kenshu_now() - min(at)), 0)::float8 as seconds
    from sealed_batches where place is null`);
  return { waiting: Number(row?.waiting ?? 0), seconds: Math.max(0, row?.seconds ?? 0) };
}
