/**
 * What TypeScript reads where a program says `require`: the same types once more, in a folder of CommonJS. The JavaScript is the
 * one of `import`, which Node requires from 20.19 on, so that both have the same classes.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";

const dist = new URL("dist/", import.meta.url);
const required = new URL("cjs/", dist);
rmSync(required, { recursive: true, force: true });
mkdirSync(required);
for (const name of readdirSync(dist)) {
  if (name.endsWith(".d.ts")) copyFileSync(new URL(name, dist), new URL(name, required));
}
writeFileSync(new URL("package.json", required), '{ "type": "commonjs" }\n');
