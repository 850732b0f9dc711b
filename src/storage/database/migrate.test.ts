import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { migrate, openDatabase, rawSql, sql } from "./database.ts";

const role = "kenshu_app";
const files = {
  "0001_first.sql": "create table one (id bigint primary key); create table entries (id bigint primary key);",
  "0002_second.sql": "insert into one values (1); revoke update, delete on entries from kenshu_app;",
};

async function folderOf(t: TestContext, content: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kenshu-migrations-"));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(content)) await writeFile(join(folder, name), text);
  return folder;
}

async function setUp(t: TestContext, content: Record<string, string>) {
  const { url, database } = await freshDatabase(t, "empty");
  const folder = await folderOf(t, content);
  return { url, folder, database, options: { url, folder, schema: "books", role } };
}

test("twenty processes migrate at once: each file is applied once, by one of them", async (t) => {
  const { options, database } = await setUp(t, files);
  const results = await Promise.all(Array.from({ length: 20 }, () => migrate(options)));
  assert.deepEqual(results.flatMap(({ applied }) => applied).toSorted(), Object.keys(files));
  assert.ok(results.every(({ version }) => version === 2));
  assert.deepEqual(await database.query(sql`select * from books.one`), [{ id: 1n }]);
  assert.deepEqual(await migrate(options), { applied: [], version: 2 });
});

test("many databases of one cluster are migrated at once, though the role is common to all", async (t) => {
  const databases = await Promise.all(Array.from({ length: 6 }, () => setUp(t, files)));
  // A role of its own, so that the race for making it is really run.
  const own = `kenshu_test_${process.pid}`;
  const content = { "0001_first.sql": "create table one (id bigint)" };
  const folder = await folderOf(t, content);
  await Promise.all(databases.map(({ url }) => migrate({ url, folder, schema: "books", role: own })));
  for (const { url, database } of databases) {
    const pool = openDatabase({ url, schema: "books", role: own });
    assert.deepEqual(await pool.query(sql`select * from one`), []);
    await pool.close();
    await database.execute(rawSql(`drop owned by ${own}`));
  }
  await databases[0]?.database.execute(rawSql(`drop role ${own}`));
});

test("the role may read and write, not what a file revokes, and not the record of migrations", async (t) => {
  const { options, url } = await setUp(t, files);
  await migrate(options);
  const pool = openDatabase({ url, schema: "books", role });
  t.after(() => pool.close());
  await pool.execute(sql`insert into one values (2)`);
  await pool.execute(sql`update one set id = 3 where id = 2`);
  await pool.execute(sql`insert into entries values (1)`);
  assert.equal((await pool.query(sql`select * from schema_migrations`)).length, 2);
  for (const statement of [
    "update entries set id = 2",
    "delete from entries",
    "delete from schema_migrations",
    "create table mine (id int)",
    "drop table one",
  ]) {
    await assert.rejects(pool.execute(rawSql(statement)), { code: "42501" }, statement);
  }
});

test("an ordinary owner of a database can migrate it and act as the role", async (t) => {
  const { options, url, database } = await setUp(t, files);
  const [owner, own] = [`kenshu_owner_${process.pid}`, `kenshu_role_${process.pid}`];
  const name = new URL(url).pathname.slice(1);
  await database.execute(rawSql(`create role ${owner} login createrole password 'secret'`));
  await database.execute(rawSql(`grant create on database ${name} to ${owner}`));
  const signIn = new URL(url);
  signIn.username = owner;
  signIn.password = "secret";
  const folder = await folderOf(t, { "0001_first.sql": "create table one (id bigint)" });
  await migrate({ ...options, url: signIn.href, folder, role: own });
  const pool = openDatabase({ url: signIn.href, schema: "books", role: own });
  await pool.execute(sql`insert into one values (1)`);
  await assert.rejects(pool.execute(sql`drop table one`), { code: "42501" });
  await pool.close();
  // Without the right to make roles the administrator is asked to.
  await database.execute(rawSql(`alter role ${owner} nocreaterole`));
  await assert.rejects(
    migrate({ ...options, url: signIn.href, folder, role: `${own}_other` }),
    /Let an administrator run: create role/,
  );
  for (const gone of [own, owner]) await database.execute(rawSql(`drop owned by ${gone}`));
  await database.execute(rawSql(`drop role ${own}, ${owner}`));
});

test("a schema that is newer than the code is refused and left as it is", async (t) => {
  const { options, database } = await setUp(t, files);
  await migrate(options);
  const older = await folderOf(t, { "0001_first.sql": files["0001_first.sql"] });
  await assert.rejects(
    migrate({ ...options, folder: older }),
    /0002_second\.sql, which this version .* does not know/,
  );
  assert.equal((await database.query(sql`select * from books.schema_migrations`)).length, 2);
});

const refusals: [what: string, later: Record<string, string>, message: RegExp][] = [
  ["an applied file that was changed", { "0001_first.sql": "select 1" }, /changed after it was applied/],
  [
    "a file that does not work",
    { "0003_bad.sql": "create table three (id int); select 1/0" },
    /0003_bad.*division by zero/,
  ],
  ["a file not named as one", { "3_bad.sql": "select 1" }, /is named like/],
  ["two files of one number", { "0002_twin.sql": "select 1" }, /already taken/],
];

for (const [what, later, message] of refusals) {
  test(`refused: ${what}`, async (t) => {
    const { options, folder, database } = await setUp(t, files);
    await migrate(options);
    for (const [name, text] of Object.entries(later)) await writeFile(join(folder, name), text);
    await assert.rejects(migrate(options), message);
    assert.deepEqual(await database.query(sql`select version from books.schema_migrations order by 1`), [
      { version: 1 },
      { version: 2 },
    ]);
    assert.deepEqual(await database.query(sql`select to_regclass('books.three') is null as untouched`), [
      { untouched: true },
    ]);
  });
}

test("refused: a new file numbered below an applied one", async (t) => {
  const { options, folder } = await setUp(t, { "0001_a.sql": "select 1", "0003_c.sql": "select 1" });
  await migrate(options);
  await writeFile(join(folder, "0002_b.sql"), "select 1");
  await assert.rejects(migrate(options), /numbered below 0003_c/);
});

test("refused: a schema or a role that would need quoting", async (t) => {
  const { options } = await setUp(t, {});
  await assert.rejects(migrate({ ...options, schema: 'a"; drop' }), /plain lower-case/);
  await assert.rejects(migrate({ ...options, role: "Kenshu App" }), /plain lower-case/);
  assert.deepEqual(await migrate(options), { applied: [], version: 0 });
});
