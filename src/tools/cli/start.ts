/** `kenshu start`: a database, a process for each party, and people to try them with. */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeServerLogin, migrate, randomToken } from "../../storage/database/database.ts";
import type { ConformanceConfig } from "../conformance/conformance.ts";
import { startEmbedded } from "../../storage/embedded/embedded.ts";
import {
  conformanceOf,
  demoFileOf,
  type DemoSecrets,
  facilitatorSetup,
  guarantorSetup,
  institutionSetup,
  seedWorld,
  shopSetup,
  type Urls,
  urlsOf,
} from "../demo/demo.ts";
import { keyBytes } from "../../storage/keyring/keyring.ts";
import {
  type Config,
  type FacilitatorConfig,
  type GuarantorConfig,
  type InstitutionConfig,
  personalDataKeys,
  type ShopConfig,
  type TradingConfig,
} from "./config.ts";
import { writeConfig, writeSecret } from "./demo-files.ts";
import { applicationRole, migrations, program } from "./paths.ts";
import { settingsOf, untilStopped } from "./serve.ts";

export interface StartOptions {
  dir: string;
  portBase: number;
  /** Where the servers listen. */
  host: string;
  log: Config["log"];
  /** Told a line at a time what happens. */
  say: (line: string) => void;
  databaseUrl: string | undefined;
}

export interface World {
  demoFile: string;
  /** Rejects when a part of it has ended that cannot be started again. */
  broken: Promise<never>;
  close(): Promise<void>;
}

/** Starts everything; resolves when all of it answers. */
async function startWorld(options: StartOptions): Promise<World> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const demoFile = join(dir, "demo.json");
  await forgetEarlier(demoFile);
  // Loading their programs takes servers as long as PostgreSQL takes to start: they do it meanwhile.
  const servers = forkServers(dir);
  const children = Object.values(servers);
  const ended = children.map(endOf);
  const database = await openDatabaseServer(dir, options).catch(async (error: unknown) => {
    await Promise.all(children.map(stopChild));
    throw error;
  });
  try {
    const urls = urlsOf(options.portBase);
    await Promise.all(
      parties.map((schema) =>
        migrate({
          url: database.url,
          schema,
          role: applicationRole,
          folder: migrations[schema === "shop" ? "shop" : "trading"],
        }),
      ),
    );
    const { host, log } = options;
    const common = { databaseUrl: await serversAddress(dir, database.url), host, log };
    const institution: InstitutionConfig = {
      ...institutionSetup(urls),
      ...common,
      personalDataKey: personalDataKeyIn(dir, "institution"),
    };
    const facilitator: FacilitatorConfig = {
      ...facilitatorSetup(urls),
      ...common,
      personalDataKey: personalDataKeyIn(dir, "facilitator"),
    };
    const guarantor: GuarantorConfig = {
      ...guarantorSetup(urls),
      ...common,
      personalDataKey: personalDataKeyIn(dir, "guarantor"),
    };
    const secrets = await secretsOf(dir, urls, { institution, facilitator, guarantor });
    const shop: ShopConfig = {
      ...shopSetup(urls, secrets),
      ...common,
      personalDataKey: personalDataKeyIn(dir, "shop"),
    };
    // The others ask it as soon as they listen, and their logs would begin with an institution that cannot be reached.
    const launch = (config: Config) => launchServer(dir, config, servers[config.party], options.say);
    await launch(institution);
    await Promise.all([facilitator, guarantor].map(launch));
    await launch(shop);
    writeSecret(demoFile, demoFileOf(urls, secrets));
    const conformance: ConformanceConfig | undefined = conformanceOf(urls, secrets);
    if (conformance !== undefined) writeSecret(join(dir, "conformance.json"), conformance);
    const broken = Promise.race([database.lost, ...ended]);
    const close = () => {
      rmSync(demoFile, { force: true });
      return stop(children, database);
    };
    return { demoFile, broken, close };
  } catch (error) {
    await stop(children, database);
    throw error;
  }
}

const answersWithinMs = 1_000;

/** Whoever waits for the file waits for servers that answer: one of a start that was killed goes, unless its servers are still there. */
async function forgetEarlier(demoFile: string): Promise<void> {
  if (!existsSync(demoFile)) return;
  try {
    const { institution } = JSON.parse(readFileSync(demoFile, "utf8")) as { institution: { url: string } };
    await fetch(`${institution.url}/healthz`, { signal: AbortSignal.timeout(answersWithinMs) });
  } catch {
    rmSync(demoFile, { force: true });
  }
}

/** The PostgreSQL under the servers; `lost` rejects when it has ended and does not start again. */
interface DatabaseServer {
  url: string;
  lost: Promise<never>;
  stop(): Promise<void>;
}

async function openDatabaseServer(dir: string, { databaseUrl, say }: StartOptions): Promise<DatabaseServer> {
  if (databaseUrl !== undefined)
    return { url: databaseUrl, lost: new Promise(() => {}), stop: () => Promise.resolve() };
  say("Starting PostgreSQL …");
  return keepRunning(join(dir, "postgres"), say);
}

/** A server that ends so often within so many milliseconds is not started once more. */
const endsMost = 3;
const endsWithinMs = 60_000;
const lookEveryMs = 500;

/** Starts PostgreSQL, and again, at the same address, whenever it has ended without having been told to. */
async function keepRunning(folder: string, say: (line: string) => void): Promise<DatabaseServer> {
  let running = await startEmbedded({ dir: folder, durable: true });
  const { url, port } = running;
  const stopping = new AbortController();
  const ends: number[] = [];
  const watch = async (): Promise<never> => {
    for (;;) {
      await pause(lookEveryMs, undefined, { signal: stopping.signal });
      if (await running.isUp()) continue;
      const now = Date.now();
      ends.push(now);
      if (ends.filter((at) => at > now - endsWithinMs).length >= endsMost)
        throw new Error(`PostgreSQL ends again and again; why, ${join(folder, "postgres.log")} says.`);
      say("PostgreSQL has ended without having been told to. Starting it again …");
      await running.stop();
      running = await startEmbedded({ dir: folder, durable: true, port });
      say("PostgreSQL runs again.");
    }
  };
  const lost = watch();
  // Told to stop, it is lost to nobody.
  const unless = lost.catch((error: unknown) => {
    if (stopping.signal.aborted) return new Promise<never>(() => {});
    throw error;
  });
  unless.catch(() => {});
  const stop = async () => {
    stopping.abort();
    await lost.catch(() => {});
    await running.stop();
  };
  return { url, lost: unless, stop };
}

const parties = ["institution", "facilitator", "guarantor", "shop"] as const;
type Party = (typeof parties)[number];

const configFile = (dir: string, party: Party) => join(dir, `${party}.json`);

/** A process for each party, which waits for the word to read its configuration. */
function forkServers(dir: string): Record<Party, ChildProcess> {
  const forked = (party: Party) =>
    fork(program, ["serve", party, "--config", configFile(dir, party), "--when-told"], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  return {
    institution: forked("institution"),
    facilitator: forked("facilitator"),
    guarantor: forked("guarantor"),
    shop: forked("shop"),
  };
}

/** Rejects when a server has ended, for whatever reason. */
function endOf(child: ChildProcess): Promise<never> {
  const party = child.spawnargs.at(-4) ?? "server";
  const ended = new Promise<never>((_, failed) => {
    child.once("error", failed);
    child.once("exit", (code, signal) => failed(new Error(`The ${party} has ended (${signal ?? code}).`)));
  });
  // Also one that ends before anybody waits for it.
  ended.catch(() => {});
  return ended;
}

/** The address by which the servers sign in: as a role that is made for this data folder and owns nothing. */
async function serversAddress(dir: string, url: string): Promise<string> {
  const file = join(dir, "database-login.json");
  if (!existsSync(file)) {
    const name = Buffer.from(randomToken(6), "base64url").toString("hex");
    writeSecret(file, { login: `kenshu_server_${name}`, password: randomToken(24) });
  }
  const { login, password } = JSON.parse(readFileSync(file, "utf8")) as { login: string; password: string };
  return makeServerLogin({ url, role: applicationRole, login, password });
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

/** The secrets of the demo: drawn and kept at the first start, read from the folder at the next. */
async function secretsOf(
  dir: string,
  urls: Urls,
  configs: Record<"institution", InstitutionConfig> &
    Record<"facilitator", FacilitatorConfig> &
    Record<"guarantor", GuarantorConfig>,
): Promise<DemoSecrets> {
  const file = join(dir, "secrets.json");
  const drawn = await seedWorld(urls, {
    institution: seedOptions(configs.institution),
    facilitator: seedOptions(configs.facilitator),
    guarantor: seedOptions(configs.guarantor),
  });
  if (drawn !== undefined) {
    writeSecret(file, drawn);
    return drawn;
  }
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<DemoSecrets>;
    if (kept.guaranteed !== undefined) return kept as DemoSecrets;
    throw new Error(
      `${dir} holds the demo of an older version, without a guarantor. Start with another --dir.`,
    );
  }
  throw new Error(
    `The database has a demo already, but its keys are not in ${file}. Start with another --dir.`,
  );
}

function seedOptions(config: TradingConfig) {
  return {
    url: config.databaseUrl,
    schema: config.schema,
    role: applicationRole,
    personalDataKeys: personalDataKeys(config),
    settings: settingsOf(config),
  };
}

/** Lets a party's process begin, and waits until it answers. */
async function launchServer(
  dir: string,
  config: Config,
  child: ChildProcess,
  say: (line: string) => void,
): Promise<void> {
  const file = configFile(dir, config.party);
  const edited = writeConfig(file, config);
  if (edited.length > 0)
    say(`${file}: ${edited.join(", ")} as edited. Remove the file to have it written anew.`);
  const ready = new Promise<void>((answers, failed) => {
    child.once("message", () => answers());
    child.once("exit", (code, signal) =>
      failed(new Error(`The ${config.party} did not start (${signal ?? code}).`)),
    );
  });
  if (!child.connected) throw new Error(`The ${config.party} did not start.`);
  child.send("begin");
  await ready;
}

/** Servers first, then the database under them. */
async function stop(
  children: readonly ChildProcess[],
  database: Pick<DatabaseServer, "stop">,
): Promise<void> {
  await Promise.all(children.map(stopChild));
  await database.stop();
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
  const { shop, facilitator, institution, guarantor, members, operators } = JSON.parse(
    readFileSync(world.demoFile, "utf8"),
  ) as ReturnType<typeof demoFileOf>;
  const peopleAt = (party: string) =>
    [...members, ...operators]
      .filter(({ at }) => at === party)
      .map(({ email, password }) => `  ${email.padEnd(24)} ${password}`);
  const lines = [
    "",
    `Shop         ${shop.url}`,
    `Facilitator  ${facilitator.url}   (documents: ${facilitator.url}/docs)`,
    `Institution  ${institution.url}   (documents: ${institution.url}/docs)`,
    `Guarantor    ${guarantor.url}   (documents: ${guarantor.url}/docs)`,
    "",
    "What is sent by mail elsewhere is shown here: your own to you, all of it to operators",
    `  ${facilitator.url}/sandbox/mails`,
    `  ${institution.url}/sandbox/mails`,
    `  ${guarantor.url}/sandbox/mails`,
    "",
    "Sign in at the facilitator as",
    ...peopleAt("facilitator"),
    "Sign in at the institution as",
    ...peopleAt("institution"),
    "Sign in at the guarantor as",
    ...peopleAt("guarantor"),
    `Shop staff   ${shop.url}/staff   password ${shop.staffPassword}`,
    "",
    `All of it, for programs: ${world.demoFile}`,
    "Stop with Ctrl+C.",
  ];
  for (const line of lines) options.say(line);
  try {
    await Promise.race([untilStopped(), world.broken]);
  } finally {
    options.say("Stopping …");
    await world.close();
  }
}
