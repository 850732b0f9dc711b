/** Receipts: what a party may see of a trade, in a form that proves itself. */
import { partsFor } from "../../core/log/log.ts";
import type { ActorRole, Refused } from "../../core/protocol/protocol.ts";
import type { Database } from "../../storage/database/database.ts";
import { type ProvenRow, proveRows } from "../../storage/seals/seals.ts";
import { type EventRow, type KeptTrade, readEvents } from "../steps/steps.ts";
import type { Receipt, ReceiptStep } from "./trade-calls.ts";

/** Rows of the record in one receipt; the rest can be asked for one by one. */
const rowsMost = 200;

/** The receipt of one event, or of all so far that are in the log. */
export async function receiptFor(
  database: Database,
  { trade, role }: { trade: KeptTrade; role: ActorRole },
  event: number | undefined,
): Promise<Receipt | Refused> {
  const rows = await readRows(database, trade, event);
  if (rows.length === 0) return { refused: "not_found" };
  const sought = rows.flatMap(({ seq, batch }) =>
    batch === null ? [] : [{ batch, table: "trade_events" as const, key: trade.id, sub: seq }],
  );
  const proofs = await proveRows(database, sought);
  if (proofs === "halted") return { refused: "log_halted" };
  if (proofs.rows.length === 0) return { refused: "not_sealed_yet" };
  const shown: ReadonlySet<string> = new Set(partsFor(role, trade.terms.private === true));
  const { checkpoints } = proofs;
  return {
    format: "kenshu-receipt/1",
    trade: String(trade.number),
    steps: proofs.rows.map((row) => stepOf(row, shown)),
    checkpoints,
    witnesses: [...new Set(checkpoints.flatMap(cosigners))],
  };
}

function readRows(database: Database, { id }: KeptTrade, event: number | undefined): Promise<EventRow[]> {
  return event === undefined ? readEvents(database, id, 0, rowsMost) : readEvents(database, id, event - 1, 1);
}

function stepOf({ parts, ...row }: ProvenRow, shown: ReadonlySet<string>): ReceiptStep {
  return { ...row, parts: Object.fromEntries(parts.filter(([name]) => shown.has(name))) };
}

/** The names on a note behind the first, which is the log's own. */
function cosigners(note: string): string[] {
  return [...note.matchAll(/^\u2014 (\S+) /gmu)].slice(1).map(([, name = ""]) => name);
}
