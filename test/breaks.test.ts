/** A break between a facilitator and its institution: found, seen with both sides, explained by one operator, closed by two. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { type Fields, formsIn, saidBy } from "./support/wire/forms.ts";
import { bearer, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";

const pair = await openPair({ after });
const { admin } = pair;
const { url, demo } = pair.facilitator;
const [first, second] = demo.operators;
const [hana] = demo.members;
const [shop] = demo.shops;
if (!first || !second || !hana || !shop) throw new Error("No demo.");
const [asking, confirming] = [await signIn(url, first), await signIn(url, second)];
const buyer = await signIn(url, hana);

const get = (path: string, who: Headers) => request(`${url}${path}`, "GET", who);
async function send(html: string, id: string, typed: Fields, who: Headers) {
  const found = formsIn(html).find((form) => form.id === id) ?? assert.fail(`No ${id}: ${saidBy(html)}`);
  const fields = Object.fromEntries(found.controls.map(({ name, value }) => [name, value]));
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  return request(
    `${url}${found.action}`,
    "POST",
    headers,
    new URLSearchParams({ ...fields, ...typed }).toString(),
  );
}

async function reserved(): Promise<string> {
  const [mandate] = Object.values(hana?.mandates ?? {});
  const method = hana?.methods.find(({ kind }) => kind === "deposit")?.id;
  const body = {
    buyer: { member: hana?.number },
    currency: "JPY",
    amount: 1000,
    approval: { mandate },
    method,
  };
  const made = await request(`${url}/v1/trades`, "POST", bearer(shop?.key ?? ""), body);
  assert.equal(made.status, 201, made.text);
  return String(made.json["number"]);
}

const listed = async (state = "open"): Promise<Json[]> =>
  (await get(`/v1/breaks?state=${state}`, asking)).json["items"] as Json[];

const number = await reserved();

test("what the comparison finds is on the page, with the order here and the reservation there", async () => {
  assert.deepEqual((await pair.reconcile()).breaks, []);
  assert.deepEqual(await listed(), []);
  await admin.facilitator.execute(
    rawSql("update trades set frozen = frozen - 30, released = released + 30 where number = $1", [number]),
  );
  await pair.reconcile();
  const [found] = await listed();
  assert.deepEqual([found?.["subject"], found?.["what"], found?.["difference"]], [number, "frozen", 30]);
  const { text } = await get("/desk/breaks", asking);
  assert.match(
    saidBy(text),
    /Open .*Frozen .*This server says ¥970 The other side says ¥1,000 Difference ¥30/,
  );
  const one = await get(`/desk/breaks/${String(found?.["id"])}`, asking);
  assert.match(one.text, new RegExp(`href="/desk/trades/${number}"`));
  assert.match(one.text, /href="\/desk\/servers\/00000000-0000-4000-8000-000000000030"/);
  assert.ok(one.text.includes(String(found?.["reference"])));
  assert.match(
    await pair.metrics("facilitator"),
    /kenshu_breaks_open 1\n[\s\S]*kenshu_breaks_unexplained 1\n/,
  );
  assert.match((await get("/running", asking)).text, /<a href="\/desk\/breaks">1<\/a>/);
  assert.match((await get("/desk", asking)).text, /id="queue-desk-breaks"/);
});

test("nobody but operators sees it", async () => {
  const [found] = await listed();
  for (const path of ["/desk/breaks", `/desk/breaks/${String(found?.["id"])}`, "/v1/breaks"])
    assert.equal((await get(path, buyer)).status, 403, path);
});

test("one operator explains it and it waits on; a second one closes it", async () => {
  const [found] = await listed();
  const path = `/desk/breaks/${String(found?.["id"])}`;
  const { text } = await get(path, asking);
  const empty = await send(text, "explain-form", {}, asking);
  assert.equal(empty.status, 422);
  assert.match(empty.text, /id="explain-reason-error"/);
  const told = await send(text, "explain-form", { reason: "A statement was booked twice." }, asking);
  assert.equal(told.headers.get("location"), "/desk/breaks?done=explain");
  assert.match(
    await pair.metrics("facilitator"),
    /kenshu_breaks_open 1\n[\s\S]*kenshu_breaks_unexplained 0\n/,
  );
  const asked = await send(text, "close-form", { reason: "It was put right." }, asking);
  const place = asked.headers.get("location") ?? assert.fail(saidBy(asked.text));
  assert.match(place, /^\/operator-acts\/.*asked=yes$/);
  assert.deepEqual([(await listed("explained")).length, (await listed("closed")).length], [1, 0]);
  const look = await get(place.replace("?asked=yes", ""), confirming);
  assert.match(saidBy(look.text), /Close a break between books .*¥30 .*It was put right\./);
  assert.equal((await send(look.text, "confirm-form", {}, confirming)).status, 303);
  assert.equal((await listed("closed")).length, 1);
  const over = await get(path, asking);
  assert.match(
    saidBy(over.text),
    /has explained it\. A statement was booked twice\..*has closed it, confirmed by/,
  );
  assert.equal(
    formsIn(over.text).some(({ id }) => id === "close-form"),
    false,
  );
});

test("a second look does not find it again; another sum does, and an old page closes nothing", async () => {
  await pair.reconcile();
  assert.equal((await listed()).length, 0);
  await admin.facilitator.execute(
    rawSql("update trades set frozen = frozen - 5, released = released + 5 where number = $1", [number]),
  );
  await pair.reconcile();
  const [found] = await listed();
  assert.deepEqual([found?.["difference"], found?.["version"]], [35, 2]);
  const stale = await request(`${url}/v1/breaks/${String(found?.["id"])}/close`, "POST", asking, {
    version: 1,
    reason: "Seen before.",
  });
  assert.equal(stale.code, "break_changed");
});

test("one that is gone waits on, as both sides agreeing again, and nobody has closed it", async () => {
  await admin.facilitator.execute(
    rawSql("update trades set frozen = frozen + 35, released = released - 35 where number = $1", [number]),
  );
  await pair.reconcile();
  const still = (await listed()).find(({ subject }) => subject === number);
  assert.notEqual(still?.["agreesSince"] ?? null, null);
});
