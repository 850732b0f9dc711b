/** Lives one seed after another, in several threads, and tells what they met. */
import { Worker } from "node:worker_threads";
import type { Counts, Mutant } from "./network.ts";

export interface Run {
  seed: number;
  /** What was wrong; none, where all is well. */
  faults: string[];
  steps: number;
  counts: Counts;
}

/** One life, as it follows from its seed. */
export type Simulate = (seed: number, mutant?: Mutant) => Run;

export interface Share {
  from: number;
  count: number;
  mutant: Mutant | undefined;
}

export interface Lives {
  failure: Run | undefined;
  steps: number;
  counts: Counts;
}

/** Lives until one fails, or until there are no more seeds. */
export function liveAll(simulate: Simulate, { from, count, mutant }: Share): Lives {
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
export function inThread(url: string, share: Share): Promise<Lives> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(url), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

export const told = ({ seed, faults }: Run): string => `seed ${seed}:\n  ${faults.slice(0, 10).join("\n  ")}`;

/** Lives one seed and prints what was wrong and what happened. */
export function show(simulate: Simulate, seed: number): void {
  const run = simulate(seed);
  const counts = [...run.counts].map(([what, often]) => `${what} ${often}`).join(", ");
  process.stdout.write(`${run.faults.length === 0 ? `seed ${seed}: all is well` : told(run)}\n${counts}\n`);
  process.exitCode = run.faults.length === 0 ? 0 : 1;
}
