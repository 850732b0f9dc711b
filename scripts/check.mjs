/** Everything about the sources that can be checked without running the product; prints what failed. */
import { spawn } from "node:child_process";
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
  {
    name: "types (tsc)",
    // By what the build remembers: what it has read and found right is not read again.
    args: [
      tool("typescript", "bin", "tsc"),
      ..."-p . --noEmit --incremental --tsBuildInfoFile".split(" "),
      join("dist", ".tsbuildinfo"),
    ],
  },
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

/** Runs one of them; answers whether it passed, and what it said. */
function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => said.push(bytes));
    child.once("error", reject);
    child.once("close", (code) => resolve({ passed: code === 0, said: Buffer.concat(said).toString() }));
  });
}

/** None needs another: two run at a time, and each is told of in its turn. */
const lanes = [Promise.resolve(), Promise.resolve()];
const results = checks.map(async ({ args }, index) => {
  const lane = index % lanes.length;
  const done = lanes[lane].then(() => run(args));
  lanes[lane] = done;
  return done;
});

const failed = [];
for (const [index, { name }] of checks.entries()) {
  const { passed, said } = await results[index];
  process.stdout.write(`${passed ? "ok    " : "FAILED"} ${name}\n`);
  if (passed) continue;
  failed.push(name);
  process.stdout.write(`${said}\n`);
}
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}
