/** Batches that are committed and whose rows nobody has put into a list yet. */
import type { SealedTable } from "../../core/log/log.ts";
import type { Client } from "../database/database.ts";
import { type Listed, listed, readManifest } from "./batch.ts";
import { noteFed, unfedBatches } from "./log-store.ts";

/** A row that was sealed, as its batch tells of it, and when it came to be. */
export type FedRow = Pick<Listed, "key" | "sub" | "trade"> & { at: Date };

/** How much is taken at once: what was left behind is caught up with in steps, between which others have their turn. */
const most = { batches: 100, bytes: 2_000 * listed.bytes };

/**
 * Takes some batches that nobody has taken before, for good once the transaction is committed: the rows of one table in them,
 * in their order, and whether there may be more. The caller lets one transaction at a time do it.
 */
export async function takeUnfed(client: Client, of: SealedTable): Promise<{ rows: FedRow[]; more: boolean }> {
  const found = await unfedBatches(client, most.batches, most.bytes);
  if (found.length === 0) return { rows: [], more: false };
  await noteFed(
    client,
    found.map(({ id }) => id),
  );
  const rows = found.flatMap(({ at, rows: bytes }) =>
    readManifest(bytes).flatMap(({ table, key, sub, trade }) =>
      table === of ? [{ key, sub, trade, at }] : [],
    ),
  );
  const bytes = found.reduce((sum, { rows: each }) => sum + each.length, 0);
  return { rows, more: found.length === most.batches || bytes >= most.bytes };
}
