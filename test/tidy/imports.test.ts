import assert from "node:assert/strict";
import { test } from "node:test";
import {
  frontDoors,
  idleLines,
  importLaw,
  importsOf,
  lawOfTable,
  linesOf,
  shapeOfRooms,
} from "./import-rules.ts";
import { readDocument, tableUnder } from "../support/tables/markdown.ts";
import { rooms } from "./rooms.ts";
import { type Rooms, wings } from "./wings.ts";
import { type Finding, readSources, type Source } from "./sources.ts";

const files = readSources();
const told = (findings: readonly Finding[]): string =>
  findings.map(({ path, line, rule, message }) => `\n${path}:${line} [${rule}] ${message}`).join("");

test("the rules have seen the project", () => {
  for (const start of [
    "src/core/money/",
    "packages/",
    "test/",
    "scripts/",
    "sql/",
    "docs/",
    "CONTRIBUTING.md",
  ]) {
    const seen = files.some((file) => file.path.startsWith(start));
    assert.ok(seen, `no file seen under ${start}`);
  }
  assert.ok(linesOf(rooms).length > 30);
});

test("rooms import what the table allows, by front doors", () =>
  assert.equal(told(importLaw(files, rooms)), ""));
test("the table names only what is there", () => assert.equal(told(idleLines(files, rooms)), ""));
test("no arrow of the table runs up, across servers or in a circle", () =>
  assert.equal(told(lawOfTable(rooms)), ""));
test("front doors hand on and do nothing", () => assert.equal(told(frontDoors(files, rooms)), ""));
test("rooms are flat and of a size that one can know", () => assert.equal(told(shapeOfRooms(files)), ""));

const fewRooms: Rooms = {
  core: { money: { browser: true }, protocol: { npm: ["typebox"], browser: true, secondDoor: "schemas" } },
  packages: { sdk: { core: ["protocol"], browser: true } },
  storage: { ledger: { core: ["money", "protocol"] }, database: { npm: ["pg"], node: true } },
  engines: { trades: { storage: ["ledger"] } },
  edge: { http: {} },
  servers: { shop: { packages: ["sdk"] }, institution: {} },
  tools: { cli: { program: true }, demo: {} },
};

/** Each case: what it shows, and a file with an import that the table above does not allow. */
const forbiddenImports: [string, path: string, text: string][] = [
  ["a room above it", "src/core/money/a.ts", 'import { x } from "../../storage/ledger/ledger.ts";'],
  ["a server", "src/servers/shop/a.ts", 'export * from "../institution/institution.ts";'],
  ["for types only", "src/core/money/a.ts", 'import type { X } from "../../storage/ledger/ledger.ts";'],
  ["a type by a call", "src/core/money/a.ts", 'type X = import("../../storage/ledger/ledger.ts").X;'],
  ["wrapped over lines", "src/core/money/a.ts", 'import {\n  x,\n} from "../../storage/ledger/ledger.ts";'],
  ["for its effect", "src/core/money/a.ts", 'import "pg";'],
  ["while running", "src/core/money/a.ts", 'const x = await import("pg");'],
  ["while running, by a value", "src/core/money/a.ts", "const x = await import(name);"],
  ["a package that is not the room's", "src/storage/ledger/a.ts", 'import pg from "pg";'],
  ["node: where it is not named", "packages/sdk/src/a.ts", 'import { createHash } from "node:crypto";'],
  ["past the front door", "src/engines/trades/a.ts", 'import { x } from "../../storage/ledger/post.ts";'],
  [
    "schemas in a browser",
    "packages/sdk/src/a.ts",
    'import { x } from "../../../src/core/protocol/schemas.ts";',
  ],
  ["a package of ours by its name", "src/edge/http/a.ts", 'import { x } from "@kenshu/sdk";'],
  ["a program", "src/tools/demo/a.ts", 'import { x } from "../cli/cli.ts";'],
  ["a program, from a test", "src/tools/demo/a.test.ts", 'import { x } from "../cli/cli.ts";'],
  ["a test", "src/core/money/a.ts", 'import { x } from "./a.test.ts";'],
  ["what is there for tests", "src/core/money/a.ts", 'import { x } from "../../../test/browser.ts";'],
  [
    "past a door, from a test",
    "src/core/money/a.test.ts",
    'import { x } from "../../storage/ledger/post.ts";',
  ],
];

test("each import that is not allowed is found", () => {
  for (const [name, path, text] of forbiddenImports) {
    assert.deepEqual(
      importLaw([{ path, text }], fewRooms).map(({ rule }) => rule),
      ["imports"],
      name,
    );
  }
  for (const path of ["src/core/attic/a.ts", "src/a.ts", "src/attic/money/a.ts", "packages/attic/src/a.ts"]) {
    assert.deepEqual(
      importLaw([{ path, text: "" }], fewRooms).map(({ rule }) => rule),
      ["rooms"],
      path,
    );
  }
});

/** What looks like a violation and is none. */
const allowedImports: [string, path: string, text: string][] = [
  ["a room's own files", "src/storage/ledger/a.ts", 'import { x } from "./store.ts";'],
  ["a front door", "src/storage/ledger/a.ts", 'import { x } from "../../core/money/money.ts";'],
  [
    "types of schemas",
    "packages/sdk/src/a.ts",
    'import { type X } from "../../../src/core/protocol/schemas.ts";',
  ],
  ["schemas on a server", "src/storage/ledger/a.ts", 'import { x } from "../../core/protocol/schemas.ts";'],
  ["a package by its name", "src/servers/shop/a.ts", 'import { x } from "@kenshu/sdk";'],
  ["a part of a package", "src/core/protocol/a.ts", 'import { x } from "typebox/compile";'],
  ["node:", "src/storage/database/a.ts", 'import { x } from "node:crypto";'],
  ["a test's tools", "src/core/money/a.test.ts", 'import fc from "fast-check";\nimport "node:test";'],
  [
    "a test's support",
    "src/core/money/a.test.ts",
    'import { x } from "../../../test/support/world/cluster.ts";',
  ],
  [
    "a front door above, from a test",
    "src/core/money/a.test.ts",
    'import { x } from "../../tools/demo/demo.ts";',
  ],
  ["an import in a comment", "src/core/money/a.ts", '// x from "pg" or import("pg")'],
  ["an import in a text", "src/core/money/a.ts", "const x = 'from \"pg\"';"],
  ["a function called from", "src/core/money/a.ts", 'const x = Array.from("pg");'],
];

test("no import that is allowed is found", () => {
  for (const [name, path, text] of allowedImports) {
    assert.deepEqual(importLaw([{ path, text }], fewRooms), [], name);
  }
});

const wholeFiles: readonly Source[] = [
  ["src/core/money/money.ts", ""],
  ["src/core/protocol/protocol.ts", 'import "typebox";'],
  ["packages/sdk/src/sdk.ts", 'import type { X } from "../../../src/core/protocol/schemas.ts";'],
  [
    "src/storage/ledger/ledger.ts",
    'import "../../core/money/money.ts";\nexport * from "../../core/protocol/protocol.ts";',
  ],
  ["src/storage/database/database.ts", 'import "pg";\nimport "node:crypto";'],
  ["src/engines/trades/trades.ts", 'import "../../storage/ledger/ledger.ts";'],
  ["src/edge/http/http.ts", ""],
  ["src/servers/shop/shop.ts", 'import "@kenshu/sdk";'],
  ["src/servers/institution/institution.ts", ""],
  ["src/tools/cli/cli.ts", ""],
  ["src/tools/demo/demo.ts", ""],
].map(([path = "", text = ""]) => ({ path, text }));

test("what the table names and nothing uses is found", () => {
  assert.equal(told(idleLines(wholeFiles, fewRooms)), "");
  const cases: [path: string, text: string, ...expected: RegExp[]][] = [
    ["src/engines/trades/trades.ts", "", /nothing of engines\/trades imports storage\/ledger/],
    ["src/storage/database/database.ts", "", /imports the package pg/, /imports node:/],
    [
      "packages/sdk/src/sdk.ts",
      'import "../../../src/core/protocol/protocol.ts";',
      /nobody goes through .*schemas\.ts/,
    ],
  ];
  for (const [path, text, ...expected] of cases) {
    const other = wholeFiles.map((file) => (file.path === path ? { path, text } : file));
    const messages = idleLines(other, fewRooms).map(({ message }) => message);
    for (const one of expected)
      assert.ok(
        messages.some((message) => one.test(message)),
        `${path}: ${messages.join()}`,
      );
  }
  const gone = wholeFiles.filter(({ path }) => !path.includes("/http/"));
  assert.match(told(idleLines(gone, fewRooms)), /edge\/http has no files/);
  const noDoor = wholeFiles.map((file) => ({ ...file, path: file.path.replace("demo.ts", "seed.ts") }));
  assert.match(told(idleLines(noDoor, fewRooms)), /tools\/demo has no front door/);
  const onlyTests = wholeFiles.map((file) => ({
    ...file,
    path: file.path.replace("trades.ts", "trades.test.ts"),
  }));
  assert.match(told(idleLines(onlyTests, fewRooms)), /engines\/trades has no files/);
});

test("arrows that the house does not have are found in the table", () => {
  const cases: [Partial<Rooms>, RegExp][] = [
    [{ core: { money: { storage: ["ledger"] } } }, /core\/money imports storage\/ledger, which is above it/],
    [{ servers: { shop: { tools: ["demo"] } } }, /servers\/shop imports tools\/demo, which is above it/],
    [{ servers: { shop: { servers: ["institution"] }, institution: {} } }, /parties meet over HTTP only/],
    [{ servers: { shop: { storage: ["ledger"] } } }, /by the SDK only/],
    [{ servers: { shop: { engines: ["trades"] } } }, /by the SDK/],
    [{ edge: { http: { core: ["attic"] } } }, /which is in no line/],
    [
      { core: { money: { core: ["protocol"] }, protocol: { core: ["money"] } } },
      /money imports core\/protocol imports core\/money/,
    ],
  ];
  assert.equal(told(lawOfTable(fewRooms)), "");
  for (const [changed, expected] of cases)
    assert.match(told(lawOfTable({ ...fewRooms, ...changed })), expected);
});

test("front doors with something in them are found", () => {
  const path = "src/storage/ledger/ledger.ts";
  const good =
    '/** The books. */\nexport { a, type B } from "./a.ts";\nexport type { C } from "./c.ts";\nexport * from "./d.ts";';
  assert.deepEqual(frontDoors([{ path, text: good }], fewRooms), []);
  assert.deepEqual(frontDoors([{ path: "src/tools/cli/cli.ts", text: "run();" }], fewRooms), []);
  for (const more of [
    "run();",
    "export const x = 1;",
    'import { x } from "./x.ts";\nexport { x };',
    "type X = 1;",
  ]) {
    const [found] = frontDoors([{ path, text: `${good}\n${more}` }], fewRooms);
    assert.deepEqual([found?.rule, found?.line], ["front-door", 5], more);
  }
});

test("rooms that are nested or crowded are found", () => {
  const count = (many: number) =>
    Array.from({ length: many }, (_, index) => ({ path: `src/core/money/part${index}.ts`, text: "" }));
  assert.deepEqual(shapeOfRooms(count(14)), []);
  assert.deepEqual(
    shapeOfRooms(count(15)).map(({ rule }) => rule),
    ["room-size"],
  );
  assert.deepEqual(
    shapeOfRooms([{ path: "src/core/money/old/a.ts", text: "" }]).map(({ rule }) => rule),
    ["flat"],
  );
});

test("a package has rooms of its own, one folder deeper, under the same law", () => {
  const table: Rooms = {
    ...fewRooms,
    packages: { sdk: { packages: ["sdk/wire"], browser: true }, "sdk/wire": { browser: true } },
  };
  const judged = (path: string, target: string) =>
    importLaw([{ path, text: `import { x } from "${target}";` }], table).map(({ message }) => message);
  assert.deepEqual(judged("packages/sdk/src/client.ts", "./wire/wire.ts"), []);
  assert.match(judged("packages/sdk/src/client.ts", "./wire/trades.ts").join(), /is not the front door/);
  assert.match(judged("packages/sdk/src/wire/trades.ts", "../sdk.ts").join(), /may not import packages\/sdk/);
  assert.deepEqual(judged("packages/sdk/src/a.test.ts", "@kenshu/sdk/webhooks"), []);
  const path = "packages/sdk/src/wire/old/a.ts";
  assert.deepEqual(
    shapeOfRooms([{ path, text: "" }]).map(({ rule }) => rule),
    ["flat"],
  );
});

test("imports are found on their lines", () => {
  const text =
    '// none\nimport a from "x";\nexport type { b } from "./y.ts";\nconst c = import("z");\nexport const d = 1;';
  assert.deepEqual(importsOf({ path: "src/core/money/a.ts", text }), [
    { line: 2, target: "x", typesOnly: false },
    { line: 3, target: "./y.ts", typesOnly: true },
    { line: 4, target: "z", typesOnly: false },
  ]);
  assert.throws(
    () => importsOf({ path: "src/core/money/a.ts", text: "import {" }),
    /src\/core\/money\/a\.ts/,
  );
});

test("the page of the architecture has the rooms of the table, wing by wing", () => {
  const page = readDocument("ARCHITECTURE.md", ".");
  for (const wing of wings) {
    if (wing === "packages") continue;
    const told = tableUnder(page, wing).map(([room = ""]) => room);
    assert.deepEqual(told.toSorted(), Object.keys(rooms[wing]).toSorted(), wing);
    for (const [room, is = "", never = ""] of tableUnder(page, wing))
      assert.ok(is !== "" && never !== "", room);
  }
});
