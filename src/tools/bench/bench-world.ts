/** A world of the benchmark's own: the program itself, started as a person would start it, in an empty folder. */
import { type ChildProcess, execFile, fork } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ownersAddress } from "../../storage/embedded/embedded.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../cli/cli.js", import.meta.url));

/** What the benchmark reads of demo.json. */
export interface Demo {
  institution: { url: string; shopKeys: string[]; shops: { id: string; name: string; key: string }[] };
  facilitator: { url: string; shopKeys: string[] };
  guarantor: { url: string; shopKeys: string[] };
  members: {
    at: string;
    email: string;
    password: string;
    number: string;
    currency: string;
    mandates: Record<string, string>;
  }[];
  operators: { at: string; email: string; password: string }[];
  clerks: { key: string; channel: string }[];
  guaranteedLoadMembers: { number: string; currency: string; mandates: Record<string, string> }[];
  facilitatedLoadMembers: { number: string; currency: string; mandates: Record<string, string> }[];
  loadMembers: { number: string; currency: string; mandates: Record<string, string> }[];
}

export interface World {
  demo: Demo;
  /** The database in which the institution's schema is. */
  databaseUrl: string;
  /** The process of `kenshu start`; all servers are below it. */
  pid: number;
  /** Milliseconds from the start of the program to a world that is ready. */
  startedIn: number;
  /** `kenshu audit` on this world: its last line, and whether the books agree. */
  audit(): Promise<{ agree: boolean; says: string }>;
  /** Ends the world and removes its folder. */
  close(): Promise<void>;
}

/**
 * Starts a world in a new folder below `parent`. The environment stays behind: a database that is named there is somebody's,
 * and no place for a benchmark.
 */
export async function startWorld(parent: string | undefined): Promise<World> {
  const folder = mkdtempSync(join(resolve(parent ?? tmpdir()), "kenshu-bench-"));
  // PostgreSQL does not run as root; the user it runs as then has to get through.
  chmodSync(folder, 0o755);
  const dir = join(folder, "world");
  const began = performance.now();
  const args = ["start", "--dir", dir, "--port-base", String(await freePortBase())];
  // The channel to the child is what ends it when this process is killed.
  const child = fork(program, args, { env: {}, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const close = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const demo = await untilReady(child, join(dir, "demo.json"));
    const startedIn = performance.now() - began;
    // Copies of rows, vacuum and checkpoint are the owner's to make; the servers sign in as somebody who may not.
    const databaseUrl = await ownersAddress(join(dir, "postgres"));
    return { demo, databaseUrl, pid: child.pid ?? 0, startedIn, audit: () => audit(dir), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilReady(child: ChildProcess, file: string): Promise<Demo> {
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => {
    complaint = (complaint + String(text)).slice(-2000);
  });
  for (;;) {
    const demo = existsSync(file) ? whole(readFileSync(file, "utf8")) : undefined;
    if (demo !== undefined) return demo;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The world did not start: ${complaint.trim()}`);
    await pause(10);
  }
}

/** A file that is just being written is not yet JSON. */
function whole(text: string): Demo | undefined {
  try {
    return JSON.parse(text) as Demo;
  } catch {
    return undefined;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((ended) => {
    child.once("exit", () => ended());
    child.kill("SIGTERM");
  });
}

/** How many lines of an audit that found differences are shown. */
const shown = 10;

async function audit(dir: string): Promise<{ agree: boolean; says: string }> {
  const last = (text: string) => text.trim().split("\n").at(-1) ?? "";
  try {
    const { stdout } = await run(process.execPath, [program, "audit", "--dir", dir], {
      env: {},
      maxBuffer: 2 ** 26,
    });
    return { agree: true, says: last(stdout) };
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    // What differs is told last, before the sum of it.
    return {
      agree: false,
      says: (stdout + stderr)
        .split("\n")
        .filter((line) => !/: \d+ of \d+$/.test(line))
        .slice(-shown)
        .join("\n"),
    };
  }
}

const offsets = [10, 11, 20, 21, 30, 31, 40, 41];

/**
 * The first port of a row in which all that a world may listen on is free now. It lies below the ports that the system gives
 * to outgoing connections, which come and go.
 */
export async function freePortBase(): Promise<number> {
  for (let turn = process.pid; ; turn += 1) {
    const base = 15_000 + ((turn * 50) % 15_000);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer();
    server.once("error", () => found(false));
    server.listen(port, "127.0.0.1", () => server.close(() => found(true)));
  });
}
