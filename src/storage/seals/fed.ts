/** Batches that are committed and whose rows nobody has put into a list yet. */
import type { SealedTable } from "../../core/log/log.ts";
import type { Client } from "../database/database.ts";
import { type Listed, readManifest } from "./batch.ts";
import { noteFed, unfedBatches } from "./log-store.ts";

/** A row that was sealed, as its batch tells of it, and when it came to be. */
export type FedRow = Pick<Listed, "key" | "sub" | "trade"> & { at: Date };

/**
 * Takes up to so many batches that nobody has taken before, for good once the transaction is committed: the rows of one table
 * in them, in their order, and how many batches there were. The caller lets one transaction at a time do it.
 */
export async function takeUnfed(
  client: Client,
  of: SealedTable,
  batches: number,
): Promise<{ batches: number; rows: FedRow[] }> {
  const found = await unfedBatches(client, batches);
  if (found.length === 0) return { batches: 0, rows: [] };
  await noteFed(
    client,
    found.map(({ id }) => id),
  );
  const rows = found.flatMap(({ at, rows: bytes }) =>
    readManifest(bytes).flatMap(({ table, key, sub, trade }) =>
      table === of ? [{ key, sub, trade, at }] : [],
    ),
  );
  return { batches: found.length, rows };
}
