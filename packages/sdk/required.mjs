/**
 * What a program gets by `require`: the modules that `import` gets, which Node requires from 20.19 on, so that both have the
 * same classes. Behind a door of CommonJS, with the types once more, since TypeScript takes no module for CommonJS.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";

const doors = ["sdk", "money", "webhooks"];
const dist = new URL("dist/", import.meta.url);
const required = new URL("cjs/", dist);
rmSync(required, { recursive: true, force: true });
for (const name of readdirSync(dist, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const copy = new URL(name.replaceAll("\\", "/"), required);
  mkdirSync(new URL(".", copy), { recursive: true });
  copyFileSync(new URL(name.replaceAll("\\", "/"), dist), copy);
}
for (const door of doors)
  writeFileSync(new URL(`${door}.js`, required), `module.exports = require("../${door}.js");\n`);
writeFileSync(new URL("package.json", required), '{ "type": "commonjs" }\n');
