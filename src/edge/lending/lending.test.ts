/** Lines that are lent: given by their lenders to members who let them, made good by them, and no way to drain the guarantor. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, type Json, signIn } from "../../../test/support/wire/http.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import { until } from "../../../test/support/world/world.ts";
import { dammAppend } from "../../core/protocol/protocol.ts";
import { auditLending } from "../../engines/lending/lending.ts";
import { auditKept, auditTrades } from "../../engines/trades/trades.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { audit } from "../../storage/ledger/ledger.ts";
import { auditSeals } from "../../storage/seals/seals.ts";

const world = await openGuaranteed({ after });
const { guarantor, call, admin, pay } = world;
const database = admin.guarantor;
const [shop, other] = guarantor.demo.shops;
const [hana, ken, yui, sora] = guarantor.demo.members;
if (!shop || !other || !hana || !ken || !yui || !sora) throw new Error("No demo.");
const staff = bearer(guarantor.demo.adminKey);
type Member = typeof hana;
const sessions = new Map<string, Headers>();
for (const member of [hana, ken, yui, sora]) sessions.set(member.number, await signIn(guarantor.url, member));
const as = (member: Member): Headers => sessions.get(member.number) ?? {};
const at = (method: string, path: string, who: Headers, body?: Json) =>
  call("guarantor", method, path, who, body);

const lendTo = (lender: string, limit: number, id = uuidv7()) =>
  at("PUT", `/v1/lent-lines/${id}`, staff, { lender, currency: "JPY", limit });
const allow = (member: Member, lender: string) =>
  at("PUT", `/v1/members/${member.number}/lenders/${lender}`, as(member));
const give = (line: string, key: string, member: Member, limit: number) =>
  at("POST", `/v1/lent-lines/${line}/members`, bearer(key), { member: member.number, limit });
const lineOf = async (id: string, who: Headers = staff) => {
  const { json } = await at("GET", "/v1/lent-lines", who);
  return (json["items"] as Json[]).find((each) => each["id"] === id) ?? {};
};
const partOf = async (line: string, member: Member) => {
  const { json } = await at("GET", `/v1/lent-lines/${line}/members`, staff);
  return (json["items"] as Json[]).findLast((each) => each["member"] === member.number) ?? {};
};
const accountOf = async (id: unknown) => (await at("GET", `/v1/accounts/${String(id)}`, staff)).json;
const methodOf = async (member: Member) => {
  const rows = await database.query<{ id: string }>(
    rawSql(
      "select m.id from methods m join people p on p.id = m.person where p.number = $1 and m.lender is not null and m.state = 'active' order by m.id desc",
      [member.number],
    ),
  );
  return rows[0]?.id;
};
/** A trade at the first shop that a member has accepted, on what was lent to them. */
async function accepted(member: Member, amount: number, more: Json = {}): Promise<string> {
  const body = { currency: "JPY", amount, buyer: { member: member.number }, ...more };
  const { json, text } = await at("POST", "/v1/trades", bearer(shop?.key ?? ""), body);
  const number = String(json["number"]);
  const method = await methodOf(member);
  const approved = await at("POST", `/v1/trades/${number}/approve`, as(member), {
    version: json["version"],
    method,
  });
  assert.equal(approved.status, 200, text + approved.text);
  assert.equal((await at("POST", `/v1/trades/${number}/accept`, as(member), {})).status, 200);
  return number;
}
const claim = async (number: string) => {
  await world.advance("P22D");
  const { status, text } = await at("POST", `/v1/guarantees/${number}/claim`, bearer(shop.key), {});
  assert.equal(status, 200, text);
};
const shopAccount = async () => {
  const [row] = await database.query<{ posted: bigint }>(
    rawSql(
      "select a.posted from accounts a join shop_accounts s on s.account = a.id where s.shop = $1 and s.currency = 'JPY'",
      [shop.id],
    ),
  );
  return row?.posted ?? 0n;
};
const prove = async () => {
  for (const proof of [audit, auditTrades, auditKept, auditLending, auditSeals])
    assert.deepEqual((await proof(database)).differences, []);
};

const line = uuidv7();
const own = uuidv7();

test("two operators lend a line; its lender gives of it to members who let it, and to nobody else", async () => {
  const alone = await fetch(`${guarantor.url}/v1/lent-lines/${line}`, {
    method: "PUT",
    headers: { ...staff, "content-type": "application/json" },
    body: JSON.stringify({ lender: other.id, currency: "JPY", limit: 10_000 }),
  });
  assert.equal(((await alone.json()) as Json)["code"], "four_eyes_required");
  const lent = await lendTo(other.id, 10_000, line);
  assert.equal(lent.status, 200, lent.text);
  assert.equal((await lendTo(other.id, 5000)).json["code"], "already_exists");
  const unasked = await give(line, other.key, hana, 4000);
  const nobody = await at("POST", `/v1/lent-lines/${line}/members`, bearer(other.key), {
    member: "1234567897",
    limit: 1,
  });
  assert.equal(unasked.status, 404);
  assert.ok([404, 422].includes(nobody.status), nobody.text);
  for (const path of ["members", "calls"]) {
    const who = path === "calls" ? staff : bearer(other.key);
    const member = dammAppend("9".repeat(18));
    const body = path === "calls" ? { member } : { member, limit: 1 };
    const long = await at("POST", `/v1/lent-lines/${line}/${path}`, who, body);
    assert.equal(long.status, 422, long.text);
  }
  assert.equal((await allow(hana, other.id)).status, 200);
  assert.equal((await allow(ken, other.id)).status, 200);
  const given = await give(line, other.key, hana, 4000);
  assert.equal(given.status, 200, given.text);
  assert.equal((await give(line, other.key, ken, 6001)).json["code"], "lent_line_exceeded");
  assert.equal((await give(line, other.key, ken, 6000)).status, 200);
  assert.equal((await give(line, other.key, hana, 4001)).json["code"], "lent_line_exceeded");
  assert.equal((await lineOf(line))["given"], 10_000);
  await prove();
});

test("a lender sees its own members by their numbers, and another lender nothing", async () => {
  const { json, text } = await at("GET", `/v1/lent-lines/${line}/members`, bearer(other.key));
  assert.deepEqual(
    (json["items"] as Json[]).map(({ member }) => String(member)).toSorted(),
    [hana.number, ken.number].toSorted(),
  );
  assert.doesNotMatch(text, /Hana|Sato|example\.com/);
  assert.equal((await at("GET", `/v1/lent-lines/${line}/members`, bearer(shop.key))).status, 404);
  assert.equal((await give(line, shop.key, hana, 1)).status, 404);
  assert.deepEqual((await at("GET", "/v1/lent-lines", bearer(shop.key))).json["items"], []);
});

test("however many are given at once, never more than was lent", async () => {
  await allow(yui, other.id);
  await allow(sora, other.id);
  await give(line, other.key, ken, 0);
  const wishes = [yui, sora, ken, yui, sora, ken].map((member, index) =>
    give(line, other.key, member, 2500 + index),
  );
  const answers = await Promise.all(wishes);
  assert.ok(answers.every(({ status }) => status === 200 || status === 409));
  const { given, limit } = await lineOf(line);
  assert.ok(Number(given) <= Number(limit), `${String(given)} of ${String(limit)}`);
  await prove();
  for (const member of [yui, sora, ken]) await give(line, other.key, member, 0);
});

test("nobody pays: the guarantor pays the shop, the member owes, and after thirty days the lender makes it good", async () => {
  const before = await shopAccount();
  const number = await accepted(hana, 3000);
  await claim(number);
  assert.equal(await shopAccount(), before + 3000n);
  assert.equal((await partOf(line, hana))["used"], 3000);
  await world.advance("PT1H");
  await world.advance("P31D");
  const part = await partOf(line, hana);
  assert.deepEqual([part["state"], part["used"], part["limit"]], ["called", 0, 0]);
  const { owes, given } = await lineOf(line);
  assert.deepEqual([owes, given], [3000, 0]);
  assert.equal(await methodOf(hana), undefined, "they have no such line any more");
  await prove();
});

test("what is to be made good leaves less to give, until it is paid in", async () => {
  assert.equal((await give(line, other.key, ken, 7001)).json["code"], "lent_line_exceeded");
  const { account } = await lineOf(line);
  const transfer = {
    id: uuidv7(),
    kind: "deposit",
    account,
    currency: "JPY",
    amount: 3000,
    reference: "till",
  };
  const paid = await at("POST", "/v1/transfers", staff, { ...transfer, reason: "made good" });
  assert.equal(paid.status, 201, paid.text);
  assert.equal((await lineOf(line))["owes"], 0);
  assert.equal((await give(line, other.key, ken, 7001)).status, 200);
  await prove();
});

test("what comes back to a line that was called is its lender's", async () => {
  const number = await accepted(ken, 2000);
  await claim(number);
  const called = await at("POST", `/v1/lent-lines/${line}/calls`, staff, { member: ken.number });
  assert.equal(called.json["amount"], 2000, called.text);
  assert.equal((await lineOf(line))["owes"], 2000);
  const back = await at("POST", `/v1/trades/${number}/refund`, bearer(shop.key), {
    amount: 500,
    reason: "late",
  });
  assert.equal(back.status, 200, back.text);
  await world.advance("PT2M");
  assert.equal((await lineOf(line))["owes"], 1500);
  await prove();
});

test("of what comes back to it later the lender has what it made good, and the member what they have paid themselves", async () => {
  assert.equal((await give(line, other.key, ken, 5000)).status, 200);
  const [debt] = await database.query<{ account: string }>(
    rawSql("select account from lent_shares where line = $1 and state = 'open' and most = 5000", [line]),
  );
  const money = { account: debt?.account, currency: "JPY", reference: "bank", reason: "the member has paid" };
  const move = (kind: string, amount: number) =>
    at("POST", "/v1/transfers", staff, {
      ...money,
      id: uuidv7(),
      kind,
      amount,
      ...(kind === "withdrawal" ? { operator: spoken } : {}),
    });
  const paid = await accepted(ken, 1000);
  await claim(paid);
  assert.equal((await move("deposit", 1000)).status, 201);
  assert.match((await move("withdrawal", 1)).text, /kind credit/, "credit is no money to take out");
  const unpaid = await accepted(ken, 2000);
  await claim(unpaid);
  const called = await at("POST", `/v1/lent-lines/${line}/calls`, staff, { member: ken.number });
  assert.equal(called.json["amount"], 2000, called.text);
  assert.equal((await lineOf(line))["owes"], 3500);
  for (const [number, amount] of [
    [paid, 1000],
    [unpaid, 1500],
  ] as const) {
    const body = { amount, reason: "late" };
    assert.equal((await at("POST", `/v1/trades/${number}/refund`, bearer(shop.key), body)).status, 200);
    await world.advance("PT2M");
  }
  assert.equal((await lineOf(line))["owes"], 1500);
  assert.equal((await accountOf(debt?.account))["posted"], 500);
  await prove();
  const beyond = await move("withdrawal", 501);
  assert.equal(beyond.json["code"], "insufficient_funds", beyond.text);
  const out = await move("withdrawal", 500);
  assert.equal(out.status, 201, out.text);
  await prove();
});

test("the thirty days are those of the oldest that is owed: who pays and buys anew is not called", async () => {
  assert.equal((await give(line, other.key, sora, 4000)).status, 200);
  const [debt] = await database.query<{ account: string }>(
    rawSql("select account from lent_shares where line = $1 and state = 'open' and most = 4000", [line]),
  );
  await claim(await accepted(sora, 1000));
  await world.advance("PT2M");
  await claim(await accepted(sora, 500));
  const paid = { account: debt?.account, currency: "JPY", amount: 1000, reference: "bank", reason: "paid" };
  const deposit = await at("POST", "/v1/transfers", staff, { ...paid, id: uuidv7(), kind: "deposit" });
  assert.equal(deposit.status, 201, deposit.text);
  await world.advance("P12D");
  assert.deepEqual([(await partOf(line, sora))["state"], (await partOf(line, sora))["used"]], ["open", 500]);
  await world.advance("P20D");
  assert.equal((await partOf(line, sora))["state"], "called");
  await prove();
});

test("a shop that sells to members of its own is paid nothing by the guarantor but what they pay", async () => {
  await lendTo(shop.id, 20_000, own);
  await allow(yui, shop.id);
  assert.equal((await give(own, shop.key, yui, 5000)).status, 200);
  const before = await shopAccount();
  const number = await accepted(yui, 4000);
  await claim(number);
  assert.equal(await shopAccount(), before, "nothing that it could take out");
  const { paidIn, account } = await lineOf(own);
  assert.equal(paidIn, 4000, "it stands beside what its member owes");
  assert.equal((await partOf(own, yui))["used"], 4000);
  const out = { id: uuidv7(), kind: "withdrawal", account, currency: "JPY", amount: 4000, reference: "out" };
  assert.equal((await at("POST", "/v1/transfers", staff, { ...out, reason: "out" })).status, 422);
  await prove();
  const [debt] = await database.query<{ account: string }>(
    rawSql("select account from lent_shares where line = $1 and state = 'open'", [own]),
  );
  const deposit = { id: uuidv7(), kind: "deposit", account: debt?.account, currency: "JPY", amount: 1500 };
  await at("POST", "/v1/transfers", staff, { ...deposit, reference: "bank", reason: "the member has paid" });
  await world.advance("PT1H");
  assert.equal(await shopAccount(), before + 1500n, "what they have paid is the shop's");
  await world.advance("P31D");
  assert.deepEqual(
    [(await lineOf(own))["owes"], (await lineOf(own))["paidIn"]],
    [0, 0],
    "and the rest is nobody's",
  );
  await prove();
});

test("what a member pays at a counter frees their part, as on any line", async () => {
  assert.equal((await give(own, shop.key, yui, 5000)).status, 200);
  const number = await accepted(yui, 1000);
  await until("it is due", async () => (await pay(number, 1000)).status === 201);
  await until(
    "it is settled",
    async () => (await at("GET", `/v1/trades/${number}`, staff)).json["state"] === "settled",
  );
  await at("POST", `/v1/guarantees/${number}/release`, bearer(shop.key), {});
  const part = await partOf(own, yui);
  assert.deepEqual([part["used"], part["held"]], [0, 0]);
  await prove();
});

test("a member takes their leave back: what is in use goes on, and nothing more is given", async () => {
  const held = await accepted(yui, 800);
  const stopped = await at("DELETE", `/v1/members/${yui.number}/lenders/${shop.id}`, as(yui));
  assert.equal(stopped.status, 200, stopped.text);
  assert.deepEqual([(await partOf(own, yui))["limit"], (await partOf(own, yui))["held"]], [800, 800]);
  assert.equal((await give(own, shop.key, yui, 5000)).status, 404);
  assert.equal((await at("GET", `/v1/trades/${held}`, staff)).json["state"], "accepted");
  await prove();
});

test("one operator stops a line: members have what is in use, and two let it go on", async () => {
  await allow(yui, shop.id);
  assert.equal((await give(own, shop.key, yui, 5000)).status, 200);
  const stopped = await at("POST", `/v1/lent-lines/${own}/stop`, staff, {});
  assert.equal(stopped.status, 200, stopped.text);
  assert.equal((await give(own, shop.key, yui, 6000)).json["code"], "lent_line_exceeded");
  await world.advance("PT2M");
  const part = await partOf(own, yui);
  assert.equal(part["limit"], part["held"]);
  await prove();
  assert.equal((await lendTo(shop.id, 20_000, own)).json["stoppedAt"], null);
  assert.equal((await give(own, shop.key, yui, 5000)).status, 200);
});

test("two operators call what both have seen: where something else is owed by then, it is asked anew", async () => {
  await allow(sora, other.id);
  const given = await give(line, other.key, sora, 1700);
  assert.equal(given.status, 200, given.text);
  await claim(await accepted(sora, 1500));
  const asked = await fetch(`${guarantor.url}/v1/lent-lines/${line}/calls`, {
    method: "POST",
    headers: { ...staff, "content-type": "application/json" },
    body: JSON.stringify({ member: sora.number }),
  });
  const { act } = (await asked.json()) as { act: string };
  const shares = rawSql("select account from lent_shares where line = $1 and most = 1700", [line]);
  const [debt] = await database.query<{ account: string }>(shares);
  const paid = { id: uuidv7(), kind: "deposit", account: debt?.account, currency: "JPY", amount: 500 };
  const wish = { ...paid, reference: "bank", reason: "a part" };
  assert.equal((await at("POST", "/v1/transfers", staff, wish)).status, 201);
  const [, second] = guarantor.demo.operators;
  assert.ok(second);
  const agrees = await at(
    "POST",
    `/v1/operator-acts/${act}/confirm`,
    await signIn(guarantor.url, second),
    {},
  );
  assert.equal(agrees.json["code"], "amount_mismatch", agrees.text);
  const called = await at("POST", `/v1/lent-lines/${line}/calls`, staff, { member: sora.number });
  assert.equal(called.json["amount"], 1000, called.text);
  await prove();
});

test("the database keeps what was lent, whoever writes", async () => {
  await assert.rejects(
    database.execute(rawSql("update lent_lines set given = most + 1")),
    /no_more_than_lent/,
  );
  await assert.rejects(
    database.execute(rawSql("update accounts set posted = floor - 1 where kind = 'lender'")),
    /floor_kept/,
  );
  assert.equal((await accountOf((await lineOf(own))["account"]))["kind"], "lender");
});
