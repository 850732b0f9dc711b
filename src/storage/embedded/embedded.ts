export { type EmbeddedOptions, type Embedded, startEmbedded } from "./local-server.ts";
