/** Of that wing, the rooms of the desk of a shop's people, and the calls that pages make of their own server. */
import type { Room } from "./wings.ts";

export const shopDeskRooms: Readonly<Record<string, Room>> = {
  "own-calls": { core: ["protocol"], edge: ["http"], npm: ["fastify"] },
  "shop-accounts": {
    core: ["bankfiles", "money", "protocol"],
    storage: ["database", "identity"],
    engines: ["payouts"],
    edge: [
      "http",
      "moments",
      "operators",
      "own-calls",
      "pages",
      "parts",
      "roles",
      "shop-account-views",
      "shop-desk",
      "words",
    ],
    npm: ["fastify", "typebox"],
  },
  "shop-account-views": {
    core: ["bankfiles", "protocol"],
    edge: ["operators", "parts", "shop-desk-views"],
    npm: ["preact"],
  },
  "shop-desk": {
    core: ["money", "protocol"],
    storage: ["database", "identity", "ledger", "parties"],
    engines: ["engine", "tallies", "trades"],
    edge: [
      "api",
      "devices",
      "http",
      "own-calls",
      "pages",
      "papers",
      "parts",
      "portal",
      "roles",
      "shop-desk-views",
      "words",
    ],
    npm: ["fastify", "typebox"],
  },
  "shop-desk-views": {
    core: ["money", "protocol"],
    edge: ["parts", "photo-views", "team-views", "trade-views"],
    npm: ["preact"],
  },
  "shop-desk-words": {},
  roles: {
    core: ["protocol"],
    storage: ["database", "identity", "members", "team"],
    npm: ["fastify"],
  },
  team: {
    core: ["protocol"],
    storage: ["database", "identity", "members", "parties", "passkeys", "team"],
    engines: ["engine"],
    edge: ["api", "devices", "http", "moments", "pages", "profiles", "roles", "shop-desk", "team-views"],
    npm: ["fastify", "typebox"],
  },
  "team-views": {
    storage: ["identity"],
    edge: ["parts", "roles"],
  },
};
