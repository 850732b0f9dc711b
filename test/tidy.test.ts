import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bans, exceptions, rooms } from "./tidy.ts";
import { findings, functionsOf, importsOf } from "./tidy-rules.ts";
import { blank, readSources, source } from "./tidy-source.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const files = readSources(root);
const found = findings(files);

test("the rules have seen the project", () => {
  for (const start of ["src/core/money/", "test/", "scripts/", "sql/", "docs/", "CONTRIBUTING.md"]) {
    assert.ok(
      files.some((file) => file.path.startsWith(start)),
      `no file seen under ${start}`,
    );
  }
});

test("the sources keep the house rules", () => {
  const excused = (path: string, rule: string): boolean =>
    exceptions.some((exception) => exception.path === path && exception.rule === rule);
  const lines = found
    .filter(({ path, rule }) => !excused(path, rule))
    .map(({ path, line, rule, message }) => `${path}:${line} [${rule}] ${message}`);
  assert.ok(lines.length === 0, `\n${lines.join("\n")}`);
});

test("every exception is still needed", () => {
  const idle = exceptions.filter(
    (exception) => !found.some(({ path, rule }) => path === exception.path && rule === exception.rule),
  );
  assert.deepEqual(idle, []);
});

test("the table of rooms has no cycle and names only rooms", () => {
  const below = (name: string, path: readonly string[]): void => {
    assert.ok(!path.includes(name), `${[...path, name].join(" imports ")}`);
    const room = rooms[name];
    assert.ok(room, `${name} is in no line of the table`);
    for (const other of room.rooms) below(other, [...path, name]);
  };
  for (const name of Object.keys(rooms)) below(name, []);
});

const lines = (count: number, line = "  work();"): string =>
  Array.from({ length: count }, () => line).join("\n");
const filesOf = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`src/core/money/part${index}.ts`, ""]);

/** Each case: what it shows, the rule that must find it, and a planted project. */
const planted: [string, string, [path: string, text: string][]][] = [
  [
    "a room imports one above it",
    "imports",
    [["src/core/money/a.ts", 'import { x } from "../../storage/ledger/ledger.ts";']],
  ],
  [
    "a party imports a party",
    "imports",
    [["src/servers/shop/a.ts", 'export * from "../../servers/institution/institution.ts";']],
  ],
  [
    "an import for types only",
    "imports",
    [["src/core/money/a.ts", 'import type { X } from "../../storage/ledger/ledger.ts";']],
  ],
  [
    "an import wrapped over lines",
    "imports",
    [["src/core/money/a.ts", 'import {\n  x,\n} from "../../storage/ledger/ledger.ts";']],
  ],
  ["an import for its effect", "imports", [["src/core/money/a.ts", 'import "pg";']]],
  ["an import while running", "imports", [["src/core/money/a.ts", 'const x = await import("pg");']]],
  ["a package that is not the room's", "imports", [["src/storage/ledger/a.ts", 'import pg from "pg";']]],
  [
    "node: in a pure room",
    "imports",
    [["packages/sdk/src/a.ts", 'import { createHash } from "node:crypto";']],
  ],
  [
    "past the front door",
    "imports",
    [["src/storage/ledger/a.ts", 'import { x } from "../../storage/database/sql.ts";']],
  ],
  [
    "schemas in a browser",
    "imports",
    [["packages/sdk/src/a.ts", 'import { x } from "../../core/protocol/schemas.ts";']],
  ],
  ["a test from the code", "imports", [["src/core/money/a.ts", 'import { x } from "./a.test.ts";']]],
  [
    "test support from the code",
    "imports",
    [["src/core/money/a.ts", 'import { x } from "../../../test/browser.ts";']],
  ],
  ["a room outside the table", "rooms", [["src/core/attic/a.ts", ""]]],
  ["a file outside the rooms", "rooms", [["src/a.ts", ""]]],
  ["a folder inside a room", "flat", [["src/core/money/old/a.ts", ""]]],
  ["a crowded room", "room-size", filesOf(15)],
  ["a long file", "file-length", [["src/core/money/a.ts", lines(401, "x();")]]],
  ["a long function", "function-length", [["src/core/money/a.ts", `function f() {\n${lines(69)}\n}`]]],
  ["a statement outside the store", "sql", [["src/engines/trades/a.ts", "const q = sql`select 1`;"]]],
  [
    "a typed statement outside the store",
    "sql",
    [["src/engines/trades/a.ts", "const q = sql<Row>`select 1`;"]],
  ],
  ["a statement as plain text", "sql", [["src/engines/trades/a.ts", 'await client.query("select 1");']]],
  ["the clock", "clock", [["src/engines/trades/a.ts", "const now = Date.now();"]]],
  ["the clock as a date", "clock", [["src/engines/trades/a.ts", "const now = new Date();"]]],
  ["chance", "chance", [["src/engines/trades/a.ts", "const x = Math.random();"]]],
  ["an id out of nothing", "chance", [["src/engines/trades/a.ts", "const id = crypto.randomUUID();"]]],
  ["the environment", "environment", [["src/edge/http/a.ts", 'const port = process.env["PORT"];']]],
  ["printing", "console", [["src/edge/http/a.ts", 'console.log("ready");']]],
  ["a float", "float", [["src/engines/trades/a.ts", 'const x = Number.parseFloat("1.5");']]],
  ["rounding for show", "float", [["src/edge/parts/a.tsx", "const x = (amount / 100).toFixed(2);"]]],
  ["an amount made a number", "number", [["src/storage/ledger/a.ts", "const x = Number(amount);"]]],
  ["any by assertion", "any", [["src/engines/trades/a.ts", "const x = y as any;"]]],
  ["any by annotation", "any", [["test/a.ts", "function f(x: any) {}"]]],
  ["any in a type argument", "any", [["test/a.ts", "const x = new Map<string, any>();"]]],
  ["a silenced compiler", "silenced", [["src/engines/trades/a.ts", "// @ts-ignore\nx();"]]],
  ["a silenced linter", "silenced", [["test/a.ts", "// oxlint-disable-next-line\nx();"]]],
  ["work left for later", "later", [["sql/trading/0001_a.sql", "-- TODO an index"]]],
  ["a test left out", "skipped", [["src/core/money/a.test.ts", 'test.skip("x", () => {});']]],
  ["a test alone", "skipped", [["test/a.test.ts", 'test("x", { only: true }, () => {});']]],
  ["a document without a title", "title", [["docs/a.md", "Text.\n"]]],
  ["a document with two titles", "title", [["docs/a.md", "# One\n\n# Two\n"]]],
];

test("each rule catches what is planted", async (t) => {
  for (const [name, rule, project] of planted) {
    await t.test(name, () => {
      const caught = findings(project.map(([path, text]) => source(path, text)));
      assert.deepEqual([...new Set(caught.map((finding) => finding.rule))], [rule]);
    });
  }
  const proven = new Set(planted.map(([, rule]) => rule));
  for (const { name } of bans) assert.ok(proven.has(name), `no case proves the ban on ${name}`);
});

/** What looks like a violation and is none. */
const innocent: [string, string, string][] = [
  ["a room's own files", "src/storage/ledger/a.ts", 'import { x } from "./store.ts";'],
  [
    "a front door that the table allows",
    "src/storage/ledger/a.ts",
    'import { x } from "../../storage/database/database.ts";',
  ],
  [
    "types of schemas in a browser",
    "packages/sdk/src/a.ts",
    'import type { X } from "../../core/protocol/schemas.ts";',
  ],
  ["schemas on a server", "src/engines/trades/a.ts", 'import { x } from "../../core/protocol/schemas.ts";'],
  ["a part of a package", "src/core/protocol/a.ts", 'import { x } from "typebox/compile";'],
  ["a test's tools", "src/core/money/a.test.ts", 'import fc from "fast-check";\nimport "node:test";'],
  ["a test's support", "src/storage/ledger/a.test.ts", 'import { x } from "../../test/support/cluster.ts";'],
  ["an import in a comment", "src/core/money/a.ts", '// x from "pg" or import("pg")'],
  ["an import in a text", "src/core/money/a.ts", "const x = 'from \"pg\"';"],
  ["a function called from", "src/core/money/a.ts", 'const x = [Array.from("pg"), Uint8Array.from( "pg")];'],
  ["a ban in a comment", "src/engines/trades/a.ts", "// Date.now() is not for us; console.log neither."],
  [
    "a ban in a text",
    "src/engines/trades/a.ts",
    'const x = "Date.now()" + `new Date()` + /Math.random/.source;',
  ],
  ["a date from a value", "src/engines/trades/a.ts", "const at = new Date(seconds * 1000);"],
  ["the clock where it lives", "src/storage/database/a.ts", "const now = Date.now();"],
  ["the clock in a test", "src/engines/trades/a.test.ts", "const now = Date.now();"],
  ["statements in the store", "src/engines/trades/store.ts", "const q = sql`select 1`;"],
  ["statements in a second store", "src/engines/trades/event-store.ts", "const q = sql`select 1`;"],
  ["a word with any in it", "src/engines/trades/a.ts", "const company: Company = anyOf(x);"],
  ["a file of the full length", "src/core/money/a.ts", `${lines(400, "x();")}\n`],
  ["a function of the full length", "src/core/money/a.ts", `function f() {\n${lines(68)}\n}`],
  ["a heading in an example", "docs/a.md", "# One\n\n```sh\n# not a heading\n```\n"],
];

test("no rule catches what is right", async (t) => {
  for (const [name, path, text] of innocent) {
    await t.test(name, () => assert.deepEqual(findings([source(path, text)]), []));
  }
});

test("functions are measured from head to closing line, however they are written", () => {
  const cases: [string, string, number[]][] = [
    ["declared", "function f() {\n  a();\n}", [3]],
    ["asynchronous, exported, generic", "export async function f<T>(x: T) {\n  a();\n\n  b();\n}", [5]],
    ["wrapped head", "function f(\n  x: number,\n): void {\n  a();\n}", [5]],
    ["arrow", "const f = (x: number) => {\n  a();\n};", [3]],
    ["arrow with a wrapped head", "const f = (\n  x: number,\n): number => {\n  a();\n};", [5]],
    ["arrow with an expression", "const f = () => (\n  <p>\n    a\n  </p>\n);", [5]],
    ["arrow without brackets", "const f = () =>\n  a(\n    b,\n  );\nconst c = 1;", [4]],
    ["method", "class C {\n  async m(x: number): Promise<void> {\n    a();\n  }\n}", [3]],
    ["callback", 'test("x", async () => {\n  a();\n});', [3]],
    ["one in another", "function f() {\n  const g = () => {\n    a();\n  };\n}", [5, 3]],
    ["text that reaches the margin", "function f() {\n  a(`\n}\n`);\n}", [5]],
    [
      "no functions",
      "if (x) {\n  a();\n} else if (\n  y\n) {\n  b();\n}\nfor (;;) {\n}\nconst o = {\n};",
      [],
    ],
    ["groups of tests", 'describe("x", () => {\n  a();\n});', []],
  ];
  for (const [name, text, expected] of cases) {
    const measured = functionsOf(source("src/core/money/a.tsx", text)).map((one) => one.lines);
    assert.deepEqual(measured, expected, name);
  }
});

test("imports are found on their lines", () => {
  const text = '// none\nimport a from "x";\nexport type { b } from "./y.ts";\nconst c = import("z");';
  assert.deepEqual(importsOf(source("src/core/money/a.ts", text)), [
    { line: 2, target: "x", typesOnly: false },
    { line: 3, target: "./y.ts", typesOnly: true },
    { line: 4, target: "z", typesOnly: false },
  ]);
});

test("blanking leaves code, lines and positions", () => {
  const cases: [string, string][] = [
    ['a("b//c"); // d', 'a("    ");     '],
    ["a('it\\'s');", "a('     ');"],
    ["a /* b\nc */ d", "a     \n     d"],
    ["`a${b(`c`, '}')}d`", "` ${b(` `, ' ')} `"],
    ['x = /[/"]+/.test(y)', "x =        .test(y)"],
    ["x / y / z", "x / y / z"],
    ["<p>it's</p>\nb", "<p>it      \nb"],
  ];
  for (const [text, expected] of cases) {
    const blanked = blank(text);
    assert.equal(blanked.length, text.length, text);
    assert.equal(blanked.replaceAll("'", '"').trimEnd(), expected.replaceAll("'", '"').trimEnd(), text);
  }
});
