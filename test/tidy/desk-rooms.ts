/** Of that wing, the rooms of the desk of operators. */
import type { Room } from "./wings.ts";

export const deskRooms: Readonly<Record<string, Room>> = {
  "desk-pages": {
    core: ["money", "protocol", "trade"],
    storage: ["database", "identity", "members", "parties"],
    engines: [
      "arrivals",
      "breaks",
      "credit",
      "debts",
      "engine",
      "marks",
      "outbox",
      "payouts",
      "settlements",
      "trades",
    ],
    edge: [
      "api",
      "callers",
      "desk-views",
      "http",
      "operators",
      "own-calls",
      "pages",
      "parts",
      "trade-views",
      "words",
    ],
    npm: ["fastify", "typebox"],
  },
  "desk-views": { core: ["protocol"], edge: ["callers", "parts", "trade-views"], npm: ["preact"] },
  "desk-words": {},
  "queue-views": {
    core: ["money", "protocol"],
    edge: ["act-words", "operators", "parts", "trade-views", "words"],
    npm: ["preact"],
  },
  queues: {
    core: ["answers", "money", "protocol"],
    storage: ["database", "identity", "members", "parties"],
    engines: ["engine", "trades"],
    edge: ["act-forms", "api", "http", "operators", "own-calls", "pages", "parts", "queue-views", "words"],
    npm: ["fastify", "typebox"],
  },
};
