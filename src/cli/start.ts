/** `kenshu start`: a database, a process for each party, and people to try them with. */
import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { migrate, randomToken } from "../database/database.ts";
import { startEmbedded } from "../embedded/embedded.ts";
import { type Demo, seedInstitution } from "../institution/institution.ts";
import { keyBytes } from "../members/members.ts";
import { type Config, type InstitutionConfig, personalDataKeys, type ShopConfig } from "./config.ts";
import { applicationRole, migrations, program } from "./places.ts";
import { settingsOf, told } from "./serve.ts";

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
    const urls = { shop: url(options.portBase + 10), institution: url(options.portBase + 30) };
    await Promise.all([
      migrate({
        url: database.url,
        schema: "institution",
        role: applicationRole,
        folder: migrations.trading,
      }),
      migrate({ url: database.url, schema: "shop", role: applicationRole, folder: migrations.shop }),
    ]);
    const keyFile = personalDataKeyIn(dir, "institution");
    const institution = institutionConfig(options, database.url, urls.institution, keyFile);
    const secrets = await seeded(dir, institution);
    const shop = shopConfig(options, database.url, urls, secrets);
    for (const config of [institution, shop]) children.push(await launch(dir, config));
    const demoFile = join(dir, "demo.json");
    writeSecret(demoFile, demoJson(urls, secrets));
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

const url = (port: number) => `http://127.0.0.1:${port}`;

function institutionConfig(
  options: StartOptions,
  databaseUrl: string,
  publicUrl: string,
  personalDataKey: string,
): InstitutionConfig {
  return {
    party: "institution",
    databaseUrl,
    schema: "institution",
    host: "127.0.0.1",
    port: options.portBase + 30,
    publicUrl,
    log: options.log,
    sandbox: true,
    approval: "none",
    currencies: demoCurrencies,
    fee: demoFee,
    personalDataKey,
  };
}

function shopConfig(
  options: StartOptions,
  databaseUrl: string,
  urls: { shop: string; institution: string },
  { demo, staffPassword }: Secrets,
): ShopConfig {
  const [first] = demo.shops;
  if (first === undefined) throw new Error("The demo has no shop.");
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
    tills: [{ id: "direct", label: "Kenshu", url: urls.institution, key: first.key }],
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
async function seeded(dir: string, config: InstitutionConfig): Promise<Secrets> {
  const file = join(dir, "secrets.json");
  const { databaseUrl, schema } = config;
  const demo = await seedInstitution({
    url: databaseUrl,
    schema,
    role: applicationRole,
    personalDataKeys: personalDataKeys(config),
    settings: settingsOf(config),
  });
  if (demo !== undefined) {
    const secrets = { demo, staffPassword: randomToken(12) };
    writeSecret(file, secrets);
    return secrets;
  }
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  throw new Error(
    `The database has a demo already, but its keys are not in ${file}. Start with another --dir.`,
  );
}

function writeSecret(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** Runs a party in a process of its own, and waits until it answers. */
async function launch(dir: string, config: Config): Promise<ChildProcess> {
  const file = join(dir, `${config.party}.json`);
  writeSecret(file, config);
  const child = fork(program, ["serve", config.party, "--config", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await new Promise<void>((ready, failed) => {
    child.once("message", () => ready());
    child.once("error", failed);
    child.once("exit", (code, signal) =>
      failed(new Error(`The ${config.party} did not start (${signal ?? code}).`)),
    );
  });
  return child;
}

function demoJson(urls: { shop: string; institution: string }, { demo, staffPassword }: Secrets) {
  const at = "institution";
  return {
    shop: { url: urls.shop, staffPassword },
    institution: {
      url: urls.institution,
      shopKeys: demo.shopKeys,
      adminKey: demo.adminKey,
      shops: demo.shops,
    },
    members: demo.members.map((member) => ({ at, ...member })),
    operators: demo.operators.map((operator) => ({ at, ...operator })),
    carriers: demo.carriers.map((carrier) => ({ at, ...carrier })),
    vouchers: demo.vouchers.map((voucher) => ({ at, ...voucher })),
    loadMembers: demo.loadMembers.map((member) => ({ at, ...member })),
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
export async function startUntilTold(options: StartOptions): Promise<void> {
  const world = await startWorld(options);
  const { shop, institution, members, operators } = JSON.parse(
    readFileSync(world.demoFile, "utf8"),
  ) as ReturnType<typeof demoJson>;
  const people = [...members, ...operators].map(({ email, password }) => `  ${email.padEnd(24)} ${password}`);
  const lines = [
    "",
    `Shop         ${shop.url}`,
    `Institution  ${institution.url}   (documents: ${institution.url}/docs)`,
    "",
    "Sign in at the institution as",
    ...people,
    `Shop staff   ${shop.url}/staff   password ${shop.staffPassword}`,
    "",
    `All of it, for programs: ${world.demoFile}`,
    "Stop with Ctrl+C.",
  ];
  for (const line of lines) options.say(line);
  await told();
  options.say("Stopping …");
  await world.close();
}
