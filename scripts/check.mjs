/** Everything about the sources that can be checked without running the product; prints what failed. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = (...path) => join(root, "node_modules", ...path);

const sources = ["src", "packages", "test", "scripts"];
const houseRules = readdirSync(join(root, "dist", "test", "tidy"))
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => join("dist", "test", "tidy", name));

const checks = [
  { name: "types (tsc)", args: [tool("typescript", "bin", "tsc"), "-p", ".", "--noEmit"] },
  {
    name: "types of the SDK (tsc)",
    args: [tool("typescript", "bin", "tsc"), "-p", join("packages", "sdk"), "--noEmit"],
  },
  {
    name: "lint (oxlint)",
    args: [tool("oxlint", "bin", "oxlint"), "--type-aware", "--deny-warnings", ...sources],
  },
  {
    name: "format (biome)",
    args: [tool("@biomejs", "biome", "bin", "biome"), "format", "--reporter=summary", "."],
  },
  { name: "dead code (knip)", args: [tool("knip", "bin", "knip.js")] },
  {
    name: "house rules (test/tidy)",
    args: ["--test", "--test-reporter=spec", ...houseRules],
  },
];

const failed = [];
for (const { name, args } of checks) {
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const passed = done.status === 0;
  process.stdout.write(`${passed ? "ok    " : "FAILED"} ${name}\n`);
  if (passed) continue;
  failed.push(name);
  process.stdout.write(`${done.stdout}${done.stderr}\n`);
}
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}
