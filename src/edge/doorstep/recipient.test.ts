import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  join,
  type Json,
  peopleServer,
  type Reply,
  signInAs,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { spoken } from "../../../test/support/world/operators.ts";
import { rawSql } from "../../storage/database/database.ts";
import { makeLog, makeServer } from "../http/http.ts";
import { access, registerTradeRoutes } from "../api/api.ts";
import { registerDoorstepRoutes } from "./doorstep.ts";

const { context, engine, demo, call } = await peopleServer({ after });
const { database } = context;
const [shop] = demo.shops;
const [hana] = demo.members;
const [demoCarrier] = demo.carriers;
const [demoOperator] = demo.operators;
if (!shop || !hana || !demoCarrier || !demoOperator) throw new Error("The demo is not whole.");
const atShop = bearer(shop.key);
const buyer = await signInAs(call, hana);
const carrier = await signInAs(call, demoCarrier);
const operator = await signInAs(call, demoOperator);
const stranger = await join(context, call);

const secretPrice = 4321;

/** A present that is reserved and on its way. */
async function newGift(change: Json = {}): Promise<string> {
  const { status, body } = await call("POST", "/v1/trades", atShop, {
    buyer: { member: hana?.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 3, unitAmount: secretPrice }],
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
    acceptance: { by: ["recipient"] },
    recipient: { name: "Aki Sato", address: "2-2 Kyoto" },
    carrier: demoCarrier?.id,
    ...change,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["number"]);
}

const get = (path: string, who: Who): Promise<Reply> => call("GET", `/v1/trades/${path}`, who);
const post = (path: string, who: Who, body?: Json): Promise<Reply> =>
  call("POST", `/v1/trades/${path}`, who, body);
const other = (code: string): string => String((Number(code) + 1) % 10 ** 8).padStart(8, "0");

/** What the recipient is given: the link by the buyer, the code by the shop. */
async function secretsOf(number: string): Promise<{ link: string; code: string }> {
  const link = (await get(`${number}/recipient-link`, buyer)).body["link"];
  const code = (await get(`${number}/recipient-link`, atShop)).body["code"];
  return { link: String(link), code: String(code) };
}

async function sessionFor(number: string): Promise<Who> {
  const { status, body } = await post(`${number}/recipient-session`, {}, await secretsOf(number));
  assert.equal(status, 201, JSON.stringify(body));
  return bearer(body["token"]);
}

test("nobody but the recipient is told both link and code", async () => {
  const number = await newGift();
  const told = async (who: Who) => (await get(`${number}/recipient-link`, who)).body;
  const { link, code } = await secretsOf(number);
  assert.match(link, /\/gift\/kg_[0-9]{14}_[0-9a-f]{40}$/);
  assert.match(code, /^[0-9]{8}$/);
  assert.deepEqual(await told(atShop), { link: null, code });
  assert.deepEqual(await told(buyer), { link, code: null });
  for (const who of [carrier, operator])
    assert.equal((await get(`${number}/recipient-link`, who)).code, "not_allowed");
  assert.equal((await get(`${number}/recipient-link`, stranger.who)).code, "not_found");
  assert.equal((await get(`${number}/recipient-link`, {})).code, "not_authenticated");
  const plain = await newGift({ acceptance: { by: ["buyer"] } });
  assert.equal(
    (await get(`${plain}/recipient-link`, atShop)).code,
    "not_found",
    "this recipient accepts nothing",
  );
});

test("link and code make a session that accepts; neither does so alone, nor for another trade", async () => {
  const [one, two] = [await newGift(), await newGift()];
  const mine = await secretsOf(one);
  const theirs = await secretsOf(two);
  const cases: [string, Json, number][] = [
    ["a wrong code", { ...mine, code: other(mine.code) }, 403],
    ["the code of another trade", { ...mine, code: theirs.code }, 403],
    ["the link of another trade", { ...mine, link: theirs.link }, 403],
    ["the link of the buyer", { ...mine, link: context.links.tokenFor(one) }, 403],
    ["a link with its end cut off", { ...mine, link: mine.link.slice(0, -1) }, 403],
    ["no link", { code: mine.code }, 422],
    ["no code", { link: mine.link }, 422],
  ];
  for (const [name, body, status] of cases)
    assert.equal((await post(`${one}/recipient-session`, {}, body)).status, status, name);
  const recipient = await sessionFor(one);
  assert.equal((await get(two, recipient)).code, "not_found");
  assert.equal((await post(`${two}/accept`, recipient, {})).code, "not_found");
  for (const move of ["cancel", "dispute", "extend", "refund", "revise", "approve", "deliver", "at-door"]) {
    const body = { amount: 1, reason: "x", until: "2031-01-01T00:00:00Z" };
    const { status } = await post(`${one}/${move}`, recipient, body);
    assert.ok(status === 403 || status === 422, `${move}: ${status}`);
  }
  const lines = [{ line: 1, quantity: 1 }];
  assert.equal((await post(`${one}/reject`, recipient, { lines, reason: "broken" })).status, 200);
  const accepted = await post(`${one}/accept`, recipient, {});
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body));
  assert.equal((await get(one, atShop)).body["settled"], 2 * secretPrice);
});

test("the recipient sees neither price nor payer, wherever they look", async () => {
  const number = await newGift();
  const recipient = await sessionFor(number);
  const mandate = String(hana.mandates[shop.key]);
  const seen: Reply[] = [];
  const look = async (): Promise<void> => {
    for (const path of [number, `${number}/events`, `${number}/recipient`])
      seen.push(await get(path, recipient));
    seen.push(await call("GET", "/v1/trades", recipient));
  };
  await look();
  const listed = seen.at(-1)?.body["items"] as Json[];
  assert.deepEqual(
    listed.map((trade) => trade["number"]),
    [number],
    "the list holds this trade and no other",
  );
  await post(`${number}/extend`, atShop, { until: new Date(Date.now() + 40 * 86_400_000).toISOString() });
  await post(`${number}/at-door`, carrier, {});
  const lines = [{ line: 1, quantity: 1 }];
  seen.push(await post(`${number}/accept`, recipient, { lines: [{ line: 9, quantity: 1 }] }));
  seen.push(await post(`${number}/accept`, recipient, { lines }));
  seen.push(await post(`${number}/reject`, recipient, { lines, reason: "broken" }));
  await post(`${number}/return`, atShop, {});
  await post(`${number}/accept`, recipient, {});
  seen.push(await post(`${number}/accept`, recipient, {}));
  await post(`${number}/refund`, atShop, { amount: 100, reason: "x" });
  await look();
  // As values: the same digits may stand in a number or an id that is drawn by chance.
  const prices = new RegExp(
    `[:[](?:${[1, 2, 3].map((quantity) => quantity * secretPrice).join("|")})[,}\\]]`,
  );
  assert.match(JSON.stringify((await get(number, buyer)).body), prices);
  const fields = [
    "amount",
    "unitAmount",
    "frozen",
    "settled",
    "fee",
    "currency",
    "buyer",
    "method",
    "payment",
  ];
  const buyersView = JSON.stringify((await get(number, buyer)).body);
  for (const field of fields.filter((name) => name !== "fee" && name !== "method"))
    assert.ok(buyersView.includes(`"${field}":`), `the buyer sees ${field}`);
  for (const { body } of seen) {
    const text = JSON.stringify(body);
    assert.doesNotMatch(text, prices);
    for (const secret of [hana.number, mandate]) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    for (const field of fields) assert.ok(!text.includes(`"${field}":`), `${field} in ${text}`);
  }
});

test("at the door the recipient gives a code of their own, and the buyer of the gift has none", async () => {
  const number = await newGift();
  const recipient = await sessionFor(number);
  await post(`${number}/at-door`, carrier, {});
  assert.equal((await get(`${number}/door-code`, buyer)).code, "not_an_acceptor");
  for (const who of [atShop, carrier, operator])
    assert.equal((await get(`${number}/door-code`, who)).code, "not_allowed");
  const { code } = (await get(`${number}/door-code`, recipient)).body;
  assert.equal((await post(`${number}/accept`, carrier, { code })).status, 200);
  const { body } = await get(`${number}/events`, buyer);
  const accepted = (body["items"] as { type: string; data: Json }[]).find(
    ({ type }) => type === "trade.accepted",
  );
  assert.equal(accepted?.data["by"], "recipient");
});

test("where both have to accept, each has a code, and each counts for the one who gave it", async () => {
  const number = await newGift({ acceptance: { by: ["buyer", "recipient"], need: "all" } });
  const recipient = await sessionFor(number);
  for (const who of [buyer, recipient]) {
    assert.equal((await get(number, atShop)).body["settled"], 0);
    await post(`${number}/at-door`, carrier, {});
    const { code } = (await get(`${number}/door-code`, who)).body;
    assert.equal((await post(`${number}/accept`, carrier, { code })).status, 200);
  }
  assert.equal((await get(number, atShop)).body["settled"], 3 * secretPrice);
});

test("five wrong codes lock a recipient out until an operator unlocks; strangers without the link lock out nobody", async () => {
  const number = await newGift();
  const { link, code } = await secretsOf(number);
  const { doorstep, trades } = context;
  for (let tries = 0; tries < 7; tries += 1) {
    const wanted = tries < 5 ? "recipient_code_invalid" : "too_many_requests";
    await assert.rejects(
      doorstep.proveRecipient(trades, number, { code: other(code) }),
      (error: { problem: Json }) => error.problem["code"] === wanted,
    );
  }
  const wrong = { link, code: other(code) };
  const replies = await Promise.all(
    Array.from({ length: 30 }, () => post(`${number}/recipient-session`, {}, wrong)),
  );
  const count = (refused: string) => replies.filter((reply) => reply.code === refused).length;
  assert.deepEqual([count("recipient_code_invalid"), count("too_many_requests")], [5, 25]);
  assert.equal((await post(`${number}/recipient-session`, {}, { link, code })).code, "too_many_requests");
  assert.equal((await post(`${number}/recipient-link/unlock`, atShop)).code, "not_allowed");
  assert.equal(
    (await post(`${number}/recipient-link/unlock`, operator)).code,
    "invalid_field",
    "in whose name?",
  );
  const unlocked = await post(`${number}/recipient-link/unlock`, operator, { operator: spoken });
  assert.equal(unlocked.status, 204);
  assert.equal((await post(`${number}/recipient-session`, {}, { link, code })).status, 201);
});

test("once the recipient is erased, link, code and session open nothing", async () => {
  const number = await newGift();
  const recipient = await sessionFor(number);
  const secrets = await secretsOf(number);
  await post(`${number}/cancel`, atShop, {});
  await engine.sweeper.sweep();
  assert.equal((await get(number, recipient)).code, "not_found");
  assert.equal((await post(`${number}/recipient-session`, {}, secrets)).code, "recipient_code_invalid");
  const rows = await database.query(
    rawSql("select from recipient_sessions where trade = $1::bigint", [number]),
  );
  assert.ok(rows.length > 0, "the session is still there, and is nobody's");
});

/** Every row of every table, as text. */
async function everyRow(): Promise<string> {
  const tables = await database.query<{ name: string }>(
    rawSql("select tablename as name from pg_tables where schemaname = current_schema()"),
  );
  const read = tables.map(({ name }) =>
    database.query<{ row: string }>(rawSql(`select t::text as row from ${name} t`)),
  );
  return (await Promise.all(read)).flatMap((rows) => rows.map(({ row }) => row)).join("\n");
}

test("no code and no link stands in the database or in the log", async () => {
  const logged: string[] = [];
  const server = await makeServer({
    name: "institution",
    version: "0",
    access,
    secureCookies: false,
    ready: () => Promise.resolve(true),
    log: makeLog("institution", "trace", { write: (line) => void logged.push(line) }),
  });
  registerTradeRoutes(server, context);
  registerDoorstepRoutes(server, context, context.doorstep);
  const ask = async (method: "GET" | "POST", path: string, who: Who, payload?: Json): Promise<Json> => {
    const headers = payload === undefined ? who : { ...who, "content-type": "application/json" };
    const body = payload === undefined ? {} : { payload: JSON.stringify(payload) };
    const reply = await server.inject({ method, url: `/v1/trades/${path}`, headers, ...body });
    assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`);
    return reply.body === "" ? {} : reply.json<Json>();
  };
  const number = await newGift();
  const { link } = await ask("GET", `${number}/recipient-link`, buyer);
  const { code: giftCode } = await ask("GET", `${number}/recipient-link`, atShop);
  const { token } = await ask("POST", `${number}/recipient-session`, {}, { link, code: giftCode });
  await ask("POST", `${number}/at-door`, carrier, {});
  const { code } = await ask("GET", `${number}/door-code`, bearer(token));
  await server.inject({ method: "GET", url: new URL(String(link), "http://host").pathname });
  const atOnce = { ...carrier, "idempotency-key": `door-${number}` };
  await ask("POST", `${number}/accept`, atOnce, { code });
  await server.close();
  assert.ok(logged.length > 5, `the requests were logged: ${logged.join("")}`);
  const kept = `${await everyRow()}\n${logged.join("")}`;
  const seal = String(link).split("_").at(-1) ?? "";
  for (const secret of [giftCode, code, token, seal])
    assert.ok(!kept.includes(String(secret)), String(secret));
});

test("once the recipient is erased, what their code at the door has served keeps its answer, and nothing of them", async () => {
  const number = await newGift();
  await post(`${number}/at-door`, carrier, {});
  const recipient = await sessionFor(number);
  const { code } = (await get(`${number}/door-code`, recipient)).body;
  const key = { "idempotency-key": `erased-${number}` };
  const first = await post(`${number}/accept`, { ...carrier, ...key }, { code });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  await database.execute(rawSql("update test_clock set ahead = ahead + interval '15 days'"));
  await engine.sweeper.sweep();
  assert.equal((await get(number, recipient)).code, "not_found");
  assert.deepEqual(
    await database.query(
      rawSql("select from trade_recipients r join trades t on t.id = r.trade where t.number = $1::bigint", [
        number,
      ]),
    ),
    [],
  );
  const again = await post(`${number}/accept`, { ...(await signInAs(call, demoCarrier)), ...key }, { code });
  assert.deepEqual([again.status, again.replayed, again.body], [200, true, first.body]);
  const [use] = await database.query<{ columns: string[]; row: string }>(
    rawSql(
      `select array(select jsonb_object_keys(to_jsonb(u)) order by 1) as columns, u::text as row
       from door_uses u where trade = $1::bigint`,
      [number],
    ),
  );
  assert.deepEqual(use?.columns, ["at", "giver", "spender", "trade", "window_id"]);
  for (const secret of [String(code), "Aki Sato", "Kyoto"]) assert.ok(!use.row.includes(secret), secret);
});
