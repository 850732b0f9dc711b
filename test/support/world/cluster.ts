import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { type Database, identifier, migrate, openDatabase } from "../../../src/storage/database/database.ts";
import { type Embedded, startEmbedded } from "../../../src/storage/embedded/embedded.ts";

/** A whole PostgreSQL for a test run: quick, forgetful, gone afterwards. */
export type TestCluster = { url: string; stop(): Promise<void> };

export type FreshDatabase = {
  /** The superuser's address of the database. */
  url: string;
  schema: string;
  /** A pool that acts as the application's role, as servers do (in an "empty" database: as the superuser). */
  database: Database;
};

export type DatabaseKind = "trading" | "shop" | "empty";

const role = "kenshu_app";
const schemas = { trading: "institution", shop: "shop", empty: "scratch" } as const;
const folderPrefix = "kenshu-test-";

/** Starts a cluster in a temporary folder. The runner does this once and hands its url on in KENSHU_TEST_DATABASE. */
export async function startTestCluster(): Promise<TestCluster> {
  await sweep();
  const { dir, embedded } = await startTemporary();
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startTemporary(): Promise<{ dir: string; embedded: Embedded }> {
  const dir = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  // Under root the server runs as somebody else, who must be able to pass.
  await chmod(dir, 0o755);
  return { dir, embedded: await startEmbedded({ dir, durable: false }) };
}

// A test process that was killed leaves its cluster running. The next one clears it away, by the number in its lock file
// and only if that process works in that folder.
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const maker = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (maker === undefined || isRunning(Number(maker))) continue;
    const dir = join(tmpdir(), name);
    try {
      await endServer(join(dir, "cluster", "data"));
      await rm(dir, { recursive: true, force: true });
    } catch {
      // Another user's, or being cleared by another process right now.
    }
  }
}

async function endServer(data: string): Promise<void> {
  const pid = Number((await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0]);
  while (pid > 0 && (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === data) {
    process.kill(pid, "SIGQUIT");
    await pause(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

let own: Promise<string> | undefined;

/** The run's cluster; or, when a single file is run by hand, one of this process, which ends with it. */
function clusterUrl(): Promise<string> {
  const given = process.env["KENSHU_TEST_DATABASE"];
  if (given !== undefined && given !== "") return Promise.resolve(given);
  own ??= startOwn();
  return own;
}

async function startOwn(): Promise<string> {
  await sweep();
  const { dir, embedded } = await startTemporary();
  process.once("exit", () => {
    // No orderly end is possible or needed here: the data is thrown away with the server.
    try {
      process.kill(embedded.pid, "SIGQUIT");
    } catch {
      // It has ended already.
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
  });
  return embedded.url;
}

/**
 * A database of its own for a test: migrated (cloned from a template, which takes about 50 ms), or empty but for a
 * schema. It is closed and dropped when `t` ends. To share one among the tests of a file, write at the top of the file
 * `const fresh = await freshDatabase({ after }, "trading")` with `after` from node:test; inside a `before` hook Node 20
 * would run that `after` at the end of the hook.
 */
export async function freshDatabase(
  t: { after(release: () => Promise<void>): unknown },
  kind: DatabaseKind,
): Promise<FreshDatabase> {
  const cluster = await clusterUrl();
  return clone(t, cluster, kind === "empty" ? "template1" : await templateOf(cluster, kind), kind);
}

/**
 * A migrated database of a trading server in which `fill` has written. It does so once in a run for each `name`; all others
 * get a copy, and what `fill` told.
 */
export async function filledDatabase(
  t: { after(release: () => Promise<void>): unknown },
  name: string,
  fill: (place: { url: string; schema: string; role: string }) => Promise<string>,
): Promise<FreshDatabase & { told: string }> {
  const cluster = await clusterUrl();
  const base = await templateOf(cluster, "trading");
  const filled = `${base}_${name}`;
  const told = await makeTemplate(cluster, filled, async (admin, url) => {
    await admin.query(
      `create database ${identifier(filled)} template ${identifier(base)} strategy file_copy`,
    );
    return fill({ url, schema: schemas.trading, role });
  });
  return { ...(await clone(t, cluster, filled, "trading")), told };
}

async function clone(
  t: { after(release: () => Promise<void>): unknown },
  cluster: string,
  template: string,
  kind: DatabaseKind,
): Promise<FreshDatabase> {
  const name = `test_${kind}_${process.pid}_${randomBytes(4).toString("hex")}`;
  const schema = schemas[kind];
  const url = withDatabase(cluster, name);
  await asAdmin(cluster, (admin) =>
    admin.query(`create database ${identifier(name)} template ${identifier(template)} strategy file_copy`),
  );
  if (kind === "empty") await asAdmin(url, (admin) => admin.query(`create schema ${identifier(schema)}`));
  const database = openDatabase(kind === "empty" ? { url, schema } : { url, schema, role });
  t.after(async () => {
    await database.close();
    await asAdmin(cluster, (admin) =>
      admin.query(`drop database if exists ${identifier(name)} with (force)`),
    );
  });
  return { url, schema, database };
}

const templates = new Map<string, Promise<string>>();

function templateOf(cluster: string, kind: "trading" | "shop"): Promise<string> {
  let template = templates.get(kind);
  if (template === undefined) {
    template = migratedTemplate(cluster, kind);
    templates.set(kind, template);
  }
  return template;
}

async function migratedTemplate(cluster: string, kind: "trading" | "shop"): Promise<string> {
  const folder = await sqlFolder(kind);
  const hash = createHash("sha256");
  for (const file of (await readdir(folder)).toSorted())
    hash.update(file).update(await readFile(join(folder, file)));
  const name = `template_${kind}_${hash.digest("hex").slice(0, 12)}`;
  await makeTemplate(cluster, name, async (admin, url) => {
    await admin.query(`create database ${identifier(name)}`);
    await migrate({ url, schema: schemas[kind], role, folder });
    return "";
  });
  return name;
}

/**
 * Makes a database to be copied, unless another test process has done so: the first does it, under a lock. What `make` tells
 * is kept beside the database, as its comment.
 */
async function makeTemplate(
  cluster: string,
  name: string,
  make: (admin: pg.Client, url: string) => Promise<string>,
): Promise<string> {
  return asAdmin(cluster, async (admin) => {
    const lock = createHash("sha256").update(name).digest().readBigInt64BE(0);
    await admin.query("select pg_advisory_lock($1)", [lock.toString()]);
    const { rows } = await admin.query<{ whole: boolean; told: string | null }>(
      `select datistemplate as whole, shobj_description(oid, 'pg_database') as told
       from pg_database where datname = $1`,
      [name],
    );
    if (rows[0]?.whole === true) return rows[0].told ?? "";
    await admin.query(`drop database if exists ${identifier(name)} with (force)`);
    const told = await make(admin, withDatabase(cluster, name));
    await admin.query(`comment on database ${identifier(name)} is ${admin.escapeLiteral(told)}`);
    // Closed to everybody: a connection to it would make cloning fail.
    await admin.query(`alter database ${identifier(name)} with allow_connections false is_template true`);
    return told;
  });
}

/** The folder of migrations, seen from the sources as well as from what the compiler made of them in dist/. */
async function sqlFolder(kind: string): Promise<string> {
  const roots = ["../../../", "../../../../"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  for (const root of [...roots, process.cwd()]) {
    const folder = join(root, "sql", kind);
    if (await readdir(folder).catch(() => undefined)) return folder;
  }
  throw new Error(`The folder sql/${kind} is missing.`);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  admin.on("error", () => {});
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
