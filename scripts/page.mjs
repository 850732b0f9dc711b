/**
 * Puts the scripts of the pages beside the built program, each as one file: that of every page, that of passkeys, that of those who bring
 * goods with its worker, and the one that reads bar codes with the reader that it needs where the browser has none. The
 * packages are needed for building only, so those who install Kenshu install none of them.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = (name) => join(root, "packages", "page", "src", name);
const to = join(root, "dist", "page");
const shared = {
  outdir: to,
  bundle: true,
  minify: true,
  target: "es2023",
  legalComments: "inline",
  logLevel: "warning",
};

mkdirSync(to, { recursive: true });
await build({
  ...shared,
  entryPoints: ["page.ts", "passkeys.ts", "round.ts", "scan.ts"].map(from),
  format: "esm",
});
// Not every browser has workers that are modules.
await build({ ...shared, entryPoints: [from("worker.ts")], format: "iife" });

const reader = join(root, "node_modules", "zxing-wasm");
const { version } = JSON.parse(readFileSync(join(reader, "package.json"), "utf8"));
for (const name of readdirSync(to)) if (name.endsWith(".wasm")) rmSync(join(to, name));
copyFileSync(join(reader, "dist", "reader", "zxing_reader.wasm"), join(to, `zxing-reader-${version}.wasm`));
copyFileSync(join(reader, "LICENSE"), join(to, "zxing-wasm.LICENSE.txt"));
