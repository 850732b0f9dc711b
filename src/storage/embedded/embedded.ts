export { type Embedded, startEmbedded } from "./local-server.ts";
