/** The scripts of the pages, as `packages/page` is built: read once, when the server begins. */
import { readFileSync } from "node:fs";

const read = (name: string): string =>
  readFileSync(new URL(`../../../page/${name}.js`, import.meta.url), "utf8");

export const pageScript = read("page");
export const passkeyScript = read("passkeys");
