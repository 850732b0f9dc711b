import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addDuration,
  dammAppend,
  dammValid,
  holdsCardNumber,
  isPlainText,
  parseDuration,
  problem,
  problemCodes,
} from "./protocol.ts";

const digits = fc.stringMatching(/^[0-9]{1,18}$/);

test("the check digit is Damm's: 572 takes a 4", () => {
  assert.equal(dammAppend("572"), "5724");
  for (const text of ["", "4", "57a4", "５７２４", " 5724", "5723"])
    assert.equal(dammValid(text), false, text);
});

test("a check digit finds every wrong digit and every swap of neighbours", () => {
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (body, nth, shift) => {
      const number = dammAppend(body);
      assert.ok(dammValid(number));
      const index = nth % number.length;
      const wrong = String((Number(number[index]) + shift) % 10);
      assert.ok(!dammValid(number.slice(0, index) + wrong + number.slice(index + 1)));
      const [left, right] = [number[index] ?? "", number[index + 1] ?? ""];
      if (right !== "" && left !== right) {
        assert.ok(!dammValid(number.slice(0, index) + right + left + number.slice(index + 2)));
      }
    }),
  );
});

test("durations are those of ISO 8601, whole numbers only", () => {
  const day = 86_400_000;
  for (const [text, months, milliseconds] of [
    ["P7D", 0, 7 * day],
    ["PT30M", 0, 1_800_000],
    ["P1M", 1, 0],
    ["P1Y2M3DT4H5M6S", 14, 3 * day + 14_706_000],
    ["P2W", 0, 14 * day],
  ] as const) {
    assert.deepEqual(parseDuration(text), { months, milliseconds }, text);
  }
  for (const text of ["", "P", "PT", "7D", "P-7D", "P1.5D", "p7d", "P7DT", "P1D ", "PT1H1D", "P999999D"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test("a month that lacks the day ends on its last day", () => {
  const after = (from: string, text: string) => {
    const duration = parseDuration(text);
    assert.ok(duration !== undefined);
    return addDuration(new Date(from), duration).toISOString();
  };
  assert.equal(after("2026-01-31T10:00:00Z", "P1M"), "2026-02-28T10:00:00.000Z");
  assert.equal(after("2024-01-31T00:00:00Z", "P1M"), "2024-02-29T00:00:00.000Z");
  assert.equal(after("2026-12-24T00:00:00Z", "P8D"), "2027-01-01T00:00:00.000Z");
});

test("card numbers are found however they are written, and nothing else is taken for one", () => {
  for (const text of [
    "4111111111111111",
    "pay 4111 1111 1111 1111 please",
    "4111-1111-1111-1111 12/27",
    "4111 1111 1111 1111 12 27 123",
    "room 12 5555 5555 5555 4444",
    "378282246310005",
    "3530111333300000",
    "6011111111111117",
  ]) {
    assert.ok(holdsCardNumber(text), text);
  }
  for (const text of [
    "4111111111111112",
    "03-1234-5678",
    "20261122-0001",
    "01a204bf-4111-7111-9111-111111111111",
    "1234567890123",
    "12 34 56 78 90",
    "",
  ]) {
    assert.ok(!holdsCardNumber(text), text);
  }
});

test("text that cannot be stored or shown is told from text that can", () => {
  for (const text of ["a\u0000b", "\u001b[31m", "\u007f", "\ud800", "a\udc00"])
    assert.ok(!isPlainText(text), JSON.stringify(text));
  for (const text of ["", "検収", "a\tb\r\nc", "👍", "<script>", "שלום"]) assert.ok(isPlainText(text), text);
});

test("every problem has a status that says no, and a title", () => {
  for (const code of problemCodes) {
    const told = problem(code);
    assert.ok(told.status >= 400 && told.status < 600, code);
    assert.ok(told.title.length > 5 && told.detail.length > 5, code);
    assert.ok(told.type.endsWith(`/${code}`), code);
  }
});
