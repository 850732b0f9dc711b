/** `kenshu export`: reads what was asked, and writes line after line what the server keeps of it. */
import { parseArgs } from "node:util";
import { isDay, startOfDay } from "../../core/protocol/protocol.ts";
import { always, openDatabase, snapshot } from "../../storage/database/database.ts";
import { type Range, rowsOf } from "./export-store.ts";
import { type Format, headOf, lineOf, type Row } from "./lines.ts";
import { fileSink, type Sink, streamSink } from "./sink.ts";
import { type Exported, exported, exports, toldData } from "./tables.ts";

/** The database of a server, as its configuration names it. */
export interface ExportPlace {
  url: string;
  schema: string;
  role: string;
  timeZone: string;
}

interface Around {
  placeOf: (configuration: string) => ExportPlace;
  /** What is thrown where the command was called in a way that it cannot follow. */
  wrong: (message: string) => Error;
  /** How it goes on is told beside the lines. */
  tell: (line: string) => void;
  now: () => number;
}

const formats = ["csv", "jsonl"] as const satisfies readonly Format[];
const toldEveryMs = 2000;

export async function exportCommand(args: string[], around: Around): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      config: text,
      what: text,
      from: text,
      to: text,
      format: text,
      out: text,
      quiet: { type: "boolean" },
    },
  });
  const { wrong } = around;
  const what = exported.find((one) => one === values.what);
  if (what === undefined) throw wrong(`--what is one of ${exported.join(", ")}.`);
  const format = formats.find((one) => one === (values.format ?? "csv"));
  if (format === undefined) throw wrong(`--format is one of ${formats.join(", ")}.`);
  if (values.config === undefined) throw wrong("Say --config FILE: the configuration of the server.");
  const place = around.placeOf(values.config);
  const range = {
    from: instantOf(values.from, always.after, "--from", { ...place, wrong }),
    to: instantOf(values.to, always.before, "--to", { ...place, wrong }),
  };
  if (range.from >= range.to) throw wrong("--from is before --to.");
  const { out } = values;
  const sink = out === undefined ? streamSink(process.stdout) : await fileSink(out);
  const tell = values.quiet === true ? () => {} : around.tell;
  await fill({ place, what, format, range, sink, tell, now: around.now });
}

/** An instant as it was typed; a day is its first instant in the server's time zone. */
function instantOf(
  typed: string | undefined,
  otherwise: Date,
  name: string,
  { timeZone, wrong }: Pick<ExportPlace, "timeZone"> & Pick<Around, "wrong">,
): Date {
  if (typed === undefined) return otherwise;
  if (isDay(typed)) return startOfDay(typed, timeZone);
  const hasZone = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(typed);
  if (!hasZone || Number.isNaN(Date.parse(typed)))
    throw wrong(`${name} is a day, such as 2026-11-01, or an instant, such as 2026-11-01T00:00:00Z.`);
  return new Date(typed);
}

interface Job {
  place: ExportPlace;
  what: Exported;
  format: Format;
  range: Range;
  sink: Sink;
  tell: (line: string) => void;
  now: () => number;
}

class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** Writes all lines, as they stood at one instant. Throws InterruptedError where the program is told to end before it has. */
async function fill(job: Job): Promise<void> {
  const { url, schema, role } = job.place;
  const database = openDatabase({ url, schema, role, max: 1 });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of signals) process.once(signal, onSignal);
  let begun = false;
  try {
    await snapshot(database, (client) => {
      // A snapshot that a standby has given up would begin anew, and its first lines would stand there twice.
      if (begun) throw new InterruptedError("The database has given up the snapshot; export again.");
      begun = true;
      return write(job, rowsOf(client, job.what, job.range), stop.signal);
    });
    await job.sink.finish();
  } catch (error) {
    await job.sink.drop();
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    await database.close();
  }
}

const signals = ["SIGINT", "SIGTERM"] as const;

async function write(
  { what, format, sink, tell, now }: Job,
  rows: AsyncIterable<Row[]>,
  stop: AbortSignal,
): Promise<void> {
  const columns = exports[what];
  const shaped = what === "events" ? (row: Row) => ({ ...row, data: toldData(row) }) : (row: Row) => row;
  const head = headOf(format, columns);
  let [lines, bytes, toldAt] = [0, Buffer.byteLength(head), now()];
  const soFar = () => `${what}: ${lines} lines, ${Math.round(bytes / 100_000) / 10} MB`;
  let wanted = await sink.write(head);
  for await (const some of rows) {
    if (stop.aborted) throw new InterruptedError(`Interrupted after ${soFar()}.`);
    const text = some.map((row) => lineOf(format, columns, shaped(row))).join("");
    wanted &&= await sink.write(text);
    if (!wanted) return tell(`${soFar()}, and nobody reads on.`);
    lines += some.length;
    bytes += Buffer.byteLength(text);
    if (now() - toldAt < toldEveryMs) continue;
    toldAt = now();
    tell(soFar());
  }
  tell(`${soFar()}: all of it.`);
}
