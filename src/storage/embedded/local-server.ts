import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { type Cluster, prepareCluster, programEnvironment, sharedBuffers } from "./cluster.ts";
import { becomeOwner, signIn } from "./owner.ts";
import { clearStalePidFile, isAlive, type PidFile, readPidFile, stopServer, worksOn } from "./process.ts";
import { errorCode } from "../database/database.ts";

// Recovery after a crash may have to read two gigabytes of log on a slow disk.
const startTimeoutMs = 300_000;
const logBytesMax = 8 * 1024 * 1024;

export type EmbeddedOptions = {
  /** The folder that holds the database. Made when missing. */
  dir: string;
  /** The port on 127.0.0.1; a free one when not given. */
  port?: number;
  /** False only for tests: after a crash of the machine everything may be lost. */
  durable: boolean;
  /** Told in a sentence what is being done. */
  log?: (message: string) => void;
};

export type Embedded = {
  /** The superuser's address of the database `postgres`, with the password in it. */
  url: string;
  port: number;
  /** The server's process. */
  pid: number;
  /** Whether that process still runs. */
  isUp(): Promise<boolean>;
  /** Ends the server in an orderly way and waits until it is gone. May be called twice. */
  stop(): Promise<void>;
};

type Start = Cluster & { options: EmbeddedOptions; log: (message: string) => void };

/**
 * Starts the PostgreSQL that comes with Kenshu on a folder, making the database there at the first start. A server left
 * behind by a killed process is taken over; one that a living process uses is refused, and so is a port that somebody
 * else listens on. The server outlives this process unless `stop` is called. Every failure is one paragraph for the
 * person at the screen.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const log = options.log ?? (() => {});
  const deadline = Date.now() + startTimeoutMs;
  try {
    const start = { ...(await prepareCluster(options.dir, options.durable, log)), options, log };
    while (Date.now() < deadline) {
      const embedded = await attempt(start, deadline);
      if (embedded !== undefined) return embedded;
      await pause(50);
    }
    throw new Error(
      `The database in ${start.folder} did not become ready in five minutes; its log is postgres.log there.`,
    );
  } catch (error) {
    if (errorCode(error) !== "ENOSPC") throw error;
    throw new Error(
      `The disk that holds ${options.dir} is full. Make room (the database keeps up to 2 GB of log) and start again.`,
      {
        cause: error,
      },
    );
  }
}

/** One attempt: takes over the server that runs, or starts one. Undefined when it is worth another. */
async function attempt(start: Start, deadline: number): Promise<Embedded | undefined> {
  const found = await readPidFile(start.data);
  if (found !== undefined && (await isAlive(found.pid))) {
    if (await worksOn(found.pid, start.data)) return found.ready ? takeOver(start, found) : undefined;
    if (!(await clearStalePidFile(start.data, found))) return undefined;
  }
  const port = start.options.port ?? (await freePort());
  const { child, logFrom } = await launch(start, port);
  const ready = await untilReady(child, start.data, deadline);
  if (ready === undefined) return refuseOrRetry(start, child, port, await logSince(start, logFrom));
  start.log(`PostgreSQL runs on port ${port} as process ${ready.pid}.`);
  return embed(start, ready, true);
}

/** Takes over a running server that nobody owns. One with other settings than wanted is ended, to be started anew. */
async function takeOver(start: Start, running: PidFile): Promise<Embedded | undefined> {
  const { options, data } = start;
  const embedded = await embed(start, running, false);
  if (embedded !== undefined && (options.port === undefined || options.port === running.port)) {
    start.log(
      `Taking over PostgreSQL on port ${running.port} (process ${running.pid}), left behind by a process that was killed.`,
    );
    return embedded;
  }
  await (embedded?.stop() ?? stopServer(running.pid, data));
  return undefined;
}

/** The superuser's address of the server that runs on a folder, without taking it over. Throws where none runs. */
export async function ownersAddress(dir: string): Promise<string> {
  const { data, password } = await prepareCluster(dir, true, () => {});
  const running = await readPidFile(data);
  if (running === undefined) throw new Error(`No PostgreSQL runs on ${dir}.`);
  return addressOf(running.port, password);
}

const addressOf = (port: number, password: string) =>
  `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;

/** Becomes the server's owner and proves that it is ours. Undefined when it is, but not as durable as wanted. */
async function embed(start: Start, running: PidFile, fresh: boolean): Promise<Embedded | undefined> {
  const { data, options } = start;
  const { pid, port } = running;
  const url = addressOf(port, start.password);
  const isUp = () => isAlive(pid);
  const owner = await becomeOwner(url, options.dir, isUp);
  const client = await signIn(url, isUp);
  try {
    const mismatch = await findMismatch(client, data, options.durable);
    if (mismatch !== undefined) {
      await owner.release();
      if (fresh) throw new Error(`The database started with ${mismatch}. It will not be used like that.`);
      return undefined;
    }
    if (fresh) await compressLog(client);
  } finally {
    await client.end();
  }
  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    pid,
    isUp,
    stop: () => (stopping ??= owner.release().then(() => stopServer(pid, data))),
  };
}

/** Asks the server itself whose data it serves and whether a commit reaches the disk. */
async function findMismatch(client: pg.Client, data: string, durable: boolean): Promise<string | undefined> {
  const wanted = durable ? "on" : "off";
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('data_directory', 'fsync', 'synchronous_commit', 'full_page_writes')`,
  );
  if (rows.length !== 4) return "settings that cannot be read";
  for (const { name, setting } of rows) {
    if (name === "data_directory" && setting !== data) {
      throw new Error(
        `The server that answers works on ${setting}, not on ${data}. It is somebody else's and is left alone.`,
      );
    }
    if (name !== "data_directory" && setting !== wanted) return `${name}=${setting}`;
  }
  return undefined;
}

/** Page images in the log are compressed by the best method this build has; only the running server knows which. */
async function compressLog(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ setting: string; enumvals: string[] }>(
    "select setting, enumvals from pg_settings where name = 'wal_compression'",
  );
  const best = ["lz4", "pglz"].find((method) => rows[0]?.enumvals.includes(method));
  if (best === undefined || rows[0]?.setting === best) return;
  await client.query(`alter system set wal_compression = ${best}`);
  await client.query("select pg_reload_conf()");
}

/** Settings for a small machine that does many short transactions. */
function settings(start: Start, port: number): string[] {
  const safe = start.options.durable ? "on" : "off";
  // The path of a socket has a length limit of about a hundred bytes in every system.
  const socketFolder = Buffer.byteLength(start.folder) < 80 ? start.folder : "";
  const values = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: socketFolder,
    fsync: safe,
    synchronous_commit: safe,
    full_page_writes: safe,
    shared_buffers: sharedBuffers,
    max_connections: 100,
    jit: "off",
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    log_checkpoints: "off",
    logging_collector: "off",
    // The details of an error can hold people's names and addresses, which have no place in a log.
    log_error_verbosity: "terse",
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Starts the server's process. It gets a log file instead of our pipes, since it may outlive us. */
async function launch(start: Start, port: number): Promise<{ child: ChildProcess; logFrom: number }> {
  const path = join(start.folder, "postgres.log");
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > logBytesMax) await rename(path, `${path}.old`);
  const handle = await open(path, "a", 0o600);
  try {
    const child = spawn(start.native.postgres, ["-D", start.data, ...settings(start, port)], {
      ...start.runner,
      cwd: start.folder,
      env: programEnvironment(),
      stdio: ["ignore", handle.fd, handle.fd],
      // A session of its own: Ctrl-C in the terminal must reach us only, who end the servers before the database.
      detached: true,
    });
    child.on("error", () => {});
    child.unref();
    return { child, logFrom: size > logBytesMax ? 0 : size };
  } finally {
    await handle.close();
  }
}

async function untilReady(child: ChildProcess, data: string, deadline: number): Promise<PidFile | undefined> {
  while (
    child.pid !== undefined &&
    child.exitCode === null &&
    child.signalCode === null &&
    Date.now() < deadline
  ) {
    const file = await readPidFile(data);
    if (file?.pid === child.pid && file.ready) return file;
    await pause(10);
  }
  return undefined;
}

async function logSince(start: Start, from: number): Promise<string> {
  const bytes = await readFile(join(start.folder, "postgres.log")).catch(() => Buffer.alloc(0));
  return bytes.subarray(from).toString("utf8").trim();
}

/** Why the server ended before it was ready: a reason to try again (undefined), or one to tell. */
async function refuseOrRetry(
  start: Start,
  child: ChildProcess,
  port: number,
  log: string,
): Promise<undefined> {
  const { options, data, native } = start;
  if (child.pid === undefined) {
    throw new Error(
      `${native.postgres} cannot be executed on this machine (it is built for a common glibc Linux, macOS or Windows). ` +
        "Set KENSHU_DATABASE_URL to a PostgreSQL of your own.",
    );
  }
  if (child.exitCode === null && child.signalCode === null) {
    await stopServer(child.pid, data);
    return undefined;
  }
  // Somebody else starts at the same moment, or the processes of a killed server have not all ended yet.
  if (/lock file "postmaster.pid" already exists|pre-existing shared memory block|is still in use/.test(log))
    return undefined;
  if (/could not bind|could not create any TCP\/IP sockets/.test(log)) {
    if (options.port === undefined) return undefined;
    throw new Error(
      `Port ${port} on 127.0.0.1 is in use by another program, so the database cannot listen there. That program has been left ` +
        "alone. Stop it, or choose another port.",
    );
  }
  if (log.includes("No space left on device")) throw Object.assign(new Error(log), { code: "ENOSPC" });
  throw new Error(
    `PostgreSQL did not start on ${data}. Its last words: ${log.split("\n").slice(-5).join(" / ")}`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
