/** What every connection is to have, and whether it has. */
import type pg from "pg";
import type { DatabaseOptions } from "./client.ts";

export type Setting = readonly [name: string, value: string];

/** The schema, the role and the time limits of a pool's connections, and how they plan. */
export function settingsOf({ schema, role, keyed }: DatabaseOptions): Setting[] {
  const settings: Setting[] = [
    ["search_path", schema],
    ["statement_timeout", "10s"],
    ["lock_timeout", "3s"],
    ["idle_in_transaction_session_timeout", "10s"],
    ["default_transaction_isolation", "read committed"],
    ["timezone", "UTC"],
    // Statements here take microseconds; compiling one takes a hundred milliseconds, and a plan that avoids scans by
    // its cost would be compiled every time.
    ["jit", "off"],
  ];
  if (role !== undefined) settings.push(["role", role]);
  // Every statement goes by key, so one plan serves all values; to plan takes longer than to run.
  if (keyed === true) settings.push(["enable_seqscan", "off"], ["plan_cache_mode", "force_generic_plan"]);
  return settings;
}

const scheme = /^postgres(?:ql)?:\/\//;

/**
 * A database's address as an URL that can be taken apart. A socket is named by `host`, and then no host stands before the
 * database: the one that is put there is not asked. Throws where it is no address, without saying what it was, since
 * passwords stand in it.
 */
export function addressOf(address: string): URL {
  if (isAddress(address)) return new URL(withHost(address));
  throw new Error(`This is no address of a database: ${addressForms}.`);
}

/** How a database is addressed, over the network and by a socket. */
export const addressForms =
  "it is as postgres://user:password@host:5432/database, or, for a socket, postgres://user@/database?host=/var/run/postgresql";

const withHost = (address: string): string =>
  address.replace(/^(\w+:\/\/(?:[^/?#@]*@)?)(?=[/?#]|$)/, "$1localhost");

export const isAddress = (address: string): boolean =>
  scheme.test(address) && URL.canParse(withHost(address));

/** The address, and the startup options that put every connection into these settings. */
export function startupOf(
  address: string,
  settings: readonly Setting[],
): { connectionString: string; startup: string } {
  const ours = settings.map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, "\\$&")}`).join(" ");
  // Options in the address would silently replace ours, so the two are joined.
  const url = addressOf(address);
  const theirs = url.searchParams.get("options");
  url.searchParams.delete("options");
  return { connectionString: url.href, startup: theirs === null ? ours : `${theirs} ${ours}` };
}

/** A connection that would work in another schema, as somebody else, or without limits of time. */
class WrongConnectionError extends Error {
  override readonly name = "WrongConnectionError";
}

const seeDocs = "see Between server and database in docs/running.md";
const checkWithinMs = 5_000;

/**
 * Looks, once for each connection, whether it has what was asked for at its start: a pooler before the database may drop
 * that, and the server would work as whoever signed in and wait without end.
 */
export function checkSettings(settings: readonly Setting[]): NonNullable<pg.PoolConfig["verify"]> {
  const check = async (client: pg.ClientBase, done: (error?: Error) => void): Promise<void> =>
    done(await troubleWith(client, settings));
  return (client, done) => void check(client, done);
}

/** What is wrong with a connection; undefined where nothing is. */
async function troubleWith(client: pg.ClientBase, settings: readonly Setting[]): Promise<Error | undefined> {
  try {
    const query = {
      text: "select name, current_setting(name) as value from unnest($1::text[]) as name",
      values: [settings.map(([name]) => name)],
      query_timeout: checkWithinMs,
    };
    const { rows } = await client.query<{ name: string; value: string }>(query);
    const found = new Map(rows.map(({ name, value }) => [name, value]));
    const wrong = settings.find(([name, value]) => found.get(name) !== value);
    if (wrong === undefined) return undefined;
    const [name, value] = wrong;
    return new WrongConnectionError(
      `A new connection has ${name} = ${found.get(name) ?? "nothing"} where the server asked for ${value}: what ` +
        `stands before the database drops the settings of a connection; ${seeDocs}.`,
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Says it plainly where a pooler has refused the settings themselves; any other error stays as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !/unsupported startup parameter/i.test(error.message)) return error;
  return new WrongConnectionError(
    `${error.message}: what stands before the database does not take the settings of a connection; ${seeDocs}.`,
  );
}
