import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, join, type Json, peopleServer } from "../../../test/support/world/people-server.ts";
import { rawSql } from "../../storage/database/database.ts";

const { context, demo, call } = await peopleServer({ after });
const [aoi, kiji] = demo.shops;
if (aoi === undefined || kiji === undefined) throw new Error("No demo.");
const [atAoi, atKiji] = [bearer(aoi.key), bearer(kiji.key)];
const admin = bearer(demo.adminKey);
const member = await join(context, call, { name: "Ume <b>", address: "3-3 Nara" });
const other = await join(context, call);
const url = `/v1/members/${member.number}/disclosures`;

const give = (change: Json = {}, who = member.who) =>
  call("POST", url, who, { shop: aoi.id, fields: ["name", "address"], ...change });
const fetchWith = (token: unknown, who = atAoi) => call("POST", "/v1/disclosures/fetch", who, { token });

async function given(change: Json = {}): Promise<{ id: string; token: string }> {
  const { status, body } = await give(change);
  assert.equal(status, 201, JSON.stringify(body));
  return body as { id: string; token: string };
}

/** Moves the clock of this database forward. */
async function pass(interval: string): Promise<void> {
  await context.database.execute(rawSql("update test_clock set ahead = ahead + $1::interval", [interval]));
}

const record = async (): Promise<Json[]> => (await call("GET", url, member.who)).body["items"] as Json[];

test("the named shop reads what was agreed, once, and the member sees that it did", async () => {
  const { id, token } = await given();
  assert.deepEqual((await record())[0]?.["fetchedAt"], null);
  const { status, body } = await fetchWith(token);
  assert.equal(status, 200);
  assert.deepEqual(body["data"], { name: "Ume <b>", address: "3-3 Nara" });
  assert.equal(JSON.stringify(body).includes(member.number), false, "nothing beyond what was agreed");
  assert.equal((await fetchWith(token)).code, "not_found");
  const [row] = await record();
  assert.deepEqual(
    [row?.["id"], row?.["shopName"], row?.["fields"], row?.["fetchedAt"] === null],
    [id, "Aoi Tea", ["name", "address"], false],
  );
});

test("of many who fetch at once one gets it", async () => {
  const { token } = await given();
  const replies = await Promise.all(Array.from({ length: 8 }, () => fetchWith(token)));
  const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses, [200, ...Array(7).fill(404)]);
});

test("a repetition with the same key gets the answer without the values, which are kept nowhere", async () => {
  const { token } = await given();
  const once = { ...atAoi, "idempotency-key": "fetching" };
  assert.notEqual((await fetchWith(token, once)).body["data"], undefined);
  const again = await fetchWith(token, once);
  assert.deepEqual([again.status, again.replayed, again.body["data"]], [200, true, undefined]);
  const rows = await context.database.query<{ row: string }>(
    rawSql("select t::text as row from answers t union all select t::text from disclosures t"),
  );
  for (const { row } of rows) assert.ok(!row.includes("Nara") && !row.includes(token), row);
});

test("a token is good for nothing else", async () => {
  const { token } = await given();
  const revoked = await given();
  assert.equal((await call("DELETE", `${url}/${revoked.id}`, member.who)).status, 204);
  const late = await given();
  const cases: [string, unknown, string, Record<string, string>?][] = [
    ["another shop", token, "not_found", atKiji],
    ["no shop", token, "not_allowed", member.who],
    ["an operator", token, "not_allowed", admin],
    ["nobody", token, "not_authenticated", {}],
    ["a token of nobody", `kd_${"0".repeat(40)}`, "not_found"],
    ["no token", "kd_1", "invalid_field"],
    ["taken back", revoked.token, "not_found"],
  ];
  for (const [name, of, code, who] of cases) assert.equal((await fetchWith(of, who)).code, code, name);
  await pass("16 minutes");
  assert.equal((await fetchWith(late.token)).code, "not_found", "too late");
});

test("only the member gives, and only what makes sense", async () => {
  const soon = new Date(Date.now() + 2 * 3_600_000 + 3_600_000).toISOString();
  const cases: [string, Json, string, Record<string, string>?][] = [
    ["another member", {}, "not_found", other.who],
    ["an operator", {}, "not_allowed", admin],
    ["a shop", {}, "not_allowed", atAoi],
    ["no field", { fields: [] }, "invalid_field"],
    ["a field twice", { fields: ["name", "name"] }, "invalid_field"],
    ["a field that is none", { fields: ["methods"] }, "invalid_field"],
    ["a shop that is none", { shop: member.id }, "not_found"],
    ["for ever", { until: "2099-01-01T00:00:00Z" }, "date_out_of_range"],
    ["in the past", { until: "2020-01-01T00:00:00Z" }, "date_out_of_range"],
  ];
  for (const [name, change, code, who] of cases) assert.equal((await give(change, who)).code, code, name);
  assert.equal((await give({ until: soon })).status, 201);
  assert.equal((await call("GET", url, other.who)).code, "not_found");
  assert.equal((await call("GET", url, atAoi)).code, "not_allowed");
  const { id } = await given();
  assert.equal((await call("DELETE", `${url}/${id}`, other.who)).code, "not_found");
  const theirs = `/v1/members/${other.number}/disclosures/${id}`;
  assert.equal((await call("DELETE", theirs, other.who)).code, "not_found");
});

test("a suspended shop and an erased member: nothing is told any more", async () => {
  const leaving = await join(context, call);
  const { body } = await call("POST", `/v1/members/${leaving.number}/disclosures`, leaving.who, {
    shop: aoi.id,
    fields: ["name"],
  });
  assert.equal((await call("DELETE", `/v1/members/${leaving.number}`, leaving.who)).status, 204);
  assert.equal((await fetchWith(body["token"])).code, "not_found");
  const { token } = await given();
  await call("POST", `/v1/shops/${aoi.id}/suspend`, admin, {});
  assert.equal((await fetchWith(token)).code, "shop_suspended");
  assert.equal((await give()).code, "shop_suspended");
  await call("POST", `/v1/shops/${aoi.id}/resume`, admin, {});
  assert.equal((await fetchWith(token)).status, 200);
});

test("the record comes in pages, newest first", async () => {
  const [first] = await record();
  const page = (await call("GET", `${url}?limit=1`, member.who)).body;
  assert.deepEqual([(page["items"] as Json[])[0]?.["id"], page["next"]], [first?.["id"], first?.["id"]]);
  const rest = (await call("GET", `${url}?limit=1&after=${String(page["next"])}`, member.who)).body;
  assert.notEqual((rest["items"] as Json[])[0]?.["id"], first?.["id"]);
});

test("a shop says where members may be sent back to", async () => {
  const address = `/v1/shops/${aoi.id}/return-urls`;
  const put = (urls: string[], who = atAoi) => call("PUT", address, who, { returnUrls: urls });
  for (const wrong of [
    "https://shop.example/a?x=1",
    "https://shop.example",
    "javascript:alert(1)",
    "/path/of/it",
  ]) {
    assert.equal((await put([wrong])).code, "invalid_field", wrong);
  }
  assert.equal((await put(["https://shop.example/"], atKiji)).code, "not_found");
  const { body } = await put(["https://shop.example/back"]);
  assert.deepEqual(body["returnUrls"], ["https://shop.example/back"]);
});
