/** What is paid under a trade number says that number where the owner of an account reads it: in entries, statements and on pages. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Headers, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { codeOf, newNumber, openCounters, tillOf } from "../../../test/support/world/counters.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { accounts, admin, ask, audit, call, demo, operator, tell, url } = world;
const store = await world.collector();
const { pay, opened } = tillOf(world, store);
const [shop] = demo.shops;
const [hana] = demo.members;
assert.ok(shop && hana && demo.ties);
const byShop = bearer(shop.key);

const entriesOf = async (account: string, who: Headers): Promise<Json[]> => {
  const { status, json, text } = await call("GET", `/v1/accounts/${account}/entries?limit=50`, who);
  assert.equal(status, 200, text);
  return json["items"] as Json[];
};
/** Of the entries of an account, what moved under a number. */
const under = async (account: string, number: string, who: Headers): Promise<unknown[]> =>
  (await entriesOf(account, who))
    .filter(({ tradeNumber }) => tradeNumber === number)
    .map(({ posted }) => posted);

const statementOf = async (form: string): Promise<string> => {
  const reply = await fetch(`${url}/v1/accounts/${accounts.shop}/statement?form=${form}`, {
    headers: byShop,
  });
  assert.equal(reply.status, 200);
  return reply.text();
};

test("the shop is credited with the trade number: what was paid, what the collector had of it, and what went back", async () => {
  const { json } = await call("GET", `/v1/collectors/${store.id}`, operator);
  const fee = { fixed: 30, basisPoints: 0, borneBy: "payee" };
  const rule = { name: json["name"], channel: "konbini", limits: {}, fee };
  assert.equal((await call("PUT", `/v1/collectors/${store.id}`, operator, rule)).status, 200);
  const [{ number, told }, other] = [await opened(1000), await opened(500)];
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  assert.equal(await codeOf(pay(other.number, 500)), "taken");
  const sources = [
    { account: told["payee"], amount: 392 },
    { account: (told["fee"] as Json)["account"], amount: 8 },
  ];
  const back = { do: "reimburse", id: uuidv7(), tradeNumber: number, total: 400, sources };
  const [answer] = await tell([back]);
  assert.equal(answer?.status, 200, JSON.stringify(answer));

  assert.deepEqual(await under(accounts.shop, number, byShop), [-392, -30, 980]);
  assert.deepEqual(await under(accounts.own, number, operator), [-8, 20]);
  assert.deepEqual(await under(accounts.shop, other.number, byShop), [-30, 490]);
  assert.deepEqual(await under(store.account, number, store.key), [30, -20, -980]);

  const [head = [], ...rows] = (await statementOf("csv"))
    .trim()
    .split("\r\n")
    .map((row) => row.split(","));
  const at = (name: string) => head.indexOf(name);
  const said = rows.filter((row) => row[at("trade_number")] === number).map((row) => row[at("amount")]);
  assert.deepEqual(said, ["980", "-30", "-392"]);
  const camt = await statementOf("camt053");
  const named = `<RmtInf><Strd><CdtrRefInf><Ref>${number}</Ref></CdtrRefInf></Strd></RmtInf>`;
  assert.equal(camt.split(named).length - 1, 3, camt);
});

test("what was frozen for another server says the number that the server gave with it; a deposit says none", async () => {
  const [tied] = demo.ties?.members ?? [];
  assert.ok(tied);
  const [{ account } = assert.fail()] = await admin.query<{ account: string }>({
    text: "select account from consents where id = $1",
    values: [tied.consent],
  });
  const number = newNumber();
  const { payee } = world.due(number, 1) as { payee: string };
  const id = uuidv7();
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const reserve = {
    do: "reserve",
    id,
    tradeNumber: number,
    account: tied.consent,
    payee,
    amount: 700,
    currency: "JPY",
    until,
  };
  const settle = { do: "settle", id: uuidv7(), reservation: id, amount: 600 };
  const done = await ask("/v1/reservations/batch", { instructions: [reserve, settle] });
  assert.equal(done.status, 200, JSON.stringify(done));
  const who = await signIn(url, tied);
  const deposit = { id: uuidv7(), kind: "deposit", account, amount: 50, currency: "JPY", reference: "slip" };
  assert.equal((await call("POST", "/v1/transfers", operator, deposit)).status, 201);
  assert.deepEqual(await under(account, number, who), [-600, 0], JSON.stringify(done.body));
  assert.deepEqual(await under(accounts.shop, number, byShop), [600]);
  const [newest] = await entriesOf(account, who);
  assert.deepEqual([newest?.["reference"], newest?.["tradeNumber"]], ["slip", null]);
});

test("the pages of accounts show it, to the shop and to the member who pays from an account, in both languages", async () => {
  const { number } = await opened(800);
  const who = await signIn(url, hana);
  const member = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
  const account = String((member.json["methods"] as Json[])[0]?.["account"]);
  const form = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const fields = new URLSearchParams({ account, amount: "800", currency: "JPY", key: "once" });
  assert.equal((await request(`${url}/pay-due/${number}`, "POST", form, fields.toString())).status, 303);
  const pages = [
    [`/shop/accounts/${accounts.shop}/entries`, byShop],
    [`/accounts/${account}`, who],
  ] as const;
  for (const [path, reader] of pages)
    for (const language of ["en", "ja"]) {
      const { status, text } = await request(`${url}${path}`, "GET", {
        ...reader,
        "accept-language": language,
      });
      assert.equal(status, 200, path);
      assert.ok(text.includes(`data-number="${number}"`), `${path} in ${language}`);
    }
  assert.deepEqual(await under(account, number, who), [-16, -784]);
  assert.deepEqual(await audit(), []);
});
