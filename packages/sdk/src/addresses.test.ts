import assert from "node:assert/strict";
import { test } from "node:test";
import { hostile, json } from "../../../test/support/wire/hostile-server.ts";
import { pathWith } from "./calling/calling.ts";

test("an id of dots leads to no other address, and what is asked for goes out whole", async (t) => {
  const { client, seen } = await hostile(t, json(200, { items: [], next: null }));
  for (const number of ["..", ".", ""]) await assert.rejects(async () => client().get(number), TypeError);
  assert.equal(seen.length, 0);
  assert.equal(pathWith("/v1/bills", { open: false, limit: 2 }), "/v1/bills?open=false&limit=2");
  assert.equal(pathWith("/v1/bills", { open: true, after: undefined }), "/v1/bills?open=true");
});
