/**
 * A facilitator and an institution as real processes, each reached only through a proxy, and each with a proxy before its
 * database. What a test sees of the databases, it sees directly.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FacilitatorConfig, InstitutionConfig } from "../../../src/tools/cli/config.ts";
import { applicationRole, migrations } from "../../../src/tools/cli/paths.ts";
import { type Database, migrate, openDatabase } from "../../../src/storage/database/database.ts";
import { reconcileFacilitator } from "../../../src/servers/facilitator/facilitator.ts";
import {
  type Demo,
  type FacilitatorDemo,
  seedFacilitator,
  seedInstitution,
} from "../../../src/tools/demo/demo.ts";
import type { Chance } from "../sim/chance.ts";
import { type FaultProxy, startFaultProxy } from "../wire/fault-proxy.ts";
import { type Proxy, startProxy } from "../wire/proxy.ts";
import { oneOperator, oneOperatorConfig } from "./operators.ts";
import { testKey } from "./vault.ts";
import { currencies, fee, type Killable, serverLogin, startPostgres, startServer } from "./world.ts";
import { freePort } from "./free-port.ts";

type Party = "facilitator" | "institution";

export interface Side {
  process: Killable;
  /** Through this everybody reaches the server. */
  line: FaultProxy;
  /** Through this the server reaches its database. */
  store: Proxy;
  /** The superuser's eyes on its schema. */
  database: Database;
  log(): Promise<string>;
}

export interface TwoServers extends Record<Party, Side> {
  demo: Demo;
  facilitated: FacilitatorDemo;
  /** Compares all that both sides know of each other, ended trades too. */
  reconcile(): ReturnType<typeof reconcileFacilitator>;
}

const ids = {
  facilitator: "00000000-0000-4000-8000-000000004020",
  institution: "00000000-0000-4000-8000-000000004030",
} as const;
const parties = ["institution", "facilitator"] as const;

/** Starts both, seeded; everything ends with `t`. */
export async function startTwoServers(
  t: { after(release: () => Promise<void>): unknown },
  {
    chance,
    webhooksMayReach,
    log = "error",
  }: { chance: Chance; webhooksMayReach: string[]; log?: "error" | "info" },
): Promise<TwoServers> {
  const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
  // Under root the database runs as somebody else, who must be able to pass.
  await chmod(dir, 0o755);
  const endings: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const ending = { after: (release: () => Promise<void>) => endings.push(release) };
  const { url } = await startPostgres(dir, false, endings);
  const ground = async (party: Party) => {
    await migrate({ url, schema: party, role: applicationRole, folder: migrations.trading });
    const port = await freePort();
    const line = await startFaultProxy(ending, chance, port);
    const store = await startProxy(ending, Number(new URL(url).port));
    const database = openDatabase({ url, schema: party, max: 4 });
    endings.push(() => database.close());
    return { port, line, store, database };
  };
  const [institution, facilitator] = [await ground("institution"), await ground("facilitator")];
  const login = await serverLogin(url);
  const peers = {
    facilitator: { id: ids.facilitator, name: "Facilitator", url: facilitator.line.url },
    institution: { id: ids.institution, name: "Institution", url: institution.line.url },
  };
  const { demo, facilitated } = await seedBoth(url, peers.facilitator);
  const common = (place: typeof institution, party: Party) => ({
    ...commonConfig(login, place, party),
    webhooksMayReach,
    log,
  });
  const configs: { institution: InstitutionConfig; facilitator: FacilitatorConfig } = {
    institution: { party: "institution", ...common(institution, "institution"), peers: [peers.facilitator] },
    facilitator: {
      party: "facilitator",
      ...common(facilitator, "facilitator"),
      id: ids.facilitator,
      institutions: [peers.institution],
    },
  };
  const started = new Map<Party, Killable>();
  for (const party of parties) {
    const file = join(dir, `${party}.json`);
    await writeFile(file, JSON.stringify(configs[party]));
    started.set(party, await startServer(party, file, join(dir, `${party}.log`), endings));
  }
  const side = (party: Party, { line, store, database }: typeof institution): Side => ({
    process: started.get(party) as Killable,
    line,
    store,
    database,
    log: () => readFile(join(dir, `${party}.log`), "utf8"),
  });
  return {
    demo,
    facilitated,
    institution: side("institution", institution),
    facilitator: side("facilitator", facilitator),
    reconcile: () => reconcileWhole(url, facilitator.line.url, peers.institution),
  };
}

/** Compares also what has ended. */
function reconcileWhole(
  url: string,
  publicUrl: string,
  institution: { id: string; name: string; url: string },
) {
  const place = { url, schema: "facilitator", role: applicationRole, publicUrl, personalDataKeys: [testKey] };
  return reconcileFacilitator({ ...place, institutions: [institution] }, { whole: true });
}

/** What both configurations say; the database is reached through its proxy. */
function commonConfig(url: string, place: { port: number; line: FaultProxy; store: Proxy }, party: Party) {
  const address = new URL(url);
  address.port = String(place.store.port);
  return {
    schema: party,
    databaseUrl: address.href,
    host: "127.0.0.1",
    port: place.port,
    publicUrl: place.line.url,
    personalDataKey: testKey.toString("base64"),
    ...({ sandbox: true, approval: "none", currencies, fee } as const),
    ...oneOperatorConfig,
  };
}

async function seedBoth(url: string, peer: { id: string; name: string; url: string }) {
  const settings = { approval: "none", currencies, fee: { ...fee, fixed: 0n }, ...oneOperator } as const;
  const where = { url, role: applicationRole, settings, personalDataKeys: [testKey] };
  const demo = await seedInstitution({ ...where, schema: "institution", peer });
  if (demo?.ties === undefined) throw new Error("A new institution had a demo in it.");
  const ties = { ...demo.ties, institution: ids.institution };
  const facilitated = await seedFacilitator({ ...where, schema: "facilitator" }, ties);
  if (facilitated === undefined) throw new Error("A new facilitator had a demo in it.");
  return { demo, facilitated };
}
