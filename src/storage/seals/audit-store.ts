/** What the audit of the seals reads: whole batches in their order, the log's nodes, and rows that are in no batch. */
import { type Hash, type SealedTable, sealedTables } from "../../core/log/log.ts";
import { type Client, sql } from "../database/database.ts";

export interface WholeBatch {
  id: string;
  at: Date;
  seed: Buffer;
  rows: Buffer;
  root: Buffer;
  epoch: number | null;
  place: bigint | null;
}

export async function countSeals(client: Client): Promise<{ batches: bigint; checkpoints: bigint }> {
  const [row] = await client.query<{ batches: bigint; checkpoints: bigint }>(sql`
    select (select count(*) from sealed_batches) as batches, (select count(*) from log_checkpoints) as checkpoints`);
  return row ?? { batches: 0n, checkpoints: 0n };
}

/** Batches in the log behind a place, in their order. */
export function placedBatches(
  client: Client,
  epoch: number,
  place: bigint,
  limit: number,
): Promise<WholeBatch[]> {
  return client.query<WholeBatch>(sql`
    select id, at, seed, rows, root, epoch, place from sealed_batches
    where place is not null and (epoch, place) > (${epoch}, ${place}) order by epoch, place limit ${limit}`);
}

/** Batches that wait for the log, behind an id. */
export function unplacedBatches(client: Client, id: string, limit: number): Promise<WholeBatch[]> {
  return client.query<WholeBatch>(sql`
    select id, at, seed, rows, root, epoch, place from sealed_batches
    where place is null and id > ${id} order by id limit ${limit}`);
}

/** The hashes of leaves as the log has them, from one place to another. */
export async function readLeaves(
  client: Client,
  epoch: number,
  from: number,
  to: number,
): Promise<Map<number, Hash>> {
  const rows = await client.query<{ place: bigint; hash: Buffer }>(sql`
    select place, hash from log_nodes
    where epoch = ${epoch} and level = 0 and place between ${from} and ${to}`);
  return new Map(rows.map(({ place, hash }) => [Number(place), hash.toString("base64")]));
}

/** A row that is in no batch, and how many of its table are not. */
export interface Unlisted {
  key: string;
  sub: number;
  count: bigint;
}

const inNoBatch = `select r.key, r.sub, count(*) over () as count from r
  where not exists (select from listed where listed.name = uuid_send(r.key) || int4send(r.sub))
  order by r.key desc, r.sub desc limit $2`;
/** The names of rows as batches list them: 16 bytes of key and 4 of number, behind the number of the table. */
const listed = `listed as materialized (
  select substr(b.rows, first_byte + 2, 20) as name from sealed_batches b, generate_series(0, octet_length(b.rows) - 1, 37) as first_byte
  where get_byte(b.rows, first_byte) = $1)`;

const rowsOf: Readonly<Record<SealedTable, string>> = {
  trade_events: "select trade as key, seq as sub from trade_events",
  entries: "select distinct command as key, 0 as sub from entries",
  transfers: "select id as key, 0 as sub from transfers",
  peer_transfers: "select id as key, 0 as sub from peer_transfers",
  consents:
    "select id as key, 0 as sub from consents union all select id, 1 from consents where revoked_at is not null",
  operator_acts:
    "select id as key, 0 as sub from operator_acts union all select id, 1 from operator_acts where confirmed_at is not null union all select id, 2 from operator_acts where declined_at is not null",
  party_acts: "select id as key, 0 as sub from party_acts",
  lookups: "select id as key, 0 as sub from lookups",
  notices: "select id as key, 0 as sub from notices",
  transfer_matches: "select transfer as key, 0 as sub from transfer_matches",
  settlement_answers: "select id as key, 0 as sub from settlement_answers",
  confirming_changes: "select id as key, 0 as sub from confirming_changes",
  profile_changes: "select id as key, 0 as sub from profile_changes",
  collection_payments: "select command as key, 0 as sub from collection_payments",
  collection_returns: "select command as key, 0 as sub from collection_returns",
  arrival_moves: "select id as key, 0 as sub from arrival_moves",
  collection_fees: "select command as key, 0 as sub from collection_fees",
  debt_movements: "select command as key, 0 as sub from debt_movements",
  break_words: "select id as key, 0 as sub from break_words",
  // The others wait for the sealer.
  rights: "select id as key, 0 as sub from rights where batch is not null",
};

/** Rows of a table that no batch lists, the newest first. */
export function unlistedRows(client: Client, table: SealedTable, limit: number): Promise<Unlisted[]> {
  return client.query<Unlisted>({
    text: `with r as (${rowsOf[table]}), ${listed} ${inNoBatch}`,
    values: [sealedTables[table], limit],
  });
}
