import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../../core/protocol/protocol.ts";
import { deepestNesting, parseForm, parseJson } from "./body.ts";

function refused(body: string | Buffer): string {
  try {
    parseJson(Buffer.from(body));
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.problem.code, "malformed_request");
    return error.problem.detail;
  }
  return "taken";
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;

test("a JSON body is read when it says one thing only", () => {
  const cases: [body: string | Buffer, verdict: RegExp][] = [
    ["{}", /taken/],
    ["", /taken/],
    [' {"a": [1, -2, 0, "x", null, true, false]} ', /taken/],
    ['{"a":"1e3 1.5 -0 : , \\" \\\\"}', /taken/],
    ['{"a\\"b":1,"a":2,"":3}', /taken/],
    ['{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}', /taken/],
    ['{"e":"e","true":true,"false":false}', /taken/],
    [nested(deepestNesting), /taken/],
    [nested(deepestNesting + 1), /nested/],
    [`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, /nested/],
    ["[]", /object/],
    ["1", /object/],
    ["null", /object/],
    ['"x"', /object/],
    ["{", /not JSON/],
    ["{'a':1}", /not JSON/],
    ['{"a":1}x', /not JSON/],
    ['{"a":\u0000}', /not JSON/],
    ["\uFEFF{}", /not JSON/],
    ['{"a":0x10}', /not JSON/],
    ['{"a":01}', /not JSON/],
    ['{"a":NaN}', /not JSON/],
    ['{"a":1e3}', /integers/],
    ['{"a":1E3}', /integers/],
    ['{"a":[1200.0]}', /integers/],
    ['{"a":[0.5, -1.25, 10.50]}', /taken/],
    ['{"a":0.0}', /integers/],
    ['{"a":[1.5, -12.00]}', /integers/],
    ['{"a":9007199254740992.5}', /integers/],
    ['{"a":1.5e3}', /integers/],
    ['{"a":0e0}', /integers/],
    ['{"a":-0}', /zero/],
    ['{"a":[1,-0]}', /zero/],
    ['{"a":1,"a":2}', /twice/],
    ['{"a":1,"\\u0061":2}', /twice/],
    ['{"x":[{"a":{"b":1},"a":{"b":2}}]}', /twice/],
    ['{"__proto__":{"admin":true}}', /name/],
    ['{"a":[{"\\u005f_proto__":1}]}', /name/],
    ['{"constructor":{"prototype":{}}}', /name/],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    [Buffer.from('{"a":"検収"}', "utf16le"), /not JSON|UTF-8/],
  ];
  for (const [body, verdict] of cases) assert.match(refused(body), verdict, String(body).slice(0, 60));
});

test("what JSON.stringify writes of integers and text is read back as it was", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.string({ unit: "binary" }),
      fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(
        fc.string().map((name) => `_${name}`),
        tie("any"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  })).any;
  const names = fc.string().map((name) => `k${name}`);
  fc.assert(
    fc.property(fc.dictionary(names, value, { maxKeys: 5, noNullPrototype: true }), (body) => {
      assert.deepEqual(parseJson(Buffer.from(JSON.stringify(body))), JSON.parse(JSON.stringify(body)));
    }),
    { numRuns: 300 },
  );
});

test("a body of any bytes is either read or refused", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .array(fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "a", "1", "-", "0", ".", "e", " "))
      .map((parts) => Buffer.from(parts.join(""))),
  );
  fc.assert(
    fc.property(noise, (bytes) => {
      refused(Buffer.from(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("a form is read without a prototype, and a name that stands twice is a list", () => {
  const form = parseForm(Buffer.from("a=1&b=%E6%A4%9C&a=2&constructor=x"));
  assert.equal(Object.getPrototypeOf(form), null);
  assert.deepEqual({ ...form }, { a: ["1", "2"], b: "検", constructor: "x" });
  assert.throws(() => parseForm(Buffer.from("__proto__=1")), Refusal);
  assert.throws(() => parseForm(Buffer.from("a=1&".repeat(501))), Refusal);
});
