/**
 * The architecture as a table: which room imports which, by their front doors. It names only what is there. A room
 * without files, a folder that is not here, an arrow, a package or a `node` that nothing uses: each fails the test.
 */

/**
 * From the ground up. A room imports rooms of its own wing and of those below. `packages` are npm workspaces beside
 * `src`: they are built for those who install nothing else of Kenshu.
 */
export const wings = ["core", "packages", "storage", "engines", "edge", "servers", "tools"] as const;
export type Wing = (typeof wings)[number];

export type Room = {
  /** The rooms of each wing that it imports. */
  readonly [wing in Wing]?: readonly string[];
} & {
  /** Packages from npm. */
  readonly npm?: readonly string[];
  readonly node?: true;
  /** It runs in a browser too: no modules of Node, and from a second door only types, since behind it are packages. */
  readonly browser?: true;
  /** A second front door beside the file named like the room. */
  readonly secondDoor?: string;
  /** A program: its front door is where it begins, has code, and is imported by nobody. */
  readonly program?: true;
};

export type Rooms = { readonly [wing in Wing]: Readonly<Record<string, Room>> };

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
    engine: { core: ["protocol"], storage: ["database", "ledger"], node: true },
    feed: { core: ["protocol"], storage: ["database", "seals"] },
    outbox: { core: ["protocol"], storage: ["database"] },
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
  edge: {
    api: {
      core: ["answers", "money", "protocol"],
      storage: ["database", "identity", "ledger", "members", "parties", "seals"],
      engines: ["engine", "trades"],
      edge: ["guests", "http", "operators"],
      npm: ["fastify", "typebox"],
    },
    asking: {
      core: ["answers", "protocol"],
      storage: ["database"],
      engines: ["outbox"],
      edge: ["api", "host", "http", "signing"],
    },
    books: {
      core: ["answers", "money", "protocol"],
      storage: ["database", "identity", "ledger", "members", "parties", "seals"],
      engines: ["collections", "engine", "trades"],
      edge: ["api", "http", "member-views", "pages", "parts"],
      npm: ["fastify", "typebox"],
    },
    chains: {
      core: ["answers", "protocol"],
      storage: ["database", "parties"],
      engines: ["engine", "outbox", "trades"],
      edge: ["api", "guests", "http"],
      npm: ["typebox"],
    },
    counters: {
      core: ["answers", "money", "protocol"],
      storage: ["database", "identity", "ledger", "parties"],
      engines: ["collections", "engine"],
      edge: ["api", "http", "pages", "parts", "signing"],
      npm: ["fastify", "typebox"],
    },
    desk: {
      core: ["answers", "protocol", "trade"],
      storage: ["database"],
      engines: ["engine", "trades"],
      edge: ["api", "http", "operators"],
      npm: ["typebox"],
    },
    disclosures: {
      core: ["answers", "protocol"],
      storage: ["database", "identity", "members", "parties"],
      engines: ["engine"],
      edge: ["api", "http"],
      npm: ["fastify", "typebox"],
    },
    doorstep: {
      core: ["answers", "protocol"],
      storage: ["database", "identity", "members"],
      engines: ["engine", "trades"],
      edge: ["api", "http", "operators"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    documents: {
      core: ["answers", "protocol"],
      npm: ["preact-render-to-string", "typebox"],
      node: true,
    },
    guests: {
      core: ["protocol"],
      storage: ["database", "identity", "members", "parties"],
      engines: ["outbox", "trades"],
      node: true,
    },
    host: {
      core: ["answers", "protocol", "trade"],
      storage: ["database", "identity", "keyring", "ledger", "members", "parties"],
      engines: ["advances", "engine", "outbox", "rails", "sealer", "trades"],
      edge: [
        "api",
        "chains",
        "desk",
        "disclosures",
        "doorstep",
        "guests",
        "http",
        "mail",
        "operators",
        "pages",
        "parts",
        "profile-pages",
        "profiles",
        "reading",
        "signing",
        "webhooks",
        "witness",
      ],
      node: true,
    },
    http: {
      core: ["protocol"],
      storage: ["database"],
      edge: ["documents"],
      npm: [
        "@fastify/rate-limit",
        "@fastify/type-provider-typebox",
        "fastify",
        "pino",
        "prom-client",
        "typebox",
      ],
      node: true,
    },
    mail: {
      core: ["money", "protocol"],
      storage: ["database", "identity", "members", "parties"],
      engines: ["engine", "outbox", "settlements", "trades"],
      edge: ["api", "guests", "http", "operators", "pages", "parts", "profiles"],
      npm: ["fastify", "nodemailer", "preact", "typebox"],
      node: true,
    },
    operators: {
      core: ["protocol"],
      storage: ["database", "members", "parties", "seals"],
      engines: ["engine"],
      npm: ["typebox"],
    },
    "member-views": { core: ["protocol"], edge: ["parts"] },
    pages: {
      core: ["money", "protocol"],
      storage: ["database", "identity", "members", "parties"],
      engines: ["engine", "trades"],
      edge: [
        "api",
        "disclosures",
        "doorstep",
        "guests",
        "http",
        "member-views",
        "operators",
        "parts",
        "profiles",
        "trade-views",
      ],
      npm: ["fastify", "typebox"],
    },
    parts: { core: ["money", "protocol"], npm: ["preact", "preact-render-to-string"] },
    "profile-pages": {
      core: ["protocol"],
      storage: ["identity", "members"],
      edge: ["api", "http", "pages", "parts", "profiles"],
      npm: ["fastify", "typebox"],
    },
    profiles: {
      core: ["answers", "protocol"],
      storage: ["database", "identity", "members", "parties"],
      engines: ["engine", "outbox"],
      edge: ["api", "http", "operators"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    reading: {
      core: ["answers", "protocol"],
      engines: ["trades"],
      edge: ["api", "http"],
      npm: ["typebox"],
    },
    signing: {
      core: ["answers", "protocol"],
      storage: ["database", "keyring"],
      edge: ["http"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    ties: {
      core: ["answers", "protocol"],
      storage: ["database", "members", "parties"],
      engines: ["engine", "rails"],
      edge: ["api", "http", "member-views", "operators", "pages", "parts", "signing"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    "trade-views": { core: ["protocol"], edge: ["member-views", "parts"], npm: ["preact"] },
    webhooks: {
      core: ["answers", "protocol"],
      storage: ["database", "identity", "keyring", "seals"],
      engines: ["engine", "outbox"],
      edge: ["api", "http"],
      npm: ["fastify", "typebox"],
      node: true,
    },
    witness: {
      core: ["answers", "protocol"],
      packages: ["sdk"],
      storage: ["database", "parties", "seals"],
      engines: ["sealer"],
      edge: ["api", "http", "operators", "signing"],
      npm: ["typebox"],
      node: true,
    },
  },
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
      engines: ["outbox", "rails", "trades"],
      edge: ["api", "asking", "books", "host", "http", "parts", "signing", "ties"],
      npm: ["typebox"],
      node: true,
    },
    institution: {
      core: ["answers", "money", "protocol"],
      storage: ["database", "ledger", "members", "parties"],
      engines: ["collections", "engine", "outbox", "rails", "reservations", "settlements"],
      edge: ["api", "books", "counters", "host", "http", "member-views", "pages", "parts", "signing"],
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
      core: ["money", "protocol", "trade"],
      packages: ["sdk"],
      storage: ["database", "embedded", "identity", "keyring", "ledger", "parties", "seals"],
      engines: ["collections", "reservations", "trades"],
      edge: ["api", "host", "http", "operators"],
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
