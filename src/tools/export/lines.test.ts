/** Lines of an export, read by a parser of somebody else's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { headOf, lineOf, type Row } from "./lines.ts";
import type { Columns } from "./tables.ts";

const columns = {
  name: "text",
  currency: "text",
  amount: "money",
  count: "integer",
  open: "flag",
  at: "time",
  more: "json",
} as const satisfies Columns;

const row: Row = {
  name: "Tea set",
  currency: "USD",
  amount: -1205n,
  count: 3n,
  open: true,
  at: new Date("2026-11-29T03:04:05.678Z"),
  more: { a: 'b, "c"' },
};

const read = (rows: readonly Row[]) =>
  parse<Record<string, string>>(
    headOf("csv", columns) + rows.map((one) => lineOf("csv", columns, one)).join(""),
    { columns: true, record_delimiter: "\r\n" },
  );

test("a line of CSV holds each column, and money as a decimal and as minor units", () => {
  assert.deepEqual(read([row]), [
    {
      name: "Tea set",
      currency: "USD",
      amount: "-12.05",
      amountMinor: "-1205",
      count: "3",
      open: "true",
      at: "2026-11-29T03:04:05.678Z",
      more: '{"a":"b, \\"c\\""}',
    },
  ]);
});

test("a line of JSON holds the same, numbers as numbers, however large", () => {
  const amount = 9_007_199_254_740_993n;
  const line = lineOf("jsonl", columns, { ...row, amount });
  assert.ok(line.endsWith("\n") && line.indexOf("\n") === line.length - 1);
  assert.ok(line.includes('"amount":"90071992547409.93","amountMinor":9007199254740993,'));
  const parsed = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([parsed["count"], parsed["open"], parsed["more"]], [3, true, { a: 'b, "c"' }]);
});

test("what is not known is an empty cell, and null in JSON", () => {
  const nothing = { ...row, amount: null, count: null, more: null };
  const [found] = read([nothing]);
  assert.deepEqual(
    [found?.["amount"], found?.["amountMinor"], found?.["count"], found?.["more"]],
    ["", "", "", ""],
  );
  const parsed = JSON.parse(lineOf("jsonl", columns, nothing)) as Record<string, unknown>;
  assert.deepEqual([parsed["amount"], parsed["amountMinor"], parsed["more"]], [null, null, null]);
});

for (const text of ["=1+1", "+81 3", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://evil.example")'])
  test(`no spreadsheet takes ${JSON.stringify(text)} for a formula`, () => {
    assert.equal(read([{ ...row, name: text }])[0]?.["name"], `'${text}`);
    assert.equal((JSON.parse(lineOf("jsonl", columns, { ...row, name: text })) as Row)["name"], text);
  });

test("any text comes back as it was, and no line has more cells than another", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (names) => {
      const found = read(names.map((name) => ({ ...row, name })));
      assert.deepEqual(
        found.map(({ name }) => name),
        names.map((name) => (/^[=+\-@\t\r\n]/.test(name) ? `'${name}` : name)),
      );
    }),
  );
});
