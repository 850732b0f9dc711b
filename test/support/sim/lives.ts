/** Lives one seed after another, in several threads, and tells what they met. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { chanceOf } from "./chance.ts";
import { type Counts, type Mutant, Network } from "./network.ts";
import type { Ground } from "./process.ts";
import { Time } from "./time.ts";

export interface Run {
  seed: number;
  /** What was wrong; none, where all is well. */
  faults: string[];
  steps: number;
  counts: Counts;
}

/** One life, as it follows from its seed. */
export type Simulate = (seed: number, mutant?: Mutant) => Run;

/** Lives once: on a ground that follows from the seed, what `make` has made, until it tells what was wrong. */
export function lived(
  seed: number,
  mutant: Mutant | undefined,
  make: (ground: Ground) => { live(): string[] },
): Run {
  const time = new Time(chanceOf(seed));
  let ids = 0;
  const newId = () => `i${(ids += 1)}`;
  const network = new Network(time);
  let faults: string[];
  try {
    faults = make({ time, network, mutant, newId }).live();
  } catch (error) {
    faults = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  return { seed, faults, steps: time.steps, counts: network.counts };
}

interface Share {
  from: number;
  count: number;
  mutant: Mutant | undefined;
}

interface Lives {
  failure: Run | undefined;
  steps: number;
  counts: Counts;
}

/** Lives until one fails, or until there are no more seeds. */
function liveAll(simulate: Simulate, { from, count, mutant }: Share): Lives {
  const counts: Counts = new Map();
  let steps = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const run = simulate(seed, mutant);
    steps += run.steps;
    for (const [what, often] of run.counts) counts.set(what, (counts.get(what) ?? 0) + often);
    if (run.faults.length > 0) return { failure: run, steps, counts };
  }
  return { failure: undefined, steps, counts };
}

/** The same in a thread that runs the file at `url`. */
function inThread(url: string, share: Share): Promise<Lives> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(url), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const told = ({ seed, faults }: Run): string => `seed ${seed}:\n  ${faults.slice(0, 10).join("\n  ")}`;

/** Lives one seed and prints what was wrong and what happened. */
function show(simulate: Simulate, seed: number): void {
  const run = simulate(seed);
  const counts = [...run.counts].map(([what, often]) => `${what} ${often}`).join(", ");
  process.stdout.write(`${run.faults.length === 0 ? `seed ${seed}: all is well` : told(run)}\n${counts}\n`);
  process.exitCode = run.faults.length === 0 ? 0 : 1;
}

const seeds = 10_000;
const threads = 2;
/** Each planted fault shows itself in one of so many lives. */
const livesOfMutant = 10_000;

interface Lived {
  /** The file that calls this: each of its threads runs it again. */
  url: string;
  simulate: Simulate;
  /** What is shown by so many lives. */
  shows: string;
  /** What they have to have met, or they have shown nothing. */
  met: readonly string[];
  /** Faults that are planted, one after another; each has to be seen. */
  mutants: readonly Mutant[];
}

/** A file of lives: all of them as tests, a share of them in a thread, or the one whose seed is given, with what happened in it. */
export function liveThemAll(lives: Lived): void {
  const given = Number(process.argv[2]);
  if (!isMainThread) parentPort?.postMessage(liveAll(lives.simulate, workerData as Share));
  else if (given > 0) show(lives.simulate, given);
  else testAll(lives);
}

function testAll({ url, simulate, shows, met, mutants }: Lived): void {
  test(`${seeds} lives: ${shows}`, async (t) => {
    const count = seeds / threads;
    const begun = performance.now();
    const shares = Array.from({ length: threads }, (_, index) =>
      inThread(url, { from: 1 + index * count, count, mutant: undefined }),
    );
    const lives = await Promise.all(shares);
    for (const { failure } of lives) assert.ok(failure === undefined, failure && told(failure));
    const often = (what: string) => lives.reduce((sum, { counts }) => sum + (counts.get(what) ?? 0), 0);
    for (const what of met) assert.ok(often(what) >= 10, `only ${often(what)} times: ${what}`);
    const steps = lives.reduce((sum, each) => sum + each.steps, 0);
    const seconds = (performance.now() - begun) / 1000;
    t.diagnostic(
      `${seeds} lives of ${Math.round(steps / seeds)} steps, ${Math.round(seeds / seconds)} a second`,
    );
    t.diagnostic(met.map((what) => `${what} ${often(what)}`).join(", "));
  });

  test("a life follows from its seed", () => {
    const [one, again] = [simulate(7), simulate(7)];
    assert.deepEqual(again, one);
    assert.notDeepEqual(simulate(8).counts, one.counts);
  });

  for (const mutant of mutants) {
    test(`seen where ${mutant}`, (t) => {
      const { failure } = liveAll(simulate, { from: 1, count: livesOfMutant, mutant });
      assert.ok(failure !== undefined, `not seen in ${livesOfMutant} lives`);
      t.diagnostic(`${told(failure).split("\n", 2).join("").slice(0, 200)}`);
    });
  }
}
