/**
 * No money comes to rest where nobody can reach it: what is refunded to a code follows whoever has claimed it, nobody is
 * erased who still has money, what nobody asks for is forfeited by two, and nothing is paid to somebody who was erased. The
 * audit says so of every balance.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { approveAsGuest, Visitor } from "./support/wire/guests.ts";
import { type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true });
const { url, database } = world;
const stage = await setStage(world);
const { admin, post, shop } = stage;
const password = "a long password of nobody";

/** The audit but for rights that this file changes by SQL, as the owner, to make what was before: it names each of them. */
const audit = async (): Promise<string[]> =>
  (await world.audit()).filter((line) => !line.startsWith("right "));

let joined = 0;

interface Person {
  number: string;
  who: Headers;
  method: string;
  account: string;
}

/** A new member with a means of payment; `token` is a code that they claim. */
async function join(kind: "deposit" | "prepaid", token?: string): Promise<Person> {
  joined += 1;
  const email = `rest-${joined}@example.com`;
  const application = { name: "Rie Mori", address: "1-1 Nara", birthDate: "1980-02-03", password };
  const { number } = await post("/v1/members", {}, { ...application, contact: { email } });
  const who = await signIn(url, { email, password });
  const wish = { kind, currency: "JPY", ...(token === undefined ? {} : { token }) };
  const { id, account } = await post(`/v1/members/${String(number)}/methods`, who, wish);
  return { number: String(number), who, method: String(id), account: String(account) };
}

async function balance(account: string): Promise<number> {
  return Number((await request(`${url}/v1/accounts/${account}`, "GET", admin)).json["posted"]);
}

const transfer = (kind: string, account: string, amount: number) =>
  post("/v1/transfers", admin, {
    id: crypto.randomUUID(),
    kind,
    account,
    amount,
    currency: "JPY",
    reference: "at the counter",
    reason: "brought in person",
    operator: spoken,
  });

/** A trade that the buyer has approved, accepted and paid. */
async function bought({ who, number, method }: Person, amount: number): Promise<string> {
  const order = { buyer: { member: number }, currency: "JPY", amount };
  const trade = await post("/v1/trades", shop, order);
  const at = `/v1/trades/${String(trade["number"])}`;
  await post(`${at}/approve`, who, { method, version: trade["version"] });
  await post(`${at}/accept`, who, {});
  return at;
}

const erase = ({ number, who }: Person) => request(`${url}/v1/members/${number}`, "DELETE", who);

async function guestPays(code: string, amount: number): Promise<string> {
  const order: Json = {
    buyer: { guest: { name: "Ken Abe", address: "3-3 Osaka" } },
    currency: "JPY",
    amount,
  };
  const { number, approveUrl } = await post("/v1/trades", shop, order);
  const approval = { number: String(number), approveUrl: String(approveUrl) };
  const email = `guest-${String(number)}@example.com`;
  await approveAsGuest(new Visitor(), admin, approval, { email, token: code });
  await post(`/v1/trades/${String(number)}/accept`, admin, { operator: spoken });
  return `/v1/trades/${String(number)}`;
}

test("what is refunded to a code goes to whoever has claimed the code", async () => {
  const { code, account } = await post("/v1/vouchers", admin, { currency: "JPY", amount: 4000 });
  const trade = await guestPays(String(code), 3000);
  const claimer = await join("prepaid", String(code));
  assert.equal(await balance(claimer.account), 1000);
  const refunded = await post(`${trade}/refund`, shop, { amount: 3000, reason: "broken" });
  assert.equal(refunded["refunded"], 3000);
  assert.deepEqual([await balance(claimer.account), await balance(String(account))], [4000, 0]);
  assert.deepEqual(await audit(), []);
});

test("a code that was spent whole can be claimed, and its refund is there", async () => {
  const { code } = await post("/v1/vouchers", admin, { currency: "JPY", amount: 700 });
  const trade = await guestPays(String(code), 700);
  const claimer = await join("prepaid", String(code));
  await post(`${trade}/refund`, shop, { total: 200, reason: "late" });
  await post(`${trade}/refund`, shop, { total: 700, reason: "never worked" });
  assert.equal(await balance(claimer.account), 700);
  assert.deepEqual(await audit(), []);
});

test("nobody is erased who still has money; once it is paid out, they are", async () => {
  const person = await join("prepaid");
  await transfer("deposit", person.account, 20_000);
  const refused = await erase(person);
  assert.deepEqual([refused.status, refused.code], [409, "person_has_money"]);
  assert.match(String(refused.json["detail"]), /20000 JPY/);
  await transfer("withdrawal", person.account, 20_000);
  assert.equal((await erase(person)).status, 204);
  assert.deepEqual(await audit(), []);
});

test("nothing comes to somebody who was erased: neither a refund nor a deposit", async () => {
  const person = await join("deposit");
  await transfer("deposit", person.account, 500);
  const trade = await bought(person, 500);
  assert.equal((await erase(person)).status, 204);
  const before = await request(`${url}${trade}`, "GET", shop);
  const refunded = await request(`${url}${trade}/refund`, "POST", shop, { amount: 500, reason: "broken" });
  assert.deepEqual([refunded.status, refunded.code], [409, "account_closed"]);
  const left = await request(`${url}${trade}`, "GET", shop);
  assert.deepEqual(left.json, before.json, "the trade is as it was");
  const deposit = { id: crypto.randomUUID(), kind: "deposit", account: person.account, amount: 5 };
  const more = { currency: "JPY", reference: "found", reason: "found", operator: spoken };
  const refused = await request(`${url}/v1/transfers`, "POST", admin, { ...deposit, ...more });
  assert.equal(refused.code, "account_closed");
  assert.equal(await balance(person.account), 0);
  assert.deepEqual(await audit(), []);
});

test("who has claimed a code is not erased while its guest can still give goods back", async () => {
  const { code } = await post("/v1/vouchers", admin, { currency: "JPY", amount: 800 });
  const order: Json = {
    buyer: { guest: { name: "Ken Abe", address: "3-3 Osaka" } },
    currency: "JPY",
    amount: 800,
  };
  const { number, approveUrl } = await post("/v1/trades", shop, { ...order, coolingOff: "P8D" });
  const approval = { number: String(number), approveUrl: String(approveUrl) };
  await approveAsGuest(new Visitor(), admin, approval, { email: "cool@example.com", token: String(code) });
  await post(`/v1/trades/${String(number)}/accept`, admin, { operator: spoken });
  const claimer = await join("prepaid", String(code));
  assert.equal((await erase(claimer)).code, "person_has_open_trades");
  await post("/v1/test-clock/advance", admin, { by: "P9D" });
  assert.equal((await erase(claimer)).status, 204);
});

test("what nobody has touched for ten years is forfeited by two operators, and it is said which", async () => {
  const person = await join("prepaid");
  await transfer("deposit", person.account, 300);
  const forfeit = (by: Headers) =>
    request(`${url}/v1/members/${person.number}/forfeit`, "POST", by, {
      reason: "the term of the law is over",
    });
  assert.equal((await forfeit(person.who)).code, "not_allowed");
  const early = await forfeit(admin);
  assert.deepEqual([early.status, early.code], [409, "money_not_forfeit"]);
  for (let year = 0; year < 10; year += 1) await post("/v1/test-clock/advance", admin, { by: "P366D" });
  const done = await forfeit(admin);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual(done.json["forfeited"], [{ account: person.account, currency: "JPY", amount: 300 }]);
  assert.equal(await balance(person.account), 0);
  const gone = await request(`${url}/v1/members/${person.number}`, "DELETE", admin, { operator: spoken });
  assert.ok(gone.status < 500, gone.text);
  assert.deepEqual(await audit(), []);
});

test("the audit names money that nobody can reach", async () => {
  const person = await join("prepaid");
  await transfer("deposit", person.account, 100);
  const faults: [string, string, string][] = [
    [
      "nobody has it as a means of payment",
      `update methods set account = gen_random_uuid() where account = '${person.account}'`,
      `update methods set account = '${person.account}' where id = '${person.method}'`,
    ],
    [
      "it was closed over its money",
      `update accounts set closed = true where id = '${person.account}'`,
      `update accounts set closed = false where id = '${person.account}'`,
    ],
  ];
  for (const [name, harm, repair] of faults) {
    await database.execute(rawSql(harm));
    const found = await audit();
    assert.deepEqual(
      found.filter((line) => line.includes(person.account)),
      [`balance ${person.account}: reachable owners is 0, the journal says some`],
      name,
    );
    await database.execute(rawSql(repair));
  }
  assert.deepEqual(await audit(), []);
});

/** As it was before a code that is claimed was left to its claimer. */
const unleave = (account: string) =>
  database.execute(rawSql(`update accounts set closed = false, heir = null where id = '${account}'`));

/** What the migration does about what was there before. */
async function migrateOld(): Promise<void> {
  const text = await readFile(new URL("../../sql/trading/0035_heirs.sql", import.meta.url), "utf8");
  const old = text.split(";").filter((each) => /^update accounts/m.test(each));
  assert.equal(old.length, 2);
  for (const each of old) await database.execute(rawSql(each));
}

test("what came back to a claimed code before is named by the audit, and two operators pass it on", async () => {
  for (const spent of [3000, 4000]) {
    const { code, account } = await post("/v1/vouchers", admin, { currency: "JPY", amount: 4000 });
    const trade = await guestPays(String(code), spent);
    const claimer = await join("prepaid", String(code));
    await unleave(String(account));
    await post(`${trade}/refund`, shop, { amount: 1000, reason: "broken" });
    assert.equal(await balance(String(account)), 1000, "nobody could reach it");
    await migrateOld();
    const lost = `balance ${String(account)}: reachable owners is 0, the journal says some`;
    assert.deepEqual(await audit(), [lost]);
    await post(`${trade}/refund`, shop, { amount: 500, reason: "broken too" });
    const own = 4000 - spent + 500;
    assert.equal(await balance(claimer.account), own, "what comes back from now on goes to the claimer");
    const passOn = (who: Headers) =>
      request(`${url}/v1/accounts/${String(account)}/pass-on`, "POST", who, { reason: "the audit named it" });
    assert.equal((await passOn(claimer.who)).code, "not_allowed");
    const passed = await passOn(admin);
    assert.deepEqual(
      [passed.status, passed.json["to"], passed.json["amount"]],
      [200, claimer.account, 1000],
      passed.text,
    );
    assert.equal(await balance(claimer.account), own + 1000);
    assert.equal((await passOn(admin)).code, "not_found");
    assert.deepEqual(await audit(), []);
  }
});

test("where whoever claimed it was erased, it is forfeited with what else they left", async () => {
  const { code, account } = await post("/v1/vouchers", admin, { currency: "JPY", amount: 700 });
  const trade = await guestPays(String(code), 700);
  const claimer = await join("prepaid", String(code));
  await unleave(String(account));
  await post(`${trade}/refund`, shop, { amount: 200, reason: "late" });
  assert.equal((await erase(claimer)).status, 204);
  await migrateOld();
  const lost = `balance ${String(account)}: reachable owners is 0, the journal says some`;
  assert.deepEqual(await audit(), [lost]);
  const more = await request(`${url}${trade}/refund`, "POST", shop, { amount: 100, reason: "late" });
  assert.equal(more.code, "account_closed", "nothing more comes to rest there");
  const reason = "nobody is there";
  const passed = await request(`${url}/v1/accounts/${String(account)}/pass-on`, "POST", admin, { reason });
  assert.equal(passed.code, "account_closed");
  for (let year = 0; year < 10; year += 1) await post("/v1/test-clock/advance", admin, { by: "P366D" });
  const done = await post(`/v1/members/${claimer.number}/forfeit`, admin, { reason });
  assert.deepEqual(done["forfeited"], [{ account, currency: "JPY", amount: 200 }]);
  assert.deepEqual(await audit(), []);
});
