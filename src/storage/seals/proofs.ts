/** Proofs of single rows: from a row to its batch, from the batch to a checkpoint. */
import { rootOf, type SealedTable, siblingsOf } from "../../core/log/log.ts";
import type { Database } from "../database/database.ts";
import { type Leaf, leavesOf, listed, readManifest } from "./batch.ts";
import { hasher } from "./hasher.ts";
import { batchLeaf, proveInclusion } from "./log.ts";
import { readHalt, readHead, readPlaced, readProvable } from "./log-store.ts";
import { readStored } from "./store.ts";

/** A row and the batch that holds it. */
export interface SoughtRow {
  batch: string;
  table: SealedTable;
  key: string;
  sub: number;
}

interface Place {
  index: number;
  path: string[];
}

export interface ProvenRow {
  entry: string;
  parts: Leaf["parts"];
  row: Place;
  batch: string;
  leaf: Place;
  /** Which of the checkpoints. */
  checkpoint: number;
}

export interface Proofs {
  rows: ProvenRow[];
  /** Signed notes. */
  checkpoints: string[];
}

/**
 * Proofs of those of the rows that are in the log already; `halted` where the log cannot prove anything, because others
 * hold of it what it does not hold.
 */
export async function proveRows(
  database: Database,
  sought: readonly SoughtRow[],
): Promise<Proofs | "halted"> {
  const head = await readHead(database);
  if (head !== undefined && (await readHalt(database, head.epoch)) !== undefined) return "halted";
  const batches = new Map<string, Awaited<ReturnType<typeof openBatch>>>();
  for (const { batch } of sought)
    if (!batches.has(batch)) batches.set(batch, await openBatch(database, batch));
  const highest = new Map<number, number>();
  for (const batch of batches.values())
    if (batch !== undefined) highest.set(batch.epoch, Math.max(batch.place, highest.get(batch.epoch) ?? 0));
  const under = new Map<number, { at: number; size: number }>();
  const checkpoints: string[] = [];
  for (const [epoch, place] of highest) {
    const checkpoint = await readProvable(database, epoch, place);
    if (checkpoint === undefined) throw new Error(`Place ${place} of epoch ${epoch} is in no checkpoint.`);
    under.set(epoch, { at: checkpoints.length, size: checkpoint.size });
    checkpoints.push([checkpoint.note, ...checkpoint.lines].join(""));
  }
  // A batch that is not what was sealed proves nothing; the audit says what was changed.
  if ([...batches.values()].some((batch) => batch?.isWhole === false)) return "halted";
  const rows: ProvenRow[] = [];
  for (const row of sought) {
    const batch = batches.get(row.batch);
    const checkpoint = batch && under.get(batch.epoch);
    if (batch === undefined || checkpoint === undefined) continue;
    const { leaf, text, epoch, place } = { ...batch.leafOf(row), ...batch };
    const path = await proveInclusion(database, epoch, place, checkpoint.size);
    rows.push({ ...leaf, batch: text, leaf: { index: place, path }, checkpoint: checkpoint.at });
  }
  return { rows, checkpoints };
}

/** A batch with its leaves, made again from its rows as they stand: if one was changed, no proof holds. */
async function openBatch(database: Database, id: string) {
  const batch = await readPlaced(database, id);
  if (batch === undefined) return undefined;
  const list = readManifest(batch.rows);
  const tables = [...new Set(list.map(({ table }) => table))];
  const stored = await Promise.all(
    tables.map((table) =>
      readStored(
        database,
        table,
        list.filter((row) => row.table === table),
      ),
    ),
  );
  const byName = new Map(stored.flat().map((row) => [`${row.table} ${row.key} ${row.sub}`, row]));
  const rows = list.flatMap(({ table, key, sub }) => byName.get(`${table} ${key} ${sub}`) ?? []);
  const leaves = leavesOf(batch.seed, rows);
  const hashes = leaves.map(({ leaf }) => leaf);
  const { at, root, epoch, place } = batch;
  const count = batch.rows.length / listed.bytes;
  return {
    epoch,
    place,
    isWhole: rootOf(hashes, hasher) === root.toString("base64"),
    text: batchLeaf({ id, at, rows: count, root: root.toString("base64") }),
    leafOf: ({ table, key, sub }: SoughtRow) => {
      const index = list.findIndex((row) => row.table === table && row.key === key && row.sub === sub);
      const { entry = "", parts = [] } = leaves[index] ?? {};
      return { leaf: { entry, parts, row: { index, path: siblingsOf(hashes, index, hasher) } } };
    },
  };
}
