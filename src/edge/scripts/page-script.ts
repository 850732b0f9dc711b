/** The scripts of the pages, as `packages/page` is built: read once, when the server begins. */
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

const place = (name: string): URL => new URL(`../../../page/${name}`, import.meta.url);
const script = (name: string): string => readFileSync(place(name), "utf8");

/** That of every page, of passkeys, of those who bring goods, and of the camera. */
export const pageScript: string = script("page.js");
export const passkeyScript: string = script("passkeys.js");
export const roundScript: string = script("round.js");
export const scanScript: string = script("scan.js");
/** What stands between a browser and the server on the device of somebody who brings goods. */
export const workerScript: string = script("worker.js");

/** What reads bar codes where the browser has nothing for that: its name, with its version, and its bytes. */
export const codeReader: { name: string; bytes: () => Promise<Buffer> } = (() => {
  const name = readdirSync(place("")).find((each) => each.endsWith(".wasm")) ?? "";
  return { name, bytes: () => readFile(place(name)) };
})();
