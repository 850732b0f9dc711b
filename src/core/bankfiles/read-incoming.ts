/** A file of a bank about what has come in, whichever of the forms it has. */
import { readCamtIncoming } from "./camt-incoming.ts";
import type { IncomingFile } from "./incoming.ts";
import { readZenginIncoming } from "./zengin-incoming.ts";

/** XML begins with a sign that no record of digits has, behind a mark of its order of bytes or not. */
const isXml = (bytes: Uint8Array): boolean =>
  /^(?:\u00ef\u00bb\u00bf)?\s*</.test(String.fromCharCode(...bytes.subarray(0, 64)));

/** Reads it from its bytes; `now` tells which year is meant by the two digits of one. */
export function readIncoming(bytes: Uint8Array, now: Date): IncomingFile {
  return isXml(bytes) ? readCamtIncoming(bytes) : readZenginIncoming(bytes, now);
}
