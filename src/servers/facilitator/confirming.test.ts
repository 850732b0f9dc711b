/** A buyer who confirms payments at the institution: the trade at the facilitator waits, says for whom, and goes on. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  type Headers,
  type Json,
  type Reply,
  request,
  signIn,
} from "../../../test/support/wire/http.ts";
import { openPair } from "../../../test/support/world/pair.ts";
import { until } from "../../../test/support/world/world.ts";

const { facilitator, institution } = await openPair({ after });
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
const owner = institution.demo.ties?.members[0];
if (!shop || !hana || !owner) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(facilitator.url, hana);
const there = await signIn(institution.url, owner);
const operator = bearer(institution.demo.adminKey);

const post = (path: string, who: Headers, body: Json): Promise<Reply> =>
  request(`${facilitator.url}${path}`, "POST", who, body);
const read = async (number: string): Promise<Json> =>
  (await request(`${facilitator.url}/v1/trades/${number}`, "GET", atShop)).json;
const atInstitution = (path: string, who: Headers, body?: Json): Promise<Reply> =>
  request(`${institution.url}${path}`, body === undefined ? "GET" : "POST", who, body);

const given = (await atInstitution("/v1/consents", there)).json["items"] as Json[];
for (const { id, purpose } of given)
  if (purpose === "pay")
    assert.equal(
      (await atInstitution(`/v1/consents/${String(id)}/confirm-above`, there, { confirmAbove: 500 })).status,
      204,
    );

/** A trade whose payment waits, and the id of what its buyer is asked. */
async function waiting(amount: number): Promise<{ number: string; asked: string }> {
  const made = await post("/v1/trades", atShop, {
    buyer: { member: hana?.number ?? "" },
    currency: "JPY",
    amount,
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
  });
  assert.equal(made.status, 201, made.text);
  const number = String(made.json["number"]);
  const accepted = await post(`/v1/trades/${number}/accept`, buyer, {});
  assert.deepEqual([accepted.status, accepted.json["state"]], [202, "reserved"], accepted.text);
  const pending = accepted.json["pending"] as Json;
  assert.deepEqual([pending["step"], pending["awaits"]], ["accept", "account_holder"]);
  const items = (await atInstitution("/v1/settlements", there)).json["items"] as Json[];
  const asked = items.find((one) => one["tradeNumber"] === number);
  assert.equal(asked?.["state"], "waiting");
  const page = await (await fetch(`${facilitator.url}/trades/${number}`, { headers: buyer })).text();
  assert.ok(page.includes("Waiting for the owner of the account"), page);
  return { number, asked: String(asked?.["id"]) };
}

test("a payment above the sum waits for the buyer at the institution, and no other does", async () => {
  const { number, asked } = await waiting(501);
  const small = await post("/v1/trades", atShop, {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 500,
    approval: { mandate: hana.mandates[shop.key] },
  });
  const other = String(small.json["number"]);
  assert.equal((await post(`/v1/trades/${other}/accept`, buyer, {})).json["state"], "settled");
  assert.equal((await atInstitution(`/v1/settlements/${asked}/confirm`, there, {})).status, 204);
  await until("it is paid", async () => (await read(number))["state"] === "settled");
  const { settled, pending } = await read(number);
  assert.deepEqual([settled, pending], [501, null]);
});

test("refused for good, the step is dropped, and the trade ends in another way", async () => {
  const { number, asked } = await waiting(900);
  assert.equal((await post(`/v1/trades/${number}/cancel`, atShop, {})).code, "trade_busy");
  await atInstitution(`/v1/settlements/${asked}/object`, there, { reason: "Never came." });
  const decided = await atInstitution(`/v1/settlements/${asked}/decide`, operator, {
    decision: "refuse",
    reason: "Nobody saw it delivered.",
  });
  assert.equal(decided.status, 200, decided.text);
  await until("the step is dropped", async () => (await read(number))["pending"] === null);
  const { state, frozen, settled } = await read(number);
  assert.deepEqual([state, frozen, settled], ["reserved", 900, 0]);
  assert.equal((await post(`/v1/trades/${number}/accept`, buyer, {})).code, "settlement_refused");
  const cancelled = await post(`/v1/trades/${number}/cancel`, atShop, {});
  assert.equal(cancelled.json["state"], "cancelled", cancelled.text);
});

const lines = [{ name: "Bowl", quantity: 3, unitAmount: 600 }];

/** Three bowls that the buyer says they have. */
async function delivered(): Promise<string> {
  const made = await post("/v1/trades", atShop, {
    buyer: { member: hana?.number ?? "" },
    currency: "JPY",
    lines,
    reserveFor: "P60D",
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
  });
  assert.equal(made.status, 201, made.text);
  const number = String(made.json["number"]);
  assert.equal((await post(`/v1/trades/${number}/deliver`, buyer, {})).json["state"], "delivered");
  return number;
}

const askedOf = async (number: string): Promise<string> => {
  const items = (await atInstitution("/v1/settlements", there)).json["items"] as Json[];
  return String(items.find((one) => one["tradeNumber"] === number && one["state"] === "waiting")?.["id"]);
};
const advance = async (by: string): Promise<void> => {
  const { demo } = facilitator;
  const { status } = await post("/v1/test-clock/advance", bearer(demo.adminKey), { by });
  assert.equal(status, 200);
};

test("what ran while a payment waited gets its time back: nobody's silence counts who could not speak", async () => {
  const number = await delivered();
  const before = (await read(number))["deadlines"] as Json;
  const some = { lines: [{ line: 1, quantity: 1 }] };
  assert.equal((await post(`/v1/trades/${number}/accept`, buyer, some)).status, 202);
  await advance("P8D");
  assert.equal((await post(`/v1/trades/${number}/reject`, buyer, { reason: "Cracked." })).code, "trade_busy");
  const confirmed = await atInstitution(`/v1/settlements/${await askedOf(number)}/confirm`, there, {});
  assert.equal(confirmed.status, 204);
  await until("it is paid", async () => {
    const { settled, pending } = await read(number);
    return settled === 600 && pending === null;
  });
  const { state, deadlines } = await read(number);
  assert.equal(state, "delivered", "eight days are over, and the rest is not accepted by silence");
  const moved = (name: string) =>
    Date.parse(String((deadlines as Json)[name])) - Date.parse(String(before[name]));
  assert.ok(moved("acceptBy") >= 8 * 86_400_000, JSON.stringify(deadlines));
  assert.ok(moved("reservedUntil") >= 8 * 86_400_000, JSON.stringify(deadlines));
  const rejected = await post(`/v1/trades/${number}/reject`, buyer, { reason: "Cracked." });
  assert.equal(rejected.status, 200, rejected.text);
});

test("what silence would pay and the institution refuses for good becomes a dispute, not a clock that tries for ever", async () => {
  const number = await delivered();
  await advance("P9D");
  await until("it waits for the owner", async () => (await read(number))["pending"] !== null);
  await until("the owner is asked", async () => (await askedOf(number)) !== "undefined");
  const asked = await askedOf(number);
  await atInstitution(`/v1/settlements/${asked}/object`, there, { reason: "They are broken." });
  await atInstitution(`/v1/settlements/${asked}/decide`, operator, { decision: "refuse", reason: "Shards." });
  await until("it is disputed", async () => {
    const { state, pending } = await read(number);
    return state === "disputed" && pending === null;
  });
  assert.equal((await read(number))["frozen"], 1800);
});
