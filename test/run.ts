/**
 * Runs the tests: all of them, or those whose path contains one of the words given (`npm test -- money trades`).
 * One PostgreSQL cluster serves the whole run; each file makes its own database in it.
 */
import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startTestCluster } from "./support/world/cluster.ts";

const built = dirname(dirname(fileURLToPath(import.meta.url)));

function testFiles(words: readonly string[]): string[] {
  return readdirSync(built, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.js"))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort()
    .map((path) => join(built, path));
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
  const stream = run({ files, concurrency: 2, signal });
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
    const failed = await runFiles(files, interrupted.signal);
    process.stdout.write(`\n${files.length} files, ${failed.size} with a failure or without a test.\n`);
    for (const [path, complaint] of failed)
      process.stdout.write(`  ${relative(built, path)}\n${complaint.replaceAll(/^(?=.)/gm, "    ")}`);
    return failed.size === 0 && !interrupted.signal.aborted;
  } finally {
    await cluster.stop();
  }
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
