/** A demo world in processes of its own, as `npm start` runs it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePortBase } from "../../../src/tools/bench/bench-world.ts";

/** Waits until a process has printed something, fails where it ends before, and answers what it has printed till then. */
async function says(child: ChildProcess, text: string): Promise<string> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`It ended with ${code} after: ${said}`)));
  });
  return said;
}

export const program = fileURLToPath(new URL("../../../src/tools/cli/cli.js", import.meta.url));

export interface RunningDemo<Demo> {
  /** What it has written into `demo.json`. */
  demo: Demo;
  dir: string;
  /** What it has printed until it was ready. */
  said: string;
  stop: () => Promise<void>;
}

/** Starts a demo on free ports; it ends, and its folder goes, with `stop`. */
export async function startDemo<Demo>(): Promise<RunningDemo<Demo>> {
  const dir = await mkdtemp(join(tmpdir(), "kenshu-demo-"));
  const base = String(await freePortBase());
  const args = [program, "start", "--dir", dir, "--port-base", base, "--log", "error"];
  const { KENSHU_DATABASE_URL: _, ...env } = process.env;
  const world = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
  const stop = async (): Promise<void> => {
    if (world.exitCode === null) {
      world.kill("SIGTERM");
      await once(world, "exit");
    }
    await rm(dir, { recursive: true, force: true });
  };
  const said = await says(world, "Stop with Ctrl+C.");
  const demo = JSON.parse(await readFile(join(dir, "demo.json"), "utf8")) as Demo;
  return { demo, dir, said, stop };
}
