import assert from "node:assert/strict";
import { test } from "node:test";
import { randomDigits, randomToken, uuidv7 } from "./ids.ts";

test("uuidv7: of the right form, and each above the one before", () => {
  const ids = Array.from({ length: 50_000 }, uuidv7);
  for (const [index, id] of ids.entries()) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    if (index > 0) assert.ok(id > (ids[index - 1] ?? ""), `${id} is not above ${ids[index - 1]}`);
  }
});

test("random digits: as many as asked, all ten, evenly", () => {
  assert.equal(randomDigits(0), "");
  assert.match(randomDigits(13), /^\d{13}$/);
  const counts = new Map<string, number>();
  for (const digit of randomDigits(100_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  assert.equal(counts.size, 10);
  // Ten standard deviations around 10,000.
  for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 950, `${count}`);
});

test("a token holds the bytes asked for and is safe in an address", () => {
  assert.match(randomToken(24), /^[A-Za-z0-9_-]{32}$/);
  assert.notEqual(randomToken(24), randomToken(24));
});
