/** The log: batches in their order, the tree over them, and what was signed of it. */
import type { Hash, Node } from "../../core/log/log.ts";
import { bigintArray, byteArray, type Client, plainArray, sql, uuidArray } from "../database/database.ts";

/** Lets one process at a time add to the log; false where another one does. */
export async function lockLog(client: Client): Promise<boolean> {
  const [row] = await client.query<{ locked: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended('log of ' || current_schema(), 0)) as locked`);
  return row?.locked === true;
}

/** The same, waiting for whoever adds to it just now. */
export async function awaitLog(client: Client): Promise<void> {
  await client.execute(sql`select pg_advisory_xact_lock(hashtextextended('log of ' || current_schema(), 0))`);
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
  size: Number(size),
  root: root.toString("base64"),
  ...row,
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
  rows: bytes / width,
  root: root.toString("base64"),
  ...row,
});

/** Batches that are not in the log yet, in the order of their ids. */
export async function waitingBatches(client: Client, width: number, limit: number): Promise<BatchHead[]> {
  const rows = await client.query<HeadRow>(sql`
    select id, at, octet_length(rows) as bytes, root from sealed_batches where place is null order by id limit ${limit}`);
  return rows.map((row) => headOf(row, width));
}

/** Batches whose rows stand in no list yet, in the order of their ids: the first, and more until they are `bytes` long. */
export function unfedBatches(
  client: Client,
  limit: number,
  bytes: number,
): Promise<{ id: string; at: Date; rows: Buffer }[]> {
  return client.query(sql`
    select id, at, rows from (
      select id, at, rows, sum(octet_length(rows)) over (order by id) - octet_length(rows) as before from (
        select id, at, rows from sealed_batches where not fed order by id limit ${limit}) as waiting) as summed
    where before < ${bytes} order by id`);
}

export async function noteFed(client: Client, batches: readonly string[]): Promise<void> {
  const ids = uuidArray(batches);
  await client.execute(sql`update sealed_batches set fed = true where id = any(${ids}::uuid[])`);
}

/** Gives batches their numbers in the log, from `place` on. */
export async function placeBatches(
  client: Client,
  epoch: number,
  place: number,
  batches: readonly BatchHead[],
): Promise<void> {
  const ids = uuidArray(batches.map(({ id }) => id));
  await client.execute(sql`
    update sealed_batches set epoch = ${epoch}, place = ${place} + placed.nth - 1
    from unnest(${ids}::uuid[]) with ordinality as placed (id, nth)
    where sealed_batches.id = placed.id and sealed_batches.id = any(${ids}::uuid[])`);
}

export async function insertNodes(
  client: Client,
  epoch: number,
  nodes: readonly (Node & { hash: Hash })[],
): Promise<void> {
  await client.execute(sql`
    insert into log_nodes (epoch, level, place, hash)
    select ${epoch}, new.* from unnest(${plainArray(nodes.map(({ level }) => level))}::smallint[],
      ${bigintArray(nodes.map(({ place }) => place))}::bigint[],
      ${byteArray(nodes.map(({ hash }) => Buffer.from(hash, "base64")))}::bytea[]) as new`);
}

/** The hashes of nodes, in the order in which they are asked for. Throws where one is not there. */
export async function readNodes(client: Client, epoch: number, nodes: readonly Node[]): Promise<Hash[]> {
  if (nodes.length === 0) return [];
  const rows = await client.query<{ hash: Buffer | null }>(sql`
    select (select hash from log_nodes where epoch = ${epoch} and level = sought.level and place = sought.place) as hash
    from unnest(${plainArray(nodes.map(({ level }) => level))}::smallint[],
      ${bigintArray(nodes.map(({ place }) => place))}::bigint[]) with ordinality as sought (level, place, nth)
    order by nth`);
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

/** How many batches wait, and rows of rights for a batch of their own, and for how many seconds the oldest has. */
export async function readBacklog(client: Client): Promise<{ waiting: number; seconds: number }> {
  const [row] = await client.query<{ waiting: bigint; seconds: number }>(sql`
    select count(*) as waiting, coalesce(extract(epoch from kenshu_now() - min(at)), 0)::float8 as seconds
    from (select at from sealed_batches where place is null
      union all select at from rights where batch is null) as waiting`);
  return { waiting: Number(row?.waiting ?? 0), seconds: Math.max(0, row?.seconds ?? 0) };
}

/** Why an epoch is over: what a witness holds of it that this log does not, and what both have. */
export interface Halt {
  epoch: number;
  witness: string;
  note: string;
  common: number;
  root: Hash;
  at: Date;
}

export async function readHalt(client: Client, epoch: number): Promise<Halt | undefined> {
  const [row] = await client.query<Omit<Halt, "common" | "root"> & { common: bigint; root: Buffer }>(sql`
    select epoch, witness, note, common, root, at from log_halts where epoch = ${epoch}`);
  return row && { ...row, common: Number(row.common), root: row.root.toString("base64") };
}

/** Writes down that an epoch is over, once. */
export async function insertHalt(client: Client, halt: Omit<Halt, "at">): Promise<void> {
  const { epoch, witness, note, common, root } = halt;
  await client.execute(sql`
    insert into log_halts (epoch, witness, note, common, root, at)
    values (${epoch}, ${witness}, ${note}, ${common}, ${Buffer.from(root, "base64")}, clock_timestamp())
    on conflict (epoch) do nothing`);
}

/** Takes back what an epoch holds behind its first `size` leaves; its batches wait again. */
export async function cutLog(client: Client, epoch: number, size: number): Promise<void> {
  await client.execute(sql`
    update sealed_batches set epoch = null, place = null where epoch = ${epoch} and place >= ${size}`);
  await client.execute(sql`
    delete from log_nodes where epoch = ${epoch} and (place + 1) * 2 ^ level > ${size}::bigint`);
  await client.execute(sql`delete from log_checkpoints where epoch = ${epoch} and size > ${size}`);
}

/** An operator wants a new epoch; answers all who do, the first one first. */
export async function wishEpoch(
  client: Client,
  epoch: number,
  operator: string,
  reason: string,
): Promise<{ operator: string; reason: string }[]> {
  await client.execute(sql`
    insert into log_epoch_wishes (epoch, operator, reason, at)
    values (${epoch}, ${operator}, ${reason}, clock_timestamp()) on conflict do nothing`);
  return client.query(sql`
    select operator, reason from log_epoch_wishes where epoch = ${epoch} order by at, operator`);
}

/** Keeps the line by which a witness has signed a checkpoint. */
export async function insertCosignature(
  client: Client,
  { epoch, size, witness, line }: { epoch: number; size: number; witness: string; line: string },
): Promise<void> {
  await client.execute(sql`
    insert into log_cosignatures (epoch, size, witness, line, at)
    values (${epoch}, ${size}, ${witness}, ${line}, clock_timestamp()) on conflict do nothing`);
}

/** How much of an epoch each witness has signed. */
export async function readWitnessed(client: Client, epoch: number): Promise<Map<string, number>> {
  const rows = await client.query<{ witness: string; size: bigint }>(sql`
    select witness, max(size) as size from log_cosignatures where epoch = ${epoch} group by witness`);
  return new Map(rows.map(({ witness, size }) => [witness, Number(size)]));
}

/**
 * The checkpoint by which what lies at this place is proved: the last one that a witness has signed, or, where none has
 * signed one that holds it, the last one. With it all the lines of witnesses.
 */
export async function readProvable(
  client: Client,
  epoch: number,
  place: number,
): Promise<(Checkpoint & { lines: string[] }) | undefined> {
  const [row] = await client.query<CheckpointRow & { lines: string[] }>(sql`
    select c.epoch, c.size, c.root, c.note, c.at, coalesce(w.lines, '{}') as lines
    from log_checkpoints c left join lateral (
      select array_agg(line order by at) as lines from log_cosignatures s where s.epoch = c.epoch and s.size = c.size) w on true
    where c.epoch = ${epoch} and c.size > ${place}
    order by w.lines is null, c.size desc limit 1`);
  return row && { ...checkpointOf(row), lines: row.lines };
}

/** A batch that is in the log, as a proof needs it. */
export async function readPlaced(
  client: Client,
  id: string,
): Promise<{ at: Date; seed: Buffer; rows: Buffer; root: Buffer; epoch: number; place: number } | undefined> {
  const [row] = await client.query<{
    at: Date;
    seed: Buffer;
    rows: Buffer;
    root: Buffer;
    epoch: number;
    place: bigint;
  }>(sql`
    select at, seed, rows, root, epoch, place from sealed_batches where id = ${id} and place is not null`);
  return row && { ...row, place: Number(row.place) };
}

/** A checkpoint as others are shown it: the note of the log, and the lines of all who have signed it. */
export async function readNote(client: Client, { epoch, size, note }: Head): Promise<string> {
  return [note, ...(await readLines(client, epoch, size))].join("");
}

/** The lines of all who have signed a checkpoint. */
async function readLines(client: Client, epoch: number, size: number): Promise<string[]> {
  const rows = await client.query<{ line: string }>(sql`
    select line from log_cosignatures where epoch = ${epoch} and size = ${size} order by at`);
  return rows.map(({ line }) => line);
}
