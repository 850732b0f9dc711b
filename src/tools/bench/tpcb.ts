/** The measure that everything is compared with: TPC-B as PostgreSQL's pgbench has it, on the same server. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createBenchDatabase, dropBenchDatabase, fillTpcb, openTpcb } from "./tpcb-store.ts";

const run = promisify(execFile);
const scale = 50;
const clients = 16;

export interface Baseline {
  /** How the statements were sent. */
  by: "pgbench" | "pg";
  /** Transactions a second, measured now. */
  measure(seconds: number): Promise<number>;
  close(): Promise<void>;
}

/** Makes the tables of TPC-B in a database of their own, through pgbench where it is installed. */
export async function openBaseline(serverUrl: string): Promise<Baseline> {
  const url = await createBenchDatabase(serverUrl);
  const close = () => dropBenchDatabase(serverUrl);
  try {
    if (await hasPgbench()) {
      // Rows are made on the server, which takes a fraction of the time.
      await run("pgbench", ["-i", "-q", "-I", "dtGvp", "-s", String(scale), url]);
      return { by: "pgbench", measure: (seconds) => runPgbench(url, seconds), close };
    }
    await fillTpcb(url, scale);
    return { by: "pg", measure: (seconds) => runTpcb(url, seconds), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function hasPgbench(): Promise<boolean> {
  return run("pgbench", ["--version"]).then(
    () => true,
    () => false,
  );
}

async function runPgbench(url: string, seconds: number): Promise<number> {
  const args = ["-M", "prepared", "-c", String(clients), "-j", "2", "-n", "-T", String(seconds), url];
  const { stdout } = await run("pgbench", args);
  const tps = /tps = ([0-9.]+)/.exec(stdout)?.[1];
  if (tps === undefined) throw new Error(`pgbench did not say how fast it was: ${stdout}`);
  return Number(tps);
}

/** The same transaction from as many connections, each waiting for every answer as pgbench does. */
async function runTpcb(url: string, seconds: number): Promise<number> {
  const tpcb = openTpcb(url, scale, clients);
  try {
    let done = 0;
    const began = performance.now();
    const until = began + seconds * 1000;
    const client = async () => {
      const session = await tpcb.connect();
      for (; performance.now() < until; done += 1) await session.transaction();
      session.release();
    };
    await Promise.all(Array.from({ length: clients }, client));
    return (done * 1000) / (performance.now() - began);
  } finally {
    await tpcb.close();
  }
}
