/** What `kenshu bench` can be asked to do. */
import { parseArgs } from "node:util";

export const parts = [
  "start",
  "baseline",
  "single",
  "batch",
  "facilitated",
  "guaranteed",
  "hot",
  "pages",
  "fresh",
  "history",
] as const;
export type Part = (typeof parts)[number];

export interface Options {
  only: ReadonlySet<Part>;
  /** How long one measurement lasts, after a warm-up. */
  seconds: number;
  warmUp: number;
  /** Finished trades that the long history has. */
  history: number;
  /** How long a system counts as fresh, in seconds. */
  fresh: number;
  /** How often measurements that are compared with each other take turns. */
  turns: number;
  json: boolean;
  /** Where the worlds are made; each is removed afterwards. */
  dir: string | undefined;
}

export const help = `kenshu bench: measure on this machine, against PostgreSQL's own benchmark

  --only PARTS       some of: ${parts.join(",")} (all)
  --seconds N        length of one measurement (6)
  --history N        finished trades of the long history (1000000; ten million take about 70 GB and half an hour)
  --quick            short measurements and a history of 100000, in about two and a half minutes
  --dir DIR          make the worlds in this folder, on the disk to be measured (the system's folder for such files)
  --json             print one JSON object, and nothing else

It starts worlds of its own, ends and removes them. What it prints is explained in docs/benchmarks.md.`;

/** Wrong use is an error with this name, which the program tells in one line. */
class BenchUsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command's arguments; undefined where only the help was asked for. */
export function readOptions(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      seconds: { type: "string" },
      history: { type: "string" },
      quick: { type: "boolean", default: false },
      dir: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { quick, json, dir } = values;
  const seconds = whole("--seconds", values.seconds, quick ? 2 : 6);
  return {
    only: partsOf(values.only),
    seconds,
    warmUp: quick ? 2 : 4,
    history: whole("--history", values.history, quick ? 100_000 : 1_000_000),
    fresh: quick ? 3 : 10,
    turns: quick ? 1 : 2,
    json,
    dir,
  };
}

function partsOf(text: string | undefined): ReadonlySet<Part> {
  if (text === undefined) return new Set(parts);
  const found = text.split(",").map((word) => {
    const part = parts.find((known) => known === word.trim());
    if (part === undefined)
      throw new BenchUsageError(`--only knows ${parts.join(", ")}, not ${JSON.stringify(word)}.`);
    return part;
  });
  return new Set(found);
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new BenchUsageError(`${name} is a whole number.`);
  return Number(text);
}
