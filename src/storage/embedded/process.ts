import { execFile } from "node:child_process";
import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a server writes about itself into its data folder. */
export type PidFile = { text: string; pid: number; port: number; ready: boolean };

/** Reads `postmaster.pid`. Undefined when there is none, or while it is still being written. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { text, pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready" };
}

/** Is there a process of this number? One that has ended and only waits to be collected does not count. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/^\d+ \(.*\) [ZX] /s.test(status);
}

/**
 * Is this process a server on this data folder? Every process of a server works in its data folder, which tells it from a
 * stranger that has been given the same number since.
 */
export async function worksOn(pid: number, data: string): Promise<boolean> {
  if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === data;
  const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.includes("postgres") && stdout.includes(data);
}

/**
 * Removes a lock file whose server is gone and whose number now belongs to a stranger; PostgreSQL itself would refuse to
 * start for ever. Never while any process works in the folder. Returns whether the way is free.
 */
export async function clearStalePidFile(data: string, found: PidFile): Promise<boolean> {
  if (process.platform !== "linux") {
    throw new Error(
      `${join(data, "postmaster.pid")} names process ${found.pid}, which is not a database server. If no PostgreSQL runs on ` +
        "this folder, remove that file and start again.",
    );
  }
  for (const name of await readdir("/proc")) {
    if (/^\d+$/.test(name) && (await worksOn(Number(name), data))) return false;
  }
  if ((await readPidFile(data))?.text === found.text) await rm(join(data, "postmaster.pid"), { force: true });
  return true;
}

/** Ends the server on this folder in an orderly way (open transactions are rolled back) and waits until it is gone. */
export async function stopServer(pid: number, data: string): Promise<void> {
  if (!(await isAlive(pid)) || !(await worksOn(pid, data))) return;
  signal(pid, "SIGINT");
  // An orderly end writes out everything; if that takes too long it gives up and recovers at the next start.
  const patience = Date.now() + 30_000;
  let hurried = false;
  while (await isAlive(pid)) {
    if (!hurried && Date.now() > patience) {
      hurried = true;
      signal(pid, "SIGQUIT");
    }
    await pause(10);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended between the look and the signal.
  }
}
