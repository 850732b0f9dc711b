import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  join,
  type Json,
  peopleServer,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { makeLog, makeServer } from "../http/http.ts";
import { audit, closeAccounts, houseAccount, postOne, readAccounts } from "../../storage/ledger/ledger.ts";
import { findMember, listMethods, readMethods } from "../../storage/members/members.ts";
import { listShopAccounts } from "../../storage/parties/parties.ts";
import { registerLedgerRoutes } from "./ledger-routes.ts";
import { oneOperator } from "../../../test/support/world/operators.ts";
import { access } from "../api/api.ts";

// Its own server has the routes of the ledger only: nobody could confirm there (test/operators.test.ts).
const { context, demo, call: people } = await peopleServer({ after }, { rules: oneOperator });
const { database } = context;
const server = await makeServer({
  name: "institution",
  version: "0",
  access,
  log: makeLog("institution", "silent"),
  ready: () => Promise.resolve(true),
  secureCookies: false,
});
registerLedgerRoutes(server, context);
after(() => server.close());

async function call(
  method: "GET" | "POST",
  url: string,
  who: Who,
  body?: Json,
): Promise<{ status: number; body: Json; code: unknown }> {
  const headers = { ...who, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const reply = await server.inject({ method, url, headers, ...payload });
  const read = reply.json<Json>();
  return { status: reply.statusCode, body: read, code: read["code"] };
}

const [shop, otherShop] = demo.shops;
const [rich, poor, credit] = demo.members;
if (!shop || !otherShop || !rich || !poor || !credit) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const asRich = await signInAs(people, rich);
const asPoor = await signInAs(people, poor);

async function accountOf(number: string): Promise<string> {
  const member = await findMember(database, BigInt(number));
  const [method] = await listMethods(database, member?.id ?? "");
  return method?.account ?? "";
}

async function shopAccount(key: string, currency = "JPY"): Promise<string> {
  const caller = await context.identity.identify({ authorization: `Bearer ${key}`, session: undefined });
  const accounts = await listShopAccounts(database, caller.id);
  return accounts.find((each) => each.currency === currency)?.account ?? "";
}

const richAccount = await accountOf(rich.number);
const poorAccount = await accountOf(poor.number);
const creditAccount = await accountOf(credit.number);
const ownAccount = await shopAccount(shop.key);
const foreignAccount = await shopAccount(otherShop.key);

const wish = (change: Json = {}): Json => {
  return {
    id: uuidv7(),
    kind: "deposit",
    account: poorAccount,
    amount: 100,
    currency: "JPY",
    reference: "slip 1",
    ...change,
  };
};
const transfer = (body: Json, who = admin) => call("POST", "/v1/transfers", who, body);

test("an account shows its owner and operators what it holds and what is free", async () => {
  for (const who of [asRich, admin]) {
    const { status, body } = await call("GET", `/v1/accounts/${richAccount}`, who);
    assert.equal(status, 200);
    const { posted, held, floor, available, ...rest } = body;
    assert.equal(Number(posted) - Number(held) - Number(floor), available);
    assert.deepEqual(rest, { id: richAccount, kind: "deposit", currency: "JPY", closed: false });
  }
  const own = await call("GET", `/v1/accounts/${ownAccount}`, atShop);
  assert.deepEqual([own.status, own.body["kind"]], [200, "shop"]);
  const outside = await call("GET", `/v1/accounts/${houseAccount("outside", "JPY")}`, admin);
  assert.deepEqual([outside.status, outside.body["floor"]], [200, null]);
});

const readings: [string, Who, string, number, string][] = [
  ["another member", asPoor, richAccount, 404, "not_found"],
  ["a shop", atShop, richAccount, 404, "not_found"],
  ["another shop", atShop, foreignAccount, 404, "not_found"],
  ["a member, of the house", asRich, houseAccount("outside", "JPY"), 404, "not_found"],
  ["nobody", {}, richAccount, 401, "not_authenticated"],
  ["a stranger's key", bearer(`ks_${"0".repeat(40)}`), richAccount, 401, "not_authenticated"],
  ["an operator, of what is not there", admin, uuidv7(), 404, "not_found"],
  ["an operator, of what is no id", admin, "1", 422, "invalid_field"],
];

for (const [who, headers, id, status, code] of readings) {
  test(`an account and its statement, asked for by ${who}: ${code}`, async () => {
    for (const path of ["", "/entries"]) {
      const reply = await call("GET", `/v1/accounts/${id}${path}`, headers);
      assert.deepEqual([reply.status, reply.code], [status, code]);
    }
  });
}

test("a deposit, a withdrawal and a payout move money once, however often they are sent", async () => {
  const { who, methods } = await join(context, people, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const [account = ""] = await Promise.all(methods.map(({ id }) => accountOfMethod(String(id))));
  const deposit = wish({ account, amount: 500 });
  const replies = await Promise.all([1, 2, 3, 4].map(() => transfer(deposit)));
  assert.deepEqual(
    replies.map(({ status }) => status),
    [201, 201, 201, 201],
  );
  assert.equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1);
  const { at, ...answer } = replies[0]?.body ?? {};
  assert.deepEqual([answer, typeof at], [{ ...deposit, suspended: false }, "string"]);
  assert.equal((await transfer(wish({ account, kind: "withdrawal", amount: 120 }))).status, 201);
  const { body } = await call("GET", `/v1/accounts/${account}`, who);
  assert.equal(body["posted"], 380);
  assert.equal((await transfer(wish({ account: ownAccount, amount: 70 }))).status, 201);
  assert.equal(
    (await transfer(wish({ account: ownAccount, kind: "payout", amount: 30 }), atShop)).status,
    201,
  );
  assert.equal((await transfer(wish({ account: ownAccount, kind: "payout", amount: 40 }))).status, 201);
  assert.equal((await call("GET", `/v1/accounts/${ownAccount}`, atShop)).body["posted"], 0);
});

async function accountOfMethod(method: string): Promise<string> {
  const sought = { methods: [method], people: [], memberNumbers: [], mandates: [] };
  return (await readMethods(database, sought))[0]?.account ?? "";
}

const refused: [string, Json, number, string, Who?][] = [
  ["nothing", { amount: 0 }, 422, "invalid_field"],
  ["less than nothing", { amount: -1 }, 422, "invalid_field"],
  ["a fraction", { amount: 1.5 }, 422, "invalid_field"],
  ["a text", { amount: "100" }, 422, "invalid_field"],
  ["more than JSON can say", { amount: 2 ** 53 }, 422, "invalid_field"],
  ["no amount", { amount: undefined }, 422, "invalid_field"],
  ["no reference", { reference: undefined }, 422, "invalid_field"],
  ["an empty reference", { reference: "" }, 422, "invalid_field"],
  ["a card number", { reference: "4111 1111 1111 1111" }, 422, "card_number_refused"],
  ["a field too many", { from: ownAccount }, 422, "invalid_field"],
  ["an id that is none", { id: "1" }, 422, "invalid_field"],
  ["no such kind", { kind: "gift" }, 422, "invalid_field"],
  ["another currency", { currency: "USD" }, 422, "currency_mismatch"],
  ["a currency not kept here", { currency: "KWD" }, 422, "currency_mismatch"],
  ["no such currency", { currency: "XXQ" }, 422, "unknown_currency"],
  ["no such account", { account: uuidv7() }, 404, "not_found"],
  ["the house itself", { account: houseAccount("outside", "JPY") }, 422, "invalid_field"],
  ["more than is there", { kind: "withdrawal", amount: 2 ** 50 }, 402, "insufficient_funds"],
  ["cash from a credit line", { kind: "withdrawal", account: creditAccount }, 422, "invalid_field"],
  ["a member's money as a payout", { kind: "payout" }, 422, "invalid_field"],
  ["a shop's money as a withdrawal", { kind: "withdrawal", account: ownAccount }, 422, "invalid_field"],
  ["a payout of nothing earned", { kind: "payout", account: foreignAccount }, 402, "insufficient_funds"],
  ["nobody", {}, 401, "not_authenticated", {}],
  ["a member", { account: richAccount }, 403, "not_allowed", asRich],
  ["a shop that deposits", { account: ownAccount }, 403, "not_allowed", atShop],
  ["a shop that withdraws", { kind: "withdrawal" }, 403, "not_allowed", atShop],
  ["a shop, another's money", { kind: "payout", account: foreignAccount }, 404, "not_found", atShop],
  ["a shop, a member's money", { kind: "payout", account: richAccount }, 404, "not_found", atShop],
];

for (const [what, change, status, code, who] of refused) {
  test(`a transfer is refused: ${what}`, async () => {
    const ids = [poorAccount, ownAccount, foreignAccount];
    const before = await readAccounts(database, ids);
    const reply = await transfer(wish(change), who ?? admin);
    assert.deepEqual([reply.status, String(reply.code)], [status, code], JSON.stringify(reply.body));
    assert.deepEqual(await readAccounts(database, ids), before);
  });
}

test("an id used for something else is refused by the name of the field", async () => {
  const first = wish();
  assert.equal((await transfer(first)).status, 201);
  const changes: Json[] = [
    { kind: "withdrawal" },
    { account: richAccount },
    { amount: 101 },
    { currency: "USD" },
    { reference: "slip 2" },
  ];
  for (const change of changes) {
    const reply = await transfer({ ...first, ...change });
    assert.deepEqual([reply.status, reply.code], [409, "command_id_reused"]);
    assert.deepEqual((reply.body["errors"] as Json[])[0]?.["pointer"], `/${Object.keys(change)[0]}`);
  }
  const id = uuidv7();
  const until = new Date("2100-01-01T00:00:00Z");
  await database.transaction((client) =>
    postOne(client, { do: "hold", id, account: richAccount, currency: "JPY", amount: 1n, until }),
  );
  assert.equal((await transfer(wish({ id }))).code, "command_id_reused");
  assert.equal((await transfer(wish({ id }))).code, "command_id_reused");
});

test("the largest amounts there are neither overflow nor are rounded", async () => {
  const { who, methods } = await join(context, people, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const account = await accountOfMethod(String(methods[0]?.["id"]));
  const posted: unknown[] = [];
  for (let time = 0; time < 2; time += 1) {
    assert.equal((await transfer(wish({ account, amount: Number.MAX_SAFE_INTEGER }))).status, 201);
    posted.push((await call("GET", `/v1/accounts/${account}`, who)).body["posted"]);
  }
  assert.deepEqual(posted, [Number.MAX_SAFE_INTEGER, null]);
});

test("a closed account takes no transfers", async () => {
  const { methods } = await join(context, people, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const account = await accountOfMethod(String(methods[0]?.["id"]));
  await closeAccounts(database, [account]);
  const reply = await transfer(wish({ account }));
  assert.deepEqual([reply.status, reply.code], [409, "account_closed"]);
});

test("a statement is read page by page, newest first, with what was said of each transfer", async () => {
  const { who, methods } = await join(context, people, { methods: [{ kind: "deposit", currency: "JPY" }] });
  const account = await accountOfMethod(String(methods[0]?.["id"]));
  for (let amount = 1; amount <= 5; amount += 1) {
    assert.equal((await transfer(wish({ account, amount, reference: `slip ${amount}` }))).status, 201);
  }
  const seen: Json[] = [];
  let next = "";
  do {
    const { status, body } = await call("GET", `/v1/accounts/${account}/entries?limit=2${next}`, who);
    assert.equal(status, 200);
    seen.push(...(body["items"] as Json[]));
    next = typeof body["next"] === "string" ? `&after=${body["next"]}` : "";
  } while (next !== "");
  assert.deepEqual(
    seen.map(({ posted }) => posted),
    [5, 4, 3, 2, 1],
  );
  const { id, at, ...newest } = seen[0] ?? {};
  assert.deepEqual([typeof id, typeof at], ["string", "string"]);
  assert.deepEqual(newest, {
    kind: "deposit",
    currency: "JPY",
    posted: 5,
    held: 0,
    hold: null,
    until: null,
    reference: "slip 5",
    tradeNumber: null,
  });
  for (const query of ["after=nonsense", "after=", "limit=0", "limit=x", "page=2"]) {
    const { code } = await call("GET", `/v1/accounts/${account}/entries?${query}`, who);
    assert.equal(code, "invalid_field", query);
  }
});

test("after all of this the books are sound", async () => {
  assert.deepEqual((await audit(database)).differences, []);
});
