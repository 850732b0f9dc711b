/** Of that wing, the rooms of pages about the server itself: how it runs, and guides to it. */
import type { Room } from "./wings.ts";

export const runningRooms: Readonly<Record<string, Room>> = {
  breaks: {
    core: ["answers", "protocol"],
    storage: ["database", "identity"],
    engines: ["breaks"],
    edge: ["act-forms", "api", "http", "own-calls", "pages", "parts", "signing", "words"],
    npm: ["fastify", "typebox"],
  },
  guides: {
    core: ["protocol"],
    edge: ["api", "http", "pages", "parts"],
    npm: ["marked"],
    node: true,
  },
  running: {
    core: ["money", "protocol"],
    storage: ["identity", "parties"],
    engines: ["tallies"],
    edge: ["api", "http", "pages", "running-views"],
    npm: ["fastify", "typebox"],
  },
  "running-views": { core: ["money", "protocol"], edge: ["parts", "words"], npm: ["preact"] },
  "running-words": {},
};
