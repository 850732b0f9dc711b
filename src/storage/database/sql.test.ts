import assert from "node:assert/strict";
import { test } from "node:test";
import { identifier, rawSql, sql } from "./sql.ts";

const byId = (id: bigint) => sql`select * from trades where id = ${id}`;

test("a template becomes text with numbered parameters, its values kept apart", () => {
  const query = sql`select ${1n}, ${"a'b"}, ${null} where ${[1n, 2n]}`;
  assert.equal(query.text, "select $1, $2, $3 where $4");
  assert.deepEqual(query.values, [1n, "a'b", null, [1n, 2n]]);
});

test("a site keeps its name whatever the values; another text has another name", () => {
  assert.equal(byId(1n).name, byId(2n).name);
  assert.notEqual(byId(1n).name, sql`select 1`.name);
  assert.equal(sql`select 1`.name, sql`select 1`.name);
  // PostgreSQL cuts names at 63 bytes, and two cut names could be one.
  assert.ok((byId(1n).name?.length ?? 99) < 63);
});

test("text made at run time has no name, and names in it are quoted", () => {
  assert.equal(rawSql("select 1").name, undefined);
  assert.equal(identifier('a"b; drop'), '"a""b; drop"');
  assert.throws(() => identifier(""));
  assert.throws(() => identifier("a\0b"));
});
