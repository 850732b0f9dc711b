/** `kenshu bench`: how fast this machine trades, against how fast its PostgreSQL is. */
import { cpus, totalmem } from "node:os";
import { openLoader } from "./loader.ts";
import {
  auditWorld,
  type Bench,
  measureBatch,
  measureFacilitated,
  measureFresh,
  measureGuaranteed,
  measureHistory,
  measureHot,
  measurePages,
  measureSingle,
  measureStart,
} from "./measures.ts";
import { help, readOptions } from "./options.ts";
import { type Report, reportJson, reportLines } from "./report.ts";
import { type Baseline, openBaseline } from "./tpcb.ts";
import { startWorld } from "./bench-world.ts";

/** Measures what the arguments ask for and says it. */
export async function benchCommand(args: string[], say: (line: string) => void): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return say(help);
  const bench = { options, loader: openLoader(), report: emptyReport(), tell: options.json ? () => {} : say };
  try {
    if (options.only.has("start")) await measureStart(bench);
    if ((["baseline", ...partsInOneWorld] as const).some((part) => options.only.has(part)))
      await measureMain(bench);
    if (options.only.has("fresh")) await measureFresh(bench);
    if (options.only.has("history")) await measureHistory(bench);
  } finally {
    bench.loader.close();
  }
  for (const line of options.json ? [reportJson(bench.report)] : reportLines(bench.report)) say(line);
}

function emptyReport(): Report {
  const [cpu] = cpus();
  const machine = `${cpus().length} x ${cpu?.model ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}`;
  return {
    machine,
    baseline: undefined,
    rows: [],
    ratios: [],
    start: undefined,
    history: undefined,
    pages: undefined,
    charts: undefined,
    rssPeak: 0,
    audits: [],
  };
}

/** What is measured in one world, in this order. */
const inOneWorld = {
  single: measureSingle,
  batch: measureBatch,
  facilitated: measureFacilitated,
  guaranteed: measureGuaranteed,
  hot: measureHot,
  pages: measurePages,
} as const;
const partsInOneWorld = ["single", "batch", "facilitated", "guaranteed", "hot", "pages"] as const;

/**
 * All that happens in one world. What its PostgreSQL can do by itself is measured before and after each part, since the machine
 * may be half as fast a minute later: a part is compared with the mean of the two beside it.
 */
async function measureMain(bench: Bench): Promise<void> {
  const { options, report, tell } = bench;
  const world = await startWorld(options.dir);
  let baseline: Baseline | undefined;
  try {
    if (options.only.has("baseline")) {
      tell("Making the tables of TPC-B …");
      baseline = await openBaseline(world.databaseUrl);
      report.baseline = { by: baseline.by, rates: [await measureBaseline(bench, baseline)] };
    }
    for (const part of partsInOneWorld) {
      if (!options.only.has(part)) continue;
      const known = report.rows.length;
      await inOneWorld[part](bench, world);
      if (baseline === undefined || report.baseline === undefined) continue;
      const { rates } = report.baseline;
      rates.push(await measureBaseline(bench, baseline));
      const beside = rates.slice(-2).reduce((sum, rate) => sum + rate / 2, 0);
      for (const row of report.rows.slice(known)) row.tpcb = beside;
    }
    await auditWorld(bench, world, "The world of the loads");
  } finally {
    await baseline?.close();
    await world.close();
  }
}

async function measureBaseline({ options, tell }: Bench, baseline: Baseline): Promise<number> {
  const rate = await baseline.measure(options.seconds);
  tell(`TPC-B: ${Math.round(rate)} transactions a second`);
  return rate;
}
