/** What a row is in its leaf: a JSON text that holds all of it, made from values in memory or read back from its table. */
import { hiddenEvents } from "./event-parts.ts";

/**
 * The tables whose rows are sealed, with the number that each has where batches list their rows. A number is never given
 * again to another table.
 */
export const sealedTables = {
  trade_events: 1,
  entries: 2,
  transfers: 3,
  peer_transfers: 4,
  consents: 5,
  operator_acts: 6,
  party_acts: 7,
  lookups: 8,
  notices: 9,
  transfer_matches: 10,
  settlement_answers: 11,
  confirming_changes: 12,
  rights: 13,
  profile_changes: 14,
  collection_payments: 20,
  collection_returns: 21,
  arrival_moves: 30,
  collection_fees: 31,
  debt_movements: 40,
  break_words: 50,
} as const;
export type SealedTable = keyof typeof sealedTables;

/**
 * A row on its way into a leaf. `key` with `sub` name it in its table: `sub` is the number of the first event, or 1 for
 * what was said of a row later (that a consent was taken back, that an act was confirmed), 2 for what was said instead (that
 * an act was declined).
 */
export interface LeafRow {
  table: SealedTable;
  key: string;
  sub: number;
  /** Of events: the number of their trade, by which people know it. */
  trade: bigint;
  /** JSON of what everybody reads who is shown the row. */
  text: string;
  /** JSON of the parts that are for some only, by their names. */
  hidden: readonly (readonly [name: string, text: string])[];
}

export interface SealedEvents {
  number: bigint;
  trade: string;
  seq: number;
  types: readonly string[];
  at: Date;
  role: string;
  actor: string | null;
  data: Record<string, unknown>[] | null;
}

let lastInstant = Number.NaN;
let lastText = "";

/** An instant in RFC 3339. Nearly all rows of a batch have the same. */
function textOf(at: Date): string {
  const instant = at.getTime();
  if (instant !== lastInstant) [lastInstant, lastText] = [instant, at.toISOString()];
  return lastText;
}

/** One row of a trade's record. */
export function eventRow(row: SealedEvents): LeafRow {
  const { actor, events, hidden } = hiddenEvents(row);
  const head = `"trade":"${row.number}","seq":${row.seq},"at":"${textOf(row.at)}","role":"${row.role}"`;
  const whom = actor === null ? "" : `,"actor":"${actor}"`;
  return {
    table: "trade_events",
    key: row.trade,
    sub: row.seq,
    trade: row.number,
    text: `{${head}${whom},"events":${JSON.stringify(events)}}`,
    hidden: [...hidden].map(([name, part]) => [name, JSON.stringify(part)]),
  };
}

export interface CommandLeg {
  command: string;
  leg: number;
  kind: string;
  account: string;
  hold: string | null;
  currency: string;
  posted: bigint;
  held: bigint;
  until: Date | null;
  at: Date;
}

/** A command of the ledger with all its legs, which only together say what was done. */
export function commandRow(legs: readonly CommandLeg[]): LeafRow {
  const texts = legs.map(({ leg, kind, account, hold, currency, posted, held, until, at }) => {
    const of = hold === null ? "null" : `"${hold}"`;
    const end = until === null ? "null" : `"${textOf(until)}"`;
    return `[${leg},"${kind}","${account}",${of},"${currency}","${posted}","${held}",${end},"${textOf(at)}"]`;
  });
  const key = legs[0]?.command ?? "";
  return { table: "entries", key, sub: 0, trade: 0n, text: `["${key}",${texts.join()}]`, hidden: [] };
}

/** A row of any other table: its values, in the order of their columns. */
export function rowOf(table: SealedTable, key: string, sub: number, values: readonly unknown[]): LeafRow {
  return { table, key, sub, trade: 0n, text: valuesText([key, sub, ...values]), hidden: [] };
}

/** JSON of values as they come from the database. */
function valuesText(values: readonly unknown[]): string {
  return JSON.stringify(values, (_name, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}
