/**
 * The chapter *First day* of docs/running.md, followed word for word: an empty PostgreSQL, the program's own commands as
 * processes, and an institution that uses nothing of this project. In the place of the page's addresses stand those of
 * this machine, and nothing else is changed.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { isBankDay } from "../src/core/bankfiles/bankfiles.ts";
import { rawSql, openDatabase } from "../src/storage/database/database.ts";
import { program } from "../src/tools/cli/paths.ts";
import { readDocument } from "./support/tables/markdown.ts";
import { callOf, type Step, stepsOf, Told } from "./support/tables/page-steps.ts";
import { startOther } from "./support/wire/other-institution.ts";
import { freePort } from "./support/world/free-port.ts";
import { startPostgres, until } from "./support/world/world.ts";

const run = promisify(execFile);
const page = readDocument("running.md");
const chapter = page.slice(page.indexOf("\n## First day\n"), page.indexOf("\n## Keys\n"));

/** Where the page's addresses are on this machine. */
async function addressesHere(postgres: string): Promise<{ here: (text: string) => string; other: number }> {
  const { host } = new URL(postgres);
  const ports = new Map<string, number>();
  for (const port of ["4010", "4011", "4020", "4021", "4030", "4031", "4040", "4041"])
    ports.set(port, await freePort());
  const other = await freePort();
  const places: readonly (readonly [string, string])[] = [
    ["127.0.0.1:5432", host],
    ["https://bank.example", `http://127.0.0.1:${ports.get("4030")}`],
    ["https://facilitator.example", `http://127.0.0.1:${ports.get("4020")}`],
    ["https://shop.example", `http://127.0.0.1:${ports.get("4010")}`],
    ["https://guarantor.example", `http://127.0.0.1:${ports.get("4040")}`],
    ["https://other.example", `http://127.0.0.1:${other}`],
    ...[...ports].map(([port, free]) => [`"port": ${port}`, `"port": ${free}`] as const),
  ];
  return { other, here: (text) => places.reduce((all, [from, to]) => all.replaceAll(from, to), text) };
}

/** The folder in which the page's commands run, and the servers that they have started. */
class Day {
  readonly told = new Told();
  private exports: string[] = [];
  private readonly servers: ChildProcess[] = [];
  private readonly dir: string;
  private readonly postgres: string;
  private readonly here: (text: string) => string;

  constructor(dir: string, postgres: string, here: (text: string) => string) {
    this.dir = dir;
    this.postgres = postgres;
    this.here = here;
  }

  async follow(step: Step): Promise<void> {
    switch (step.kind) {
      case "file":
        return writeFile(join(this.dir, step.name), this.told.fill(this.here(step.text)));
      case "sql":
        return this.execute(step.text);
      case "commands":
        return this.command(this.told.fill(this.here(step.text)), step.said);
      case "call":
        return this.call(this.here(step.text));
    }
  }

  /** Statements say in their first line who makes them. */
  private async execute(text: string): Promise<void> {
    const url = text.startsWith("-- As the owner") ? this.exported("KENSHU_DATABASE_URL") : this.postgres;
    const database = openDatabase({ url, schema: "public", max: 1 });
    try {
      for (const statement of text.replaceAll(/^--.*$/gm, "").split(";"))
        if (statement.trim() !== "") await database.execute(rawSql(statement));
    } finally {
      await database.close();
    }
  }

  private exported(name: string): string {
    const line = this.exports.find((each) => each.startsWith(`export ${name}=`));
    return line?.slice(`export ${name}=`.length) ?? assert.fail(`the page exports no ${name}`);
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, KENSHU_DATABASE_URL: "", PATH: `${this.dir}${delimiter}${process.env["PATH"]}` };
  }

  private async command(text: string, said: string | undefined): Promise<void> {
    const lines = text.split("\n");
    this.exports = [...this.exports, ...lines.filter((line) => line.startsWith("export "))];
    for (const line of lines.filter((each) => each.startsWith("kenshu serve "))) await this.serve(line);
    const script = [...this.exports, ...lines.filter((line) => !line.startsWith("kenshu serve "))];
    const { stdout } = await run("sh", ["-ec", script.join("\n")], { cwd: this.dir, env: this.env });
    if (said === undefined) return;
    // Of what a command says the end is shown.
    const end = stdout.trimEnd().split("\n").slice(-said.split("\n").length);
    this.told.learn(this.told.fill(said), end.join("\n"), text);
  }

  private async serve(line: string): Promise<void> {
    const log = await open(join(this.dir, "servers.log"), "a");
    const [command = "", ...args] = line.split(" ");
    const stdio = ["ignore", log.fd, log.fd] as const;
    this.servers.push(spawn(command, args, { cwd: this.dir, env: this.env, stdio: [...stdio] }));
    await log.close();
  }

  private async call(text: string): Promise<void> {
    const { method, url, headers, body, status, told } = callOf(text);
    const of = `${method} ${url}`;
    const ask = () =>
      fetch(this.told.fill(url), {
        method,
        redirect: "manual",
        headers: {
          ...(body?.startsWith("{") === true ? { "content-type": "application/json" } : {}),
          ...Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, this.told.fill(value)]),
          ),
        },
        ...(body === undefined ? {} : { body: this.told.fill(body) }),
      });
    if (url.endsWith("/readyz"))
      await until(
        () => `${of}: ${this.ended()}`,
        () => answers(ask, status),
      );
    const looks = () => this.look(text, ask);
    if (method === "GET" && told.body !== undefined) await until(of, looks, 20_000).catch(() => undefined);
    const reply = await ask();
    const answered = await reply.text();
    const shown = `${of}: ${reply.status} ${answered.slice(0, 500)}`;
    assert.equal(reply.status, status, shown);
    const { "Set-Cookie": cookie, ...fields } = told.headers;
    if (cookie !== undefined) {
      const cookies = reply.headers.getSetCookie().map((each) => each.split(";")[0]);
      this.told.learn(cookie, cookies.join(";"), shown);
    }
    for (const [name, value] of Object.entries(fields))
      this.told.learn(this.known(value), reply.headers.get(name) ?? "", shown);
    if (told.body !== undefined) this.told.learnBody(told.body, JSON.parse(answered), shown);
  }

  /** Whether an answer shows what the page does: what servers tell each other takes a moment. */
  private async look(text: string, ask: () => Promise<Response>): Promise<boolean> {
    const { told } = callOf(text);
    const reply = await ask();
    const shown: unknown = await reply.json().catch(() => undefined);
    try {
      this.told.learnBody(told.body, shown, text);
    } catch {
      return false;
    }
    return true;
  }

  /** A `Location` leads on with the state, challenge and code that it tells. */
  private known(value: string): string {
    return value.replaceAll(/\{(?!state|challenge|code)[a-z ]+\}/g, (braces) => this.told.fill(braces));
  }

  private ended(): string {
    return this.servers.map(({ pid, exitCode }) => `${pid} ${exitCode ?? "runs"}`).join(", ");
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    }
  }

  log(): Promise<string> {
    return readFile(join(this.dir, "servers.log"), "utf8").catch(() => "");
  }
}

/** After the days by which the page moves a clock. */
function bankDay(): string {
  for (let ahead = 6; ; ahead += 1) {
    const day = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    if (isBankDay(day)) return day;
  }
}

const answers = async (ask: () => Promise<Response>, status: number): Promise<boolean> =>
  ask().then(
    (reply) => reply.status === status,
    () => false,
  );

test("the first day, from an empty database to the first trades at two institutions and at a guarantor", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), `kenshu-test-${process.pid}-`));
  await chmod(dir, 0o755);
  const endings: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const postgres = await startPostgres(dir, false, endings);
  const { here, other } = await addressesHere(postgres.url);
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  await writeFile(join(dir, "kenshu"), shim, { mode: 0o755 });
  const ids = [...chapter.matchAll(/"id": "(019a[0-9a-f-]+)", "name": "([^"]+)"/g)];
  const peer = ids.find(([, , name]) => name === "The facilitator")?.[1] ?? assert.fail("no facilitator");
  const elsewhere = await startOther({
    peer: { id: peer, url: here("https://facilitator.example") },
    url: here("https://other.example"),
    port: other,
    owners: {
      "key-of-yui": { kind: "deposit", balance: 10_000 },
      "key-of-aoi": { kind: "shop", balance: 0 },
    },
    own: "019a0000-0000-7000-8000-0000000000c3",
  });
  endings.push(elsewhere.stop);
  const day = new Day(dir, postgres.url, here);
  endings.push(() => day.stop());
  const nextYear = new Date(Date.now() + 366 * 86_400_000).toISOString().slice(0, 10);
  day.told.values.set("a day next year", nextYear);
  day.told.values.set("a day on which banks are open", bankDay());
  const steps = stepsOf(chapter);
  assert.ok(steps.length > 60, "the chapter is there");
  try {
    for (const step of steps) await day.follow(step);
  } catch (error) {
    t.diagnostic(await day.log());
    throw error;
  }
  const own = "019a0000-0000-7000-8000-0000000000c3";
  assert.deepEqual(
    [...elsewhere.balances],
    [
      ["key-of-yui", 9200],
      ["key-of-aoi", 776],
      [own, 24],
    ],
  );
});
