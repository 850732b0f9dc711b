/**
 * What a measurement needs to find in the database: many shops, or many finished trades. Both are copies of rows that the
 * program itself has written, with ids of their own, so that they are right whatever the tables look like, and the audit
 * must find nothing in them.
 */
import { createHash } from "node:crypto";
import {
  type Connection,
  openDatabase,
  randomToken,
  rawSql,
  uuidv7,
} from "../../storage/database/database.ts";
import { dammAppend, tradeNumberLength } from "../../core/protocol/protocol.ts";
import type { Buyer } from "./loader.ts";

const schema = "institution";

/** Runs `work` on a connection of the database's owner, without limits of time. */
async function asOwner<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const database = openDatabase({ url, schema, max: 1 });
  const connection = await database.connect();
  try {
    for (const setting of ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]) {
      await connection.execute(rawSql(`set ${setting} = 0`));
    }
    return await work(connection);
  } finally {
    // It has temporary tables and settings of its own, and perhaps a transaction that has failed.
    connection.release(true);
    await database.close();
  }
}

async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.execute(rawSql("begin"));
  await work();
  await connection.execute(rawSql("commit"));
}

/**
 * A statement that writes copies of rows. `from` names the rows to be copied as `old`; a column is copied, moved by
 * `shift` where it is an instant, or made anew as `columns` says.
 */
async function copying(
  connection: Connection,
  table: string,
  from: string,
  columns: Record<string, string>,
  shift?: string,
): Promise<string> {
  const found = await connection.query<{ name: string; type: string }>(
    rawSql(
      `select column_name as name, data_type as type from information_schema.columns
       where table_schema = $1 and table_name = $2 order by ordinal_position`,
      [schema, table],
    ),
  );
  const values = found.map(({ name, type }) => {
    const moved = shift !== undefined && type === "timestamp with time zone";
    return columns[name] ?? (moved ? `old.${name} + ${shift}` : `old.${name}`);
  });
  const names = found.map(({ name }) => name).join();
  return `insert into ${table} (${names}) select ${values.join()} from ${from}`;
}

/** Enters `count` shops like the buyers' own, each with a key, an account and one buyer's mandate. */
export async function addShops(
  url: string,
  model: string,
  buyers: readonly Buyer[],
  count: number,
): Promise<Buyer[]> {
  const made = Array.from({ length: count }, (_, index) => {
    const buyer = buyers[index % buyers.length];
    if (buyer === undefined) throw new Error("There is nobody to buy.");
    const key = `ks_${Buffer.from(randomToken(20), "base64url").toString("hex")}`;
    return {
      buyer: { ...buyer, key, mandate: uuidv7() },
      like: buyer.mandate,
      shop: uuidv7(),
      account: uuidv7(),
      keyId: uuidv7(),
    };
  });
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  await asOwner(url, async (connection) => {
    const fresh = `unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[])
      as fresh (shop, account, key_id, key_hash, mandate, likeness)`;
    const values = [
      made.map(({ shop }) => shop),
      made.map(({ account }) => account),
      made.map(({ keyId }) => keyId),
      made.map(({ buyer }) => hash(buyer.key)),
      made.map(({ buyer }) => buyer.mandate),
      made.map(({ like }) => like),
    ];
    const copy = async (table: string, from: string, columns: Record<string, string>) => {
      const statement = await copying(connection, table, `${fresh} ${from}`, columns);
      await connection.execute(rawSql(statement, values));
    };
    const own = `own.shop = '${model}' and own.currency = '${buyers[0]?.currency ?? ""}'`;
    const firstKey = `(select * from api_keys where owner = '${model}' order by id limit 1)`;
    await inTransaction(connection, async () => {
      const account = { id: "fresh.account", posted: "0", held: "0" };
      await copy(
        "accounts",
        `join shop_accounts own on ${own} join accounts old on old.id = own.account`,
        account,
      );
      await copy("parties", `join parties old on old.id = '${model}'`, { id: "fresh.shop" });
      const ownAccount = { shop: "fresh.shop", account: "fresh.account" };
      await copy("shop_accounts", `join shop_accounts old on ${own.replaceAll("own.", "old.")}`, ownAccount);
      const key = { hash: "decode(fresh.key_hash, 'hex')", id: "fresh.key_id", owner: "fresh.shop" };
      await copy("api_keys", `cross join ${firstKey} as old`, key);
      const mandate = { id: "fresh.mandate", shop: "fresh.shop", used: "0" };
      await copy("mandates", "join mandates old on old.id = fresh.likeness", mandate);
    });
  });
  return made.map(({ buyer }) => buyer);
}

/** Trades are copied this many at a time: a transaction that a small machine can hold. */
const chunk = 25_000;
/** The finished trades lie in the year before now. */
const spreadSeconds = 365 * 86_400;

/** The rows of the trades that are copied, laid aside where a copy finds them without looking through everything. */
const models = [
  "create temp table model as select row_number() over (order by number) - 1 as ordinal, * from trades where number = any($1::bigint[])",
  "create temp table model_events as select trade_events.* from trade_events join model on model.id = trade_events.trade",
  "create temp table model_holds as select holds.* from holds join model on model.hold = holds.id",
  "create temp table model_entries as select entries.* from entries join model on model.hold = entries.hold",
  `create temp table model_answers as select model.number, answers.*
    from answers join model on answers.body like '{"number":"' || model.number || '"%'`,
];
const freshTable = `create temp table fresh (ordinal int, number bigint, id uuid, hold uuid, settle uuid, shift interval)`;

/** Writes `count` finished trades, copies of the given ones in turn, with all that hangs on them. */
export async function addHistory(
  url: string,
  numbers: readonly string[],
  count: number,
  onProgress: (done: number) => void,
): Promise<void> {
  // Two at a time, since a connection keeps only one processor busy.
  const chunks = Array.from({ length: Math.ceil(count / chunk) }, (_, index) => index * chunk);
  const next = chunks.values();
  let done = 0;
  const writer = () =>
    asOwner(url, async (connection) => {
      await connection.execute(rawSql("set synchronous_commit = off"));
      const [first = "", ...others] = models;
      await connection.execute(rawSql(first, [`{${numbers.join()}}`]));
      for (const statement of [...others, freshTable]) await connection.execute(rawSql(statement));
      const statements = await historyStatements(connection);
      for (const from of next) {
        const rows = Math.min(chunk, count - from);
        await inTransaction(connection, async () => {
          await connection.execute(freshRows(from, rows, count, numbers.length));
          for (const statement of statements) await connection.execute(rawSql(statement));
        });
        done += rows;
        onProgress(done);
      }
    });
  await Promise.all([writer(), writer()]);
}

/** Numbers and ids of the copies. Numbers are spread over all that there are, as drawn ones would be, yet no two are equal. */
function freshRows(from: number, rows: number, count: number, modelCount: number) {
  const ordinals = Array.from({ length: rows }, (_, index) => from + index);
  const span = 9n * 10n ** BigInt(tradeNumberLength - 2);
  const numberAt = (ordinal: number) =>
    dammAppend(String(span / 9n + ((BigInt(ordinal) * 5_562_305_899_391n) % span)));
  const ids = () => `{${ordinals.map(uuidv7).join()}}`;
  const ago = (ordinal: number) => Math.round(-spreadSeconds * (1 - ordinal / count));
  return rawSql(
    `insert into fresh select ordinal, number, id, hold, settle, make_interval(secs => seconds)
     from unnest($1::int[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[])
       as one (ordinal, number, id, hold, settle, seconds)`,
    [
      `{${ordinals.map((ordinal) => ordinal % modelCount).join()}}`,
      `{${ordinals.map(numberAt).join()}}`,
      ids(),
      ids(),
      ids(),
      `{${ordinals.map(ago).join()}}`,
    ],
  );
}

async function historyStatements(connection: Connection): Promise<string[]> {
  const base = "fresh join model on model.ordinal = fresh.ordinal";
  const write = (table: string, from: string, columns: Record<string, string>) =>
    copying(connection, table, from, columns, "fresh.shift");
  const due = "old.wake_at + fresh.shift";
  return [
    await write("trades", "fresh join model old on old.ordinal = fresh.ordinal", {
      number: "fresh.number",
      id: "fresh.id",
      hold: "fresh.hold",
      // Deadlines that have passed have been looked at.
      wake_at: `case when ${due} > (select kenshu_now()) then ${due} end`,
    }),
    await write("trade_events", `${base} join model_events old on old.trade = model.id`, {
      trade: "fresh.id",
    }),
    await write("holds", `${base} join model_holds old on old.id = model.hold`, { id: "fresh.hold" }),
    await write("entries", `${base} join model_entries old on old.hold = model.hold`, {
      command: "case when old.command = old.hold then fresh.hold else fresh.settle end",
      hold: "fresh.hold",
    }),
    await write("answers", `${base} join model_answers old on old.number = model.number`, {
      // As random as a caller's keys are.
      key: "md5(old.key || fresh.number)",
      body: "replace(old.body, model.number::text, fresh.number::text)",
    }),
    // One writer at a time, else the two would wait for each other's accounts.
    "select pg_advisory_xact_lock(20030219)",
    `update accounts set posted = accounts.posted + new.posted, held = accounts.held + new.held
     from (select old.account, sum(old.posted) as posted, sum(old.held) as held
       from ${base} join model_entries old on old.hold = model.hold group by old.account) as new
     where accounts.id = new.account`,
    `update mandates set used = mandates.used + new.used
     from (select model.mandate, sum(model.settled) as used from ${base} group by model.mandate) as new
     where mandates.id = new.mandate`,
    "truncate fresh",
  ];
}

/** Brings the database to rest: what was written is on disk, statistics are up to date, and nothing waits to be cleaned. */
export async function settleDown(url: string): Promise<void> {
  await asOwner(url, async (connection) => {
    await connection.execute(rawSql("vacuum (analyze)"));
    await connection.execute(rawSql("checkpoint"));
  });
}

/** Bytes that the database takes on disk, and how many trades are in it. */
export async function sizeOf(url: string): Promise<{ bytes: bigint; trades: bigint }> {
  return asOwner(url, async (connection) => {
    const [size] = await connection.query<{ bytes: bigint; trades: bigint }>(
      rawSql("select pg_database_size(current_database()) as bytes, (select count(*) from trades) as trades"),
    );
    if (size === undefined) throw new Error("The database did not say how large it is.");
    return size;
  });
}
