/**
 * Orders what was committed into the log, some moments later and never in its way, and has others witness what it signs.
 */
export { cosign, keyFrom, makeLogSigner, originOf, originsOf, verifierKey, witnessName } from "./notes.ts";
export { createSealer, type Sealer } from "./ordering.ts";
