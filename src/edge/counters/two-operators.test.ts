/** Where nobody is trusted alone: a till, its limit, what was taken and what is returned take two operators. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openCounters, tillOf } from "../../../test/support/world/counters.ts";
import { bearer, type Headers, type Json, signIn } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after }, { operators: "two" });
const store = await world.collector();
const { opened } = tillOf(world, store);
const [first, second] = [
  bearer(world.demo.adminKey),
  await signIn(world.url, world.demo.operators[1] ?? assert.fail()),
];

/** A call that nobody confirms by itself. */
async function alone(
  method: string,
  path: string,
  who: Headers,
  body: Json,
): Promise<{ status: number; json: Json }> {
  const headers = { ...who, "content-type": "application/json" };
  const reply = await fetch(`${world.url}${path}`, { method, headers, body: JSON.stringify(body) });
  return { status: reply.status, json: (await reply.json()) as Json };
}

async function waits(asked: ReturnType<typeof alone>): Promise<string> {
  const { status, json } = await asked;
  assert.deepEqual([status, json["code"]], [403, "four_eyes_required"], JSON.stringify(json));
  return String(json["act"]);
}

const confirm = (act: string, who: Headers) => alone("POST", `/v1/operator-acts/${act}/confirm`, who, {});

test("one operator makes no till, and sets no limit", async () => {
  const id = uuidv7();
  const wish = { name: "Friends", channel: "konbini", limits: { JPY: 50_000 } };
  const act = await waits(alone("PUT", `/v1/collectors/${id}`, first, wish));
  assert.equal((await world.call("GET", `/v1/collectors/${id}`, first)).status, 404);
  assert.equal((await confirm(act, first)).status, 403, "whoever asked confirms nothing");
  assert.equal((await confirm(act, second)).status, 200);
  const raised = { ...wish, limits: { JPY: 50_000_000 } };
  const raise = await waits(alone("PUT", `/v1/collectors/${id}`, first, raised));
  const limitOf = async () => {
    const { json } = await world.call("GET", `/v1/collectors/${id}`, first);
    return (json["accounts"] as { limit: number }[]).map(({ limit }) => limit);
  };
  assert.deepEqual(await limitOf(), [50_000]);
  assert.equal((await confirm(raise, second)).status, 200);
  assert.deepEqual(await limitOf(), [50_000_000]);
});

const entry = (amount: number, change: object = {}): Json => ({
  id: uuidv7(),
  amount,
  currency: "JPY",
  channel: "konbini",
  reference: "slip",
  collector: store.id,
  reason: "Their line is down",
  ...change,
});

test("one operator enters no payment; two enter it once", async () => {
  const { number } = await opened();
  const path = `/v1/collections/${number}/payments`;
  const act = await waits(alone("POST", path, first, entry(1000)));
  const seen = await world.call("GET", `/v1/collections/${number}`, first);
  assert.deepEqual([seen.json["state"], seen.json["payments"]], ["open", []]);
  assert.equal((await confirm(act, second)).status, 201);
  assert.equal((await confirm(act, second)).status, 201, "confirmed again it is what it was");
  const after = await world.call("GET", `/v1/collections/${number}`, first);
  assert.deepEqual([after.json["paid"], after.json["kept"]], [1000, 0]);
  const [row] = await world.admin.query<{ operator: string | null; confirmed: string | null }>({
    text: "select operator, confirmed_by as confirmed from collection_payments where amount = 1000",
    values: [],
  });
  assert.ok(row !== undefined && row.operator !== null && row.confirmed !== null);
  assert.notEqual(row.operator, row.confirmed);
});

test("what was paid meanwhile is not paid again by what waited", async () => {
  const { number } = await opened(700);
  const path = `/v1/collections/${number}/payments`;
  const act = await waits(alone("POST", path, first, entry(700)));
  const paid = await tillOf(world, store).pay(number, 700);
  assert.equal(paid.status, 201, paid.text);
  const { status, json } = await confirm(act, second);
  assert.deepEqual([status, json["code"]], [409, "nothing_due"], JSON.stringify(json));
});

test("one operator returns nothing", async () => {
  const { number } = await opened(300);
  const till = tillOf(world, store);
  for (const taken of [false, true]) await till.pay(number, 300, { taken: taken ? true : undefined });
  const wish = {
    id: uuidv7(),
    amount: 300,
    currency: "JPY",
    collector: store.id,
    reference: "slip",
    reason: "asked",
  };
  const act = await waits(alone("POST", `/v1/collections/${number}/returns`, first, wish));
  const seen = await world.call("GET", `/v1/collections/${number}`, first);
  assert.equal(seen.json["kept"], 300);
  assert.equal((await confirm(act, second)).status, 201);
  assert.deepEqual(await world.audit(), []);
});
