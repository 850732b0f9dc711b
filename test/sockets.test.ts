/** A database that is reached by a socket, for all that reads an address; and what a server says when it starts behind nothing. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { makeServerLogin, openDatabase, rawSql } from "../src/storage/database/database.ts";
import { applicationRole, program } from "../src/tools/cli/paths.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { testKey } from "./support/world/vault.ts";
import { startServer } from "./support/world/world.ts";

const run = promisify(execFile);
const endings: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});
const { url } = await freshDatabase({ after: (end) => endings.push(end) }, "empty");
const admin = openDatabase({ url, schema: "public", max: 1 });
const [found] = await admin.query<{ folder: string }>(
  rawSql("select current_setting('unix_socket_directories') as folder"),
);
const folder = found?.folder ?? "";
assert.notEqual(folder, "", "the tests' PostgreSQL has a socket");

/** The same database, by its socket: no host stands before its name. */
function bySocket(address: string): string {
  const { protocol, username, password, pathname, port } = new URL(address);
  return `${protocol}//${username}:${password}@${pathname}?host=${folder}&port=${port}`;
}

const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
endings.push(
  () => rm(dir, { recursive: true, force: true }),
  () => admin.close(),
);
await chmod(dir, 0o755);
const owner = bySocket(url);
const kenshu = (...args: string[]) =>
  run(process.execPath, [program, ...args], { env: { ...process.env, KENSHU_DATABASE_URL: owner } });

const login = "kenshu_socket_" + process.pid;
const common = {
  schema: "institution",
  host: "127.0.0.1",
  port: await freePort(),
  publicUrl: "https://bank.example",
  log: "warn",
  approval: "none",
  currencies: ["JPY"],
  fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
  personalDataKey: testKey.toString("base64"),
};

async function written(name: string, config: object): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, JSON.stringify(config));
  return file;
}

const untrusting = /publicUrl is https, so a proxy stands before this server, and trustedProxies names none/;

test("migrate, serve, audit and reconcile reach a database by its socket", async () => {
  for (const schema of ["institution", "facilitator"])
    assert.match(
      (await kenshu("migrate", "--schema", schema, "--kind", "trading")).stdout,
      new RegExp(`${schema} is at`),
    );
  const databaseUrl = await makeServerLogin({ url: owner, role: applicationRole, login, password: "a 'p/w" });
  endings.push(async () => {
    await admin.execute(rawSql(`drop owned by ${login}`));
    await admin.execute(rawSql(`drop role ${login}`));
  });
  const config = { ...common, databaseUrl };
  const file = await written("institution.json", { party: "institution", ...config });
  const log = join(dir, "institution.log");
  const server = await startServer("institution", file, log, endings);
  assert.match(await readFile(log, "utf8"), untrusting);
  await server.kill();
  const trusting = { party: "institution", ...config, trustedProxies: ["127.0.0.1"] };
  const quiet = join(dir, "quiet.log");
  await startServer("institution", await written("trusting.json", trusting), quiet, endings);
  assert.doesNotMatch(await readFile(quiet, "utf8"), untrusting);
  assert.match((await kenshu("audit", "--schema", "institution")).stdout, /The books agree/);
  const facilitator = {
    party: "facilitator",
    ...config,
    schema: "facilitator",
    id: "00000000-0000-4000-8000-000000000020",
    institutions: [
      {
        id: "00000000-0000-4000-8000-000000000030",
        name: "Away",
        url: `http://127.0.0.1:${await freePort()}`,
      },
    ],
  };
  const asked = kenshu("reconcile", "--config", await written("facilitator.json", facilitator));
  // It has read its own side, and the other is not there.
  await assert.rejects(asked, ({ stdout }: { stdout: string }) =>
    /UNKNOWN Away could not be asked/.test(stdout),
  );
});

test("what is no address is said to be none, without what it was", async () => {
  for (const wrong of ["/var/run/postgresql", "mysql://secret@host/db", "postgres://a:secret@b:port/db"]) {
    const env = { ...process.env, KENSHU_DATABASE_URL: wrong };
    const tried = run(process.execPath, [program, "audit"], { env });
    await assert.rejects(tried, ({ code, stderr }: { code: number; stderr: string }) => {
      assert.equal(code, 2, stderr);
      assert.match(stderr, /KENSHU_DATABASE_URL is no address of a database: it is as postgres:/);
      return !stderr.includes("secret");
    });
    const file = await written("wrong.json", { party: "institution", ...common, databaseUrl: wrong });
    const served = run(process.execPath, [program, "serve", "institution", "--config", file]);
    await assert.rejects(served, ({ stderr }: { stderr: string }) => {
      assert.match(stderr, /\/databaseUrl is no address/);
      return !stderr.includes("secret");
    });
  }
});
