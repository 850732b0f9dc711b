import assert from "node:assert/strict";
import { test } from "node:test";
import { exponentOf, fromMinor, toMinor } from "@kenshu/sdk";

const amounts: [text: string, currency: string, minor: number, back: string][] = [
  ["12.34", "USD", 1234, "12.34"],
  ["12.3", "USD", 1230, "12.30"],
  ["12", "USD", 1200, "12.00"],
  ["0.05", "USD", 5, "0.05"],
  ["12.3400", "USD", 1234, "12.34"],
  ["-0.30", "USD", -30, "-0.30"],
  ["-0", "USD", 0, "0.00"],
  ["1200", "JPY", 1200, "1200"],
  ["1200.00", "JPY", 1200, "1200"],
  ["1.5", "KWD", 1500, "1.500"],
  ["0.1", "CLF", 1000, "0.1000"],
  ["90071992547409.91", "USD", Number.MAX_SAFE_INTEGER, "90071992547409.91"],
  ["007.10", "EUR", 710, "7.10"],
];
for (const [text, currency, minor, back] of amounts) {
  test(`${text} ${currency} is ${minor}`, () => {
    assert.ok(Object.is(toMinor(text, currency), minor));
    assert.equal(fromMinor(minor, currency), back);
  });
}

const refused: [text: unknown, currency: string, why: RegExp][] = [
  ["12.345", "USD", /part of a minor unit/],
  ["1200.5", "JPY", /part of a minor unit/],
  ["90071992547409.92", "USD", /2\^53-1/],
  ["1,200", "JPY", /no decimal number/],
  ["1e3", "JPY", /no decimal number/],
  [".5", "USD", /no decimal number/],
  ["5.", "USD", /no decimal number/],
  ["", "USD", /no decimal number/],
  [" 5", "USD", /no decimal number/],
  ["NaN", "USD", /no decimal number/],
  [12.34, "USD", /decimal text/],
  ["5", "ABC", /ISO 4217/],
];
for (const [text, currency, why] of refused) {
  test(`${JSON.stringify(text)} ${currency} is refused`, () => {
    assert.throws(() => toMinor(text as string, currency), why);
  });
}

test("what is no integer has no text", () => {
  for (const amount of [0.5, Number.NaN, 2 ** 53]) assert.throws(() => fromMinor(amount, "USD"), RangeError);
  assert.deepEqual(["JPY", "USD", "KWD"].map(exponentOf), [0, 2, 3]);
});
