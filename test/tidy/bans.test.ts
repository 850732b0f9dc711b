import assert from "node:assert/strict";
import { test } from "node:test";
import { banned, bans, exceptions, titles } from "./bans.ts";
import { readSources } from "./sources.ts";
import { statements } from "./sql-rules.ts";

const files = readSources();
const found = [...banned(files), ...titles(files)];

test("nothing is written that is banned", () => {
  const excused = (path: string, rule: string): boolean =>
    exceptions.some((exception) => exception.path === path && exception.rule === rule);
  const lines = found
    .filter(({ path, rule }) => !excused(path, rule))
    .map(({ path, line, rule, message }) => `\n${path}:${line} [${rule}] ${message}`);
  assert.equal(lines.join(""), "");
});

test("every exception is still needed", () => {
  const all = [...found, ...statements(files)];
  const idle = exceptions.filter(
    (one) => !all.some(({ path, rule }) => path === one.path && rule === one.rule),
  );
  assert.deepEqual(idle, []);
});

/** Each case: what it shows, the rule that must find it, and a planted file. */
const planted: [string, rule: string, path: string, text: string][] = [
  ["the clock as a date", "clock", "src/engines/trades/a.ts", "const now = new Date();"],
  ["the clock without brackets", "clock", "src/engines/trades/a.ts", "const now = new Date;"],
  ["the clock as a text", "clock", "src/engines/trades/a.ts", "const now = Date();"],
  ["an amount made a number", "number", "src/storage/ledger/a.ts", "const x = Number(amount);"],
  ["a test left out", "skipped", "src/core/money/a.test.ts", 'test("x", { skip: true }, () => {});'],
  ["a test alone", "skipped", "test/a.test.ts", 'test("x", { only: true }, () => {});'],
  ["a silenced compiler", "silenced", "src/engines/trades/a.ts", "// @ts-ignore\nx();"],
  ["a silenced linter", "silenced", "test/a.ts", "// oxlint-disable-next-line\nx();"],
  ["a silenced formatter", "silenced", "test/a.ts", "// biome-ignore format: x\nx();"],
  ["work left for later", "later", "sql/trading/0001_a.sql", "-- TODO an index"],
  ["work left for later in a document", "later", "docs/a.md", "# A\n\nFIXME"],
];

test("each ban finds what is planted", () => {
  for (const [name, rule, path, text] of planted) {
    assert.deepEqual(
      banned([{ path, text }]).map((one) => one.rule),
      [rule],
      name,
    );
  }
  const proven = new Set(planted.map(([, rule]) => rule));
  for (const { name } of bans) assert.ok(proven.has(name), `no case proves the ban on ${name}`);
  for (const text of ["Text.\n", "# One\n\n# Two\n"]) {
    assert.deepEqual(
      titles([{ path: "docs/a.md", text }]).map(({ rule }) => rule),
      ["title"],
      text,
    );
  }
});

/** What looks like a violation and is none. */
const innocent: [string, path: string, text: string][] = [
  ["a ban in a comment", "src/engines/trades/a.ts", "// new Date() is not for us."],
  ["a ban in a text", "src/engines/trades/a.ts", 'const x = "new Date()" + `Number(x)`;'],
  ["a date from a value", "src/engines/trades/a.ts", "const at = new Date(seconds * 1000);"],
  ["the clock where it lives", "src/storage/database/a.ts", "const now = new Date();"],
  ["the clock in a test", "src/engines/trades/a.test.ts", "const now = new Date();"],
  ["a number of something else", "src/engines/trades/a.ts", "const x = Number(count);"],
  ["a number looked at", "src/storage/ledger/a.ts", "const x = Number.isSafeInteger(count);"],
  ["a word with a later one in it", "src/engines/trades/a.ts", "const mastodons = 1; // TODOS"],
];

test("no ban finds what is right", () => {
  for (const [name, path, text] of innocent) assert.deepEqual(banned([{ path, text }]), [], name);
  assert.deepEqual(titles([{ path: "docs/a.md", text: "# One\n\n```sh\n# not a heading\n```\n" }]), []);
});
