import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import {
  bigintArray,
  byteArray,
  intArray,
  jsonArray,
  plainArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
} from "./database.ts";

const { database } = await freshDatabase({ after }, "empty");

const instant = fc.date({ min: new Date("0001-01-02Z"), max: new Date("9999-12-30Z"), noInvalidDate: true });
// PostgreSQL keeps no zero byte in a text, and a lone surrogate is no character.
const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => !value.includes("\0"));
const rows = fc.array(
  fc.record(
    {
      text: fc.option(text),
      json: fc.option(fc.record({ a: text, b: fc.integer() }, { noNullPrototype: true })),
      at: fc.option(instant),
      bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      number: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      count: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      id: fc.option(fc.uuid({ version: [4, 7] })),
      word: fc.option(fc.constantFrom("held", "settled")),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 20 },
);

test("columns of rows come to the database as what they are, nulls and all", async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const found = await database.query<Record<string, unknown>>(sql`
        select * from unnest(${textArray(given.map((row) => row.text))}::text[],
          ${jsonArray(given.map(({ json }) => (json === null ? null : JSON.stringify(json))))}::json[],
          ${timeArray(given.map(({ at }) => at))}::timestamptz[],
          ${byteArray(given.map(({ bytes }) => bytes))}::bytea[],
          ${bigintArray(given.map(({ number }) => number))}::bigint[],
          ${intArray(given.map(({ count }) => count))}::int[],
          ${uuidArray(given.map(({ id }) => id?.toUpperCase() ?? null))}::uuid[],
          ${plainArray(given.map(({ word }) => word))}::text[])
          with ordinality as given (text, json, at, bytes, number, count, id, word, place)
        order by place`);
      assert.deepEqual(
        found,
        given.map((row, index) => ({ ...row, place: BigInt(index + 1) })),
      );
    }),
    { numRuns: 200 },
  );
});

test("an instant that PostgreSQL cannot keep is refused before it is sent", () => {
  assert.throws(() => timeArray([new Date(Number.NaN)]), RangeError);
});

const uuid = "019a0000-0000-7000-8000-0000000000c1";
for (const wrong of [
  "",
  uuid.slice(1),
  `${uuid}0`,
  uuid.replace("c", "g"),
  uuid.replace("c", "ガ"),
  uuid.replaceAll("-", ""),
  uuid.replaceAll("-", "0"),
])
  test(`no UUID is sent that is none: ${JSON.stringify(wrong)}`, () => {
    assert.throws(() => uuidArray([uuid, wrong]), RangeError);
  });

test("no number is sent that a column cannot hold", () => {
  for (const wrong of [2n ** 63n, -(2n ** 63n) - 1n, 1.5])
    assert.throws(() => bigintArray([wrong]), RangeError);
  for (const wrong of [2 ** 31, -(2 ** 31) - 1, 1.5, Number.NaN])
    assert.throws(() => intArray([wrong]), RangeError);
});
