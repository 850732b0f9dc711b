import { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { isAlive } from "./process.ts";
import { isConnectionLoss } from "../database/database.ts";

// Any fixed number will do; it only has to differ from the locks that other code takes in the database "postgres".
const ownerLock = "7310865091573162309";
const applicationName = "kenshu owner";

/** Connects to a server that may still be starting up, as long as `isUp` says that its process lives. */
export async function signIn(url: string, isUp: () => Promise<boolean>): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      application_name: `${applicationName} ${process.pid}`,
      connectionTimeoutMillis: 10_000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (!isConnectionLoss(error) || !(await isUp())) throw error;
      await pause(20);
    }
  }
}

/** Keeps others from taking the server over. `release` gives it free. */
export type Owner = { release(): Promise<void> };

/**
 * Makes this process the owner of a server: it holds a session lock in it, which ends with the process however it ends.
 * Throws when a living process is the owner.
 */
export async function becomeOwner(url: string, folder: string, isUp: () => Promise<boolean>): Promise<Owner> {
  let released = false;
  let client = await signIn(url, isUp);
  await takeLock(client, folder);
  hold();
  return {
    release: async () => {
      released = true;
      if (client.connection.stream instanceof Socket) client.connection.stream.ref();
      await client.end().catch(() => {});
    },
  };

  function hold(): void {
    // The lock alone must not keep the process from ending.
    if (client.connection.stream instanceof Socket) client.connection.stream.unref();
    client.once("end", () => void regain());
  }

  // When one server process crashes, PostgreSQL ends all connections and recovers; the lock is then taken again.
  async function regain(): Promise<void> {
    while (!released && (await isUp())) {
      await pause(100, undefined, { ref: false });
      try {
        client = await signIn(url, isUp);
        if (released) return await client.end();
        await takeLock(client, folder);
        return hold();
      } catch {
        await client.end().catch(() => {});
      }
    }
  }
}

async function takeLock(client: pg.Client, folder: string): Promise<void> {
  // The server may need a moment to notice that a killed owner's connection is gone.
  const patience = Date.now() + 5_000;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
      ownerLock,
    ]);
    if (rows[0]?.taken === true) return;
    const owner = await ownerOf(client);
    if (Date.now() > patience || (owner !== undefined && (await isAlive(owner)))) {
      await client.end().catch(() => {});
      throw new Error(
        `Another Kenshu${owner === undefined ? "" : ` (process ${owner})`} is using the database in ${folder}. ` +
          "Stop that one first, or give this one a folder of its own with --dir.",
      );
    }
    await pause(20);
  }
}

/** The process that holds the lock, by the name it gave its connection. */
async function ownerOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and (l.classid::bigint << 32) | l.objid::bigint = $1`,
    [ownerLock],
  );
  const pid = Number(rows[0]?.name.slice(applicationName.length));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
