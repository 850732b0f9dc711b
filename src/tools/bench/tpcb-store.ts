import { openDatabase, randomDigits, rawSql, sql } from "../../storage/database/database.ts";

const name = "kenshu_bench_tpcb";

/** Makes an empty database beside the world's and answers its address. */
export async function createBenchDatabase(serverUrl: string): Promise<string> {
  await dropBenchDatabase(serverUrl);
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropBenchDatabase(serverUrl: string): Promise<void> {
  await onServer(serverUrl, `drop database if exists ${name} with (force)`);
}

async function onServer(url: string, statement: string): Promise<void> {
  const database = openDatabase({ url, schema: "public", max: 1 });
  try {
    // Removing a database waits for a checkpoint.
    await database.execute(rawSql("set statement_timeout = 0"));
    await database.execute(rawSql(statement));
  } finally {
    await database.close();
  }
}

const tables = [
  "create table pgbench_branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100)",
  "create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100)",
  "create table pgbench_accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100)",
  "create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
];

/** The tables and rows that `pgbench -i` makes. */
export async function fillTpcb(url: string, scale: number): Promise<void> {
  const database = openDatabase({ url, schema: "public", max: 1 });
  const rows = (table: string, count: number, per: number) =>
    `insert into ${table} select i, (i - 1) / ${per} + 1, 0, '' from generate_series(1, ${count}) as i`;
  const statements = [
    "set statement_timeout = 0",
    ...tables,
    `insert into pgbench_branches select i, 0, '' from generate_series(1, ${scale}) as i`,
    rows("pgbench_tellers", scale * 10, 10),
    rows("pgbench_accounts", scale * 100_000, 100_000),
    "vacuum analyze",
  ];
  try {
    for (const statement of statements) await database.execute(rawSql(statement));
  } finally {
    await database.close();
  }
}

export interface Session {
  transaction(): Promise<void>;
  release(): void;
}

/** Connections that run pgbench's "TPC-B (sort of)" with prepared statements. */
export function openTpcb(url: string, scale: number, clients: number) {
  const database = openDatabase({ url, schema: "public", max: clients });
  const upTo = (most: number) => (Number(randomDigits(9)) % most) + 1;
  const connect = async (): Promise<Session> => {
    const connection = await database.connect();
    const begin = { text: "begin", values: [], name: "begin" };
    const end = { text: "end", values: [], name: "end" };
    const transaction = async () => {
      const [aid, bid, tid] = [upTo(scale * 100_000), upTo(scale), upTo(scale * 10)];
      const delta = upTo(10_001) - 5001;
      await connection.execute(begin);
      await connection.execute(
        sql`update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}`,
      );
      await connection.query(sql`select abalance from pgbench_accounts where aid = ${aid}`);
      await connection.execute(
        sql`update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}`,
      );
      await connection.execute(
        sql`update pgbench_branches set bbalance = bbalance + ${delta} where bid = ${bid}`,
      );
      await connection.execute(sql`
        insert into pgbench_history (tid, bid, aid, delta, mtime)
        values (${tid}, ${bid}, ${aid}, ${delta}, current_timestamp)`);
      await connection.execute(end);
    };
    return { transaction, release: () => connection.release() };
  };
  return { connect, close: () => database.close() };
}
