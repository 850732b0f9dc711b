/**
 * Two servers as real processes, each reached only through a proxy, and each with a proxy before its database. What a test
 * sees of the databases, it sees directly.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applicationRole, migrations } from "../../../src/tools/cli/paths.ts";
import { type Database, migrate, openDatabase } from "../../../src/storage/database/database.ts";
import type { Chance } from "../sim/chance.ts";
import { type FaultProxy, startFaultProxy } from "../wire/fault-proxy.ts";
import { type Proxy, startProxy } from "../wire/proxy.ts";
import { freePort } from "./free-port.ts";
import { oneOperatorConfig } from "./operators.ts";
import { testKey } from "./vault.ts";
import { currencies, fee, type Killable, serverLogin, startPostgres, startServer } from "./world.ts";

export interface Side {
  process: Killable;
  /** Through this other servers, and callers of this one, reach it. */
  line: FaultProxy;
  /** Through this the server reaches its database. */
  store: Proxy;
  /** The superuser's eyes on its schema. */
  database: Database;
  log(): Promise<string>;
}

/** Where a server will be. */
export interface Place {
  port: number;
  line: FaultProxy;
  store: Proxy;
  database: Database;
}

export interface Ground {
  /** The database as its superuser reaches it. */
  url: string;
  place: (schema: string) => Promise<Place>;
  /** One more line to a server, for others than those who use the first. */
  line: (place: Place) => Promise<FaultProxy>;
  start: (party: "institution" | "facilitator" | "guarantor", place: Place, config: object) => Promise<Side>;
}

/** Everything ends with `t`. */
export async function openGround(
  t: { after(release: () => Promise<void>): unknown },
  chance: Chance,
): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
  // Under root the database runs as somebody else, who must be able to pass.
  await chmod(dir, 0o755);
  const endings: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const ending = { after: (release: () => Promise<void>) => endings.push(release) };
  const { url } = await startPostgres(dir, false, endings);
  return {
    url,
    line: ({ port }) => startFaultProxy(ending, chance, port),
    place: async (schema) => {
      await migrate({ url, schema, role: applicationRole, folder: migrations.trading });
      const port = await freePort();
      const line = await startFaultProxy(ending, chance, port);
      const store = await startProxy(ending, Number(new URL(url).port));
      const database = openDatabase({ url, schema, max: 4 });
      endings.push(() => database.close());
      return { port, line, store, database };
    },
    start: async (party, { line, store, database, port }, config) => {
      const [file, log] = [join(dir, `${party}.json`), join(dir, `${party}.log`)];
      const common = commonConfig(await serverLogin(url), { port, line, store }, party);
      await writeFile(file, JSON.stringify({ party, ...common, ...config }));
      const process = await startServer(party, file, log, endings);
      return { process, line, store, database, log: () => readFile(log, "utf8") };
    },
  };
}

/** What all configurations say; the database is reached through its proxy. */
function commonConfig(url: string, place: Omit<Place, "database">, schema: string) {
  const address = new URL(url);
  address.port = String(place.store.port);
  return {
    schema,
    databaseUrl: address.href,
    host: "127.0.0.1",
    port: place.port,
    publicUrl: place.line.url,
    personalDataKey: testKey.toString("base64"),
    ...({ sandbox: true, approval: "none", currencies, fee } as const),
    ...oneOperatorConfig,
  };
}
