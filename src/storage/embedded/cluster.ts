import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chooseRunner, findNative, isReachable, type Native, passableFolder, type Runner } from "./native.ts";
import { isAlive } from "./process.ts";
import { randomToken } from "../database/database.ts";

const run = promisify(execFile);

/** The major version of the programs in the package. A data folder belongs to one major version. */
const major = "18";

export const sharedBuffers = "256MB";

/** A database on disk and what is needed to run it. */
export type Cluster = {
  /** Holds the data, the superuser's password and the server's log. Belongs to the user the server runs as. */
  folder: string;
  data: string;
  password: string;
  runner: Runner;
  native: Native;
};

/** The environment of the programs: none of our own, so that no PG variable reaches them, and messages in English. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" };
}

/** Finds or makes the database that belongs to a folder. */
export async function prepareCluster(
  dir: string,
  durable: boolean,
  log: (message: string) => void,
): Promise<Cluster> {
  const chosen = await chooseRunner();
  const home = await findHome(resolve(dir), chosen, durable);
  const folder = join(home, "cluster");
  const runner = (await ownerOf(folder, chosen)) ?? chosen;
  const native = await findNative(runner);
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    log(`Making a new database in ${folder}.`);
    await makeCluster(home, folder, native, runner, durable);
  }
  const data = join(folder, "data");
  await checkVersion(data);
  const password = (await readFile(join(folder, "password"), "utf8")).trim();
  return { folder, data, password, runner, native };
}

/**
 * The folder itself; or, when root was given one that the server's user cannot reach (below /root, say), one in
 * /var/lib/kenshu that is found again by the file `location`.
 */
async function findHome(dir: string, runner: Runner, durable: boolean): Promise<string> {
  const made = await mkdir(dir, { recursive: true });
  if (made !== undefined && runner.uid !== undefined) await chmod(dir, 0o755);
  const home = await realpath(dir);
  const owner = await ownerOf(join(home, "cluster"), runner);
  const elsewhere = await recordedLocation(home);
  if (elsewhere !== undefined) return elsewhere;
  if (await isReachable(owner ?? runner, home)) return home;
  // A new number each time: a user who removes the folder and starts anew expects an empty database.
  const fresh = join(await passableFolder(runner, !durable), randomToken(9));
  await mkdir(fresh);
  await chmod(fresh, 0o755);
  // Written whole and then given its name, so that of two that start at once the second finds the first one's.
  const note = join(home, `location.new-${process.pid}`);
  await writeFile(note, `${fresh}\n`);
  try {
    await link(note, join(home, "location"));
    return fresh;
  } catch (error) {
    await rm(fresh, { recursive: true });
    const found = await recordedLocation(home);
    if (found === undefined) throw error;
    return found;
  } finally {
    await rm(note);
  }
}

async function recordedLocation(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, "location"), "utf8").catch(() => "");
  return text === "" ? undefined : text.trim();
}

/** Who runs an existing database: the user it belongs to. Undefined when there is none yet. */
async function ownerOf(folder: string, runner: Runner): Promise<Runner | undefined> {
  const found = await stat(folder).catch(() => undefined);
  const self = process.getuid?.();
  if (found === undefined || self === undefined) return undefined;
  if (self !== 0) {
    if (found.uid === self) return {};
    throw new Error(
      `The database in ${folder} belongs to another user (number ${found.uid}), perhaps because Kenshu was first run as root. ` +
        "Run Kenshu as that user or as root, or give a folder of your own with --dir.",
    );
  }
  if (found.uid !== 0) return { uid: found.uid, gid: found.gid };
  // A copy made by root belongs to root; the server could not read it.
  await run("chown", ["-R", `${runner.uid}:${runner.gid}`, folder]);
  return runner;
}

// Made under another name and renamed when whole, so that a kill half-way leaves no half database, and of two that start
// at the same time the second finds the first one's.
async function makeCluster(
  home: string,
  folder: string,
  native: Native,
  runner: Runner,
  durable: boolean,
): Promise<void> {
  await sweep(home);
  const fresh = `${folder}.new-${process.pid}-${randomToken(6)}`;
  try {
    await mkdir(fresh, { mode: 0o700 });
    const password = join(fresh, "password");
    await writeFile(password, `${randomToken(24)}\n`, { mode: 0o600 });
    if (runner.uid !== undefined && runner.gid !== undefined) {
      for (const path of [fresh, password]) await chown(path, runner.uid, runner.gid);
    }
    await initdb(fresh, password, native, runner, durable);
    await rename(fresh, folder).catch(async (error: unknown) => {
      if ((await stat(folder).catch(() => undefined)) === undefined) throw error;
    });
    await syncFolder(home);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A rename is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function initdb(
  fresh: string,
  password: string,
  native: Native,
  runner: Runner,
  durable: boolean,
): Promise<void> {
  const options = [
    `--pgdata=${join(fresh, "data")}`,
    "--username=postgres",
    `--pwfile=${password}`,
    "--auth=scram-sha-256",
    // Sorting by code point, built into PostgreSQL: the same on every machine, whatever its C library does.
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    // The same as on the server's command line, else it complains whenever it reads its files again.
    `--set=shared_buffers=${sharedBuffers}`,
    ...(durable ? [] : ["--no-sync"]),
  ];
  try {
    await run(native.initdb, options, { ...runner, cwd: fresh, env: programEnvironment() });
  } catch (cause) {
    const output =
      typeof cause === "object" && cause !== null && "stderr" in cause ? String(cause.stderr).trim() : "";
    if (output.includes("No space left on device"))
      throw Object.assign(new Error(output), { code: "ENOSPC" });
    throw new Error(`The database could not be made in ${fresh}: ${output === "" ? String(cause) : output}`, {
      cause,
    });
  }
}

/** Removes what makers killed half-way have left. */
async function sweep(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const maker = /^cluster\.new-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !(await isAlive(Number(maker))))
      await rm(join(home, name), { recursive: true, force: true });
  }
}

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(join(data, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (version === major) return;
  throw new Error(
    version === ""
      ? `${data} is not a whole PostgreSQL data folder (PG_VERSION is missing). Restore it from a backup, or give another --dir.`
      : `The database in ${data} was made by PostgreSQL ${version}; the one that comes with this Kenshu is ${major}. Carry it over ` +
          `with pg_upgrade or pg_dump of both versions, or start anew with another --dir. Nothing has been changed.`,
  );
}
