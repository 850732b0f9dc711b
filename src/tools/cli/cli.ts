#!/usr/bin/env node
/** The program `kenshu`: reads what was asked, builds what is needed, starts and stops it. */
import { parseArgs } from "node:util";
import { help, UsageError } from "./help.ts";
import { databaseAddress, version } from "./paths.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

async function start(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string", default: ".kenshu" },
      "port-base": { type: "string", default: "4000" },
      host: { type: "string", default: "127.0.0.1" },
      log: { type: "string", default: "warn" },
      sandbox: { type: "boolean", default: true },
    },
  });
  const portBase = Number(values["port-base"]);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > 65_000)
    throw new UsageError("--port-base is a port number.");
  const log = logLevels.find((level) => level === values.log);
  if (log === undefined) throw new UsageError(`--log is one of ${logLevels.join(", ")}.`);
  const { dir, host } = values;
  if (host === "") throw new UsageError("--host is the address at which the servers listen.");
  const { startUntilStopped } = await import("./start.ts");
  await startUntilStopped({ dir, portBase, host, log, say, databaseUrl: databaseAddress() });
}

async function serve(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: "string" }, "when-told": { type: "boolean", default: false } },
  });
  const [party] = positionals;
  if (party === undefined || values.config === undefined)
    throw new UsageError("Say which party, and --config FILE.");
  const [{ readConfig }, { serveUntilStopped, untilTold }] = await Promise.all([
    import("./config.ts"),
    import("./serve.ts"),
  ]);
  if (values["when-told"]) await untilTold();
  await serveUntilStopped(readConfig(party, values.config));
}

/** Each loads what it needs and nothing of the others: a command that reads line after line fits into a small memory. */
const commands: Record<string, (args: string[]) => Promise<void>> = {
  start,
  serve,
  migrate: async (args) => (await import("./migrate.ts")).migrateCommand(args, say),
  keys: async (args) => (await import("./keys.ts")).keysCommand(args, say),
  operator: async (args) => (await import("./operator.ts")).operatorCommand(args, say),
  tie: async (args) => (await import("./operator.ts")).tieCommand(args, say),
  audit: async (args) => (await import("./audit.ts")).auditCommand(args, say),
  export: async (args) => {
    const [{ exportPlace }, { exportCommand }] = await Promise.all([
      import("./config.ts"),
      import("../export/export.ts"),
    ]);
    return exportCommand(args, {
      placeOf: exportPlace,
      wrong: (message) => new UsageError(message),
      tell: (line) => process.stderr.write(`${line}\n`),
      now: () => performance.now(),
    });
  },
  reconcile: async (args) => (await import("./reconcile.ts")).reconcileCommand(args, say),
  verify: async (args) => (await import("./verify.ts")).verifyCommand(args, say),
  conformance: async (args) => (await import("./conformance.ts")).conformanceCommand(args, say),
  bench: async (args) => (await import("../bench/bench.ts")).benchCommand(args, say),
  fairness: async (args) => {
    const { fairnessCommand } = await import("../fairness/fairness.ts");
    if (!fairnessCommand(args, say, () => performance.now())) process.exitCode = 1;
  },
};

async function main([name = "--help", ...args]: string[]): Promise<void> {
  if (name === "--version") return say(version);
  if (name === "--help" || name === "help") return say(help);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
  if (args.includes("--help") && name !== "bench" && name !== "fairness") return say(help);
  await command(args);
}

/** What is wrong, and whether it is in what was asked for rather than in what was tried. */
function reasonOf(error: unknown): { asked: boolean; text: string } {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!(error instanceof Error)) return { asked: false, text: String(error) };
  const asked = error instanceof UsageError || code.startsWith("ERR_PARSE_ARGS");
  // Only a fault of the program shows its trace.
  const known =
    asked || code === "EADDRINUSE" || (error.name.endsWith("Error") && error.name !== "TypeError");
  return { asked, text: known ? error.message : (error.stack ?? error.message) };
}

/**
 * A stranger is told what is wrong in a line. Of a server, whoever collects its log has to be able to read it: there it is
 * a line as its log has them.
 */
function fail(command: string | undefined, error: unknown): never {
  const { asked, text } = reasonOf(error);
  if (command === "serve" && !process.stderr.isTTY) {
    const line = { level: 60, time: Date.now(), pid: process.pid, name: "kenshu serve", reason: text };
    process.stderr.write(`${JSON.stringify({ ...line, msg: "the server ends" })}\n`);
  } else process.stderr.write(`kenshu: ${text}\n${asked ? "kenshu --help says what there is.\n" : ""}`);
  process.exit(asked ? 2 : 1);
}

const [asked, ...rest] = process.argv.slice(2);
const end = (error: unknown) => fail(asked, error);
// What nobody waits for ends a server too, and is to be found in the same place.
process.once("uncaughtException", end);
main([asked, ...rest].filter((word) => word !== undefined)).then(
  () => process.exit(process.exitCode ?? 0),
  end,
);
