/**
 * The architecture as a table: which room imports which, by their front doors. It names only what is there. A room
 * without files, a folder that is not here, an arrow, a package or a `node` that nothing uses: each fails the test.
 */
import { edgeRooms } from "./edge-rooms.ts";
import type { Rooms } from "./wings.ts";

/** What no line of the table may allow. Both are the beginnings of names of rooms. */
export const never: readonly { from: string; to: string; but: readonly string[]; why: string }[] = [
  {
    from: "servers/",
    to: "servers/",
    but: ["servers/shop-news", "servers/shop-orders"],
    why: "parties meet over HTTP only; the shop is one party in three rooms",
  },
  { from: "servers/institution", to: "servers/shop", but: [], why: "that is the shop" },
  { from: "servers/facilitator", to: "servers/shop", but: [], why: "that is the shop" },
  { from: "servers/guarantor", to: "servers/shop", but: [], why: "that is the shop" },
  {
    from: "servers/shop",
    to: "storage/",
    but: ["storage/database", "storage/keyring"],
    why: "a shop has its own tables, sealed as a server's are, and knows members, trades and money by the SDK only",
  },
  {
    from: "servers/shop",
    to: "engines/",
    but: [],
    why: "a shop reaches the servers at which it sells by the SDK",
  },
  {
    from: "servers/shop",
    to: "edge/",
    but: ["edge/http", "edge/parts"],
    why: "a shop is a server like any other, with pages of its own, and no trading server",
  },
];

/** A test beside the code may import these. */
export const testsMayImport = "its own room, front doors, test/ and packages";

export const rooms: Rooms = {
  core: {
    answers: { core: ["protocol"], npm: ["typebox"] },
    guarantees: { core: ["protocol", "trade"], browser: true },
    bankfiles: {
      core: ["money", "protocol"],
      npm: ["@holiday-jp/holiday_jp", "iconv-lite", "saxes", "zengin-code"],
      node: true,
    },
    log: { browser: true },
    machine: { core: ["guarantees", "money", "protocol", "trade"], browser: true },
    money: { browser: true },
    protocol: { npm: ["typebox"], browser: true, secondDoor: "schemas" },
    trade: { core: ["money", "protocol"], browser: true },
  },
  packages: {
    sdk: { browser: true },
  },
  storage: {
    database: { npm: ["pg"], node: true },
    embedded: { storage: ["database"], npm: ["pg"], node: true },
    identity: {
      core: ["protocol"],
      storage: ["database", "keyring", "tries"],
      npm: ["@node-rs/argon2"],
      node: true,
    },
    keyring: { storage: ["database"], node: true },
    ledger: { storage: ["database", "seals"] },
    members: { core: ["protocol"], storage: ["database", "keyring", "seals"], node: true },
    parties: { core: ["money"], storage: ["database", "seals"] },
    seals: { core: ["log"], storage: ["database"], node: true },
    tries: { storage: ["database"] },
  },
  engines: {
    advances: { core: ["protocol", "trade"], storage: ["database"] },
    agreements: {
      core: ["machine", "money", "protocol", "trade"],
      storage: ["members", "parties"],
      engines: ["steps"],
    },
    collections: {
      core: ["log", "money", "protocol"],
      storage: ["database", "ledger", "seals"],
      engines: ["engine", "reservations"],
    },
    debts: {
      core: ["protocol"],
      storage: ["database", "ledger", "members", "seals"],
      engines: ["engine", "outbox"],
    },
    engine: { core: ["protocol"], storage: ["database", "ledger"], node: true },
    feed: { core: ["protocol"], storage: ["database", "seals"] },
    outbox: { core: ["protocol"], storage: ["database"] },
    payouts: {
      core: ["bankfiles", "protocol"],
      storage: ["database", "identity", "ledger", "members", "parties"],
      engines: ["engine", "outbox"],
      node: true,
    },
    rails: {
      core: ["money", "protocol", "trade"],
      storage: ["database", "ledger", "parties"],
      engines: ["engine", "outbox"],
    },
    reservations: {
      core: ["log", "money", "protocol"],
      storage: ["database", "ledger", "seals"],
      engines: ["engine", "outbox", "settlements"],
      node: true,
    },
    settlements: { core: ["protocol"], storage: ["database", "seals"], engines: ["outbox"] },
    sealer: { core: ["log"], storage: ["database", "seals"], node: true },
    steps: {
      core: ["machine", "protocol", "trade"],
      storage: ["database", "keyring", "members", "parties"],
      engines: ["advances", "engine", "outbox", "rails"],
    },
    trades: {
      core: ["log", "machine", "protocol", "trade"],
      storage: ["database", "members", "parties", "seals"],
      engines: ["agreements", "engine", "feed", "outbox", "steps"],
    },
  },
  edge: edgeRooms,
  servers: {
    facilitator: {
      core: ["answers", "protocol"],
      storage: ["database"],
      engines: ["advances", "outbox", "rails", "trades"],
      edge: ["api", "asking", "host", "http", "parts", "signing", "ties"],
      node: true,
    },
    guarantor: {
      core: ["answers", "protocol", "trade"],
      storage: ["database"],
      engines: ["debts", "outbox", "rails", "trades"],
      edge: ["api", "asking", "books", "debts", "host", "http", "papers", "parts", "signing", "ties"],
      npm: ["typebox"],
      node: true,
    },
    institution: {
      core: ["answers", "money", "protocol"],
      storage: ["database", "ledger", "members", "parties"],
      engines: [
        "collections",
        "debts",
        "engine",
        "outbox",
        "payouts",
        "rails",
        "reservations",
        "settlements",
      ],
      edge: [
        "api",
        "books",
        "counters",
        "debts",
        "host",
        "http",
        "member-views",
        "pages",
        "parts",
        "payouts",
        "signing",
      ],
      npm: ["fastify", "typebox"],
    },
    shop: {
      core: ["money", "protocol"],
      storage: ["database", "keyring"],
      edge: ["http", "parts"],
      servers: ["shop-news", "shop-orders"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    "shop-news": {
      core: ["protocol"],
      packages: ["sdk"],
      storage: ["database", "keyring"],
      edge: ["http"],
      servers: ["shop-orders"],
      node: true,
    },
    "shop-orders": {
      core: ["money", "protocol"],
      packages: ["sdk"],
      storage: ["database", "keyring"],
      edge: ["parts"],
      node: true,
    },
  },
  tools: {
    bench: { core: ["protocol"], storage: ["database", "embedded"], node: true },
    cli: {
      core: ["bankfiles", "money", "protocol", "trade"],
      packages: ["sdk"],
      storage: ["database", "embedded", "identity", "keyring", "ledger", "parties", "seals"],
      engines: ["collections", "debts", "payouts", "reservations", "trades"],
      edge: ["api", "debts", "host", "http", "operators", "ties"],
      servers: ["facilitator", "guarantor", "institution", "shop", "shop-orders"],
      tools: ["bench", "conformance", "demo", "export", "fairness"],
      npm: ["typebox"],
      node: true,
      program: true,
    },
    conformance: { core: ["protocol"], storage: ["database"], edge: ["signing"], node: true },
    export: { core: ["log", "money", "protocol"], storage: ["database"], node: true },
    fairness: { core: ["machine", "protocol", "trade"], tools: ["players"], node: true },
    players: { core: ["machine", "protocol", "trade"], engines: ["advances"] },
    demo: {
      core: ["money", "protocol"],
      storage: ["database", "identity", "keyring", "ledger", "members", "parties"],
      engines: ["reservations"],
      edge: ["api", "counters", "signing", "ties"],
      servers: ["facilitator", "guarantor", "institution"],
    },
  },
};
