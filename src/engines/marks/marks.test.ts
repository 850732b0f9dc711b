import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { testVault } from "../../../test/support/world/vault.ts";
import { rawSql } from "../../storage/database/database.ts";
import { insertMember } from "../../storage/members/members.ts";
import { createMarks } from "./marks.ts";

const { database } = await freshDatabase({ after }, "trading");
const marks = createMarks({
  database,
  vault: testVault,
  secret: Buffer.from("a secret of the server's own"),
  onError: (error) => assert.fail(String(error)),
});
after(() => marks.stop());

/** The place of a person is told by the end of the id: these two are in the first and the last one. */
const ids = ["0190a000-0000-7000-8000-000000000000", "0190a000-0000-7000-8000-0000000003ff"];
for (const [index, id] of ids.entries())
  await insertMember(database, testVault, {
    id,
    number: 1_000_000_000n + BigInt(index),
    state: "active",
    name: "佐藤 花子",
    kana: "サトウ ハナコ",
    address: "1-1",
    birthDate: "1990-04-01",
    email: "hanako@example.com",
    phone: "090-1234-5678",
  });

test("two people of the same name, number and address have no digest in common in a copy of the database", async () => {
  await marks.round();
  const [counted] = await database.query<{ rows: number; digests: number }>(
    rawSql("select count(*)::int as rows, count(distinct mark)::int as digests from person_marks"),
  );
  assert.ok(counted !== undefined && counted.rows > 10, "they are marked");
  assert.equal(counted.digests, counted.rows);
});

for (const said of ["佐藤", "佐藤花子", "さとう はなこ", "09012345678", "hanako@example.com"])
  test(`both are found by ${said}, wherever they are`, async () => {
    const found = await marks.find(said, 5);
    assert.deepEqual(new Set(found.map((one) => "id" in one && one.id)), new Set(ids));
  });

test("no more are answered than were asked for", async () => {
  assert.equal((await marks.find("佐藤", 1)).length, 1);
});
