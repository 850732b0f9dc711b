/** A batch: the rows that one transaction writes, under one root, in one row beside them. */
import { createHash, hash } from "node:crypto";
import { type Hash, type LeafRow, rootOf, type SealedTable, sealedTables } from "../../core/log/log.ts";
import { type Client, type Database, randomToken, readClock, uuidv7 } from "../database/database.ts";
import { hasher } from "./hasher.ts";
import { type BatchRow, insertBatch, readStored } from "./store.ts";

export interface Batch {
  id: string;
  at: Date;
}

/** A batch for the transaction that runs; rows that are to be found again name it. */
export const newBatch = (at: Date): Batch => ({ id: uuidv7(), at });

/** Seals rows of a transaction, in one statement that is sent without waiting. */
export function seal(client: Client, { id, at }: Batch, rows: readonly LeafRow[]): Promise<unknown>[] {
  if (rows.length === 0) return [];
  const seed = Buffer.from(randomToken(seedBytes), "base64url");
  const leaves = leavesOf(seed, rows).map(({ leaf }) => leaf);
  const root = Buffer.from(rootOf(leaves, hasher), "base64");
  const batch: BatchRow = { id, at, seed, rows: manifestOf(rows, leaves), root };
  return [insertBatch(client, batch)];
}

/** Seals rows that this transaction has written one by one, read back from their table: off the hot path. */
export async function sealStored(
  client: Client,
  table: SealedTable,
  keys: readonly string[],
  sub = 0,
): Promise<void> {
  const rows = await readStored(
    client,
    table,
    keys.map((key) => ({ key, sub })),
  );
  if (rows.length < keys.length) throw new Error(`A row of ${table} that was written is not there.`);
  await Promise.all(seal(client, newBatch(await readClock(client)), rows));
}

/** Runs `work` in the caller's transaction; where the caller has none, in one of its own. */
export function atOnce<T>(client: Client | Database, work: (client: Client) => Promise<T>): Promise<T> {
  return "transaction" in client ? client.transaction(work) : work(client);
}

const seedBytes = 32;
const saltBytes = 16;

/** A leaf with what it is the hash of, and the texts of its parts, each of which stands in the leaf as a hash. */
export interface Leaf {
  leaf: Hash;
  entry: string;
  parts: readonly (readonly [name: string, text: string])[];
}

/**
 * The leaves of a batch. Every row and every part has a salt of its own, drawn from the batch's seed, so that who is shown
 * one of them can find out nothing about another by trying.
 */
export function leavesOf(seed: Uint8Array, rows: readonly LeafRow[]): Leaf[] {
  const count = rows.reduce((sum, { hidden }) => sum + 1 + hidden.length, 0);
  const salts = createHash("shake256", { outputLength: saltBytes * count })
    .update(seed)
    .digest("hex");
  let drawn = 0;
  const salt = (): string => {
    drawn += 2 * saltBytes;
    return salts.slice(drawn - 2 * saltBytes, drawn);
  };
  return rows.map(({ table, text, hidden }) => {
    const head = `["${table}","${salt()}",${text}`;
    if (hidden.length === 0) {
      const entry = `${head}]`;
      return { leaf: hasher.leaf(entry), entry, parts: hidden };
    }
    const parts = hidden.map(([name, part]) => [name, `["${salt()}",${part}]`] as const);
    const hashes = parts.map(([name, part]) => `"${name}":"${hash("sha256", part, "base64")}"`);
    const entry = `${head},{${hashes.join()}}]`;
    return { leaf: hasher.leaf(entry), entry, parts };
  });
}

/** What a batch says of each of its rows: where it is, and enough of its hash to tell which one was changed. */
export interface Listed {
  table: SealedTable;
  key: string;
  sub: number;
  trade: bigint;
  check: string;
}

/** Table, key, sub, trade number, the first bytes of the hash. The audit takes it apart in SQL as well. */
export const listed = { key: 1, sub: 17, trade: 21, check: 29, bytes: 37 } as const;

function manifestOf(rows: readonly LeafRow[], leaves: readonly Hash[]): Buffer {
  const bytes = Buffer.alloc(rows.length * listed.bytes);
  rows.forEach(({ table, key, sub, trade }, index) => {
    const from = index * listed.bytes;
    bytes[from] = sealedTables[table];
    bytes.write(key.replaceAll("-", ""), from + listed.key, 16, "hex");
    bytes.writeInt32BE(sub, from + listed.sub);
    bytes.writeBigInt64BE(trade, from + listed.trade);
    bytes.write(leaves[index] ?? "", from + listed.check, listed.bytes - listed.check, "base64");
  });
  return bytes;
}

const tableOf = new Map(
  Object.entries(sealedTables).map(([name, tag]) => [tag as number, name as SealedTable]),
);

/** The list of a batch; a number that no table has ends it. */
export function readManifest(bytes: Buffer): Listed[] {
  const rows: Listed[] = [];
  for (let from = 0; from + listed.bytes <= bytes.length; from += listed.bytes) {
    const table = tableOf.get(bytes[from] ?? 0);
    if (table === undefined) break;
    const hex = bytes.toString("hex", from + listed.key, from + listed.sub);
    const key = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    rows.push({
      table,
      key,
      sub: bytes.readInt32BE(from + listed.sub),
      trade: bytes.readBigInt64BE(from + listed.trade),
      check: checkOf(bytes.subarray(from + listed.check, from + listed.bytes)),
    });
  }
  return rows;
}

/** As much of a hash as a batch lists. */
export function checkOf(hashed: Hash | Buffer): string {
  const bytes = typeof hashed === "string" ? Buffer.from(hashed, "base64") : hashed;
  return bytes.toString("hex", 0, listed.bytes - listed.check);
}
