import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exponentOf, formatMoney, fromWire, isCurrency, parseMoney, toWire } from "./money.ts";

const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
/** Of all words of three letters those that are one. */
const currencies = letters
  .flatMap((one) => letters.flatMap((two) => letters.map((three) => `${one}${two}${three}`)))
  .filter(isCurrency);
const anyCurrency = fc.constantFrom(...currencies);
const anyAmount = fc.bigInt({ min: 0n, max: 10n ** 30n });

test("currencies have the decimal places of ISO 4217", () => {
  const cases = [
    ["JPY", 0],
    ["KRW", 0],
    ["USD", 2],
    ["HUF", 2],
    ["IDR", 2],
    ["KWD", 3],
    ["IQD", 3],
    ["CLF", 4],
    ["UYW", 4],
  ] as const;
  for (const [code, places] of cases) assert.equal(exponentOf(code), places, code);
});

test("a code is a currency only in capitals, while it is active, and if it has a minor unit", () => {
  for (const code of ["JPY", "EUR", "XCG", "SLE", "ZWG", "XAF"]) assert.equal(isCurrency(code), true, code);
  for (const code of ["jpy", "", "YEN", "HRK", "ANG", "BGN", "XAU", "XXX", "constructor"]) {
    assert.equal(isCurrency(code), false, code);
    assert.throws(() => exponentOf(code), RangeError, code);
  }
});

test("the table has as many codes as the standard", () => {
  assert.equal(currencies.length, 165);
});

test("amounts are written the way people write them", () => {
  const cases = [
    [1200n, "JPY", "¥1,200"],
    [0n, "JPY", "¥0"],
    [-1200n, "JPY", "-¥1,200"],
    [1200n, "USD", "$12.00"],
    [5n, "USD", "$0.05"],
    [-5n, "USD", "-$0.05"],
    [1_234_567n, "KWD", "KWD 1,234.567"],
    [150_000n, "HUF", "HUF 1,500.00"],
    [12_345_678_901_234_567_891n, "EUR", "€123,456,789,012,345,678.91"],
  ] as const;
  for (const [amount, currency, text] of cases) {
    assert.equal(formatMoney(amount, currency).replaceAll("\u00a0", " "), text);
  }
  assert.equal(formatMoney(1200n, "JPY", "ja"), "1,200円");
  assert.throws(() => formatMoney(1n, "YEN"), RangeError);
});

test("what a person types is read exactly, or not at all", () => {
  const cases = [
    ["1,200", "JPY", 1200n],
    ["¥1200", "JPY", 1200n],
    ["¥1,200", "JPY", 1200n],
    ["1200円", "JPY", 1200n],
    ["JPY 1200", "JPY", 1200n],
    ["12.5", "USD", 1250n],
    ["$12.05 ", "USD", 1205n],
    ["12.345", "USD", undefined],
    ["1200.0", "JPY", undefined],
    ["1,20", "USD", undefined],
    ["1,2000", "USD", undefined],
    ["-5", "USD", undefined],
    ["1e3", "USD", undefined],
    [".50", "USD", undefined],
    ["", "USD", undefined],
    ["€5", "USD", undefined],
  ] as const;
  for (const [text, currency, amount] of cases) assert.equal(parseMoney(text, currency), amount, text);
});

test("text and back is the same amount, in every currency and at any size", () => {
  fc.assert(
    fc.property(anyAmount, anyCurrency, (amount, currency) => {
      assert.equal(parseMoney(formatMoney(amount, currency), currency), amount);
    }),
  );
});

test("the wire carries integers up to 2^53-1 and refuses everything else", () => {
  const limit = 2n ** 53n - 1n;
  assert.equal(toWire(limit), Number.MAX_SAFE_INTEGER);
  assert.equal(toWire(-limit), Number.MIN_SAFE_INTEGER);
  assert.throws(() => toWire(limit + 1n), RangeError);
  assert.throws(() => toWire(-limit - 1n), RangeError);
  for (const value of [0.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => fromWire(value), RangeError, String(value));
  }
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => toWire(fromWire(value)) === (value === 0 ? 0 : value)),
  );
});
