/** `kenshu start`: a database, a process for each party, and people to try them with. */
import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { migrate, randomToken } from "../../storage/database/database.ts";
import type { ConformanceConfig } from "../conformance/conformance.ts";
import { startEmbedded } from "../../storage/embedded/embedded.ts";
import { type FacilitatorDemo, seedFacilitator, type Demo, seedInstitution } from "../demo/demo.ts";
import { keyBytes } from "../../storage/members/members.ts";
import {
  type Config,
  type FacilitatorConfig,
  type InstitutionConfig,
  personalDataKeys,
  type ShopConfig,
} from "./config.ts";
import { applicationRole, migrations, program } from "./paths.ts";
import { settingsOf, untilStopped } from "./serve.ts";

export interface StartOptions {
  dir: string;
  portBase: number;
  log: Config["log"];
  /** Told a line at a time what happens. */
  say: (line: string) => void;
  databaseUrl: string | undefined;
}

const demoFee = { fixed: 0, basisPoints: 0, roundTo: "shop" } as const;
const demoCurrencies = ["JPY", "USD", "EUR", "KWD"];

/** What `kenshu start` keeps beside the data: sign-ins and keys exist nowhere else. */
interface Secrets {
  demo: Demo;
  facilitated: FacilitatorDemo;
  staffPassword: string;
}

export interface World {
  demoFile: string;
  close(): Promise<void>;
}

/** Starts everything; resolves when all of it answers. */
async function startWorld(options: StartOptions): Promise<World> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const database = await openDatabaseServer(dir, options);
  const children: ChildProcess[] = [];
  try {
    const urls = urlsOf(options.portBase);
    await Promise.all(
      (["institution", "facilitator", "shop"] as const).map((schema) =>
        migrate({
          url: database.url,
          schema,
          role: applicationRole,
          folder: migrations[schema === "shop" ? "shop" : "trading"],
        }),
      ),
    );
    const institution = institutionConfig(dir, options, database.url, urls);
    const facilitator = facilitatorConfig(dir, options, database.url, urls);
    const secrets = await seeded(dir, institution, facilitator);
    const shop = shopConfig(options, database.url, urls, secrets);
    const launched = [institution, facilitator, shop].map((config) => launch(dir, config, children));
    await Promise.all(launched);
    const demoFile = join(dir, "demo.json");
    writeSecret(demoFile, demoJson(urls, secrets));
    const conformance = conformanceConfig(urls, secrets.demo);
    if (conformance !== undefined) writeSecret(join(dir, "conformance.json"), conformance);
    return { demoFile, close: () => stop(children, database.stop) };
  } catch (error) {
    await stop(children, database.stop);
    throw error;
  }
}

async function openDatabaseServer(dir: string, { databaseUrl, say }: StartOptions) {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  say("Starting PostgreSQL …");
  return startEmbedded({ dir: join(dir, "postgres"), durable: true });
}

type Party = "shop" | "facilitator" | "institution";
type Urls = Record<Party, string> & { testers: readonly [string, string] };

function urlsOf(portBase: number): Urls {
  const url = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  return { shop: url(10), facilitator: url(20), institution: url(30), testers: [url(50), url(51)] };
}

/** What the two servers of the demo are called between themselves. */
const facilitatorId = "00000000-0000-4000-8000-000000004020";
const institutionId = "00000000-0000-4000-8000-000000004030";
/** Two more, played by `kenshu conformance`; nothing listens there at other times. */
const testerIds = ["00000000-0000-4000-8000-000000004050", "00000000-0000-4000-8000-000000004051"] as const;

/** What the configurations of both trading servers say. */
function tradingConfig(
  dir: string,
  { log }: StartOptions,
  databaseUrl: string,
  party: Exclude<Party, "shop">,
) {
  return {
    databaseUrl,
    schema: party,
    host: "127.0.0.1",
    log,
    sandbox: true,
    approval: "none",
    currencies: demoCurrencies,
    fee: demoFee,
    personalDataKey: personalDataKeyIn(dir, party),
  } as const;
}

function institutionConfig(
  dir: string,
  options: StartOptions,
  databaseUrl: string,
  urls: Urls,
): InstitutionConfig {
  return {
    ...tradingConfig(dir, options, databaseUrl, "institution"),
    party: "institution",
    port: options.portBase + 30,
    publicUrl: urls.institution,
    peers: [
      { id: facilitatorId, name: "Kenshu Facilitator", url: urls.facilitator },
      { id: testerIds[0], name: "Kenshu Conformance", url: urls.testers[0] },
      { id: testerIds[1], name: "Kenshu Conformance, another", url: urls.testers[1] },
    ],
  };
}

function facilitatorConfig(
  dir: string,
  options: StartOptions,
  databaseUrl: string,
  urls: Urls,
): FacilitatorConfig {
  return {
    ...tradingConfig(dir, options, databaseUrl, "facilitator"),
    party: "facilitator",
    port: options.portBase + 20,
    publicUrl: urls.facilitator,
    id: facilitatorId,
    institutions: [{ id: institutionId, name: "Kenshu Institution", url: urls.institution }],
    advance: { acceptedBasisPoints: 100, reservedBasisPoints: 300, limitPerShop: { JPY: 1_000_000 } },
  };
}

function shopConfig(
  options: StartOptions,
  databaseUrl: string,
  urls: Urls,
  { demo, facilitated, staffPassword }: Secrets,
): ShopConfig {
  const [first] = demo.shops;
  const [there] = facilitated.shops;
  if (first === undefined || there === undefined) throw new Error("The demo has no shop.");
  return {
    party: "shop",
    databaseUrl,
    schema: "shop",
    host: "127.0.0.1",
    port: options.portBase + 10,
    publicUrl: urls.shop,
    log: options.log,
    shopName: first.name,
    staffPassword,
    tills: [
      {
        id: "direct",
        label: "Your account at the Kenshu institution",
        url: urls.institution,
        key: first.key,
      },
      {
        id: "facilitated",
        label: "The Kenshu facilitator, with your bank",
        url: urls.facilitator,
        key: there.key,
      },
    ],
  };
}

/** The file with a server's key for personal data, made at the first start: beside PostgreSQL's files, not among them. */
function personalDataKeyIn(dir: string, party: string): string {
  const file = join(dir, `${party}-personal-data.key`);
  if (!existsSync(file)) {
    const key = Buffer.from(randomToken(keyBytes), "base64url").toString("base64");
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: "wx" });
  }
  return file;
}

/** The people of the demo: made at the first start, read from the folder at the next. */
async function seeded(
  dir: string,
  institution: InstitutionConfig,
  facilitator: FacilitatorConfig,
): Promise<Secrets> {
  const file = join(dir, "secrets.json");
  const [peer] = institution.peers ?? [];
  const demo = await seedInstitution({
    ...seedOptions(institution),
    testers: testerIds,
    ...(peer === undefined ? {} : { peer }),
  });
  if (demo?.ties !== undefined) {
    const ties = { ...demo.ties, institution: institutionId };
    const facilitated = await seedFacilitator(seedOptions(facilitator), ties);
    if (facilitated === undefined) throw new Error("The facilitator has a demo, the institution had none.");
    const secrets = { demo, facilitated, staffPassword: randomToken(12) };
    writeSecret(file, secrets);
    return secrets;
  }
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  throw new Error(
    `The database has a demo already, but its keys are not in ${file}. Start with another --dir.`,
  );
}

function seedOptions(config: InstitutionConfig | FacilitatorConfig) {
  return {
    url: config.databaseUrl,
    schema: config.schema,
    role: applicationRole,
    personalDataKeys: personalDataKeys(config),
    settings: settingsOf(config),
  };
}

function writeSecret(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** Runs a party in a process of its own, and waits until it answers. */
async function launch(dir: string, config: Config, children: ChildProcess[]): Promise<void> {
  const file = join(dir, `${config.party}.json`);
  writeSecret(file, config);
  const child = fork(program, ["serve", config.party, "--config", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  children.push(child);
  await new Promise<void>((ready, failed) => {
    child.once("message", () => ready());
    child.once("error", failed);
    child.once("exit", (code, signal) =>
      failed(new Error(`The ${config.party} did not start (${signal ?? code}).`)),
    );
  });
}

/** What `kenshu conformance` needs to know of the demo; undefined where an older version has seeded it. */
function conformanceConfig(
  { testers: [url, otherUrl] }: Urls,
  { testTies }: Demo,
): ConformanceConfig | undefined {
  if (testTies === undefined) return undefined;
  const { peer, other, ...rest } = testTies;
  return { ...rest, peer: { url, ...peer }, other: { url: otherUrl, ...other } };
}

function demoJson(urls: Urls, { demo, facilitated, staffPassword }: Secrets) {
  const at = "institution";
  const there = "facilitator";
  const { shops } = facilitated;
  return {
    shop: { url: urls.shop, staffPassword },
    facilitator: {
      url: urls.facilitator,
      shopKeys: shops.map(({ key }) => key),
      adminKey: facilitated.adminKey,
      shops,
    },
    institution: {
      url: urls.institution,
      shopKeys: demo.shopKeys,
      adminKey: demo.adminKey,
      shops: demo.shops,
    },
    members: [
      ...demo.members.map((member) => ({ at, ...member })),
      ...facilitated.members.map((member) => ({ at: there, ...member })),
    ],
    operators: [
      ...demo.operators.map((operator) => ({ at, ...operator })),
      ...facilitated.operators.map((operator) => ({ at: there, ...operator })),
    ],
    carriers: [
      ...demo.carriers.map((carrier) => ({ at, ...carrier })),
      ...facilitated.carriers.map((carrier) => ({ at: there, ...carrier })),
    ],
    vouchers: demo.vouchers.map((voucher) => ({ at, ...voucher })),
    loadMembers: demo.loadMembers.map((member) => ({ at, ...member })),
    facilitatedLoadMembers: facilitated.loadMembers.map((member) => ({ at: there, ...member })),
    /** Sign-ins at the institution of those whose accounts the facilitator's members have tied. */
    accountHolders: (demo.ties?.members ?? []).map(({ email, password }) => ({ at, email, password })),
  };
}

/** Servers first, then the database under them. */
async function stop(children: readonly ChildProcess[], stopDatabase: () => Promise<void>): Promise<void> {
  await Promise.all(children.map(stopChild));
  await stopDatabase();
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((stopped) => {
    child.once("exit", () => stopped());
    child.kill("SIGTERM");
  });
}

/** Starts the world, says where it is, and runs until told to stop. */
export async function startUntilStopped(options: StartOptions): Promise<void> {
  const world = await startWorld(options);
  const { shop, facilitator, institution, members, operators } = JSON.parse(
    readFileSync(world.demoFile, "utf8"),
  ) as ReturnType<typeof demoJson>;
  const peopleAt = (place: string) =>
    [...members, ...operators]
      .filter(({ at }) => at === place)
      .map(({ email, password }) => `  ${email.padEnd(24)} ${password}`);
  const lines = [
    "",
    `Shop         ${shop.url}`,
    `Facilitator  ${facilitator.url}   (documents: ${facilitator.url}/docs)`,
    `Institution  ${institution.url}   (documents: ${institution.url}/docs)`,
    "",
    "Sign in at the facilitator as",
    ...peopleAt("facilitator"),
    "Sign in at the institution as",
    ...peopleAt("institution"),
    `Shop staff   ${shop.url}/staff   password ${shop.staffPassword}`,
    "",
    `All of it, for programs: ${world.demoFile}`,
    "Stop with Ctrl+C.",
  ];
  for (const line of lines) options.say(line);
  await untilStopped();
  options.say("Stopping …");
  await world.close();
}
