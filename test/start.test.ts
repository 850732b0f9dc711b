/** `kenshu start` in a container, and when its PostgreSQL is killed under it. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDatabase, rawSql } from "../src/storage/database/database.ts";
import { ownersAddress } from "../src/storage/embedded/embedded.ts";
import { freePortBase } from "../src/tools/bench/bench-world.ts";
import { program } from "../src/tools/cli/paths.ts";
import { request } from "./support/wire/http.ts";
import { until } from "./support/world/world.ts";

const dir = await mkdtemp(join(tmpdir(), `kenshu-start-${process.pid}-`));
// Under root the database runs as somebody else, who must be able to pass.
await chmod(dir, 0o755);
const base = await freePortBase();
const { KENSHU_DATABASE_URL: _, ...env } = process.env;
const args = [
  program,
  "start",
  "--dir",
  dir,
  "--port-base",
  String(base),
  "--log",
  "silent",
  "--host",
  "0.0.0.0",
];
const world: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
let said = "";
for (const stream of [world.stdout, world.stderr]) stream?.on("data", (text) => (said += String(text)));
after(async () => {
  if (world.exitCode === null && world.signalCode === null) {
    world.kill("SIGTERM");
    await once(world, "exit");
  }
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});
const patience = 300_000;
await until(
  () => said,
  () => said.includes("Stop with Ctrl+C.") || world.exitCode !== null,
  patience,
);

/** Where the demo's PostgreSQL keeps its files. */
async function dataFolder(): Promise<string> {
  const owner = openDatabase({ url: await ownersAddress(join(dir, "postgres")), schema: "public", max: 1 });
  try {
    const [found] = await owner.query<{ data: string }>(
      rawSql("select current_setting('data_directory') as data"),
    );
    return found?.data ?? "";
  } finally {
    await owner.close();
  }
}
const data = await dataFolder();

/** The process of that server. */
async function postgres(): Promise<number> {
  const file = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  return Number(file.split("\n")[0]);
}

const statusAt = (host: string, offset: number) =>
  request(`http://${host}:${base + offset}/readyz`, "GET").then(
    ({ status }) => status,
    () => 0,
  );

test("with --host the servers listen where they are told, so a container can publish them", async () => {
  // Any address of this machine reaches what listens on all of them.
  for (const offset of [10, 20, 30, 40]) assert.equal(await statusAt("127.0.0.2", offset), 200, said);
});

test("PostgreSQL that is killed is started again, and the servers go on", async () => {
  const killed = await postgres();
  assert.ok(killed > 0);
  process.kill(killed, "SIGKILL");
  await until(
    () => said,
    () => said.includes("PostgreSQL runs again."),
    patience,
  );
  assert.notEqual(await postgres(), killed);
  for (const offset of [20, 30, 40])
    await until("it is ready again", async () => (await statusAt("127.0.0.1", offset)) === 200, patience);
});

test("where it does not start again, all of it ends, and says why", async () => {
  const ended = once(world, "exit");
  await rename(join(data, "global"), join(data, "gone"));
  process.kill(await postgres(), "SIGKILL");
  const [code] = (await ended) as [number | null];
  assert.equal(code, 1, said);
  assert.match(said, /kenshu: PostgreSQL did not start on/);
  for (const offset of [10, 20, 30, 40]) assert.equal(await statusAt("127.0.0.1", offset), 0);
});
