/** Those who take money for dues, over HTTP: what they may hold, what they may do, and who acts for them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { codeOf, openCounters, tillOf } from "../../../test/support/world/counters.ts";
import { leastOf } from "../../../test/support/wire/corpus.ts";
import { operationsOf } from "../../../test/support/wire/described.ts";
import { type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { call } = world;
const store = await world.collector();
const { pay, opened } = tillOf(world, store);

test("a collector takes no more than it may hold, until it hands in what it has", async () => {
  const small = await world.collector("counter", 1500);
  const [one, two] = [await opened(), await opened()];
  const till = { channel: "counter" };
  assert.equal(await codeOf(pay(one.number, 1000, till, small.key)), "taken");
  assert.equal(await codeOf(pay(two.number, 1000, till, small.key)), "collector_limit_exceeded");
  const lowered = await call("PUT", `/v1/collectors/${small.id}`, world.operator, {
    name: `Stores ${small.id}`,
    channel: "counter",
    limits: { JPY: 999 },
  });
  assert.equal(lowered.code, "collector_limit_exceeded");
  const shown = await call("GET", `/v1/collectors/${small.id}`, small.key);
  const [{ since, ...owed } = {}] = shown.json["accounts"] as Json[];
  assert.deepEqual(owed, { currency: "JPY", account: small.account, owes: 1000, limit: 1500 });
  assert.ok(typeof since === "string");
  const hands = {
    id: uuidv7(),
    kind: "deposit",
    account: small.account,
    amount: 700,
    currency: "JPY",
    reference: "y",
  };
  assert.equal((await call("POST", "/v1/transfers", world.operator, hands)).status, 201);
  assert.equal(await codeOf(pay(two.number, 1000, till, small.key)), "taken");
  const statement = await call("GET", `/v1/accounts/${small.account}/entries`, small.key);
  assert.equal(statement.status, 200, statement.text);
  assert.equal((await call("GET", `/v1/accounts/${small.account}`, store.key)).status, 404, "another's");
});

test("a suspended collector takes nothing", async () => {
  const { number } = await opened();
  const closed = await world.collector();
  assert.equal((await call("POST", `/v1/collectors/${closed.id}/suspend`, world.operator, {})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, {}, closed.key)), "not_authenticated");
  assert.equal((await call("POST", `/v1/collectors/${closed.id}/resume`, world.operator, {})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, {}, closed.key)), "taken");
});

test("a carrier takes money at the door once operators let it", async () => {
  const { number } = await opened();
  const [carrier] = world.demo.carriers;
  assert.ok(carrier);
  const who = await signIn(world.url, carrier);
  const { json } = await call("GET", `/v1/carriers/${carrier.id}`, world.operator);
  const wish = { name: json["name"], channel: "cash_on_delivery", limits: { JPY: 50_000 } };
  const put = (change: object) =>
    call("PUT", `/v1/collectors/${carrier.id}`, world.operator, { ...wish, ...change });
  assert.equal((await put({ channel: "konbini" })).code, "invalid_field");
  assert.equal((await put({ name: "Another" })).code, "already_exists");
  assert.equal((await put({})).status, 200);
  assert.equal(await codeOf(pay(number, 1000, { channel: "cash_on_delivery" }, who)), "taken");
});

test("an operator enters what a collector has taken, under the collector's ids", async () => {
  const { number } = await opened();
  const by = { collector: store.id, reason: "Their line is down" };
  const id = uuidv7();
  const entered = await pay(number, 1000, { id, ...by }, world.operator);
  assert.deepEqual([entered.status, entered.json["state"]], [201, "taken"], entered.text);
  const again = await pay(number, 1000, { id });
  assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [201, "true"], again.text);
});

/** Calls by which somebody is told of what is theirs, or which anybody makes. */
const open =
  / (\/v1\/(sessions|listings$|consents$|collections\/|collectors\/|accounts\/|trades$|members$|shops$|carriers$|providers$|password-resets|email-changes|log|server|witness|test-clock$)|\/\.well-known|\/(healthz|readyz|openapi|docs|assets|signin|signout|sessions|first-sign-in|join|approve|link|gift|counter|forgotten|reset|password|sandbox|address-back|portal|reserve|round\.js|no-line|trades$|$))/;

test("a collector makes no other call than those of counters", async () => {
  const operations = await operationsOf(world.url);
  const known = { id: store.id, name: "Some name", amount: 1, currency: "JPY" };
  const taken: string[] = [];
  for (const { name, method, path, body, form } of operations) {
    if (open.test(name)) continue;
    const address = path.replaceAll(/\{[^}]+\}/g, store.id);
    const wish = body === undefined || form ? undefined : leastOf(body, known);
    const { status } = await request(`${world.url}${address}`, method, store.key, wish);
    if (![401, 403, 404, 422].includes(status)) taken.push(`${name}: ${status}`);
  }
  assert.deepEqual(taken, []);
});

test("another collector, its account and its payments are not there for it", async () => {
  const other = await world.collector();
  for (const path of [
    `/v1/collectors/${other.id}`,
    `/v1/collectors/${other.id}/keys`,
    `/v1/collectors/${other.id}/notices`,
    `/v1/accounts/${other.account}`,
    `/v1/accounts/${world.accounts.kept}`,
    `/v1/accounts/${world.accounts.shop}/entries`,
  ])
    assert.equal((await call("GET", path, store.key)).status, 404, path);
  for (const path of [`/v1/collectors/${store.id}`, `/v1/collectors/${store.id}/keys`])
    assert.equal((await call("GET", path, store.key)).status, 200, path);
});

test("the books agree with all of it", async () => {
  assert.deepEqual(await world.audit(), []);
});
