/**
 * What the second operator reads before saying yes: the sum and the goods that will be agreed to, whose word it is, in which
 * currency, and where money or a sign-in goes. One operator alone would have a friend's word done by a yes to something else.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { uuidv7 } from "../src/storage/database/database.ts";
import { type Fields, formsIn, saidBy } from "./support/wire/forms.ts";
import { bearer, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { zengin } from "./support/wire/incoming.ts";
import { openCounters } from "./support/world/counters.ts";
import { spoken } from "./support/world/operators.ts";
import { until } from "./support/world/world.ts";

const place = await openCounters({ after }, { operators: "two" });
const { url, demo, operator, admin, call, accounts } = place;
const [hana] = demo.members;
const [shop] = demo.shops;
assert.ok(hana && shop);
const second = await signIn(url, demo.operators[1] ?? assert.fail());
const reason = "The caller and I have compared it";

/** What waits now: `request` of the tests would have the second operator confirm it unseen. */
async function waits(method: string, path: string, body: Json): Promise<string> {
  const headers = { ...operator, "content-type": "application/json" };
  const reply = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  const { code, act, ...more } = (await reply.json()) as Json;
  assert.equal(code, "four_eyes_required", JSON.stringify(more));
  return `/operator-acts/${String(act)}`;
}

const page = (path: string, who: Headers = second) => request(`${url}${path}`, "GET", who);

/** Presses a button of a page as a browser without scripts does. */
function pressed(html: string, id: string, typed: Fields, who: Headers = second) {
  const found = formsIn(html).find((form) => form.id === id) ?? assert.fail(`No ${id}: ${saidBy(html)}`);
  const fields = Object.fromEntries(found.controls.map(({ name, value }) => [name, value]));
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const sent = new URLSearchParams({ ...fields, ...typed }).toString();
  return request(`${url}${found.action}`, "POST", headers, sent);
}

const has = (html: string, id: string) => formsIn(html).some((form) => form.id === id);

async function confirmed(html: string): Promise<void> {
  const done = await pressed(html, "confirm-form", {});
  assert.equal(done.headers.get("location"), "/operator-acts?done=confirmed", saidBy(done.text));
}

/** Hana's account, and the means of payment that it is. */
async function methodOf(): Promise<{ id: string; account: string }> {
  const { json } = await call("GET", `/v1/members/${hana?.number}?reason=accounts`, operator);
  const methods = json["methods"] as { id: string; account: string; currency: string; kind: string }[];
  const found = methods.find(({ kind, currency }) => kind === "deposit" && currency === "JPY");
  return found ?? assert.fail(JSON.stringify(methods));
}

const looksOf = async () => {
  const { json } = await call("GET", `/v1/members/${hana.number}/lookups`, await signIn(url, hana));
  return (json["items"] as Json[]).filter((look) => look["reason"] === reason).length;
};

async function reserved(): Promise<Json> {
  const { status, json, text } = await call("POST", "/v1/trades", bearer(shop?.key ?? ""), {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Cups", quantity: 2, unitAmount: 500 }],
  });
  assert.equal(status, 201, text);
  const method = await methodOf();
  const approval = { version: json["version"], method: method.id };
  const path = `/v1/trades/${String(json["number"])}/approve`;
  const approved = await call("POST", path, await signIn(url, hana ?? assert.fail()), approval);
  assert.equal(approved.json["state"], "reserved", approved.text);
  return approved.json;
}

test("other terms: the second operator sees the sum and goods that are agreed to, the former ones, and whose word it is", async () => {
  const { number } = await reserved();
  const lines = [
    { name: "Vase", quantity: 3, unitAmount: 300_000 },
    { name: "Post", quantity: 1, amount: 0 },
  ];
  const asked = await call("POST", `/v1/trades/${String(number)}/revise`, bearer(shop.key), { lines });
  assert.equal(asked.status, 200, asked.text);
  const { version } = asked.json;
  const at = await waits("POST", `/v1/trades/${String(number)}/approve`, {
    version,
    operator: { ...spoken, as: "buyer" },
  });
  const { json } = await call("GET", "/v1/operator-acts", second);
  const kept = (json["items"] as Json[]).find(({ trade }) => trade === number);
  assert.equal(kept?.["amount"], 900_000);
  assert.match(saidBy((await page("/operator-acts")).text), /Sum ¥900,000/);
  const said = saidBy((await page(at)).text);
  assert.match(said, /Sum ¥900,000/);
  assert.match(said, /comes to by this Amount ¥900,000 .*Vase .*3 .*¥300,000.*comes to now Amount ¥1,000/);
  assert.match(said, /Cups .*¥500/);
  assert.match(said, /Whose word it is The buyer/);
  // By the time somebody presses, the shop has asked for yet others.
  const { text } = await page(at);
  const more = [{ name: "Vase", quantity: 4, unitAmount: 300_000 }];
  await call("POST", `/v1/trades/${String(number)}/revise`, bearer(shop.key), { lines: more });
  assert.equal((await pressed(text, "confirm-form", {})).status, 409);
});

test("a revision by an operator is shown with its new sum, not with the one that stands", async () => {
  const { number } = await reserved();
  const lines = [{ name: "Vase", quantity: 2, unitAmount: 60_000 }];
  const said = { lines, operator: { ...spoken, as: "shop" } };
  const at = await waits("POST", `/v1/trades/${String(number)}/revise`, said);
  const { text } = await page(at);
  assert.match(saidBy(text), /Sum ¥120,000/);
  assert.match(saidBy(text), /comes to by this Amount ¥120,000 .*¥60,000 .*comes to now Amount ¥1,000/);
  assert.match(saidBy(text), /Whose word it is The shop/);
});

test("a word that is nobody's is said to be the operator's own", async () => {
  const { number } = await reserved();
  const lines = [{ name: "Vase", quantity: 2, unitAmount: 60_000 }];
  const at = await waits("POST", `/v1/trades/${String(number)}/revise`, { lines, operator: spoken });
  assert.match(saidBy((await page(at)).text), /Whose word it is The operator's own/);
});

const bankAccount = {
  bank: "0001",
  branch: "001",
  kind: "ordinary",
  number: "7654321",
  holder: "ヤマダ ハナ",
};

test("an account at a bank is looked at, for a reason that its owner reads, before it can be confirmed", async () => {
  const { account } = await methodOf();
  const path = `/v1/accounts/${account}/bank-account`;
  const at = await waits("PUT", path, { ...bankAccount, operator: spoken });
  const closed = await page(at);
  assert.ok(!closed.text.includes("7654321") && !has(closed.text, "confirm-form"), saidBy(closed.text));
  assert.match(saidBy(closed.text), new RegExp(`Member ${hana.number} \\(${account}\\)`));
  const before = await looksOf();
  assert.equal((await pressed(closed.text, "look-form", { why: " " })).status, 422);
  assert.equal(await looksOf(), before);
  const seen = await pressed(closed.text, "look-form", { why: reason });
  assert.equal(seen.status, 200, saidBy(seen.text));
  assert.match(saidBy(seen.text), /Where it goes .*0001 .*001 .*Ordinary .*7654321 .*ﾔﾏﾀﾞ ﾊﾅ/);
  assert.equal(await looksOf(), before + 1);
  // Another wish for the same account is not read in its place: what is over says so.
  await waits("PUT", path, { ...bankAccount, number: "1111111", operator: spoken });
  const other = await pressed(closed.text, "look-form", { why: reason });
  assert.ok(!other.text.includes("1111111"));
  const late = await pressed(seen.text, "confirm-form", {});
  assert.equal(late.status, 404, "what was seen is not what would be done");
});

test("a new address of mail is looked at before it can be confirmed", async () => {
  const email = `${uuidv7()}@example.com`;
  const at = await waits("POST", `/v1/members/${hana.number}/email`, { email, operator: spoken });
  const closed = await page(at);
  assert.ok(!closed.text.includes(email) && !has(closed.text, "confirm-form"));
  const seen = await pressed(closed.text, "look-form", { why: reason });
  assert.ok(saidBy(seen.text).includes(email), saidBy(seen.text));
  const nobody = await pressed(closed.text, "look-form", { why: reason }, {});
  assert.ok(!nobody.text.includes(email) && nobody.status >= 400);
  await confirmed(seen.text);
  assert.equal((await page(at)).status, 200);
});

async function arrival(amount: number): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const entries = [{ reference: 990_000 + amount, amount, remitter: "ﾀﾞﾚｶ" }];
  const content = zengin("statement", { account: "7000001", day, entries }).toString("base64");
  const booked = await call("POST", "/v1/bank-statements", operator, { content });
  assert.equal(booked.status, 201, booked.text);
  let found: Json | undefined;
  await until("it waits", async () => {
    const { json } = await call("GET", "/v1/arrivals?limit=200", operator);
    found = (json["items"] as Json[]).find((one) => one["rest"] === amount);
    return found !== undefined;
  });
  return String(found?.["id"]);
}

test("money that goes back: in the currency that it came in, to an account that the second operator has seen", async () => {
  const id = await arrival(10_000);
  const wish = { id: uuidv7(), amount: 10_000, bankAccount, reason: "Nobody's" };
  const meant = await call("POST", `/v1/arrivals/${id}/return`, operator, { ...wish, currency: "USD" });
  assert.equal(meant.code, "currency_mismatch");
  const at = await waits("POST", `/v1/arrivals/${id}/return`, { ...wish, currency: "JPY" });
  const closed = await page(at);
  assert.match(saidBy(closed.text), /Sum ¥10,000/);
  assert.match(saidBy(closed.text), /Amount ¥10,000/);
  assert.ok(!closed.text.includes("7654321") && !has(closed.text, "confirm-form"));
  const seen = await pressed(closed.text, "look-form", { why: reason });
  assert.match(saidBy(seen.text), /7654321/);
  await confirmed(seen.text);
});

test("the call that confirms is refused until whoever confirms has looked: a second yes to an id is a yes to nothing", async () => {
  const id = await arrival(20_000);
  const wish = { id: uuidv7(), amount: 20_000, bankAccount, reason: "Nobody's", currency: "JPY" };
  const at = await waits("POST", `/v1/arrivals/${id}/return`, wish);
  const raw = async (how: string, who: Headers, body: Json) => {
    const headers = { ...who, "content-type": "application/json" };
    const reply = await fetch(`${url}/v1${at}/${how}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return (await reply.json()) as Json;
  };
  assert.equal((await raw("confirm", second, {}))["code"], "look_first");
  // Whoever asked has seen it; that is nobody else's look.
  assert.equal((await raw("look", operator, { reason }))["number"], "7654321");
  assert.equal((await raw("confirm", second, {}))["code"], "look_first");
  assert.equal((await raw("look", second, {}))["code"], "invalid_field");
  const place = await raw("look", second, { reason });
  assert.deepEqual([place["number"], place["holder"]], ["7654321", place["holder"]]);
  assert.equal((await raw("confirm", second, {}))["code"], undefined);
});

test("a limit of a credit line is said in the currency of the line", async () => {
  const wish = { kind: "credit", currency: "USD", limit: 500, operator: spoken };
  const added = await call("POST", `/v1/members/${hana.number}/methods`, operator, wish);
  assert.ok(added.status < 300, added.text);
  const { json } = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
  const methods = json["methods"] as { id: string; currency: string; kind: string }[];
  const line = methods.find(({ kind, currency }) => kind === "credit" && currency === "USD");
  const at = await waits("POST", `/v1/members/${hana.number}/methods/${line?.id}/limit`, { limit: 70_000 });
  assert.match(saidBy((await page(at)).text), /Limit \$700\.00/);
});

const typed = (account: string) => ({
  id: account,
  currency: "USD",
  amount: "100.00",
  channel: "phone",
  callReference: "call 7",
  proofKind: "callback",
  proofReference: "tape 9",
});

test("a form asks in the currency that it shows: another one than the account's is refused", async () => {
  const { account } = await methodOf();
  const first = await signIn(url, demo.operators[0] ?? assert.fail());
  const form = await page("/desk/acts/funding", first);
  const look = await pressed(form.text, "act-form", typed(account), first);
  assert.match(saidBy(look.text), /\$100\.00/);
  const refused = await pressed(look.text, "sure-form", { sure: "yes", readBack: "yes" }, first);
  assert.match(saidBy(refused.text), /The account is in JPY/);
  assert.equal(refused.status, 422);
  const none = await admin.query({ text: "select id from fundings", values: [] });
  assert.deepEqual(none, []);
  const direct = await call("POST", `/v1/accounts/${accounts.shop}/fundings`, operator, { amount: 1 });
  assert.equal(direct.code, "not_found");
  const own = { amount: 100, currency: "USD", operator: spoken };
  assert.equal(
    (await call("POST", `/v1/accounts/${account}/fundings`, operator, own)).code,
    "currency_mismatch",
  );
});
