import assert from "node:assert/strict";
import { after, test } from "node:test";
import { peopleServer, signInAs } from "../../../test/support/world/people-server.ts";
import { rawSql } from "../../storage/database/database.ts";
import { seedDemo } from "./institution-seed.ts";

const { context, demo, call } = await peopleServer({ after }, { loadMembers: 3 });
const { database } = context;
const [carrier] = demo.carriers;
const credit = demo.members[2];
if (carrier === undefined || credit === undefined) throw new Error("No demo.");

test("the demo is seeded once, in balance, and its mandates are valid", async () => {
  assert.equal(await seedDemo(context), undefined);
  assert.deepEqual([demo.shops.length, demo.members.length, demo.loadMembers.length], [2, 4, 3]);
  for (const member of demo.members) assert.deepEqual(Object.keys(member.mandates), demo.shopKeys);
  for (const member of demo.loadMembers)
    assert.deepEqual(Object.keys(member.mandates), demo.shopKeys.slice(0, 1));
  const [sum] = await database.query<{ posted: bigint; entries: bigint }>(
    rawSql(
      "select (select sum(posted) from accounts) as posted, (select sum(posted) from entries) as entries",
    ),
  );
  assert.deepEqual(sum, { posted: 0n, entries: 0n });
  const seen = await call("GET", `/v1/carriers/${carrier.id}`, await signInAs(call, carrier));
  assert.equal(seen.status, 200);
  assert.equal(credit.methods[0]?.available, 300_000);
});
