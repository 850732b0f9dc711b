/** Nobody trades under a name that is read as another's, over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { startGuarded } from "./support/world/two-operators.ts";

const world = await startGuarded({ after });
const { call, first, together } = world;
const [shop] = world.demo.shops;
assert.ok(shop);

test("a shop that is called like another, or like a server, takes the word of two and leaves a row", async () => {
  const wish = { name: `${shop.name.toUpperCase()} .`, contact: { phone: "03-1" } };
  assert.equal((await call("POST", "/v1/shops", {}, wish)).code, "name_looks_alike");
  assert.equal((await call("POST", "/v1/shops", {}, { ...wish, name: "Kеnshu" })).code, "name_looks_alike");
  assert.equal((await call("POST", "/v1/shops", first, wish)).code, "name_looks_alike");
  const { json } = await call("POST", "/v1/shops", first, { ...wish, lookAlike: "its second shop" });
  const path = `/v1/shops/${String(json["id"])}/approve`;
  assert.equal((await call("POST", path, first, {})).code, "name_looks_alike", "before anybody is asked");
  const approved = await together("POST", path, { lookAlike: "its second shop, seen by both" });
  assert.equal(approved.json["state"], "approved", approved.text);
  const rows = await world.database.query<{ reason: string }>(
    rawSql("select reason from party_acts where party = $1 order by id", [String(json["id"])]),
  );
  assert.deepEqual(
    rows.map(({ reason }) => reason),
    ["its second shop", "its second shop, seen by both"],
  );
});
