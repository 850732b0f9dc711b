/**
 * Runs the tests: all of them, or those whose path contains one of the words given (`npm test -- money trades`).
 * One PostgreSQL cluster serves the whole run; each file makes its own database in it.
 */
import { setMaxListeners } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startTestCluster } from "./support/world/cluster.ts";

const built = dirname(dirname(fileURLToPath(import.meta.url)));

/** Those that start many servers, or live many lives, take longest: they begin first, so that none runs alone at the end. */
const longest = [
  "simulation-guaranteed",
  "simulation",
  "kill",
  "conformance",
  "walks",
  "browser-walk",
  "looks",
  "hostile",
  "access",
  "first-day",
]
  .map((name) => join("test", `${name}.test.js`))
  .concat(join("src", "tools", "fairness", "fairness.test.js"));

/** Where in the run a file begins: the longest, then the whole in processes, then the rooms. */
function turnOf(path: string): number {
  const found = longest.indexOf(path);
  if (found >= 0) return found;
  return path.startsWith("test") ? longest.length : longest.length + 1;
}

function testFiles(words: readonly string[]): string[] {
  return readdirSync(built, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.js"))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort()
    .sort((one, other) => turnOf(one) - turnOf(other))
    .map((path) => join(built, path));
}

/**
 * Files that run at a time: one more than a small machine has processors, since a test waits now and then for a server or a
 * clock. Of what more would want, connections to the cluster that they share are the first to run out.
 */
const atATime = 3;

/** After so long (milliseconds) a file hangs, and the run says which, instead of waiting with it. */
const fileMost = 1_500_000;

/** Where each file notes how long it took, as it ends. */
const notes = mkdtempSync(join(tmpdir(), "kenshu-times-"));

/** The files that took longest, in seconds. */
function whereTimeWent(): string {
  const times = readdirSync(notes)
    .flatMap((name) => readFileSync(join(notes, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line) as { seconds: number; file: string })
    .sort((one, other) => other.seconds - one.seconds);
  const longestOnes = times.slice(0, 20).map(({ seconds, file }) => {
    return `  ${seconds.toFixed(1).padStart(7)} s ${relative(built, file)}\n`;
  });
  return longestOnes.join("");
}

/**
 * Runs the files and answers those with a failure, with the end of what each wrote to stderr: a file that ends before
 * its first test says why there alone. A file in which no test ran is one of them.
 */
async function runFiles(files: string[], signal: AbortSignal): Promise<Map<string, string>> {
  const failed = new Set<string>();
  const complaints = new Map<string, string>();
  // The runner makes a test of each file at once, and each listens to the signal until its file is done.
  setMaxListeners(files.length + 1, signal);
  const stream = run({ files, concurrency: atATime, signal, timeout: fileMost });
  stream.on("test:pass", (event) => {
    // A file without any test is reported as one passed test that has the name of the file.
    if (files.includes(event.name)) failed.add(event.name);
  });
  stream.on("test:fail", (event) => {
    if (event.todo === undefined) failed.add(event.file ?? event.name);
  });
  stream.on("test:stderr", ({ file, message }) => {
    complaints.set(file, ((complaints.get(file) ?? "") + message).slice(-4000));
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(String(text));
  return new Map([...failed].map((file) => [file, complaints.get(file) ?? ""]));
}

/** Answers whether all is well. The cluster is stopped too when the run is interrupted. */
async function main(words: readonly string[]): Promise<boolean> {
  const files = testFiles(words);
  if (files.length === 0) {
    process.stdout.write(`No test file has ${words.join(" or ") || ".test.js"} in its path.\n`);
    return false;
  }
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort());
  const cluster = await startTestCluster();
  try {
    process.env["KENSHU_TEST_DATABASE"] = cluster.url;
    // Loaded first into every process of a test, servers among them.
    process.env["NODE_OPTIONS"] =
      `--import=${pathToFileURL(join(built, "test", "support", "held", "watch.js")).href}`;
    process.env["KENSHU_TEST_TIMES"] = notes;
    const failed = await runFiles(files, interrupted.signal);
    if (files.length > 1) process.stdout.write(`\nWhat took longest:\n${whereTimeWent()}`);
    process.stdout.write(`\n${files.length} files, ${failed.size} with a failure or without a test.\n`);
    for (const [path, complaint] of failed)
      process.stdout.write(`  ${relative(built, path)}\n${complaint.replaceAll(/^(?=.)/gm, "    ")}`);
    return failed.size === 0 && !interrupted.signal.aborted;
  } finally {
    await cluster.stop();
    rmSync(notes, { recursive: true, force: true });
  }
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
