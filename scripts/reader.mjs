/**
 * Puts the reader of the description beside the built program: the files of Swagger UI that the server hands out, with their
 * licence. The package is needed for building only, so those who install Kenshu install none of it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = join(root, "node_modules", "swagger-ui-dist");
const to = join(root, "dist", "reader");
const files = [
  "swagger-ui.css",
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "LICENSE",
  "NOTICE",
  "package.json",
];

const isThere = (name) =>
  existsSync(join(to, name)) && readFileSync(join(to, name)).equals(readFileSync(join(from, name)));

mkdirSync(to, { recursive: true });
for (const name of files) if (!isThere(name)) cpSync(join(from, name), join(to, name));
