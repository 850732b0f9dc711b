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
    if (
      (["baseline", "single", "batch", "facilitated", "guaranteed", "hot", "pages"] as const).some((part) =>
        options.only.has(part),
      )
    )
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
    rssPeak: 0,
    audits: [],
  };
}

/** All that happens in one world, between two measurements of what its PostgreSQL can do by itself. */
async function measureMain(bench: Bench): Promise<void> {
  const { options, report, tell } = bench;
  const world = await startWorld(options.dir);
  let baseline: Baseline | undefined;
  const tpcb = async () => {
    if (baseline === undefined) return 0;
    const rate = await baseline.measure(options.seconds);
    tell(`TPC-B: ${Math.round(rate)} transactions a second`);
    return rate;
  };
  try {
    if (options.only.has("baseline")) {
      tell("Making the tables of TPC-B …");
      baseline = await openBaseline(world.databaseUrl);
    }
    const before = await tpcb();
    if (options.only.has("single")) await measureSingle(bench, world);
    if (options.only.has("batch")) await measureBatch(bench, world);
    if (options.only.has("facilitated")) await measureFacilitated(bench, world);
    if (options.only.has("guaranteed")) await measureGuaranteed(bench, world);
    if (options.only.has("hot")) await measureHot(bench, world);
    if (options.only.has("pages")) await measurePages(bench, world);
    if (baseline !== undefined) report.baseline = { by: baseline.by, before, after: await tpcb() };
    await auditWorld(bench, world, "The world of the loads");
  } finally {
    await baseline?.close();
    await world.close();
  }
}
