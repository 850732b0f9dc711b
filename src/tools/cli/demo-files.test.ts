import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeConfig } from "./demo-files.ts";

const dir = mkdtempSync(join(tmpdir(), "kenshu-files-"));
after(() => rmSync(dir, { recursive: true }));
const file = join(dir, "institution.json");
const read = () => JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
const edit = (change: object) => writeFileSync(file, JSON.stringify({ ...read(), ...change }));

test("what somebody has edited stays, whatever the next start would write; all else is of that start", () => {
  assert.deepEqual(writeConfig(file, { databaseUrl: "one", port: 1, log: "warn" }), []);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(writeConfig(file, { databaseUrl: "two", port: 1, log: "warn" }), []);
  assert.deepEqual(read(), { databaseUrl: "two", port: 1, log: "warn" });
  edit({ log: "info", webhooksMayReach: ["receiver:1"] });
  for (const databaseUrl of ["three", "four"]) {
    assert.deepEqual(writeConfig(file, { databaseUrl, port: 1, log: "warn" }), ["log", "webhooksMayReach"]);
    assert.deepEqual(read(), { databaseUrl, port: 1, log: "info", webhooksMayReach: ["receiver:1"] });
  }
  edit({ log: "warn", port: undefined });
  assert.deepEqual(writeConfig(file, { databaseUrl: "five", port: 2, log: "warn" }), [
    "port",
    "webhooksMayReach",
  ]);
  assert.deepEqual(read(), { databaseUrl: "five", log: "warn", webhooksMayReach: ["receiver:1"] });
});

test("one that cannot be read is not written over", () => {
  writeFileSync(file, "{ not yet");
  assert.throws(() => writeConfig(file, { port: 1 }), /institution\.json cannot be read/);
  assert.equal(readFileSync(file, "utf8"), "{ not yet");
  rmSync(file);
  assert.deepEqual(writeConfig(file, { port: 1 }), []);
  assert.deepEqual(read(), { port: 1 });
});
