import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { type Database, openDatabase, sql } from "../database/database.ts";
import { startEmbedded } from "./embedded.ts";
import { prepareCluster } from "./cluster.ts";
import { chooseRunner, isReachable, mendLinks } from "./native.ts";
import { isAlive, readPidFile, stopServer } from "./process.ts";

const asRoot = process.getuid?.() === 0;

/** A folder for one test. Whatever server is left in it when the test has failed is ended. */
async function folderFor(t: TestContext, mode = 0o755): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "kenshu-embedded-"));
  await chmod(dir, mode);
  t.after(async () => {
    const data = join(dir, "cluster", "data");
    const left = await readPidFile(data);
    if (left !== undefined) await stopServer(left.pid, data);
    await rm(dir, { recursive: true, force: true });
  });
  return dir;
}

let made: Promise<string> | undefined;

/** A folder with a database in it that has never run: a copy, since making one takes more than a second. */
async function folderWithDatabase(t: TestContext): Promise<string> {
  made ??= (async () => {
    const dir = await mkdtemp(join(tmpdir(), "kenshu-embedded-"));
    process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
    await chmod(dir, 0o755);
    await prepareCluster(dir, false, () => {});
    return dir;
  })();
  const dir = await folderFor(t);
  execFileSync("cp", ["-a", join(await made, "cluster"), dir]);
  return dir;
}

async function using<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url, schema: "public" });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

type Starter = { child: ChildProcess; said: Promise<{ pid: number; url: string } | { refused: string }> };

/** Another Node process that starts the database, says how it went, and stays until it is told to end (or killed). */
function startElsewhere(
  t: TestContext,
  dir: string,
  durable = false,
  user: { uid?: number; gid?: number } = {},
): Starter {
  const room = new URL(`./embedded${extname(import.meta.url)}`, import.meta.url).href;
  const program = `
    import { startEmbedded } from ${JSON.stringify(room)};
    const say = (what) => console.log(JSON.stringify(what));
    try {
      const embedded = await startEmbedded({ dir: ${JSON.stringify(dir)}, durable: ${durable} });
      say({ pid: embedded.pid, url: embedded.url });
      process.stdin.on("end", () => embedded.stop()).resume();
    } catch (error) {
      say({ refused: error.message });
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    ...user,
    cwd: "/",
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const said = new Promise<{ pid: number; url: string } | { refused: string }>((resolve, reject) => {
    lines.once("line", (line) => resolve(JSON.parse(line)));
    lines.once("close", () => reject(new Error("The other process ended without a word.")));
  });
  return { child, said };
}

const exitOf = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? undefined
    : new Promise((resolve) => child.once("exit", resolve));

async function started(starter: Starter): Promise<{ pid: number; url: string }> {
  const said = await starter.said;
  if ("refused" in said) throw new Error(said.refused);
  return said;
}

test("a durable database: its settings, its secrets, its end and its next start", async (t) => {
  const dir = await folderFor(t);
  const first = await startEmbedded({ dir, durable: true });
  const settings = await using(first.url, async (database) => {
    await database.execute(sql`create table kept (id int)`);
    return database.query<{ setting: string }>(sql`
      select current_setting(name) as setting from unnest(${[
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "data_checksums",
        "listen_addresses",
        "jit",
        "shared_buffers",
      ]}::text[]) name`);
  });
  assert.deepEqual(
    settings.map(({ setting }) => setting),
    ["on", "on", "on", "on", "127.0.0.1", "off", "256MB"],
  );
  const cluster = join(dir, "cluster");
  for (const [path, mode] of [
    ["", 0o700],
    ["data", 0o700],
    ["password", 0o600],
    ["postgres.log", 0o600],
  ] as const) {
    assert.equal((await stat(join(cluster, path))).mode & 0o777, mode, path);
  }
  await assert.rejects(
    using(first.url.replace(/:[^:@]+@/, ":wrong@"), (database) => database.query(sql`select 1`)),
    /password/,
  );
  await assert.rejects(
    startEmbedded({ dir, durable: true }),
    new RegExp(`process ${process.pid}.*is using the database`),
  );
  await Promise.all([first.stop(), first.stop()]);
  assert.equal(await isAlive(first.pid), false);
  const second = await startEmbedded({ dir, durable: true, port: first.port });
  assert.equal(second.port, first.port);
  assert.deepEqual(await using(second.url, (database) => database.query(sql`select * from kept`)), []);
  await second.stop();
  assert.deepEqual((await readdir(dir)).toSorted(), ["cluster"]);
});

test("after kill -9 of its parent the server is taken over, or restarted when it should be another", async (t) => {
  const dir = await folderWithDatabase(t);
  const orphaned = startElsewhere(t, dir);
  const { pid, url } = await started(orphaned);
  await using(url, (database) => database.execute(sql`create table kept (id int)`));
  orphaned.child.kill("SIGKILL");
  await exitOf(orphaned.child);
  const said: string[] = [];
  const taken = await startEmbedded({ dir, durable: false, log: (message) => said.push(message) });
  assert.equal(taken.pid, pid);
  assert.match(said.join(), /Taking over/);
  await taken.stop();
  assert.equal(await isAlive(pid), false);

  const another = startElsewhere(t, dir);
  const orphan = await started(another);
  another.child.kill("SIGKILL");
  await exitOf(another.child);
  const durable = await startEmbedded({ dir, durable: true });
  assert.notEqual(durable.pid, orphan.pid);
  assert.equal(await isAlive(orphan.pid), false);
  assert.deepEqual(await using(durable.url, (database) => database.query(sql`select * from kept`)), []);
  await durable.stop();
});

test("after kill -9 of the server itself a new start recovers, though its processes linger", async (t) => {
  const dir = await folderWithDatabase(t);
  const first = await startEmbedded({ dir, durable: true });
  const database = openDatabase({ url: first.url, schema: "public" });
  await database.execute(sql`create table kept (id int)`);
  const busy = database.query(sql`select pg_sleep(5)`).catch(() => {});
  for (let id = 0; id < 50; id += 1) await database.execute(sql`insert into kept values (${id})`);
  process.kill(first.pid, "SIGKILL");
  const second = await startEmbedded({ dir, durable: true });
  assert.deepEqual(await using(second.url, (pool) => pool.query(sql`select count(*) from kept`)), [
    { count: 50n },
  ]);
  await busy;
  await database.close();
  await first.stop();
  assert.equal(await isAlive(second.pid), true, "a stale handle must not stop its successor");
  await second.stop();
});

test("a crash of one server process loses neither the server nor its owner", async (t) => {
  const dir = await folderWithDatabase(t);
  const embedded = await startEmbedded({ dir, durable: false });
  const database = openDatabase({ url: embedded.url, schema: "public" });
  const [row] = await database.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  process.kill(row?.pid ?? 0, "SIGKILL");
  const owners = () =>
    database.query(sql`select 1 from pg_locks where locktype = 'advisory' and granted`).catch(() => []);
  while ((await owners()).length === 0) await new Promise(setImmediate);
  await assert.rejects(startEmbedded({ dir, durable: false }), /is using the database/);
  await database.close();
  await embedded.stop();
});

test("a stranger on the port is named and left alone", async (t) => {
  const dir = await folderWithDatabase(t);
  let visitors = 0;
  const stranger = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  t.after(() => stranger.close());
  const address = stranger.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await assert.rejects(
    startEmbedded({ dir, durable: false, port }),
    new RegExp(`Port ${port} on 127.0.0.1 is in use`),
  );
  assert.equal(visitors, 0);
  assert.ok(stranger.listening);
});

test("of two that start in a new folder at once, one has it and the other is told by whom", async (t) => {
  const dir = await folderFor(t);
  const starters = [startElsewhere(t, dir), startElsewhere(t, dir)];
  const said = await Promise.all(starters.map((starter) => starter.said));
  const refused = said.findIndex((one) => "refused" in one);
  const [loser, winner] = [starters[refused], starters[1 - refused]];
  assert.ok(loser !== undefined && winner !== undefined, JSON.stringify(said));
  assert.match(
    JSON.stringify(said[refused]),
    new RegExp(`process ${winner.child.pid}\\) is using the database`),
  );
  const { pid } = await started(winner);
  winner.child.stdin?.end();
  await exitOf(winner.child);
  assert.equal(await isAlive(pid), false);
  assert.deepEqual(await readdir(dir), ["cluster"]);
});

test("a lock file whose number a stranger has now does not stand in the way", async (t) => {
  const dir = await folderWithDatabase(t);
  const sleeper = spawn("sleep", ["600"], { ...(await chooseRunner()), cwd: "/" });
  t.after(() => sleeper.kill("SIGKILL"));
  const data = join(dir, "cluster", "data");
  const owner = await stat(data);
  const path = join(data, "postmaster.pid");
  await writeFile(path, `${sleeper.pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n  1234567 0\nready   \n`, {
    mode: 0o600,
  });
  await chown(path, owner.uid, owner.gid);
  await (await startEmbedded({ dir, durable: false })).stop();
  assert.equal(sleeper.exitCode, null);
});

const unusable: [what: string, version: string | undefined, message: RegExp][] = [
  ["of another major version", "17\n", /made by PostgreSQL 17; the one that comes with this Kenshu is 18/],
  ["that is not whole", undefined, /not a whole PostgreSQL data folder/],
];
for (const [what, version, message] of unusable) {
  test(`a data folder ${what} is refused in plain words`, async (t) => {
    const dir = await mkdtemp(join(tmpdir(), "kenshu-embedded-"));
    t.after(() => rm(dir, { recursive: true }));
    await chmod(dir, 0o755);
    await mkdir(join(dir, "cluster", "data"), { recursive: true });
    if (version !== undefined) await writeFile(join(dir, "cluster", "data", "PG_VERSION"), version);
    await assert.rejects(startEmbedded({ dir, durable: true }), message);
  });
}

test("missing links are made, and where that is impossible the way to make them is told", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "kenshu-native-"));
  t.after(() => rm(dir, { recursive: true }));
  const native = join(dir, "native");
  await mkdir(join(native, "lib"), { recursive: true });
  await writeFile(join(native, "lib", "libx.so.1.2"), "");
  const links = ["libx.so", "libx.so.1"].map((name) => ({
    source: "native/lib/libx.so.1.2",
    target: `native/lib/${name}`,
  }));
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
  await symlink("nowhere", join(native, "lib", "libx.so"));
  await mendLinks(native);
  assert.ok((await stat(join(native, "lib", "libx.so"))).isFile());
  assert.ok((await stat(join(native, "lib", "libx.so.1"))).isFile());
  await writeFile(
    join(native, "pg-symlinks.json"),
    JSON.stringify([{ source: "x", target: "native/none/libx.so" }]),
  );
  await assert.rejects(mendLinks(native), /hydrate-symlinks\.js/);
});

test("root may keep the database where the server's user cannot go", { skip: !asRoot }, async (t) => {
  const dir = await folderFor(t, 0o700);
  const embedded = await startEmbedded({ dir, durable: false });
  const elsewhere = (await readFile(join(dir, "location"), "utf8")).trim();
  t.after(() => rm(elsewhere, { recursive: true }));
  assert.deepEqual(await readdir(elsewhere), ["cluster"]);
  await embedded.stop();
  const again = await startEmbedded({ dir, durable: false });
  await again.stop();
});

const nobody = {
  uid: Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" })),
  gid: Number(execFileSync("id", ["-g", "nobody"], { encoding: "utf8" })),
};
const nobodyCanStart =
  asRoot && (await isReachable(nobody, process.execPath)) && (await isReachable(nobody, import.meta.dirname));

test("an ordinary user needs no other", { skip: !nobodyCanStart }, async (t) => {
  const dir = await folderFor(t);
  await chown(dir, nobody.uid, nobody.gid);
  const starter = startElsewhere(t, dir, false, nobody);
  const { pid, url } = await started(starter);
  assert.equal((await stat(join(dir, "cluster", "data"))).uid, nobody.uid);
  await using(url, (database) => database.query(sql`select 1`));
  starter.child.stdin?.end();
  await exitOf(starter.child);
  assert.equal(await isAlive(pid), false);
  // What an ordinary user made, root runs as that user.
  const byRoot = await startEmbedded({ dir, durable: false });
  assert.equal((await stat(`/proc/${byRoot.pid}`)).uid, nobody.uid);
  await byRoot.stop();
});

function mountSmallDisk(dir: string): boolean {
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const smallDisk = await mkdtemp(join(tmpdir(), "kenshu-full-"));
const mounted = asRoot && mountSmallDisk(smallDisk);
process.once("exit", () => {
  if (mounted) execFileSync("/bin/umount", [smallDisk]);
  rmSync(smallDisk, { recursive: true });
});

test("a full disk is called that", { skip: !mounted }, async () => {
  await assert.rejects(startEmbedded({ dir: smallDisk, durable: false }), /The disk that holds .* is full/);
  assert.deepEqual(await readdir(smallDisk), []);
});
