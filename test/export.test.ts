/** `kenshu export`, run as a program against a database with trades in it. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { openMarket, tradeIn } from "./support/world/market.ts";
import { until } from "./support/world/world.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { program } from "../src/tools/cli/paths.ts";

const run = promisify(execFile);
const dir = await mkdtemp(join(tmpdir(), "kenshu-test-export-"));
after(() => rm(dir, { recursive: true, force: true }));
const market = await openMarket({ after });
const file = join(dir, "institution.json");
await writeFile(
  file,
  JSON.stringify({
    party: "institution",
    databaseUrl: market.url,
    schema: market.schema,
    host: "127.0.0.1",
    port: 0,
    publicUrl: "http://127.0.0.1:4030",
    log: "info",
    personalDataKey: Buffer.alloc(32).toString("base64"),
    approval: "none",
    currencies: ["JPY"],
    timeZone: "Asia/Tokyo",
    fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
  }),
);

const buyer = await market.buyer();
const mandate = await market.mandate(buyer);
const lines = [
  { name: "=cmd|' /C calc'!A0", quantity: 2, unitAmount: 300 },
  { name: 'Tea "set", large', quantity: 1, amount: 400, id: "b-1" },
];
const { number } = tradeIn(
  await market.propose({
    amount: 1000,
    lines,
    buyer: { member: buyer.number },
    approval: { mandate },
    reference: "A-1001",
    metadata: { cart: "7f3a" },
  }),
);
tradeIn(
  await market.move(buyer.actor, number, {
    do: "reject",
    lines: [{ line: 2, quantity: 1 }],
    reason: "Mr Tanaka broke it",
  }),
);
tradeIn(await market.move(buyer.actor, number, { do: "accept", lines: [{ line: 1, quantity: 2 }] }));

type Line = Record<string, string>;
const entriesAsked = ["export", "--config", file, "--what", "entries"];

/** What the program prints, and says beside it. */
async function exported(
  what: string,
  ...more: string[]
): Promise<{ lines: Line[]; said: string; text: string }> {
  const { stdout, stderr } = await run(
    process.execPath,
    [program, "export", "--config", file, "--what", what, ...more],
    {
      maxBuffer: 100_000_000,
    },
  );
  return { lines: parse(stdout, { columns: true }), said: stderr, text: stdout };
}

async function refused(...args: string[]): Promise<{ code: number; stderr: string }> {
  return run(process.execPath, [program, "export", ...args]).then(
    () => assert.fail("it ran"),
    (error: unknown) => error as { code: number; stderr: string },
  );
}

test("trades, with amounts as decimals and as minor units, and no more of the buyer than the number", async () => {
  const { lines: found, said } = await exported("trades");
  assert.equal(found.length, 1);
  const [trade = {}] = found;
  const expected = {
    number,
    reference: "A-1001",
    member: buyer.number,
    guest: "false",
    currency: "JPY",
    amount: "1000",
    amountMinor: "1000",
    frozenMinor: "400",
    settledMinor: "600",
    fee: "60",
    metadata: '{"cart":"7f3a"}',
  };
  assert.deepEqual({ ...trade, ...expected }, trade);
  assert.match(said, /trades: 1 lines, .*all of it/);
});

test("lines of trades, and a name that a spreadsheet would run is text", async () => {
  const { lines: found } = await exported("lines");
  assert.deepEqual(
    found.map(({ line, id, name, quantity, amountMinor, accepted, rejected }) => [
      line,
      id,
      name,
      quantity,
      amountMinor,
      accepted,
      rejected,
    ]),
    [
      ["1", "", "'=cmd|' /C calc'!A0", "2", "600", "2", "0"],
      ["2", "b-1", 'Tea "set", large', "1", "400", "0", "1"],
    ],
  );
});

test("events without what people wrote", async () => {
  const { lines: found, text } = await exported("events", "--format", "csv", "--quiet");
  assert.deepEqual(found.map(({ seq, type }) => `${seq} ${type}`).slice(0, 3), [
    "1 trade.proposed",
    "2 trade.reserved",
    "3 trade.rejected",
  ]);
  assert.ok(!text.includes("Tanaka"));
  assert.deepEqual((JSON.parse(found[2]?.["data"] ?? "") as { kind: string }).kind, "wrong");
});

test("entries add up to what the accounts hold, in JSON too", async () => {
  const { stdout } = await run(process.execPath, [program, ...entriesAsked, "--format", "jsonl", "--quiet"]);
  const entries = stdout
    .trimEnd()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as { account: string; postedMinor: number; heldMinor: number; trade: string | null },
    );
  const sums = new Map<string, [bigint, bigint]>();
  for (const { account, postedMinor, heldMinor } of entries) {
    const [posted, held] = sums.get(account) ?? [0n, 0n];
    sums.set(account, [posted + BigInt(postedMinor), held + BigInt(heldMinor)]);
  }
  const [posted, held] = sums.get(buyer.account) ?? [];
  assert.equal(`${posted} held ${held}`, await market.balance(buyer.account));
  assert.ok(entries.some(({ trade }) => trade === number));
});

test("settlements are there, though nobody has paid from afar", async () => {
  assert.deepEqual((await exported("settlements")).lines, []);
});

test("a time begins with its first instant and ends before its last; a day is one of the server's", async () => {
  const { lines: all } = await exported("trades");
  const at = all[0]?.["createdAt"] ?? "";
  const next = new Date(Date.parse(at) + 1).toISOString();
  const numbers = async (...more: string[]) => (await exported("trades", ...more)).lines.length;
  assert.equal(await numbers("--from", at, "--to", next), 1);
  assert.equal(await numbers("--to", at), 0);
  assert.equal(await numbers("--from", next), 0);
  const inTokyo = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" });
  const day = inTokyo.format(new Date(at));
  const after = inTokyo.format(new Date(Date.parse(at) + 86_400_000));
  assert.equal(await numbers("--from", day, "--to", after), 1);
  assert.equal(await numbers("--from", after), 0);
});

test("what cannot be followed is said, and nothing is written", async () => {
  const out = join(dir, "never.csv");
  const wrong: [args: string[], said: RegExp][] = [
    [
      ["--config", file, "--what", "people", "--out", out],
      /--what is one of trades, lines, events, entries, settlements/,
    ],
    [["--config", file, "--out", out], /--what is one of/],
    [
      ["--config", file, "--what", "trades", "--format", "xml", "--out", out],
      /--format is one of csv, jsonl/,
    ],
    [["--config", file, "--what", "trades", "--from", "yesterday", "--out", out], /--from is a day/],
    [
      ["--config", file, "--what", "trades", "--from", "2026-11-02", "--to", "2026-11-01", "--out", out],
      /--from is before --to/,
    ],
    [["--what", "trades", "--out", out], /--config FILE/],
  ];
  for (const [args, said] of wrong) {
    const { code, stderr } = await refused(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
  assert.deepEqual(await readdir(dir), ["institution.json"]);
});

/** Entries of an account of their own that come to nothing, as many as a busy day has. */
async function manyEntries(count: number): Promise<void> {
  await market.admin.execute(
    rawSql(
      `insert into entries (command, leg, kind, account, currency, posted, held, at)
       select gen_random_uuid(), 0, 'transfer', $1, 'JPY', 0, 0, now() - number * interval '1 second'
       from generate_series(1, $2::int) as number`,
      [buyer.account, count],
    ),
  );
}

test("a hundred thousand lines fit into a small memory, and the file is there as a whole, for its owner", async () => {
  await manyEntries(100_000);
  const out = join(dir, "entries.csv");
  await writeFile(out, "what was there before");
  await run(process.execPath, ["--max-old-space-size=48", program, ...entriesAsked, "--out", out, "--quiet"]);
  const text = await readFile(out, "utf8");
  assert.ok(text.split("\r\n").length > 100_000);
  assert.ok(text.endsWith("\r\n"));
  assert.equal((await stat(out)).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(dir)).toSorted(), ["entries.csv", "institution.json"]);
});

test("a reader that goes away is no failure, and one that is told to end leaves no part of a file", async () => {
  const args = [program, ...entriesAsked];
  const piped = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  piped.stderr.setEncoding("utf8").on("data", (some: string) => (said += some));
  piped.stdout.once("data", () => piped.stdout.destroy());
  const ended = await new Promise((resolve) => piped.once("close", resolve));
  assert.equal(ended, 0, said);
  assert.match(said, /nobody reads on/);
  assert.doesNotMatch(said, /EPIPE|at .*\.js/);
  const before = await readdir(dir);
  const out = join(dir, "half.csv");
  const stopped = spawn(process.execPath, [...args, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
  await until("the file has begun", async () => {
    const half = (await readdir(dir)).find((name) => name.startsWith("half.csv."));
    return half !== undefined && (await stat(join(dir, half))).size > 0;
  });
  stopped.kill("SIGTERM");
  const code = await new Promise((resolve) => stopped.once("close", resolve));
  assert.equal(code, 1);
  assert.deepEqual(await readdir(dir), before);
});
