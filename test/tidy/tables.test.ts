import assert from "node:assert/strict";
import { test } from "node:test";
import { exceptions } from "./bans.ts";
import { readSources, type Source } from "./sources.ts";
import { statements, tableLaw, tablesOf, touched } from "./sql-rules.ts";
import { sealedTables } from "../../src/core/log/log.ts";
import { guests } from "./table-guests.ts";
import { owners } from "./tables.ts";
import { unsealed } from "./unsealed.ts";

const files = readSources();

test("each table is touched by its owner, and by others only where the law says why", () => {
  assert.ok(tablesOf(files).length > 50);
  const found = tableLaw(files, { owners, guests });
  assert.equal(found.map(({ path, line, message }) => `\n${path}:${line} ${message}`).join(""), "");
});

test("each table of a trading server is sealed, or it is said why not", () => {
  const tables = tablesOf(files.filter(({ path }) => path.startsWith("sql/trading/"))).sort();
  const named = [...Object.keys(sealedTables), ...unsealed.flatMap((one) => one.tables)].sort();
  assert.ok(tables.length > 40);
  assert.deepEqual(named, tables);
});

test("statements stand in stores", () => {
  const excused = new Set(exceptions.filter(({ rule }) => rule === "sql").map(({ path }) => path));
  const found = statements(files).filter(({ path }) => !excused.has(path));
  assert.equal(found.map(({ path, line, message }) => `\n${path}:${line} ${message}`).join(""), "");
});

test("tables are found where a table can stand", () => {
  const tables = new Set(["trades", "holds", "people"]);
  const cases: [string, string[]][] = [
    ["select a from trades", ["trades"]],
    ["select trades from x join holds h on h.id = x.people", ["holds"]],
    ["select 1 from trades t, x, holds as h where t.hold = h.id", ["trades", "holds"]],
    ["insert into trades (holds) values (1)", ["trades"]],
    ["update only trades set holds = 1", ["trades"]],
    ["delete from x using people p where true", ["people"]],
    ["with one as (delete from holds) select 1 from one", ["holds"]],
    ["lock table people in share mode", ["people"]],
    ["SELECT * FROM Trades", ["trades"]],
    ["select 1 from x -- from trades", []],
    ["select holds.a from x holds", []],
    ["select $ from trades_old", []],
  ];
  for (const [text, expected] of cases) assert.deepEqual(touched(text, tables), expected, text);
});

const migrations: readonly Source[] = [
  { path: "sql/trading/0001_a.sql", text: "create table accounts (\n);\ncreate unlogged table trades (\n);" },
];
const ownStatements: readonly Source[] = [
  ...migrations,
  { path: "src/storage/ledger/store.ts", text: "export const a = sql`select 1 from accounts`;" },
  { path: "src/engines/trades/store.ts", text: "export const a = sql`select 1 from trades`;" },
];
const fewOwners = { "storage/ledger": ["accounts"], "engines/trades": ["trades"] };

/** Each case: what it shows, the file that is added, and what is found. */
const foreignTouches: [string, path: string, text: string, expected: RegExp][] = [
  ["a statement", "src/edge/api/store.ts", "sql`update trades set a = 1`;", /edge\/api touches trades/],
  ["with a type", "src/edge/api/a-store.ts", "sql<Row>`select 1 from trades`;", /edge\/api touches trades/],
  [
    "a part of one",
    "src/edge/api/store.ts",
    "const tail = `join trades on ${x}`;",
    /edge\/api touches trades/,
  ],
  ["a text", "src/edge/api/store.ts", 'const all = "select 1 from trades";', /edge\/api touches trades/],
  ["outside of a store", "src/edge/api/a.ts", "sql`select 1 from trades`;", /edge\/api touches trades/],
  [
    "given as it is",
    "src/edge/api/a.ts",
    'client.query("select 1 from trades");',
    /edge\/api touches trades/,
  ],
  ["made while running", "src/edge/api/a.ts", 'rawSql("select 1 from trades");', /edge\/api touches trades/],
];

test("touches that the law does not know are found", () => {
  const law = { owners: fewOwners, guests: [] };
  assert.deepEqual(tableLaw(ownStatements, law), []);
  for (const [name, path, text, expected] of foreignTouches) {
    const found = tableLaw([...ownStatements, { path, text }], law);
    assert.equal(found.length, 1, name);
    assert.match(found[0]?.message ?? "", expected, name);
  }
  const innocent: Source[] = [
    { path: "src/edge/api/a.ts", text: 'const words = "money from trades";' },
    { path: "src/edge/api/store.ts", text: "// sql`select 1 from trades`\nexport const trades = 1;" },
    { path: "src/edge/api/a.test.ts", text: "sql`select 1 from trades`;" },
  ];
  assert.deepEqual(tableLaw([...ownStatements, ...innocent], law), []);
});

test("what the law says of tables and touches that are not there is found", () => {
  const visit = { path: "src/edge/api/store.ts", text: "sql`select 1 from trades`;" };
  const guest = { room: "edge/api", tables: ["trades"], why: "planted" };
  assert.deepEqual(tableLaw([...ownStatements, visit], { owners: fewOwners, guests: [guest] }), []);
  const cases: [Parameters<typeof tableLaw>, RegExp][] = [
    [[ownStatements, { owners: fewOwners, guests: [guest] }], /edge\/api needs no leave to touch trades/],
    [[ownStatements, { owners: { "storage/ledger": ["accounts"] }, guests: [] }], /trades has no owner/],
    [[migrations, { owners: fewOwners, guests: [] }], /no statement was seen/],
    [
      [ownStatements, { owners: { ...fewOwners, "edge/api": ["keys"] }, guests: [] }],
      /there is no table keys/,
    ],
    [[ownStatements, { owners: { ...fewOwners, "edge/api": ["trades"] }, guests: [] }], /two owners/],
    [
      [ownStatements.slice(0, 2), { owners: fewOwners, guests: [] }],
      /engines\/trades owns trades and does nothing with it/,
    ],
  ];
  for (const [given, expected] of cases) {
    const messages = tableLaw(...given).map(({ message }) => message);
    assert.ok(
      messages.some((message) => expected.test(message)),
      `${expected}: ${messages.join("; ")}`,
    );
  }
});

test("statements outside of stores are found", () => {
  const cases: [path: string, text: string, count: number][] = [
    ["src/engines/trades/a.ts", "const q = sql`select 1`;", 1],
    ["src/engines/trades/a.ts", "const q = sql<Row>`select 1`;", 1],
    ["src/engines/trades/a.ts", 'await client.query("select 1");', 1],
    ["src/engines/trades/a.ts", "await client.execute(rawSql(`select ${x}`));", 1],
    ["src/engines/trades/a.ts", "const q = String.raw`select 1`; // sql`select 1`", 0],
    ["src/engines/trades/a.ts", "const page = new URL(url).query;", 0],
    ["src/engines/trades/store.ts", "const q = sql`select 1`;", 0],
    ["src/engines/trades/event-store.ts", "const q = sql`select 1`;", 0],
    ["src/storage/database/pool.ts", "const q = sql`select 1`;", 0],
    ["src/engines/trades/a.test.ts", "const q = sql`select 1`;", 0],
  ];
  for (const [path, text, count] of cases) assert.equal(statements([{ path, text }]).length, count, text);
});
