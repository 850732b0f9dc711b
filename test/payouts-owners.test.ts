/**
 * Where owners are paid out to: a thief of a sign-in names an account of their own, operators name one for an owner, and a shop
 * would empty its account before buyers' rights end.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { isBankDay } from "../src/core/bankfiles/bankfiles.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { bearer, type Json, signIn } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { bank, openPayouts } from "./support/world/payouts.ts";

const { world, url, ...room } = await openPayouts({ after });
const { admin, second, hana, asHana, ids, post, call, get, advance, balance, ask, alone, named } = room;

await named(ids.account, asHana, hana.password);

test("of several who name an account at once, one after the other is heard", async () => {
  const path = `/v1/accounts/${ids.account}/bank-account`;
  const wish = { ...bank, password: hana.password };
  const replies = await Promise.all([1, 2, 3, 4].map(() => call("PUT", path, asHana, wish)));
  assert.deepEqual(
    new Set(replies.map(({ status }) => status)),
    new Set([200]),
    replies.map(({ text }) => text).join(),
  );
  await advance("P4D");
});

test("who has stolen a sign-in is seen, and what they have named is taken away with what waits for it", async () => {
  const before = await balance(ids.account);
  const { items } = await get(`/v1/accounts/${ids.account}/payouts`, asHana);
  for (const { id } of (items as Json[]).filter(({ state }) => state === "waiting"))
    await post(`/v1/payouts/${String(id)}/cancel`, asHana, {});
  const home = await balance(ids.account);
  const thief = { ...bank, number: "9999999", holder: "ドロボウ" };
  const path = `/v1/accounts/${ids.account}/bank-account`;
  assert.equal((await call("PUT", path, asHana, thief)).code, "invalid_field", "a session alone");
  assert.equal((await call("PUT", path, asHana, { ...thief, password: hana.password })).status, 200);
  assert.equal((await ask(ids.account, 500, asHana)).code, "bank_account_named_lately");
  const mails = await world.database.query<{ kinds: string[] }>(
    rawSql("select kinds from mails where reader = 'self' order by id desc limit 1"),
  );
  assert.deepEqual(mails[0]?.kinds, ["bank account"]);
  const changes = (await get(`/v1/members/${ids.member}/changes`, asHana))["items"] as Json[];
  assert.deepEqual([changes[0]?.["field"], changes[0]?.["role"]], ["bank account", "self"]);
  await advance("P4D");
  assert.equal((await ask(ids.account, 500, asHana)).status, 201);
  assert.equal((await call("DELETE", path, asHana)).status, 204);
  assert.equal(await balance(ids.account), home);
  assert.ok(home >= before);
  assert.equal((await ask(ids.account, 500, asHana)).code, "bank_account_required");
  assert.equal((await call("DELETE", path, asHana)).status, 404);
});

test("for an owner who reaches them, two operators name the account, with proof, and read which", async () => {
  const path = `/v1/accounts/${ids.account}/bank-account`;
  assert.equal((await call("PUT", path, admin, bank)).code, "invalid_field", "no proof");
  const headers = { ...admin, "content-type": "application/json", "idempotency-key": randomUUID() };
  const body = JSON.stringify({ ...bank, operator: spoken });
  const asked = (await (await fetch(`${url}${path}`, { method: "PUT", headers, body })).json()) as Json;
  assert.equal(asked["code"], "four_eyes_required");
  const again = (await (await fetch(`${url}${path}`, { method: "PUT", headers, body })).json()) as Json;
  assert.equal(again["act"], asked["act"], "the same request is the same wish");
  const waiting = (await get("/v1/operator-acts"))["items"] as Json[];
  const act = waiting.find(({ id }) => id === asked["act"]);
  assert.ok(act && !JSON.stringify(act).includes(bank.number), "what waits holds nothing personal");
  assert.equal((await call("GET", path, second)).code, "invalid_field", "no reason");
  const read = await get(`${path}?reason=act`, second);
  assert.deepEqual([(read["asked"] as Json)["number"], read["bankAccount"]], [bank.number, null]);
  await alone(`/v1/operator-acts/${String(asked["act"])}/look`, second, { reason: "to confirm it" });
  const done = await alone(`/v1/operator-acts/${String(asked["act"])}/confirm`, second, {});
  assert.equal((done["bankAccount"] as Json)["number"], bank.number);
  const looks = (await get(`/v1/members/${ids.member}/lookups`, asHana))["items"] as Json[];
  assert.ok(looks.some(({ reason }) => reason === "act"));
  await advance("P4D");
  const out = { id: randomUUID(), amount: 300, currency: "JPY" };
  const silent = await call("POST", `/v1/accounts/${ids.account}/payouts`, admin, out);
  assert.equal(silent.code, "invalid_field", "an operator says who asked");
  const spokenFor = await call("POST", `/v1/accounts/${ids.account}/payouts`, admin, {
    ...out,
    operator: spoken,
  });
  assert.deepEqual([spokenFor.status, spokenFor.json["by"]], [201, "operator"], spokenFor.text);
});

test("a shop is not paid out what buyers may still ask back, on request or by a schedule", async () => {
  const email = "payee@example.com";
  const password = "a long password of a shop";
  const shop = await post("/v1/shops", {}, { name: "Paid Out", contact: { email }, password });
  await post(`/v1/shops/${String(shop["id"])}/approve`, admin, {});
  const { accounts } = await get(`/v1/shops/${String(shop["id"])}`);
  const account = String((accounts as Json[]).find(({ currency }) => currency === "JPY")?.["account"]);
  const { key } = await post(`/v1/shops/${String(shop["id"])}/keys`, admin, {});
  const byKey = bearer(String(key));
  const asShop = await signIn(url, { email, password });
  const path = `/v1/accounts/${account}/bank-account`;
  assert.equal(
    (await call("PUT", path, byKey, { ...bank, password })).code,
    "not_allowed",
    "a key is not enough",
  );
  await named(account, asShop, password);
  const put = (body: object) => call("PUT", `/v1/accounts/${account}/payout-schedule`, byKey, body);
  assert.equal((await put({ every: "week", on: 6, least: 100 })).code, "invalid_field");
  const schedule = await put({ every: "day", least: 1000 });
  assert.ok(isBankDay(String(schedule.json["nextOn"])), schedule.text);
  await post("/v1/transfers", admin, {
    id: randomUUID(),
    kind: "deposit",
    account,
    amount: 5000,
    currency: "JPY",
    reference: "slip",
    reason: "by hand",
  });
  // 4,500 of it is what a buyer may still ask back.
  await world.database.execute(
    rawSql(
      "insert into payout_locks (hold, account, peer, amount, until) values ($1, $2, null, 4500, null)",
      [randomUUID(), account],
    ),
  );
  assert.equal((await ask(account, 501, byKey)).code, "not_payable_yet");
  assert.equal((await ask(account, 5001, byKey)).code, "insufficient_funds");
  const taken = await Promise.all([
    ask(account, 300, byKey),
    ask(account, 300, byKey),
    ask(account, 300, asShop),
  ]);
  assert.deepEqual(
    taken.map(({ status }) => status).sort((a, b) => a - b),
    [201, 409, 409],
    "each sees what the others took",
  );
  await advance("P5D");
  assert.equal(await balance(account), 4700, "less than the least waits");
  await world.database.execute(rawSql("delete from payout_locks where account = $1", [account]));
  await advance("P5D");
  const { items } = await get(`/v1/accounts/${account}/payouts`, byKey);
  const clocks = (items as Json[]).filter(({ by }) => by === "clock");
  assert.deepEqual([clocks.length, clocks[0]?.["amount"], await balance(account)], [1, 4700, 0]);
  assert.equal((await call("DELETE", `/v1/accounts/${account}/payout-schedule`, byKey)).status, 204);
  const text = await (await fetch(`${url}/v1/accounts/${account}/statement`, { headers: byKey })).text();
  assert.ok(
    text.includes("camt.053.001.08") && text.includes("<NbOfNtries>3</NbOfNtries>"),
    text.slice(0, 600),
  );
  const csv = await fetch(`${url}/v1/accounts/${account}/statement?form=csv`, { headers: byKey });
  assert.equal((await csv.text()).trim().split("\r\n").at(-1)?.split(",")[6], "0");
  assert.deepEqual(await world.audit(), []);
});
