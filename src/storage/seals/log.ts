/** The log as it is kept: what its leaves are, how batches are added, and the roots and proofs that it gives. */
import {
  completeNodes,
  consistencyRanges,
  foldNodes,
  grow,
  type Hash,
  inclusionRanges,
  type Range,
} from "../../core/log/log.ts";
import type { Client, Database } from "../database/database.ts";
import { listed } from "./batch.ts";
import { hasher } from "./hasher.ts";
import {
  type BatchHead,
  cutLog,
  type Halt,
  type Head,
  insertCheckpoint,
  insertEpoch,
  insertNodes,
  lockLog,
  placeBatches,
  readHalt,
  readHead,
  readNodes,
  readUnsealed,
  waitingBatches,
} from "./log-store.ts";
import { sealRights } from "./rights.ts";

/** The text of a batch's leaf. */
export function batchLeaf({ id, at, rows, root }: BatchHead): string {
  return `["batch","${id}","${at.toISOString()}",${rows},"${root}"]`;
}

/** Signs what the log is. */
export interface LogSigner {
  /** The root of the first `size` leaves of an epoch as a signed note. */
  sign(epoch: number, size: number, root: Hash): string;
  /** By which key the checkpoints of an epoch are checked. */
  keyOf(epoch: number): string;
}

/** Batches that are ordered in one transaction: a log that was left behind catches up in steps. */
const mostAtOnce = 2000;

/**
 * Orders batches that are committed into the log and signs what it is then. Undefined where another process does so just
 * now; with `added` 0 there was nothing to do, and with `more` there was more than is ordered at once. The first time, the
 * log begins.
 */
export function extendLog(
  database: Database,
  signer: LogSigner,
): Promise<{ added: number; more: boolean; head: Head } | undefined> {
  return database.transaction(async (client) => {
    if (!(await lockLog(client))) return undefined;
    const rights = await sealRights(client, mostAtOnce);
    const before = (await readHead(client)) ?? (await beginLog(client, signer));
    if ((await readHalt(client, before.epoch)) !== undefined) return { added: 0, more: false, head: before };
    const batches = await waitingBatches(client, listed.bytes, mostAtOnce);
    if (batches.length === 0) return { added: 0, more: false, head: before };
    await placeBatches(client, before.epoch, before.size, batches);
    const head = await append(client, before.epoch, before.size, batches.map(batchLeaf), signer);
    return { added: batches.length, more: Math.max(batches.length, rights) >= mostAtOnce, head };
  });
}

async function beginLog(client: Client, signer: LogSigner): Promise<Head> {
  return beginEpoch(client, 1, { unsealed: await readUnsealed(client) }, signer);
}

/** Begins an epoch with the statement that is its first leaf. */
async function beginEpoch(
  client: Client,
  epoch: number,
  said: Record<string, unknown>,
  signer: LogSigner,
): Promise<Head> {
  const statement = JSON.stringify(["epoch", epoch, { key: signer.keyOf(epoch), ...said }]);
  await insertEpoch(client, epoch, statement);
  return append(client, epoch, 0, [statement], signer);
}

async function append(
  client: Client,
  epoch: number,
  size: number,
  texts: readonly string[],
  signer: LogSigner,
): Promise<Head> {
  const edge = await readNodes(client, epoch, completeNodes({ from: 0, to: size }));
  const grown = grow(
    size,
    edge,
    texts.map((text) => hasher.leaf(text)),
    hasher,
  );
  await insertNodes(client, epoch, grown.nodes);
  const root = foldNodes(grown.edge, hasher);
  const next = size + texts.length;
  const checkpoint = { epoch, size: next, root, note: signer.sign(epoch, next, root) };
  await insertCheckpoint(client, checkpoint);
  return checkpoint;
}

/** What an epoch that follows another says of it. */
export interface Follows {
  after: { epoch: number; size: number; root: Hash };
  operators: string[];
  reasons: string[];
}

/**
 * Begins the epoch behind one that is over. What the two have in common stays where it is; batches behind that wait
 * again, and are ordered into the new one.
 */
export async function beginNext(client: Client, halt: Halt, said: Follows, signer: LogSigner): Promise<Head> {
  const { epoch, common } = halt;
  await cutLog(client, epoch, common);
  return beginEpoch(client, epoch + 1, { ...said }, signer);
}

/** What the statement of an epoch says. */
export function readStatement(text: string): { unsealed?: unknown; key?: string } & Partial<Follows> {
  return (JSON.parse(text) as [string, number, Partial<Follows>])[2];
}

async function hashesOf(client: Client, epoch: number, ranges: readonly Range[]): Promise<Hash[]> {
  const nodes = ranges.map(completeNodes);
  const hashes = await readNodes(client, epoch, nodes.flat());
  let read = 0;
  return nodes.map(({ length }) => {
    read += length;
    return foldNodes(hashes.slice(read - length, read), hasher);
  });
}

/** The root of the first `size` leaves. */
export async function rootAt(client: Client, epoch: number, size: number): Promise<Hash> {
  const [root = hasher.empty] = await hashesOf(client, epoch, [{ from: 0, to: size }]);
  return root;
}

/** The proof that the leaf with this number is among the first `size`. */
export function proveInclusion(client: Client, epoch: number, index: number, size: number): Promise<Hash[]> {
  return hashesOf(client, epoch, inclusionRanges(index, size));
}

/** The proof that the first `size` leaves begin with the first `before`. */
export function proveConsistency(
  client: Client,
  epoch: number,
  before: number,
  size: number,
): Promise<Hash[]> {
  return hashesOf(client, epoch, before === 0 ? [] : consistencyRanges(before, size));
}
