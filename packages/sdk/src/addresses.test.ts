import assert from "node:assert/strict";
import { test } from "node:test";
import { hostile, json } from "../../../test/support/wire/hostile-server.ts";

test("an id of dots leads to no other address, and what is asked for goes out whole", async (t) => {
  const { client, seen } = await hostile(t, json(200, { items: [], next: null }));
  for (const number of ["..", ".", ""]) await assert.rejects(async () => client().get(number), TypeError);
  assert.equal(seen.length, 0);
  const asked = { limit: 2, after: undefined, open: false };
  for await (const delivery of client().deliveries.list(asked as { limit: number }))
    assert.fail(JSON.stringify(delivery));
  assert.equal(seen[0]?.path, "/v1/webhook-deliveries?limit=2&open=false");
});
