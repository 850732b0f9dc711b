/** The script of the pages, as `packages/page` is built: read once, when the server begins. */
import { readFileSync } from "node:fs";

export const pageScript: string = readFileSync(new URL("../../../page/page.js", import.meta.url), "utf8");
