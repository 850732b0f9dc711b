import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { CommitUnknownError, openDatabase, rawSql, RolledBackError, sql } from "./database.ts";

const fresh = await freshDatabase({ after }, "empty");
const { database } = fresh;
await database.execute(sql`create table notes (id bigint primary key, text text)`);

const noteIds = async () =>
  (await database.query<{ id: bigint }>(sql`select id from notes order by id`)).map(({ id }) => id);
const clear = () => database.execute(sql`delete from notes`);
const insert = (id: bigint) => sql`insert into notes (id) values (${id})`;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

test("values come back as what they are", async () => {
  const [row] = await database.query(sql`
    select 9223372036854775807::int8 as big, array[1, null, -3]::int8[] as bigs, '{}'::int8[] as none,
      sum(x::int8) as total, '2026-02-28'::date as day, '2026-11-22T01:02:03.004Z'::timestamptz as moment,
      '{"a": [1]}'::jsonb as json, 7::int4 as small
    from generate_series(1, 4) x`);
  assert.deepEqual(row, {
    big: 9223372036854775807n,
    bigs: [1n, null, -3n],
    none: [],
    total: 10n,
    day: "2026-02-28",
    moment: new Date("2026-11-22T01:02:03.004Z"),
    json: { a: [1] },
    small: 7,
  });
});

test("values go in as what they are", async () => {
  const moment = new Date("2026-11-22T01:02:03.004Z");
  const [row] = await database.query(sql`
    select ${9007199254740993n}::int8 as big, ${[1n, 2n]}::int8[] as bigs, ${moment}::timestamptz as moment,
      ${["a,b", 'c"d', null]}::text[] as texts, ${JSON.stringify({ a: 1 })}::jsonb as json, ${null}::int8 as nothing`);
  const texts = ["a,b", 'c"d', null];
  assert.deepEqual(row, {
    big: 9007199254740993n,
    bigs: [1n, 2n],
    moment,
    texts,
    json: { a: 1 },
    nothing: null,
  });
});

test("a fraction is refused rather than made a float, and the connection survives", async () => {
  await assert.rejects(database.query(sql`select 0.5::numeric as half`), /whole number/);
  assert.deepEqual(await database.query(sql`select 2::numeric as two`), [{ two: 2n }]);
});

test("every connection has the schema, the limits, and what the address asks for", async () => {
  const url = new URL(fresh.url);
  url.searchParams.set("options", "-c work_mem=5MB");
  const keyed = openDatabase({ url: url.href, schema: "scratch", role: "pg_monitor", keyed: true });
  try {
    const rows = await keyed.query<{ name: string; setting: string }>(sql`
      select name, current_setting(name) as setting from unnest(${[
        "search_path",
        "role",
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "enable_seqscan",
        "work_mem",
        "default_transaction_isolation",
      ]}::text[]) name`);
    assert.deepEqual(
      rows.map(({ setting }) => setting),
      ["scratch", "pg_monitor", "10s", "3s", "10s", "off", "5MB", "read committed"],
    );
  } finally {
    await keyed.close();
    await keyed.close();
  }
});

test("a transaction is kept whole or not at all", async () => {
  await clear();
  assert.equal(await database.transaction(async (client) => client.execute(insert(1n))), 1);
  const refused = new Error("refused");
  const failing = database.transaction(async (client) => {
    await client.execute(insert(2n));
    throw refused;
  });
  await assert.rejects(failing, refused);
  assert.deepEqual(await noteIds(), [1n]);
});

test("statements may be in flight together; the first failure is the one that is told", async () => {
  await clear();
  const failing = database.transaction(async (client) => {
    void client.execute(insert(1n));
    void client.execute(insert(1n));
    await client.execute(insert(2n));
  });
  await assert.rejects(failing, { code: "23505" });
  assert.deepEqual(await noteIds(), []);
});

test("what is waited for behind a failed statement fails for its reason, also where the borrower began", async () => {
  const connection = await database.connect();
  await connection.begin();
  void connection.execute(sql`select 1 / 0`);
  await assert.rejects(connection.query(sql`select 1 as one`), { code: "22012" });
  await connection.rollback();
  connection.release();
});

test("a connection on which nothing may be written any more is not used again", async () => {
  const pid = async (): Promise<number | undefined> =>
    (await alone.query<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid;
  const alone = openDatabase({ url: fresh.url, schema: fresh.schema, max: 1 });
  const first = await pid();
  await alone.query(sql`select set_config('default_transaction_read_only', 'on', false)`);
  await assert.rejects(alone.execute(insert(9n)), { code: "25006" });
  assert.notEqual(await pid(), first);
  await alone.execute(insert(9n));
  await alone.close();
  await clear();
});

test("a failure that nobody waited for is found at the commit", async () => {
  await clear();
  const failing = database.transaction(async (client) => {
    void client.execute(insert(1n));
    void client.execute(insert(1n));
  });
  await assert.rejects(
    failing,
    (error) => error instanceof RolledBackError && /duplicate key/.test(String(error.cause)),
  );
  assert.deepEqual(await noteIds(), []);
});

test("a constraint that is checked at the commit is an ordinary refusal, and the connection stays", async () => {
  await database.execute(
    sql`create table late (id int, constraint one unique (id) deferrable initially deferred)`,
  );
  const single = openDatabase({ ...fresh, max: 1 });
  try {
    const pid = () => single.query(sql`select pg_backend_pid() as pid`);
    const former = await pid();
    await assert.rejects(
      single.transaction((client) => client.execute(sql`insert into late values (1), (1)`)),
      { code: "23505" },
    );
    await assert.rejects(single.execute(sql`insert into late values (${"x"})`), { code: "22P02" });
    assert.deepEqual(await pid(), former);
  } finally {
    await single.close();
  }
});

test("after its end a transaction's client is refused", async () => {
  await clear();
  let kept: { execute(query: ReturnType<typeof insert>): Promise<number> } | undefined;
  await database.transaction(async (client) => {
    kept = client;
  });
  await assert.rejects(kept?.execute(insert(9n)) ?? Promise.resolve(), /has ended/);
  assert.deepEqual(await noteIds(), []);
});

for (const code of ["40001", "40P01"]) {
  test(`after ${code} the whole transaction runs again`, async () => {
    await clear();
    let runs = 0;
    await database.transaction(async (client) => {
      runs += 1;
      await client.execute(insert(BigInt(runs)));
      if (runs < 3)
        await client.execute(rawSql(`do $$ begin raise exception 'again' using errcode = '${code}'; end $$`));
    });
    assert.deepEqual(await noteIds(), [3n]);
  });
}

test("a conflict that does not pass is told in the end", async () => {
  let runs = 0;
  const stuck = database.transaction(async (client) => {
    runs += 1;
    await client.execute(rawSql("do $$ begin raise exception 'again' using errcode = '40001'; end $$"));
  });
  await assert.rejects(stuck, { code: "40001" });
  assert.equal(runs, 8);
});

test("two that lock each other's rows both get through", async () => {
  await clear();
  await database.transaction(async (client) => {
    await client.execute(insert(1n));
    await client.execute(insert(2n));
  });
  const add = (first: bigint, second: bigint) =>
    database.transaction(async (client) => {
      for (const id of [first, second]) {
        await client.execute(sql`update notes set text = concat(text, '+') where id = ${id}`);
      }
    });
  await Promise.all([add(1n, 2n), add(2n, 1n), add(1n, 2n), add(2n, 1n)]);
  const rows = await database.query<{ text: string }>(sql`select text from notes order by id`);
  assert.deepEqual(rows, [{ text: "++++" }, { text: "++++" }]);
});

test("connections ended by the server are replaced without anybody noticing", async () => {
  const told: Error[] = [];
  const pool = openDatabase({ ...fresh, max: 2, onError: (error) => told.push(error) });
  try {
    const [own] = await pool.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await database.query(sql`select pg_terminate_backend(${own?.pid ?? 0})`);
    await until(async () => told.length > 0);
    const [next] = await pool.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    assert.notEqual(next?.pid, own?.pid);
  } finally {
    await pool.close();
  }
});

test("a connection lost in the commit leaves an outcome that is called unknown", async () => {
  await database.execute(
    rawSql(`
      create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(8); return null; end $$;
      create table slow (id int);
      create constraint trigger dawdle after insert on slow deferrable initially deferred
        for each row execute function dawdle()`),
  );
  let pid = 0;
  const work = database.transaction(async (client) => {
    const [row] = await client.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    pid = row?.pid ?? 0;
    await client.execute(sql`insert into slow values (1)`);
  });
  const outcome = assert.rejects(work, CommitUnknownError);
  await until(async () => {
    const rows = await database.query(sql`
      select 1 from pg_stat_activity where pid = ${pid} and query = 'commit' and wait_event = 'PgSleep'`);
    return rows.length > 0;
  });
  await database.query(sql`select pg_terminate_backend(${pid})`);
  await outcome;
});

test("statements prepared before a migration do not fail after it", async () => {
  const single = openDatabase({ ...fresh, max: 1 });
  try {
    const readAll = () => single.transaction((client) => client.query(sql`select * from widened`));
    await database.execute(sql`create table widened (a int)`);
    await database.execute(sql`insert into widened values (1)`);
    assert.deepEqual(await readAll(), [{ a: 1 }]);
    await database.execute(sql`alter table widened add column b int`);
    assert.deepEqual(await readAll(), [{ a: 1, b: null }]);
  } finally {
    await single.close();
  }
});

test("a connection given back with an open transaction is not used again", async () => {
  await clear();
  const single = openDatabase({ ...fresh, max: 1 });
  try {
    const connection = await single.connect();
    await connection.execute(sql`begin`);
    await connection.execute(insert(5n));
    connection.release();
    await single.execute(insert(6n));
    assert.deepEqual(await noteIds(), [6n]);
  } finally {
    await single.close();
  }
});

test("a server that is not there is told as such, and soon", async () => {
  const nowhere = openDatabase({ url: "postgresql://nobody@127.0.0.1:1/none", schema: "scratch" });
  await assert.rejects(nowhere.query(sql`select 1`), { name: "NoConnectionError" });
  await nowhere.close();
});
