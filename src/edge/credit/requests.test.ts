/** Credit for one trade: who asks, who grants, and what it is good for. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, type Json, signIn } from "../../../test/support/wire/http.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import { until } from "../../../test/support/world/world.ts";
import { auditTrades } from "../../engines/trades/trades.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { auditSeals } from "../../storage/seals/seals.ts";

const world = await openGuaranteed({ after });
const { guarantor, call, admin } = world;
const [shop] = guarantor.demo.shops;
const [hana, ken] = guarantor.demo.members;
if (!shop || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const staff = bearer(guarantor.demo.adminKey);
const buyer = await signIn(guarantor.url, ken);
const stranger = await signIn(guarantor.url, hana);

const at = (method: string, path: string, who: Headers, body?: Json) =>
  call("guarantor", method, path, who, body);
const lines = [{ name: "Tea set", quantity: 3, unitAmount: 1200 }];

/** An order that is too large for the line of its buyer. */
async function proposed(change: Json = {}): Promise<string> {
  const body = { currency: "JPY", lines, buyer: { member: ken?.number }, ...change };
  const { status, json, text } = await at("POST", "/v1/trades", atShop, body);
  assert.equal(status, 201, text);
  return String(json["number"]);
}
const read = async (number: string) => (await at("GET", `/v1/trades/${number}`, atShop)).json;
const ask = (number: string, change: Json = {}, who: Headers = buyer) =>
  at("POST", `/v1/trades/${number}/credit-requests`, who, { version: 1, ...change });
const standing = async (number: string) => {
  const { state, frozen } = await read(number);
  return `${String(state)} ${String(frozen)}`;
};
const becomes = (number: string, wanted: string) =>
  until(`${number} is ${wanted}`, async () => (await standing(number)) === wanted);
const decide = (id: unknown, how: "grant" | "refuse", body: Json = {}) =>
  at("POST", `/v1/credit-requests/${String(id)}/${how}`, staff, body);
const requestOf = async (number: string) => {
  const { json } = await at("GET", `/v1/trades/${number}/credit-requests`, buyer);
  const [last] = json["items"] as Json[];
  return last ?? {};
};
const linesOf = async () => {
  const { json } = await at("GET", `/v1/credit-lines/${ken.number}`, buyer);
  return json["items"] as Json[];
};

test("asked for, granted by two, approved as it was asked, and paid by a line of its own", async () => {
  const number = await proposed();
  const asked = await ask(number, { payment: { on: "collection", within: "P20D" }, acceptors: ["buyer"] });
  assert.equal(asked.status, 201, asked.text);
  assert.equal(await standing(number), "proposed 0", "nothing is frozen by asking");
  const { id } = asked.json;
  const facts = await at("GET", `/v1/credit-requests/${String(id)}`, staff);
  assert.equal(facts.status, 200, facts.text);
  const { buyer: of, order } = facts.json["facts"] as { buyer: Json; order: Json };
  assert.equal((of["lines"] as Json[])[0]?.["limit"], 500);
  assert.equal(order["changed"], false);
  const granted = await decide(id, "grant");
  assert.equal(granted.status, 200, granted.text);
  assert.notEqual(granted.json["decidedBy"], granted.json["confirmedBy"]);
  await becomes(number, "reserved 3600");
  const trade = await read(number);
  assert.deepEqual(trade["payment"], { on: "collection", within: "P20D" });
  const line = (await linesOf()).find((each) => each["trade"] === number);
  assert.deepEqual([line?.["limit"], line?.["held"], line?.["available"]], [3600, 3600, 0]);
  assert.equal((await requestOf(number))["state"], "used");
  const [own] = await linesOf();
  assert.deepEqual([own?.["limit"], own?.["held"]], [500, 0], "their own line is as it was");
});

test("one operator alone grants nothing; one alone refuses", async () => {
  const number = await proposed();
  const { json } = await ask(number);
  const alone = await fetch(`${guarantor.url}/v1/credit-requests/${String(json["id"])}/grant`, {
    method: "POST",
    headers: { ...staff, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal(alone.status, 403);
  assert.equal(((await alone.json()) as Json)["code"], "four_eyes_required");
  assert.equal((await requestOf(number))["state"], "asked");
  const refused = await decide(json["id"], "refuse", { reason: "too much" });
  assert.equal(refused.status, 200, refused.text);
  const seen = await requestOf(number);
  assert.equal(seen["state"], "refused");
  assert.equal("reason" in seen, false, "why is for operators");
  assert.equal(await standing(number), "proposed 0");
  assert.equal((await decide(json["id"], "grant")).json["code"], "credit_request_over");
});

test("a line for one trade pays for no other, also where nothing is named", async () => {
  const first = await proposed();
  const { json } = await ask(first);
  await decide(json["id"], "grant");
  await becomes(first, "reserved 3600");
  const method = (await requestOf(first))["method"];
  await at("POST", `/v1/trades/${first}/cancel`, buyer, {});
  const other = await proposed();
  const named = await at("POST", `/v1/trades/${other}/approve`, buyer, { version: 1, method });
  assert.equal(named.json["code"], "method_not_usable", named.text);
  const left = await at("POST", `/v1/trades/${other}/approve`, buyer, { version: 2 });
  assert.equal(left.json["code"], "credit_limit_exceeded", left.text);
});

test("the shop that asks for more after the grant gets none of it", async () => {
  const number = await proposed();
  const { json } = await ask(number);
  await decide(json["id"], "grant");
  await becomes(number, "reserved 3600");
  const more = [{ name: "Tea set", quantity: 5, unitAmount: 1200 }];
  await at("POST", `/v1/trades/${number}/revise`, atShop, { lines: more });
  const { version } = await read(number);
  const agreed = await at("POST", `/v1/trades/${number}/approve`, buyer, { version });
  assert.equal(agreed.json["code"], "credit_limit_exceeded", agreed.text);
  assert.equal(await standing(number), "reserved 3600");
});

test("what has changed since it was asked for is not granted, and the buyer may ask again", async () => {
  const number = await proposed();
  const { json } = await ask(number);
  const more = [{ name: "Tea set", quantity: 5, unitAmount: 1200 }];
  const revised = await at("POST", `/v1/trades/${number}/revise`, atShop, { lines: more });
  assert.equal(revised.status, 200, revised.text);
  const granted = await decide(json["id"], "grant");
  assert.equal(granted.json["state"], "over", granted.text);
  assert.equal(granted.json["reason"], "trade_changed");
  assert.equal(await standing(number), "proposed 0");
  assert.equal((await ask(number)).json["code"], "trade_changed");
  const again = await ask(number, { version: 2 });
  assert.equal(again.status, 201, again.text);
  assert.equal(again.json["amount"], 6000);
});

test("one request stands for a trade, however many ask at once", async () => {
  const number = await proposed();
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask(number)));
  const codes = answers.map(({ status, json }) => (status === 201 ? "entered" : String(json["code"])));
  const counted = (wanted: string) => codes.filter((code) => code === wanted).length;
  assert.deepEqual([counted("entered"), counted("credit_already_asked")], [1, 3]);
});

test("strangers ask for nothing, and see nothing", async () => {
  const number = await proposed();
  assert.equal((await ask(number, {}, stranger)).status, 404);
  assert.equal((await ask(number, {}, atShop)).status, 403);
  assert.equal((await at("GET", `/v1/trades/${number}/credit-requests`, stranger)).status, 404);
  assert.equal((await ask(number, { operator: spoken })).json["code"], "not_allowed");
});

test("an operator asks for a caller, and the record names operators", async () => {
  const number = await proposed();
  const asked = await ask(number, { operator: spoken }, staff);
  assert.equal(asked.status, 201, asked.text);
  await decide(asked.json["id"], "grant");
  await becomes(number, "reserved 3600");
  const { json } = await at("GET", `/v1/trades/${number}/events`, staff);
  const reserved = (json["items"] as Json[]).find(({ type }) => type === "trade.reserved");
  const { operator = {} } = (reserved?.["data"] ?? {}) as { operator?: Json };
  assert.equal(operator["channel"], "phone");
  assert.equal(typeof operator["confirmedBy"], "string");
});

test("not decided in time, it is over, and a late decision does nothing", async () => {
  const number = await proposed({ approveWithin: "PT2H" });
  const { json } = await ask(number);
  await world.advance("PT3H");
  assert.equal((await decide(json["id"], "grant")).json["code"], "credit_request_over");
  assert.equal((await requestOf(number))["state"], "over");
  assert.equal(await standing(number), "expired 0");
});

test("when the trade has ended, so has its line; what is owed on it stays owed", async () => {
  const cancelled = await proposed();
  const { json } = await ask(cancelled);
  await decide(json["id"], "grant");
  await becomes(cancelled, "reserved 3600");
  await at("POST", `/v1/trades/${cancelled}/cancel`, buyer, {});
  const claimed = await proposed();
  const second = await ask(claimed);
  await decide(second.json["id"], "grant");
  await becomes(claimed, "reserved 3600");
  await at("POST", `/v1/trades/${claimed}/accept`, buyer, {});
  await world.advance("P60D");
  await becomes(claimed, "settled 0");
  await world.advance("PT1H");
  const byTrade = new Map((await linesOf()).map((line) => [line["trade"], line]));
  assert.equal(byTrade.get(cancelled)?.["state"], "closed");
  assert.equal(byTrade.get(cancelled)?.["limit"], 0);
  const owed = byTrade.get(claimed);
  assert.deepEqual(
    [owed?.["state"], owed?.["limit"], owed?.["used"], owed?.["available"]],
    ["active", 3600, 3600, 0],
  );
  const rows = await admin.guarantor.query<{ account: string }>(
    rawSql("select account from methods where trade = $1", [claimed]),
  );
  const money = {
    account: rows[0]?.account,
    currency: "JPY",
    reference: "bank",
    reason: "paid",
    amount: 3600,
  };
  const move = (kind: string, more: Json = {}) =>
    at("POST", "/v1/transfers", staff, { ...money, id: uuidv7(), kind, ...more });
  assert.equal((await move("deposit")).status, 201);
  await world.advance("PT1H");
  const body = { amount: 3600, reason: "broken" };
  const back = await at("POST", `/v1/trades/${claimed}/refund`, atShop, body);
  assert.equal(back.status, 200, back.text);
  const beyond = await move("withdrawal", { amount: 3601, operator: spoken });
  assert.equal(beyond.json["code"], "insufficient_funds", beyond.text);
  assert.equal((await move("withdrawal", { operator: spoken })).status, 201, "what came back is theirs");
  for (const proof of [auditTrades, auditSeals])
    assert.deepEqual((await proof(admin.guarantor)).differences, []);
});

test("a line that a kill has left open for a request that is over is closed, and is in nobody's way", async () => {
  const left = await proposed();
  const { json } = await ask(left);
  await decide(json["id"], "grant");
  await becomes(left, "reserved 3600");
  await at("POST", `/v1/trades/${left}/cancel`, buyer, {});
  await world.advance("PT1H");
  const number = await proposed();
  const database = admin.guarantor;
  for (const change of [
    "update methods set state = 'active', trade = $2 where trade = $1",
    "update credit_requests set state = 'over', line_closed_at = null, trade = $2 where trade = $1",
  ])
    await database.execute(rawSql(change, [left, number]));
  await world.advance("PT1H");
  const again = await ask(number);
  assert.equal(again.status, 201, again.text);
  const granted = await decide(again.json["id"], "grant");
  assert.equal(granted.status, 200, granted.text);
  await becomes(number, "reserved 3600");
});

test("the database lets no trade have two lines, and nobody decide alone", async () => {
  const { guarantor: database } = admin;
  const twice = rawSql(`insert into methods (id, person, kind, currency, account, state, trade, created_at)
    select gen_random_uuid(), person, kind, currency, account, state, trade, now() from methods
    where trade is not null and state = 'active'`);
  await assert.rejects(database.execute(twice), /one_line_for_a_trade/);
  const alone = rawSql("update credit_requests set confirmed_by = decided_by where decided_by is not null");
  await assert.rejects(database.execute(alone), /nobody_decides_alone/);
});
