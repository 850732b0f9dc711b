/** What happened to a trade, as a server has signed it, verified without asking it. */
import { isIncluded, leafHash, type LogKeys, readCheckpoint, textHash } from "./checkpoints.ts";

/** A row of the trade's record with its way up to a checkpoint. */
export interface ReceiptStep {
  /** The text of the row's leaf, which its batch holds. */
  entry: string;
  /** The parts that the reader may see, by their names; the leaf holds a hash of each. */
  parts: Record<string, string>;
  row: { index: number; path: string[] };
  /** The text of the batch's leaf, which the log holds. */
  batch: string;
  leaf: { index: number; path: string[] };
  /** Which of the checkpoints. */
  checkpoint: number;
}

export interface Receipt {
  format: "kenshu-receipt/1";
  trade: string;
  steps: ReceiptStep[];
  /** Signed notes. */
  checkpoints: string[];
  /** The names of those who have signed with the log; who they are, the reader has to know. */
  witnesses: string[];
}

/** An event as the receipt proves it. */
export interface ProvenEvent {
  seq: number;
  type: string;
  at: string;
  /** `id` is null where the reader may not know who it was. */
  actor: { role: string; id: string | null };
  data: Record<string, unknown>;
}

export type ReceiptVerdict =
  | {
      verified: true;
      trade: string;
      events: ProvenEvent[];
      /** Whether no event is left out between the first of the trade and the last of these. */
      whole: boolean;
      origins: string[];
      /** The witnesses, of those whose keys were given, who have signed every checkpoint of it. */
      witnesses: string[];
    }
  | { verified: false; reason: string };

type Data = Record<string, unknown>;

const isRecord = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** What a checkpoint that was verified is to the steps beneath it. */
interface Root {
  origin: string;
  size: number;
  root: string;
}

/**
 * Checks a receipt against keys that the reader has from elsewhere: nothing in the receipt is believed for its own sake, and
 * nobody is asked. Never throws for anything that is in the receipt; throws RangeError for a key that is none.
 */
export async function verifyReceipt(receipt: unknown, keys: LogKeys): Promise<ReceiptVerdict> {
  const broken = (reason: string): ReceiptVerdict => ({ verified: false, reason });
  if (!isRecord(receipt) || receipt["format"] !== "kenshu-receipt/1") return broken("this is no receipt");
  const { trade, steps, checkpoints: notes } = receipt;
  if (typeof trade !== "string" || !Array.isArray(steps) || !Array.isArray(notes) || steps.length === 0)
    return broken("this is no receipt");
  const roots: Root[] = [];
  let witnesses: string[] | undefined;
  for (const note of notes as unknown[]) {
    const checkpoint = await readCheckpoint(String(note), keys);
    if (typeof checkpoint === "string") return broken(`a checkpoint does not count: ${checkpoint}`);
    roots.push(checkpoint);
    const names = checkpoint.witnesses.map(({ name }) => name);
    witnesses =
      witnesses === undefined ? [...new Set(names)] : witnesses.filter((name) => names.includes(name));
  }
  const rows: ProvenEvent[][] = [];
  for (const step of steps as unknown[]) {
    const proven = await proveStep(step, trade, roots);
    if (typeof proven === "string") return broken(proven);
    rows.push(proven);
  }
  const events = rows.flat().sort((a, b) => a.seq - b.seq);
  const whole = events.every(({ seq }, index) => seq === index + 1);
  const origins = [...new Set(roots.map(({ origin }) => origin))];
  return { verified: true, trade, events, whole, origins, witnesses: witnesses ?? [] };
}

async function proveStep(
  step: unknown,
  trade: string,
  roots: readonly Root[],
): Promise<ProvenEvent[] | string> {
  if (!isRecord(step)) return "a step is none";
  const { entry, parts, row, batch, leaf, checkpoint } = step as Partial<ReceiptStep>;
  const under = roots[checkpoint ?? -1];
  const [kind, , , rows, root] = asList(parsed(batch));
  if (typeof entry !== "string" || typeof batch !== "string" || under === undefined || kind !== "batch")
    return "a step is none";
  if (!isPlace(row) || !isPlace(leaf) || !isRecord(parts)) return "a step is none";
  if (!(await isIncluded({ ...row, leaf: await leafHash(entry), size: Number(rows), root: String(root) })))
    return "a step is not in its batch";
  if (!(await isIncluded({ ...leaf, leaf: await leafHash(batch), size: under.size, root: under.root })))
    return "a batch is not in the log";
  const [table, , open, hidden = {}] = asList(parsed(entry));
  if (table !== "trade_events" || !isRecord(open) || !isRecord(hidden)) return "a step is not one of a trade";
  if (open["trade"] !== trade) return "a step is of another trade";
  const shown: Data[] = [];
  for (const [name, text] of Object.entries(parts)) {
    const [, part] = asList(parsed(text));
    if (!isRecord(part) || (await textHash(String(text))) !== hidden[name])
      return `the part ${name} is not that of its step`;
    shown.push(part);
  }
  return eventsOf(open, shown);
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function isPlace(value: unknown): value is { index: number; path: string[] } {
  return (
    isRecord(value) &&
    typeof value["index"] === "number" &&
    asList(value["path"]).every((each) => typeof each === "string")
  );
}

/** The events of a row, put together again from what everybody reads and the parts that are shown. */
function eventsOf(open: Data, shown: readonly Data[]): ProvenEvent[] {
  const whose = [open, ...shown].map(({ actor }) => actor).find((id) => typeof id === "string");
  const actor = { role: String(open["role"]), id: typeof whose === "string" ? whose : null };
  return asList(open["events"]).map((event, index) => {
    const { type, data } = isRecord(event) ? event : {};
    const fields = shown.map((part) => (isRecord(part["data"]) ? part["data"][index] : undefined));
    return {
      seq: Number(open["seq"]) + index,
      type: String(type),
      at: String(open["at"]),
      actor,
      data: fields.reduce<Data>(
        (all, some) => merged(all, isRecord(some) ? some : {}),
        isRecord(data) ? data : {},
      ),
    };
  });
}

function merged(all: Data, some: Data): Data {
  const whole: Data = { ...all };
  for (const [name, value] of Object.entries(some)) {
    const before = whole[name];
    whole[name] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  return whole;
}
