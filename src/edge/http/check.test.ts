import assert from "node:assert/strict";
import { test } from "node:test";
import Type from "typebox";
import { batchMoveSchema, proposeSchema } from "../../core/protocol/schemas.ts";
import { makeCheck } from "./check.ts";

const field = (format: string) => makeCheck(Type.Object({ x: Type.String({ format }) }));

test("each format takes what it should and nothing else", () => {
  const cases: [format: string, taken: string[], refused: string[]][] = [
    [
      "text",
      ["検収", "two\nlines", "4111 1111 1111 1112", "👍"],
      ["\u0000", "a\u0007", "\ud800", "  ", "\u3000\n"],
    ],
    [
      "instant",
      ["2026-12-24T09:30:00Z", "2024-02-29T23:59:59.123456789Z"],
      [
        "2025-02-29T00:00:00Z",
        "2026-12-24T24:00:00Z",
        "2026-12-24T09:30:00+09:00",
        "2026-12-24",
        "2026-12-24t09:30:00z",
      ],
    ],
    [
      "day",
      ["2000-02-29", "2026-12-31"],
      ["1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01"],
    ],
    ["duration", ["P7D", "PT30M", "P1Y2M"], ["P", "7D", "P1.5D", "-P1D", "PT"]],
    [
      "email",
      ["a@example.jp", "a.b+c@mail.example.com", "a..b.@example.jp", "o'brien!#$%&*/=?^_`{|}~@example.com"],
      [
        "a",
        "a@b",
        "@example.jp",
        "a b@example.jp",
        "a@-x.jp",
        '"a"@b.jp',
        String.raw`"\a"@b.jp`,
        "a(x)@b.jp",
      ],
    ],
  ];
  for (const [format, taken, refused] of cases) {
    for (const x of taken) assert.equal(field(format)({ x }), undefined, `${format} ${x}`);
    for (const x of refused) assert.equal(field(format)({ x })?.code, "invalid_field", `${format} ${x}`);
  }
});

test("a card number is refused under its own code, wherever text is taken", () => {
  const check = makeCheck(proposeSchema);
  const problem = check({ currency: "JPY", amount: 1, recipient: { name: "4111 1111 1111 1111" } });
  assert.equal(problem?.code, "card_number_refused");
  assert.equal(problem?.errors?.[0]?.pointer, "/recipient/name");
  assert.doesNotMatch(JSON.stringify(problem), /4111/);
});

test("what a shop calls its lines and goods may have the digits of a card; what it says of them may not", () => {
  const check = makeCheck(proposeSchema);
  const digits = "4111111111111111";
  const cases: [more: object, pointer: string | undefined][] = [
    [{ sku: digits }, undefined],
    [{ id: digits }, undefined],
    [{ name: `Tea ${digits}` }, "/lines/0/name"],
    [{ taxRate: digits }, "/lines/0/taxRate"],
    [{ taxRate: 8.25 }, undefined],
    [{ sku: "x".repeat(101) }, "/lines/0/sku"],
    [{ id: "x".repeat(65) }, "/lines/0/id"],
    [{ name: "x".repeat(401) }, "/lines/0/name"],
    [{ image: "javascript:alert(1)" }, "/lines/0/image"],
    [{ kind: "gift" }, "/lines/0/kind"],
    [{ unitAmount: 0.5 }, "/lines/0/unitAmount"],
  ];
  for (const [more, pointer] of cases) {
    const found = check({ currency: "JPY", lines: [{ name: "Tea", quantity: 1, unitAmount: 0, ...more }] });
    assert.equal(found?.errors?.[0]?.pointer, pointer, JSON.stringify(more));
  }
});

test("identifiers are not taken for card numbers, whatever their digits", () => {
  const cases: [text: string, code: string | undefined][] = [
    ["5520b367-f47a-4926-9900-39521138422d", undefined],
    ["order 46531462-8821-4B5C-9596-88AA433671CA, second part", undefined],
    ["cbd294783a9cc088dc87816eb11bb4712766190082d8e3029d44ee179725be01", undefined],
    ["4111-1111-1111-1111", "card_number_refused"],
    ["5520b367-f47a-4926-9900-39521138422d 4111111111111111", "card_number_refused"],
    ["card4111111111111111", "card_number_refused"],
  ];
  for (const [x, code] of cases) assert.equal(field("text")({ x })?.code, code, x);
});

test("a finding names the field and says in words what it should be", () => {
  const check = makeCheck(proposeSchema);
  const good = { currency: "JPY", amount: 1200 };
  const cases: [change: object, pointer: string, message: RegExp][] = [
    [{ amount: -1 }, "/amount", /at least 1/],
    [{ amount: 0 }, "/amount", /at least 1/],
    [{ amount: "12" }, "/amount", /whole number/],
    [{ amount: 2 ** 53 }, "/amount", /at most/],
    [{ currency: "jpy" }, "/currency", /form/],
    [{ "a/b~c": 1 }, "/a~1b~0c", /not a field/],
    [{ reserveFor: "soon" }, "/reserveFor", /ISO 8601/],
    [{ buyer: {} }, "/buyer", /forms/],
    [{ buyer: { member: 7 } }, "/buyer/member", /text/],
    [{ buyer: { guest: { name: "A" } } }, "/buyer/guest/address", /missing/],
    [{ payment: { on: "date", date: "2025-02-30" } }, "/payment/date", /day of the calendar/],
    [{ acceptance: { by: ["nobody"] } }, "/acceptance/by/0", /one of buyer/],
    [{ acceptance: { by: ["buyer", "buyer"] } }, "/acceptance/by", /twice/],
    [{ lines: [] }, "/lines", /at least 1 items/],
    [{ lines: [{ name: "x", quantity: 1, unitAmount: 1, price: 2 }] }, "/lines/0/price", /not a field/],
  ];
  assert.equal(check(good), undefined);
  for (const [change, pointer, message] of cases) {
    const found = check({ ...good, ...change })?.errors?.[0];
    assert.equal(found?.pointer, pointer, JSON.stringify(change));
    assert.match(found.message, message);
  }
  assert.equal(check([])?.errors?.[0]?.pointer, "");
});

test("a command of a batch is checked like the call of its own", () => {
  const check = makeCheck(batchMoveSchema("accept"), "command");
  assert.equal(check({ do: "accept", number: "48210733951146" }), undefined);
  assert.equal(check({ do: "accept", number: "x" })?.errors?.[0]?.pointer, "/number");
});

test("a hostile value is looked at for a bounded number of findings", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f${index}`, index]));
  const problem = makeCheck(proposeSchema)({ currency: "JPY", ...many });
  assert.ok((problem?.errors?.length ?? 0) <= 8);
});
