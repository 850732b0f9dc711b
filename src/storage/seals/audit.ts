/** The proof of the past: tables against batches, batches against the log, the log against what others hold of it. */
import {
  foldNodes,
  grow,
  type Hash,
  type LeafRow,
  rootOf,
  type SealedTable,
  sealedTables,
} from "../../core/log/log.ts";
import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Client,
  type Database,
  type Finding,
} from "../database/database.ts";
import {
  countSeals,
  placedBatches,
  readLeaves,
  unlistedRows,
  unplacedBatches,
  type WholeBatch,
} from "./audit-store.ts";
import { checkOf, leavesOf, type Listed, listed, readManifest } from "./batch.ts";
import { hasher } from "./hasher.ts";
import { batchLeaf, readStatement, rootAt } from "./log.ts";
import { type BatchHead, readCheckpoints, readEpochs, readHead, readUnsealed } from "./log-store.ts";
import { checkMoneyByRights, checkRights } from "./rights.ts";
import { relations } from "./rights-store.ts";
import { readStored } from "./store.ts";

/** What somebody else holds of this log: the root of its first `size` leaves. */
export interface Held {
  by: string;
  epoch: number;
  size: number;
  root: Hash;
}

type Sealed = "row" | "batch" | "right" | "trade" | "log" | "checkpoint";

/**
 * Proves, on one snapshot, that every row which was sealed is there as it was, that none is there which was not, that rights
 * are those that were noted and money went where they say, that the log is the tree over the batches, and that it only adds to what others hold of it. What is found first is named first.
 * Reads all sealed rows once; writes nothing.
 */
export function auditSeals(
  database: Database,
  { held = [], ...options }: AuditOptions & { held?: readonly Held[] } = {},
): Promise<Audit<Sealed>> {
  return auditStages(database, options, countSeals, ({ batches, checkpoints }) => [
    { stage: "sealed rows", what: "row", total: batches, check: checkBatches },
    { stage: "rows in no batch", what: "row", total: 0n, check: checkUnlisted },
    { stage: "rights", what: "right", total: BigInt(relations.length), check: checkRights },
    { stage: "money by rights", what: "trade", total: 0n, check: checkMoneyByRights },
    { stage: "log", what: "log", total: batches, check: checkLog },
    { stage: "checkpoints", what: "checkpoint", total: checkpoints, check: checkCheckpoints },
    {
      stage: "what others hold",
      what: "log",
      total: BigInt(held.length),
      check: (client) => checkHeld(client, held),
    },
  ]);
}

const pageBatches = 50;
const firstId = "00000000-0000-0000-0000-000000000000";

/** All batches, in the order of the log, then those that wait for it. */
async function* batchesOf(client: Client): AsyncGenerator<WholeBatch[]> {
  let [epoch, place] = [0, -1n];
  for (;;) {
    const page = await placedBatches(client, epoch, place, pageBatches);
    if (page.length > 0) yield page;
    if (page.length < pageBatches) break;
    const last = page.at(-1);
    [epoch, place] = [last?.epoch ?? 0, last?.place ?? 0n];
  }
  let id = firstId;
  for (;;) {
    const page = await unplacedBatches(client, id, pageBatches);
    if (page.length > 0) yield page;
    if (page.length < pageBatches) break;
    id = page.at(-1)?.id ?? "";
  }
}

async function checkBatches(
  client: Client,
  limit: number,
  report: (done: number) => Promise<void>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  let done = 0;
  for await (const page of batchesOf(client)) {
    const lists = page.map(({ rows }) => readManifest(rows));
    const rows = await readListed(client, lists.flat());
    page.forEach((batch, index) => found.push(...checkBatch(batch, lists[index] ?? [], rows)));
    if (found.length >= limit) break;
    done += page.length;
    await report(done);
  }
  return found.slice(0, limit);
}

const nameOf = ({ table, key, sub }: Pick<Listed, "table" | "key" | "sub">): string =>
  `${table} ${key} ${sub}`;

async function readListed(client: Client, rows: readonly Listed[]): Promise<Map<string, LeafRow>> {
  const found = new Map<string, LeafRow>();
  for (const table of Object.keys(sealedTables) as SealedTable[]) {
    const sought = rows.filter((row) => row.table === table);
    for (const row of await readStored(client, table, sought)) found.set(nameOf(row), row);
  }
  return found;
}

/** What differs first in one batch: of the rows behind it the salts are not known. */
function checkBatch(
  batch: WholeBatch,
  lists: readonly Listed[],
  rows: ReadonlyMap<string, LeafRow>,
): Finding[] {
  if (lists.length * listed.bytes !== batch.rows.length)
    return [differs(`batch ${batch.id}`, "rows", "unreadable", "a list")];
  const gone = lists.findIndex((row) => !rows.has(nameOf(row)));
  const there = gone === -1 ? lists : lists.slice(0, gone);
  const leaves = leavesOf(
    batch.seed,
    there.flatMap((row) => rows.get(nameOf(row)) ?? []),
  );
  const now = leaves.map(({ leaf }) => checkOf(leaf));
  const changed = there.findIndex(({ check }, index) => check !== now[index]);
  const row = lists[changed];
  if (row !== undefined) return [differs(nameOf(row), "hash", now[changed] ?? "", row.check)];
  const lost = lists[gone];
  if (lost !== undefined) return [differs(nameOf(lost), "row", "gone", lost.check)];
  const root = rootOf(
    leaves.map(({ leaf }) => leaf),
    hasher,
  );
  const sealed = batch.root.toString("base64");
  return root === sealed ? [] : [differs(`batch ${batch.id}`, "root", root, sealed)];
}

const differs = (id: string, field: string, recorded: string, computed: string): Finding => ({
  id,
  field,
  recorded,
  computed,
});

/** Rows that no batch lists, beyond those that were there before the first one. */
async function checkUnlisted(client: Client, limit: number): Promise<Finding[]> {
  const before = await readUnsealed(client);
  const [first] = await readEpochs(client);
  const said = first && readStatement(first.statement);
  const found: Finding[] = [];
  if (said !== undefined && JSON.stringify(said.unsealed) !== JSON.stringify(before))
    found.push(differs("unsealed_rows", "count", JSON.stringify(before), JSON.stringify(said.unsealed)));
  for (const table of Object.keys(sealedTables) as SealedTable[]) {
    const rows = await unlistedRows(client, table, limit);
    const more = Number((rows[0]?.count ?? 0n) - BigInt(before[table] ?? 0));
    for (const { key, sub } of rows.slice(0, Math.max(0, more)))
      found.push(differs(nameOf({ table, key, sub }), "row", "there", "in no batch"));
    if (more < 0)
      found.push(differs(table, "older rows", String(rows[0]?.count ?? 0n), before[table] ?? "0"));
  }
  return found.slice(0, limit);
}

/** The log as it is when it is built anew from the batches, compared leaf by leaf with what is kept of it. */
async function checkLog(
  client: Client,
  limit: number,
  report: (done: number) => Promise<void>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  let done = 0;
  for (const { epoch, statement } of await readEpochs(client)) {
    const trees = treeOf(client, epoch);
    found.push(...(await trees.add([{ place: 0, id: "statement", leaf: hasher.leaf(statement) }])));
    for (let place = 0n; found.length < limit; ) {
      const page = (await placedBatches(client, epoch, place, pageBatches)).filter(
        (each) => each.epoch === epoch,
      );
      found.push(...(await trees.add(page.map(leafOf))));
      done += page.length;
      await report(done);
      if (page.length < pageBatches) break;
      place = page.at(-1)?.place ?? place;
    }
    found.push(...(await trees.end()));
  }
  return found.slice(0, limit);
}

interface PlacedLeaf {
  place: number;
  id: string;
  leaf: Hash;
}

function leafOf({ id, at, rows, root, place }: WholeBatch): PlacedLeaf {
  const head: BatchHead = { id, at, rows: rows.length / listed.bytes, root: root.toString("base64") };
  return { place: Number(place), id: `batch ${id}`, leaf: hasher.leaf(batchLeaf(head)) };
}

/** Builds an epoch's tree from leaves, compares each with the log, and at the end the root with the last that was signed. */
function treeOf(client: Client, epoch: number) {
  let size = 0;
  let edge: readonly Hash[] = [];
  const at = (place: number): string => `place ${place} of epoch ${epoch}`;
  const add = (leaf: Hash): void => {
    edge = grow(size, edge, [leaf], hasher).edge;
    size += 1;
  };
  return {
    add: async (leaves: readonly PlacedLeaf[]): Promise<Finding[]> => {
      const to = leaves.at(-1)?.place ?? size;
      const kept = await readLeaves(client, epoch, size, to);
      const found: Finding[] = [];
      for (const { place, id, leaf } of leaves) {
        if (place > size) found.push(differs(at(size), "batch", "left out", kept.get(size) ?? "nothing"));
        // What the log says was there stands in, so that the leaves behind it are still compared.
        while (size < place) add(kept.get(size) ?? hasher.empty);
        if (kept.get(place) !== leaf)
          found.push(differs(`${at(place)}, ${id}`, "hash", leaf, kept.get(place) ?? "nothing"));
        add(leaf);
      }
      return found;
    },
    end: async (): Promise<Finding[]> => {
      const last = await readHead(client, epoch);
      if (last === undefined) return [differs(at(size), "checkpoint", "none", `of ${size} leaves`)];
      if (last.size > size) return [differs(at(size), "batch", "left out", `a log of ${last.size} leaves`)];
      const root = foldNodes(edge, hasher);
      return root === last.root ? [] : [differs(`epoch ${epoch}`, "root", root, last.root)];
    },
  };
}

/** Every root that was signed, compared with the log's nodes. */
async function checkCheckpoints(
  client: Client,
  limit: number,
  report: (done: number) => Promise<void>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  let done = 0;
  for (const { epoch } of await readEpochs(client)) {
    for (let size = 0; found.length < limit; ) {
      const page = await readCheckpoints(client, epoch, size, 1000);
      for (const { size: signed, root } of page)
        found.push(...(await compareRoot(client, { by: "this server", epoch, size: signed, root })));
      done += page.length;
      await report(done);
      if (page.length < 1000) break;
      size = page.at(-1)?.size ?? size;
    }
  }
  return found.slice(0, limit);
}

async function checkHeld(client: Client, held: readonly Held[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const each of held) found.push(...(await compareRoot(client, each)));
  return found;
}

async function compareRoot(client: Client, { by, epoch, size, root }: Held): Promise<Finding[]> {
  // What an epoch had behind what the next one follows is said there, signed by two operators.
  const next = (await readEpochs(client)).find((each) => each.epoch === epoch + 1);
  const after = next && readStatement(next.statement).after;
  if (after !== undefined && size > after.size) return [];
  const head = await readHead(client, epoch);
  const id = `the first ${size} of epoch ${epoch}, as ${by} has them`;
  if ((head?.size ?? 0) < size) return [differs(id, "log", `${head?.size ?? 0} leaves`, `${size} leaves`)];
  const now = await rootAt(client, epoch, size).catch(() => "nothing");
  return now === root ? [] : [differs(id, "root", now, root)];
}
