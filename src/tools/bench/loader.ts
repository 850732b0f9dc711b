/** Load from a process of its own, and what the servers spent while it was measured. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Sample, spentBetween, takeSample } from "./processes.ts";

/** Somebody a shop may sell to: its key, the member, and the mandate between the two. */
export interface Buyer {
  key: string;
  member: string;
  mandate: string;
  currency: string;
}

/** Where the buyers of a guarantor pay. */
export interface Counter {
  host: string;
  port: number;
  key: string;
  channel: string;
}

export interface Job {
  host: string;
  port: number;
  connections: number;
  /** Trades in a request to the batch endpoint; 0 for a request per step. */
  batch: number;
  buyers: readonly Buyer[];
  /** At a guarantor. */
  counter?: Counter;
  warmUp: number;
  seconds: number;
}

export interface Loaded {
  /** Trades settled, or at a guarantor paid, within the measured time. */
  trades: number;
  seconds: number;
  requests: number;
  /** Milliseconds a request took. */
  p50: number;
  p99: number;
  /** How many answers were not what they should have been, by status or by what was missing. */
  failed: Record<string, number>;
  firstFailure: string;
  cpuSeconds: number;
}

export interface Measured extends Loaded {
  tradesPerSecond: number;
  /** By the servers, meanwhile. */
  spent: Sample;
}

export interface Loader {
  /** Does a job against the servers below the process `root`. */
  run(job: Job, root: number): Promise<Measured>;
  close(): void;
}

/** The beginning and the end of the measured time, and what it came to. */
type Message = { now: "measuring" | "measured" } | { loaded: Loaded } | { error: string };

export function openLoader(): Loader {
  const child = fork(fileURLToPath(new URL("./load.js", import.meta.url)), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const run = (job: Job, root: number) =>
    new Promise<Measured>((done, failed) => {
      const samples: Promise<Sample>[] = [];
      const sample = () => {
        const taken = takeSample(root);
        // Looked at only when the load has ended, so that nothing stops half-way.
        taken.catch(() => {});
        samples.push(taken);
      };
      const listen = (message: Message) => {
        if ("now" in message) return sample();
        child.off("message", listen);
        child.off("exit", gone);
        if ("error" in message) failed(new Error(message.error));
        else done(measured(message.loaded, samples));
      };
      const gone = () => failed(new Error("The process that makes the load has ended."));
      child.on("message", listen);
      child.once("exit", gone);
      child.send(job);
    });
  const close = () => {
    // Where it has ended by itself, that was the failure, and this must not hide it.
    if (child.connected) child.disconnect();
  };
  return { run, close };
}

async function measured(loaded: Loaded, samples: readonly Promise<Sample>[]): Promise<Measured> {
  const [before, after] = await Promise.all(samples);
  if (before === undefined || after === undefined)
    throw new Error("The measured time had no beginning or no end.");
  return { ...loaded, tradesPerSecond: loaded.trades / loaded.seconds, spent: spentBetween(before, after) };
}
