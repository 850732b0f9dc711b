/**
 * What the tests of the whole need, as real processes: a PostgreSQL of their own and the institution's server on it.
 * Both can be killed and started again, by their process number only; everything ends with the test.
 */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { InstitutionConfig } from "../../../src/tools/cli/config.ts";
import { applicationRole, migrations, program } from "../../../src/tools/cli/paths.ts";
import {
  type Audit,
  type Database,
  makeServerLogin,
  migrate,
  openDatabase,
} from "../../../src/storage/database/database.ts";
import { type Embedded, startEmbedded } from "../../../src/storage/embedded/embedded.ts";
import { type Demo, seedInstitution } from "../../../src/tools/demo/demo.ts";
import { audit, houseAccount, keptAccountOf } from "../../../src/storage/ledger/ledger.ts";
import { auditSeals } from "../../../src/storage/seals/seals.ts";
import { auditArrivals } from "../../../src/engines/arrivals/arrivals.ts";
import { auditCollections } from "../../../src/engines/collections/collections.ts";
import { auditReservations } from "../../../src/engines/reservations/reservations.ts";
import { auditPayouts } from "../../../src/engines/payouts/payouts.ts";
import { auditKept, auditTrades } from "../../../src/engines/trades/trades.ts";
import { filledDatabase } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { bearer, confirmBy, signIn } from "../wire/http.ts";
import { oneOperatorConfig, twoOperators, twoOperatorsConfig } from "./operators.ts";
import { testKey } from "./vault.ts";

/** A process that a test may kill. */
export interface Killable {
  pid(): number;
  /** Ends it by SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again; it answers when this resolves. */
  start(): Promise<void>;
}

export interface World {
  url: string;
  /** Where its metrics are read. */
  metrics: string;
  demo: Demo;
  institution: Killable;
  postgres: Killable;
  /** The superuser's eyes on the institution's schema. */
  database: Database;
  /** What the books and the trades say that their journals do not; a sentence each. */
  audit(): Promise<string[]>;
  /** What the institution's server has written to its log. */
  log(): Promise<string>;
}

export interface WorldOptions {
  /** Whether a commit reaches the disk. Such a world has a PostgreSQL of its own. */
  durable: boolean;
  /** One that the test may kill, though nothing in it is durable. Without it the world is a database of the run's cluster. */
  ownPostgres?: boolean;
  sandbox?: boolean;
  /** One is enough for anything. Without it there are two, and the second confirms what a test asks for as the first. */
  operators?: "one";
  log?: InstitutionConfig["log"];
  /** Proxies that the institution believes, so that a test can come from many addresses. */
  trustedProxies?: string[];
  /** Receivers of webhooks on this machine. */
  webhooksMayReach?: string[];
  /** The mail server by which people are told. */
  smtp?: InstitutionConfig["smtp"];
  drainSeconds?: number;
  browserOrigins?: string[];
  /** Above which people prove that it is them. */
  stepUpAbove?: Record<string, number>;
}

/** A server for which the institution freezes and pays; nobody is there. */
export const worldPeer = {
  id: "00000000-0000-4000-8000-000000004020",
  name: "Some facilitator",
  url: "http://127.0.0.1:2",
};

/** From where it pays out: a bank that there is not. */
const payouts = {
  code: "1234567890",
  bank: "9999",
  bankName: "ケンシユウ",
  branch: "001",
  branchName: "ホンテン",
  kind: "current",
  number: "7654321",
  holder: "ケンシユウ(テスト",
  least: 100,
} as const;

/** To where people transfer: an account for each form in which a bank tells what has come in. */
export const ownAccounts = (["statement", "notice", "camt.053"] as const).map((form, index) => ({
  bank: "9999",
  bankName: "ケンシユウ",
  branch: "001",
  branchName: "ホンテン",
  kind: "ordinary" as const,
  number: `700000${index + 1}`,
  holder: "ケンシユウ",
  form,
  ...(form === "notice" ? { virtual: { branch: "901", first: 1, last: 3 } } : {}),
}));

/** Polls until `holds` answers true. Fails after `patienceMs`, which is no measure of anything but patience. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  patienceMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    const said = typeof what === "string" ? what : what();
    assert.ok(performance.now() < deadline, `${said}: did not come true in ${patienceMs} ms`);
    await pause(5);
  }
}

export const fee = { fixed: 0, basisPoints: 300, roundTo: "shop" } as const;
export const currencies = ["JPY", "USD"];

/** Starts a seeded world; it ends with `t`. */
export async function startWorld(
  t: { after(release: () => Promise<void>): unknown },
  options: WorldOptions,
): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
  // Under root the database runs as somebody else, who must be able to pass.
  await chmod(dir, 0o755);
  const endings: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const { postgres, databaseUrl, demo } = await (options.durable || options.ownPostgres === true
    ? ownGround(dir, options.durable, endings)
    : sharedGround(endings));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const metrics = { host: "127.0.0.1", port: await freePort() };
  const config = { ...configOf(await serverLogin(databaseUrl), port, options), metrics };
  const file = join(dir, "institution.json");
  await writeFile(file, JSON.stringify(config));
  const logFile = join(dir, "institution.log");
  const institution = await startServer("institution", file, logFile, endings);
  const database = openDatabase({ url: databaseUrl, schema, max: 4 });
  endings.push(() => database.close());
  const [, other] = demo.operators;
  if (other !== undefined) confirmBy(url, [bearer(demo.adminKey), await signIn(url, other)]);
  return {
    url,
    metrics: `http://127.0.0.1:${metrics.port}/metrics`,
    demo,
    institution,
    postgres,
    database,
    audit: () => auditAll(database),
    log: () => readFile(logFile, "utf8"),
  };
}

/** Where a world is: its database, with the demo in it, and what may be killed of it. */
interface Ground {
  postgres: Killable;
  databaseUrl: string;
  demo: Demo;
}

async function ownGround(dir: string, durable: boolean, endings: (() => Promise<void>)[]): Promise<Ground> {
  const postgres = await startPostgres(dir, durable, endings);
  const { url } = postgres;
  await migrate({ url, schema, role: applicationRole, folder: migrations.trading });
  return { postgres, databaseUrl: url, demo: await seed({ url, schema, role: applicationRole }) };
}

/** A copy of a database that was migrated and seeded once for all worlds of a run, in the cluster of all its tests. */
async function sharedGround(endings: (() => Promise<void>)[]): Promise<Ground> {
  const ending = { after: (release: () => Promise<void>) => endings.push(release) };
  const { url, told } = await filledDatabase(ending, "world", async (place) =>
    JSON.stringify(await seed(place)),
  );
  const forbidden = () => Promise.reject(new Error("It is not this world's alone: ask for `ownPostgres`."));
  return {
    postgres: { pid: () => 0, kill: forbidden, start: forbidden },
    databaseUrl: url,
    demo: JSON.parse(told) as Demo,
  };
}

async function seed(place: { url: string; schema: string; role: string }): Promise<Demo> {
  const settings = { approval: "none", currencies, fee: { ...fee, fixed: 0n }, ...twoOperators } as const;
  const demo = await seedInstitution({ ...place, settings, personalDataKeys: [testKey] });
  if (demo === undefined) throw new Error("A new database had a demo in it.");
  return demo;
}

/** The address by which servers sign in to a cluster: they do not start as its superuser. */
export function serverLogin(url: string): Promise<string> {
  return makeServerLogin({ url, role: applicationRole, login: "kenshu_server", password: "a server's" });
}

const schema = "institution";

function configOf(databaseUrl: string, port: number, options: WorldOptions): InstitutionConfig {
  const {
    sandbox = false,
    operators,
    log = "warn",
    trustedProxies,
    webhooksMayReach,
    smtp,
    drainSeconds,
    browserOrigins,
    stepUpAbove,
  } = options;
  return {
    party: "institution",
    databaseUrl,
    schema,
    host: "127.0.0.1",
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    log,
    sandbox,
    approval: "none",
    currencies,
    fee,
    personalDataKey: testKey.toString("base64"),
    peers: [worldPeer],
    payouts,
    bankAccounts: ownAccounts,
    ...(operators === "one" ? oneOperatorConfig : twoOperatorsConfig),
    ...(smtp === undefined ? {} : { smtp }),
    ...(drainSeconds === undefined ? {} : { drainSeconds }),
    ...(browserOrigins === undefined ? {} : { browserOrigins }),
    ...(stepUpAbove === undefined ? {} : { stepUpAbove }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(webhooksMayReach === undefined ? {} : { webhooksMayReach }),
  };
}

export async function startPostgres(
  dir: string,
  durable: boolean,
  endings: (() => Promise<void>)[],
): Promise<Killable & { url: string }> {
  const port = await freePort();
  let running: Embedded | undefined;
  const start = async (): Promise<Embedded> => (running = await startEmbedded({ dir, port, durable }));
  const first = await start();
  endings.push(async () => {
    await running?.stop();
    running = undefined;
  });
  // The server is no child that ends with us; where the test ends without its endings, this is its last chance.
  process.once("exit", () => {
    if (running === undefined) return;
    signal(running.pid, "SIGQUIT");
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
  });
  return {
    url: first.url,
    pid: () => running?.pid ?? 0,
    kill: async () => {
      const killed = running?.pid ?? 0;
      signal(killed, "SIGKILL");
      await until(`PostgreSQL ${killed} ends`, () => !signal(killed, 0));
    },
    start: async () => {
      await start();
    },
  };
}

export async function startServer(
  party: "institution" | "facilitator" | "guarantor",
  config: string,
  logFile: string,
  endings: (() => Promise<void>)[],
): Promise<Killable> {
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    running = await launch(party, config, logFile);
  };
  await start();
  const end = async (how: NodeJS.Signals): Promise<void> => {
    const child = running;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    signal(child.pid, how);
    await ended;
  };
  endings.push(() => end("SIGTERM"));
  return { pid: () => running?.pid ?? 0, kill: () => end("SIGKILL"), start };
}

/** Runs a party's server as `kenshu serve` does, until it says that it is ready. */
async function launch(party: string, config: string, logFile: string): Promise<ChildProcess> {
  const log = openSync(logFile, "a");
  const child = fork(program, ["serve", party, "--config", config], {
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const ready = await new Promise<boolean>((resolve) => {
    child.once("message", () => resolve(true));
    child.once("exit", () => resolve(false));
  });
  assert.ok(ready, `the ${party} did not start: ${await readFile(logFile, "utf8")}`);
  return child;
}

/** Sends a signal to one process; 0 only asks. False where there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

export async function auditAll(database: Database): Promise<string[]> {
  const found: Audit[] = await Promise.all([
    audit(database),
    auditTrades(database),
    auditKept(database),
    auditReservations(database),
    auditCollections(database, keptAccountOf),
    auditPayouts(database, { house: houseAccount }),
    auditArrivals(database, { house: houseAccount }),
    auditSeals(database),
  ]);
  return found
    .flatMap(({ differences }) => differences)
    .map(
      ({ what, id, field, recorded, computed }) =>
        `${what} ${id}: ${field} is ${String(recorded)}, the journal says ${String(computed)}`,
    );
}
