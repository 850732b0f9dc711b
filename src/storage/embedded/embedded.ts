export { type Embedded, ownersAddress, startEmbedded } from "./local-server.ts";
