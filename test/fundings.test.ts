/**
 * Money that members bring to their accounts under numbers of their own, what they pay from there, and what those are paid who collect.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { uuidv7 } from "../src/storage/database/database.ts";
import { zengin } from "./support/wire/incoming.ts";
import { type Headers, type Json, signIn } from "./support/wire/http.ts";
import { codeOf, newNumber, openCounters, tillOf } from "./support/world/counters.ts";
import { spoken } from "./support/world/operators.ts";
import { until } from "./support/world/world.ts";
import { houseAccount } from "../src/storage/ledger/ledger.ts";

const place = await openCounters({ after }, { operators: "two" });
const { url, demo, operator, call, tell, read, accounts, balances, audit } = place;
const store = await place.collector();
const { pay, opened } = tillOf(place, store);
const [hana, , yui] = demo.members;
assert.ok(hana && yui);
const asHana = await signIn(url, hana);
const asYui = await signIn(url, yui);
const member = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
const account = String((member.json["methods"] as Json[])[0]?.["account"]);
const today = new Date().toISOString().slice(0, 10);

const fund = (amount: number, change: Json = {}, who: Headers = asHana) =>
  call("POST", `/v1/accounts/${account}/fundings`, who, { amount, ...change });
const balance = async () => Number(await balances(account));

test("a number is paid at any counter, exactly and once, and the account has it", async () => {
  const made = await fund(5000);
  assert.equal(made.status, 201, made.text);
  const number = String(made.json["number"]);
  assert.deepEqual([made.json["state"], (made.json["payingIn"] as Json)["virtual"]], ["open", true]);
  const shown = await call("GET", `/v1/collections/${number}`, store.key);
  assert.deepEqual([shown.json["due"], shown.json["shopName"]], [5000, null], shown.text);
  const had = await balance();
  assert.equal(await codeOf(pay(number, 4000)), "amount_mismatch");
  assert.equal(await codeOf(pay(number, 5000)), "taken");
  assert.equal(await codeOf(pay(number, 5000)), "nothing_due");
  assert.equal(await balance(), had + 5000);
  const { json } = await call("GET", `/v1/fundings/${number}`, asHana);
  assert.equal(json["state"], "paid");
  const slip = await fetch(`${url}/v1/fundings/${number}/slip`, { headers: asHana });
  assert.equal(((await slip.json()) as Json)["code"], "nothing_due");
  assert.deepEqual(await audit(), []);
});

test("it is paid by a bank transfer too, and has a slip", async () => {
  const { json } = await fund(700);
  const number = String(json["number"]);
  const slip = await fetch(`${url}/v1/fundings/${number}/slip?language=ja`, { headers: asHana });
  assert.equal(
    Buffer.from(await slip.arrayBuffer())
      .subarray(0, 5)
      .toString(),
    "%PDF-",
  );
  const had = await balance();
  const entries = [{ reference: 501, amount: 700, remitter: `${number} ﾊﾅ` }];
  const content = zengin("statement", { account: "7000001", day: today, entries }).toString("base64");
  assert.equal((await call("POST", "/v1/bank-statements", operator, { content })).status, 201);
  await until("it is there", async () => (await balance()) === had + 700);
  assert.deepEqual(await audit(), []);
});

test("only its owner opens one and sees it, or an operator who was asked", async () => {
  assert.equal((await fund(100, {}, asYui)).code, "not_found");
  assert.equal((await fund(100, {}, store.key)).code, "not_allowed");
  assert.equal((await fund(100, {}, operator)).code, "invalid_field", "an operator says who asked");
  const byPhone = await fund(100, { operator: spoken }, operator);
  assert.equal(byPhone.status, 201, byPhone.text);
  const number = String(byPhone.json["number"]);
  assert.equal((await call("GET", `/v1/fundings/${number}`, asYui)).code, "not_found");
  for (const within of ["P61D", "PT1S", "PT23H"])
    assert.equal((await fund(100, { within })).code, "date_out_of_range", within);
  const list = await call("GET", `/v1/accounts/${account}/fundings`, asHana);
  assert.equal((list.json["items"] as Json[])[0]?.["number"], number);
  const [claimed] = await tell([place.due(number, 100)]);
  assert.equal(claimed?.problem?.["code"], "already_exists", "no server takes it over");
});

test("what nobody brings in time ends, and money that comes all the same is kept", async () => {
  const { json } = await fund(900, { within: "P2D" });
  const number = String(json["number"]);
  const had = await balance();
  await call("POST", "/v1/test-clock/advance", operator, { by: "P3D" });
  assert.equal((await call("GET", `/v1/fundings/${number}`, asHana)).json["state"], "expired");
  assert.equal(await codeOf(pay(number, 900)), "nothing_due");
  assert.equal(await codeOf(pay(number, 900, { taken: true })), "kept");
  assert.equal(await balance(), had);
  assert.deepEqual(await audit(), []);
});

test("nobody is paid for a funding: a clerk who is a member would open them for the fee", async () => {
  for (const borneBy of ["institution", "payee"]) {
    const till = await place.collector("counter");
    const { json } = await call("GET", `/v1/collectors/${till.id}`, operator);
    const fee = { fixed: 50, basisPoints: 100, borneBy };
    const rule = { name: json["name"], channel: "counter", limits: {}, fee };
    assert.equal((await call("PUT", `/v1/collectors/${till.id}`, operator, rule)).status, 200);
    const made = await fund(1000);
    const watched = [till.account, account, houseAccount("costs", "JPY")] as const;
    const before = (await balances(...watched)).split(" ").map(Number);
    const number = String(made.json["number"]);
    assert.equal(await codeOf(tillOf(place, till).pay(number, 1000, { channel: "counter" })), "taken");
    const now = (await balances(...watched)).split(" ").map(Number);
    assert.deepEqual(
      now.map((value, index) => value - (before[index] ?? 0)),
      [-1000, 1000, 0],
    );
  }
  assert.deepEqual(await audit(), []);
});

test("so many are open at once, and no more", async () => {
  const replies = await Promise.all(Array.from({ length: 25 }, () => fund(1)));
  const list = await call("GET", `/v1/accounts/${account}/fundings?limit=200`, asHana);
  const open = (list.json["items"] as Json[]).filter(({ state }) => state === "open");
  assert.equal(open.length, 20);
  assert.ok(replies.some(({ code }) => code === "too_many_requests"));
});

test("so many are opened in a day, and none that is over gets an account of the bank's making", async () => {
  const list = await call("GET", `/v1/accounts/${account}/fundings?limit=200`, asHana);
  for (const { number, amount, state } of list.json["items"] as Json[])
    if (state === "open") assert.equal(await codeOf(pay(String(number), Number(amount))), "taken");
  const replies = await Promise.all(Array.from({ length: 25 }, () => fund(1)));
  for (const { json } of replies)
    if (typeof json["number"] === "string") await codeOf(pay(json["number"], 1));
  const more = await fund(1);
  const last = more.status === 201 ? await Promise.all(Array.from({ length: 20 }, () => fund(1))) : [more];
  assert.ok(
    last.some(({ text }) => text.includes("24 hours")),
    last.map(({ text }) => text).join(),
  );
  const { number } = await opened(200);
  await pay(number, 200);
  const told = await call("POST", `/v1/collections/${number}/paying-in`, operator, {});
  assert.deepEqual([told.status, told.json["virtual"]], [200, false], told.text);
});

test("a member pays what is due from an account here: exactly, once, and not below its floor", async () => {
  const { number } = await opened(3000);
  const due = await call("GET", `/v1/dues/${number}`, asHana);
  assert.deepEqual([due.json["due"], due.json["currency"]], [3000, "JPY"], due.text);
  assert.ok(!due.text.includes("payments"));
  const id = uuidv7();
  const from = (change: Json = {}, who: Headers = asHana) =>
    call("POST", `/v1/accounts/${account}/payments`, who, {
      id,
      tradeNumber: number,
      amount: 3000,
      currency: "JPY",
      ...change,
    });
  const had = await balance();
  const before = Number(await balances(accounts.shop));
  assert.equal((await from({}, asYui)).code, "not_found");
  assert.equal((await from({}, operator)).code, "not_allowed");
  assert.equal((await from({ amount: 2999 })).code, "amount_mismatch");
  assert.equal((await from({ tradeNumber: newNumber() })).code, "not_found");
  const replies = await Promise.all([from(), from(), from({ id: uuidv7() })]);
  const paid = replies.filter(({ status }) => status === 201).map(({ json }) => json["id"]);
  assert.equal(new Set(paid).size, 1, replies.map(({ text }) => text).join());
  assert.equal(paid.length, paid[0] === id ? 2 : 1, "the same wish again gets the same answer");
  assert.equal(await balance(), had - 3000);
  assert.equal(Number(await balances(accounts.shop)), before + 2940);
  const { body } = await read(`/v1/collections/${number}`);
  assert.deepEqual(
    (body["payments"] as Json[]).map(({ channel }) => channel),
    ["account"],
  );
  const rich = await opened(had + 10_000_000);
  assert.equal(
    (await from({ id: uuidv7(), tradeNumber: rich.number, amount: had + 10_000_000 })).code,
    "insufficient_funds",
  );
  const { json } = await fund(10);
  const own = String(
    json["number"] ??
      ((await call("GET", `/v1/accounts/${account}/fundings`, asHana)).json["items"] as Json[])[0]?.[
        "number"
      ],
  );
  assert.equal((await from({ id: uuidv7(), tradeNumber: own, amount: 10 })).code, "not_allowed");
  assert.deepEqual(await audit(), []);
});

test("what a member was refused is refused for good: an older try that comes late pays nothing", async () => {
  const { number } = await opened((await balance()) + 100);
  const due = (await call("GET", `/v1/dues/${number}`, asHana)).json["due"];
  const wish = { id: uuidv7(), tradeNumber: number, amount: Number(due), currency: "JPY" };
  const from = (body: Json) => call("POST", `/v1/accounts/${account}/payments`, asHana, body);
  assert.equal((await from(wish)).code, "insufficient_funds");
  const paidIn = {
    id: uuidv7(),
    kind: "deposit",
    account,
    amount: 100,
    currency: "JPY",
    reference: "slip 4",
  };
  const more = await call("POST", "/v1/transfers", operator, { ...paidIn, reason: "brought to the counter" });
  assert.equal(more.status, 201, more.text);
  assert.equal((await from(wish)).code, "insufficient_funds", "the same again gets the same answer");
  const anew = await from({ ...wish, id: uuidv7() });
  assert.equal(anew.status, 201, anew.text);
  assert.deepEqual(await audit(), []);
});

test("whoever collects is paid by the rule in force: by the institution, or by who is paid", async () => {
  const costs = houseAccount("costs", "JPY");
  const paidBy = async (borneBy: string, fee: Json, amount: number): Promise<string[]> => {
    const till = await place.collector("counter");
    const { json } = await call("GET", `/v1/collectors/${till.id}`, operator);
    const set = await call("PUT", `/v1/collectors/${till.id}`, operator, {
      name: json["name"],
      channel: "counter",
      limits: {},
      fee: { ...fee, borneBy },
    });
    assert.equal(set.status, 200, set.text);
    const { number } = await opened(amount);
    const watched = [till.account, accounts.shop, costs] as const;
    const before = (await balances(...watched)).split(" ").map(Number);
    assert.equal(await codeOf(tillOf(place, till).pay(number, amount, { channel: "counter" })), "taken");
    const now = (await balances(...watched)).split(" ").map(Number);
    return now.map((value, index) => String(value - (before[index] ?? 0)));
  };
  assert.deepEqual(await paidBy("institution", { fixed: 50, basisPoints: 100 }, 1000), [
    "-940",
    "980",
    "-60",
  ]);
  assert.deepEqual(await paidBy("payee", { fixed: 50, basisPoints: 100 }, 1000), ["-940", "920", "0"]);
  assert.deepEqual(
    await paidBy("payee", { fixed: 5000, basisPoints: 0 }, 1000),
    ["-900", "880", "0"],
    "a tenth, and no more",
  );
  assert.deepEqual(
    await paidBy("institution", { fixed: 5000, basisPoints: 0 }, 1000),
    ["-900", "980", "-100"],
    "the institution pays no more either",
  );
  assert.deepEqual(await paidBy("institution", { fixed: 0, basisPoints: 0 }, 1000), ["-1000", "980", "0"]);
  assert.deepEqual(await audit(), []);
  const { items } = (await call("GET", "/v1/collectors?limit=200", operator)).json as { items: Json[] };
  assert.ok(items.some(({ fee }) => (fee as Json | null)?.["borneBy"] === "payee"));
});
