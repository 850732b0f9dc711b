import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import {
  CommitUnknownError,
  errorCode,
  isConflict,
  isConnectionLoss,
  isSpent,
  NoConnectionError,
  ReadOnlyError,
  RolledBackError,
} from "./errors.ts";
import type { Client, Connection, Database, DatabaseOptions } from "./client.ts";
import { checkSettings, explained, settingsOf, startupOf } from "./settings.ts";
import { type Query, sql } from "./sql.ts";

const attemptsMax = 8;
const connectTimeoutMs = 5_000;

/** Opens a pool of connections on one schema. Connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options);
  return {
    url: options.url,
    schema: options.schema,
    query: (query) => withConnection(pool, (client) => client.query(query)),
    execute: (query) => withConnection(pool, (client) => client.execute(query)),
    transaction: (work) => transaction(pool, work),
    connect: async () => {
      const client = await checkOut(pool);
      return {
        release: (broken = false) => giveBack(client, broken),
        ...transactionOn(noting(clientOf(client)).client),
      };
    },
    use: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    isInProgress: (transaction) => withConnection(pool, (client) => isInProgress(client, transaction)),
    close: () => (pool.ending ? Promise.resolve() : pool.end()),
  };
}

function openPool(options: DatabaseOptions): pg.Pool {
  const settings = settingsOf(options);
  const { connectionString, startup } = startupOf(options.url, settings);
  const pool = new pg.Pool({
    connectionString,
    options: startup,
    application_name: `kenshu ${options.schema}`,
    max: options.max ?? 10,
    // Connections keep their prepared statements, so they are kept for as long as the pool lives.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    pipeline: true,
    types: typeParsers,
    verify: checkSettings(settings),
  });
  const onError = options.onError ?? (() => {});
  pool.on("error", (error) => onError(error));
  // The pool listens to idle connections only; an error event on one in use would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

function transactionOn(client: Client): Omit<Connection, "release"> {
  return {
    begin: () => client.execute(sql`begin`),
    transactionNumber: async () => {
      const [row] = await client.query<{ id: string }>(sql`select pg_current_xact_id()::text as id`);
      return row?.id ?? "";
    },
    commit: () => client.execute(sql`commit`),
    rollback: () => client.execute(sql`rollback`),
    ...client,
  };
}

async function isInProgress(client: Client, transaction: string): Promise<boolean> {
  try {
    const [row] = await client.query<{ status: string | null }>(
      sql`select pg_xact_status(${transaction}::xid8) as status`,
    );
    return row?.status === "in progress";
  } catch (error) {
    // The number lies in the future: the server has lost it in a crash.
    if (errorCode(error) === "22023") return false;
    throw error;
  }
}

async function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new NoConnectionError(explained(error));
  }
}

// An open transaction would take in the statements of the next user of the connection.
function giveBack(client: pg.PoolClient, broken: boolean): void {
  client.release(broken || client.getTransactionStatus() !== "I");
}

function clientOf(client: pg.ClientBase): Client {
  return {
    query: async <Row>(query: Query) => {
      gather(client);
      return (await client.query<Row & pg.QueryResultRow>(query)).rows;
    },
    execute: async (query) => {
      gather(client);
      return (await client.query(query)).rowCount ?? 0;
    },
  };
}

const gathering = new WeakSet<Duplex>();

/** Statements sent in the same turn leave in one packet, in their order: a system call each would cost more than they do. */
function gather(client: pg.ClientBase): void {
  const { stream } = (client as pg.ClientBase & { connection: pg.Connection }).connection;
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  process.nextTick(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}

// The pool's own query() throws the connection away after every refused statement; this keeps it unless it is broken.
async function withConnection<T>(pool: pg.Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await checkOut(pool);
  let broken = false;
  try {
    return await work(clientOf(client));
  } catch (error) {
    broken = isSpent(error);
    throw error;
  } finally {
    giveBack(client, broken);
  }
}

async function transaction<T>(pool: pg.Pool, work: (client: Client) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptTransaction(pool, work);
    } catch (error) {
      if (attempt === attemptsMax || !(isConflict(error) || error instanceof NotBegunError)) throw error;
      await pause(Math.random() * 5 * 2 ** attempt);
    }
  }
}

/** A pooled connection turned out to be dead before anything was done on it. */
class NotBegunError extends NoConnectionError {}

async function attemptTransaction<T>(pool: pg.Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await checkOut(pool);
  let broken = false;
  try {
    await begin(connection);
    const { client, end, firstFailure } = watched(connection);
    let result: T;
    try {
      result = await work(client);
    } catch (error) {
      await connection.query("rollback").catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      end();
    }
    await commit(connection, firstFailure);
    return result;
  } catch (error) {
    broken ||= isSpent(error);
    throw error;
  } finally {
    giveBack(connection, broken);
  }
}

// Waits for the answer to begin: after a refused begin, each following statement would commit by itself.
async function begin(connection: pg.PoolClient): Promise<void> {
  try {
    await connection.query("begin");
  } catch (error) {
    throw isConnectionLoss(error) ? new NotBegunError(error) : error;
  }
}

async function commit(connection: pg.PoolClient, firstFailure: () => unknown): Promise<void> {
  let answer: pg.QueryResult;
  try {
    answer = await connection.query("commit");
  } catch (error) {
    if (isConnectionLoss(error)) throw new CommitUnknownError(error);
    // A refused commit (a deferred constraint, say) has ended the transaction; this only waits for its last word.
    await connection.query("rollback").catch(() => {});
    throw error;
  }
  if (answer.command === "COMMIT") return;
  // A commit of a failed transaction is no error to the server: it rolls back and says so. Both answers may have come in
  // one packet, so the failure is given a turn of the event loop to be noted.
  await new Promise(setImmediate);
  throw new RolledBackError(firstFailure());
}

/**
 * A client that knows which statement of a transaction failed first: those behind it, which were on their way already, say
 * only that the transaction is aborted (25P02), and may be waited for before it. None of them becomes an unhandled rejection.
 */
function noting(inner: Client): { client: Client; firstFailure: () => unknown } {
  let first: unknown;
  async function note<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      first ??= error;
      throw errorCode(error) === "25P02" ? first : error;
    }
  }
  function watch<T>(answer: Promise<T>): Promise<T> {
    const noted = note(answer);
    noted.catch(() => {});
    return noted;
  }
  return {
    client: {
      query: (query) => watch(inner.query(query)),
      execute: (query) => watch(inner.execute(query)),
    },
    firstFailure: () => first,
  };
}

/** The client for one transaction: of no use after its end. */
function watched(connection: pg.PoolClient) {
  const { client, firstFailure } = noting(clientOf(connection));
  let ended = false;
  const open = <T>(send: () => Promise<T>): Promise<T> =>
    ended
      ? Promise.reject(new Error("This transaction has ended; its client may not be used any more."))
      : send();
  return {
    client: {
      query: <Row>(query: Query) => open(() => client.query<Row>(query)),
      execute: (query: Query) => open(() => client.execute(query)),
    },
    end: () => {
      ended = true;
    },
    firstFailure,
  };
}

// Numbers of the types in PostgreSQL's catalogue; they never change.
const int8 = 20;
const int8Array = 1016;
const numeric = 1700;
const numericArray = 1231;
const date = 1082;
const dateArray = 1182;

/** Sums of bigint columns come back as numeric. They are whole numbers; anything else would be a float in disguise. */
function wholeNumber(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new Error(`The database gave ${text} where a whole number was expected.`);
  return BigInt(text);
}

/** One-dimensional arrays of plain numbers or dates: no quotes and no commas inside the elements. */
function arrayOf<T>(parse: (text: string) => T): (text: string) => (T | null)[] {
  return (text) => {
    const inside = text.slice(1, -1);
    return inside === "" ? [] : inside.split(",").map((part) => (part === "NULL" ? null : parse(part)));
  };
}

const parsers = new Map<number, (text: string) => unknown>([
  [int8, BigInt],
  [int8Array, arrayOf(BigInt)],
  [numeric, wholeNumber],
  [numericArray, arrayOf(wholeNumber)],
  // A calendar date has no time zone; as a JavaScript Date it would move with that of the machine.
  [date, String],
  [dateArray, arrayOf(String)],
]);

/**
 * How answers become values: int8 and whole numeric as bigint, date as "YYYY-MM-DD", timestamptz as Date (milliseconds:
 * the microseconds are cut off), json and jsonb parsed. Belongs to a pool; the driver's global table is left alone.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    const parser = format === "binary" ? undefined : parsers.get(oid);
    return parser ?? pg.types.getTypeParser(oid, format);
  },
};

/** Reads the one clock of a server, that of its database. A batch reads it last, after it has taken its locks. */
export async function readClock(client: Client): Promise<Date> {
  const [row] = await client.query<{ now: Date }>(sql`select kenshu_now() as now`);
  if (row === undefined) throw new Error("The database has no clock.");
  return row.now;
}

/** Resolves where the database is there and may be written to; in a switchover it may be there and read-only. */
export async function checkWritable(client: Client): Promise<void> {
  const [row] = await client.query<{ readOnly: string }>(
    sql`select current_setting('transaction_read_only') as "readOnly"`,
  );
  if (row?.readOnly !== "off") throw new ReadOnlyError();
}

/** Moves the sandbox's clock forward. */
export async function advanceClock(client: Client, milliseconds: number): Promise<void> {
  await client.execute(
    sql`update test_clock set ahead = ahead + make_interval(secs => ${milliseconds} / 1000.0)`,
  );
}
