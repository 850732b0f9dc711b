#!/usr/bin/env node
/** The program `kenshu`: reads what was asked, builds what is needed, starts and stops it. */
import { parseArgs } from "node:util";
import { benchCommand } from "../bench/bench.ts";
import { fairnessCommand } from "../fairness/fairness.ts";
import { auditCommand } from "./audit.ts";
import { readConfig } from "./config.ts";
import { conformanceCommand } from "./conformance.ts";
import { help } from "./help.ts";
import { keysCommand } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { operatorCommand, tieCommand } from "./operator.ts";
import { version } from "./paths.ts";
import { reconcileCommand } from "./reconcile.ts";
import { serveUntilStopped } from "./serve.ts";
import { startUntilStopped } from "./start.ts";
import { UsageError } from "./usage-error.ts";
import { verifyCommand } from "./verify.ts";

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
      log: { type: "string", default: "warn" },
      sandbox: { type: "boolean", default: true },
    },
  });
  const portBase = Number(values["port-base"]);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > 65_000)
    throw new UsageError("--port-base is a port number.");
  const log = logLevels.find((level) => level === values.log);
  if (log === undefined) throw new UsageError(`--log is one of ${logLevels.join(", ")}.`);
  const databaseUrl = process.env["KENSHU_DATABASE_URL"];
  await startUntilStopped({ dir: values.dir, portBase, log, say, databaseUrl });
}

async function serve(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: "string" } },
  });
  const [party] = positionals;
  if (party === undefined || values.config === undefined)
    throw new UsageError("Say which party, and --config FILE.");
  await serveUntilStopped(readConfig(party, values.config));
}

const commands: Record<string, (args: string[]) => Promise<void>> = {
  start,
  serve,
  migrate: (args) => migrateCommand(args, say),
  keys: (args) => keysCommand(args, say),
  operator: (args) => operatorCommand(args, say),
  tie: (args) => tieCommand(args, say),
  audit: (args) => auditCommand(args, say),
  reconcile: (args) => reconcileCommand(args, say),
  verify: (args) => verifyCommand(args, say),
  conformance: (args) => conformanceCommand(args, say),
  bench: (args) => benchCommand(args, say),
  fairness: async (args) => {
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

/** A stranger is told what is wrong in a line; only a fault of the program shows its trace. */
function fail(error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof UsageError || code.startsWith("ERR_PARSE_ARGS")) {
    process.stderr.write(`kenshu: ${(error as Error).message}\nkenshu --help says what there is.\n`);
    process.exit(2);
  }
  const known =
    error instanceof Error &&
    (code === "EADDRINUSE" || (error.name.endsWith("Error") && error.name !== "TypeError"));
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`kenshu: ${text}\n`);
  process.exit(1);
}

main(process.argv.slice(2)).then(() => process.exit(process.exitCode ?? 0), fail);
