/**
 * No statement of a running server walks a table that grows, whatever PostgreSQL believes of the tables when it plans: a plan
 * is made once for a connection, often while all is empty, and kept. So each statement is planned over empty tables and over
 * tables that PostgreSQL takes for large.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createCollections } from "../src/engines/collections/collections.ts";
import {
  claimsThatWait,
  listGuarantees,
  listNearLines,
  noteGuarantees,
  noteLines,
  readSums,
} from "../src/engines/guarantees/guarantees.ts";
import { lookAtGuarantees } from "../src/engines/trades/trades.ts";
import { type Database, openDatabase, rawSql, uuidv7 } from "../src/storage/database/database.ts";
import { bearer, request, signIn, type Json } from "./support/wire/http.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { newNumber } from "./support/world/counters.ts";
import { facilitatorId, openPair } from "./support/world/pair.ts";
import { spoken } from "./support/world/operators.ts";
import { findWalks, recordStatements, swell } from "./support/world/plans.ts";
import { setStage } from "./support/world/stage.ts";
import { until } from "./support/world/world.ts";
import { keptAccountOf } from "../src/storage/ledger/ledger.ts";

const prepared = recordStatements(
  { after },
  ({ connectionParameters }) => connectionParameters?.options?.includes("force_generic_plan") === true,
);

const pair = await openPair({ after });
const { facilitator, institution } = pair;
const empty = await freshDatabase({ after }, "trading");

/** Tables with a row or two for each party or process, and those that an operator fills by hand. */
const small = new Set([
  "test_clock",
  "operators",
  "collectors",
  "shop_accounts",
  "standings",
  "stays",
  "operator_terms",
  "server_secret",
  "server_secrets",
  "signing_keys",
  "peer_keys",
  "log_halts",
  "feed_head",
  "trade_states",
  "guarantee_sums",
  "log_epochs",
  "commits",
  "secrets",
  "revoked_peer_keys",
  "unsealed_rows",
  "webhook_endpoints",
]);

/** What a start asks once, of everybody who does business here, before it serves anybody. */
const atStart = [
  "where looks is null",
  "not exists (select from shop_names where shop = parties.id)",
  "from parties p where p.kind = 'shop' and p.state <> 'applied' and $1 >",
];

/** What servers ask again and again. */
const served = () =>
  new Map(
    [...prepared].filter(([, text]) => !atStart.some((part) => text.replaceAll(/\s+/g, " ").includes(part))),
  );

/** What people do with what they sign in with; the sandbox shows what would be mailed. */
async function changeSignIns(): Promise<void> {
  const { url, demo } = institution;
  const [, member = assert.fail()] = demo.members;
  const { number, email, password } = member;
  let who = await signIn(url, member);
  const ask = async (method: string, path: string, status: number, body?: Json) => {
    const reply = await request(`${url}${path}`, method, who, body);
    assert.equal(reply.status, status, `${path}: ${reply.text}`);
    return reply;
  };
  /** What stands in the member's newest mail. */
  const mailed = async (form: RegExp): Promise<string> => {
    const [, id = ""] = /data-mail="([^"]+)"/.exec((await ask("GET", "/sandbox/mails", 200)).text) ?? [];
    return (form.exec((await ask("GET", `/sandbox/mails/${id}`, 200)).text)?.[0] ?? "").replaceAll(" ", "");
  };
  for (const phone of ["075-123-4567", "075-123-4568"])
    await ask("POST", `/v1/members/${number}/profile`, 200, { phone, password });
  await ask("POST", `/v1/members/${number}/email`, 202, { email: "new@example.com", password });
  await ask("POST", `/v1/members/${number}/email/confirm`, 403, { code: "wrong" });
  const code = await mailed(/[0-9]{4} [0-9]{4}/);
  await ask("POST", `/v1/members/${number}/email/confirm`, 204, { code });
  await ask("POST", `/v1/members/${number}/methods`, 409, { kind: "deposit", currency: "JPY" });
  const back = await mailed(/ku_[0-9a-f_]+/);
  await ask("POST", "/v1/email-changes/take-back", 204, { token: back, password });
  who = await signIn(url, member);
  await ask("POST", "/v1/password-resets", 202, { email });
  const reset = `${url}/v1/members/${number}/password-reset`;
  const started = await request(reset, "POST", bearer(demo.adminKey), { operator: spoken });
  assert.equal(started.status, 202, started.text);
  const token = await mailed(/kw_[0-9a-f_]+/);
  await ask("POST", "/v1/password-resets/use", 204, { token, password: "another long password" });
  await ask("POST", "/v1/first-sign-ins", 403, {
    number,
    code: "0000 0000 0000",
    birthDate: "1990-01-31",
    email,
    password: "some words in a row",
  });
  who = await signIn(url, { email, password: "another long password" });
  await ask("PUT", "/v1/sessions/password", 204, {
    password: "another long password",
    newPassword: password,
  });
  const changed = await ask("GET", `/v1/members/${number}/changes`, 200);
  assert.equal((changed.json["items"] as Json[]).length, 8, changed.text);
}

/** What parties do with trades in a day, so that servers prepare their statements. */
async function trade(): Promise<void> {
  const stage = await setStage(institution);
  const lines = [{ line: 1, quantity: 1 }];
  for (let count = 0; count < 3; count += 1) {
    const number = await stage.newTrade({ coolingOff: "P8D" });
    await stage.post(`/v1/trades/${number}/deliver`, stage.carrier, {});
    await stage.post(`/v1/trades/${number}/reject`, stage.buyer, { lines, reason: "broken" });
    await stage.post(`/v1/trades/${number}/send-back`, stage.buyer, {});
    await stage.post(`/v1/trades/${number}/return`, stage.shop, { lines });
    await stage.post(`/v1/trades/${number}/accept`, stage.buyer, {});
    await stage.post(`/v1/trades/${number}/refund`, stage.shop, { amount: 10, reason: "a scratch" });
  }
  await stage.post(`/v1/trades/${await stage.newTrade()}/cancel`, stage.buyer, {});
  await stage.post(`/v1/trades/${await stage.newTrade()}/dispute`, stage.buyer, { reason: "late" });
  const batch = {
    currency: "JPY",
    amount: 100,
    buyer: { member: stage.ids.member },
    approval: { mandate: stage.ids.mandate },
  };
  await stage.post("/v1/trades/batch", stage.shop, {
    commands: [1, 2, 3].map((key) => ({ do: "propose", key: `b${key}`, trade: batch })),
  });
  for (const path of [
    "/v1/trades",
    "/v1/trades?limit=2",
    "/v1/trades?reference=A",
    "/v1/trades?state=settled&metadata[a]=b",
    "/v1/trades?state=settled",
    "/v1/trades?createdAfter=2020-01-01T00:00:00Z",
    "/v1/trades?updatedAfter=2020-01-01T00:00:00Z",
    "/v1/events",
    "/v1/accounts/" + stage.ids.account,
    `/v1/accounts/${stage.ids.account}/entries`,
  ])
    await request(`${institution.url}${path}`, "GET", stage.shop);
  await request(`${institution.url}/v1/trades`, "GET", stage.buyer);
  await request(`${institution.url}/v1/trades?state=settled`, "GET", stage.buyer);
  await request(`${institution.url}/v1/trades`, "GET", stage.admin);
  for (const path of [
    "/operator-acts",
    "/running",
    "/running/trades?state=settled",
    "/running/trades?kind=settled&currency=JPY",
    "/running/trades?waiting=yes",
  ])
    assert.equal((await request(`${institution.url}${path}`, "GET", stage.operator)).status, 200, path);
  for (const path of [
    "/shop/money",
    "/shop/money/orders?kind=settled&currency=JPY&day=2026-11-22",
    "/shop/money/orders?kind=frozen&currency=JPY&day=2026-11-22&after=1_2_3",
  ])
    assert.equal((await request(`${institution.url}${path}`, "GET", stage.shop)).status, 200, path);
  const number = await stage.newTrade();
  await until("there is a receipt", async () => {
    const receipt = await request(`${institution.url}/v1/trades/${number}/receipt`, "GET", stage.shop);
    return receipt.status === 200;
  });
}

async function tradeFacilitated(): Promise<void> {
  const [shop] = facilitator.demo.shops;
  const [member] = facilitator.demo.members;
  assert.ok(shop !== undefined && member !== undefined);
  const post = async (path: string, body: Json): Promise<Json> => {
    const reply = await request(`${facilitator.url}${path}`, "POST", bearer(shop.key), body);
    assert.ok(reply.status < 300, reply.text);
    return reply.json;
  };
  for (let count = 0; count < 3; count += 1) {
    const { number } = await post("/v1/trades", {
      buyer: { member: member.number },
      currency: "JPY",
      amount: 700,
      approval: { mandate: member.mandates[shop.key] },
      acceptance: { by: ["buyer", "shop"], need: 1 },
    });
    await post(`/v1/trades/${String(number)}/accept`, {});
    await post(`/v1/trades/${String(number)}/refund`, { amount: 10, reason: "a scratch" });
  }
}

/** What is due under trade numbers and taken at counters, as an institution does it for another server. */
async function collect(): Promise<void> {
  const { url, schema } = pair.places.institution;
  const database = openDatabase({ url, schema, role: "kenshu_app", keyed: true });
  const onError = (error: unknown) => assert.fail(String(error));
  const collections = createCollections({
    database,
    house: { kept: keptAccountOf, costs: keptAccountOf, bills: () => "", today: () => "2031-01-01" },
    onError,
  });
  const { clerks, ties } = institution.demo;
  const [clerk] = clerks;
  const payee = ties?.shops[0]?.receive["JPY"];
  const account = ties?.own["JPY"]?.receive;
  assert.ok(clerk !== undefined && payee !== undefined && account !== undefined);
  const taker = { collector: clerk.id, operator: null, confirmedBy: null, reason: null };
  const payBy = "2031-01-01T00:00:00Z";
  for (const tradeNumber of [newNumber(), newNumber(), newNumber()]) {
    const plain = { tradeNumber, payee, currency: "JPY", payBy, payableFrom: "2027-01-01T00:00:00Z" };
    const fee = { account, amount: 10 };
    const due = { do: "due", ...plain, id: uuidv7(), version: 1, amount: 900, fee } as const;
    await Promise.all([
      collections.submit(facilitatorId, due),
      collections.submit(facilitatorId, { ...due, id: uuidv7(), tradeNumber: newNumber() }),
    ]);
    const payment = { amount: 900n, currency: "JPY", channel: "konbini", reference: "slip" } as const;
    for (const taken of [false, true])
      await collections.pay(tradeNumber, taker, { ...payment, id: uuidv7(), taken }, uuidv7());
    const sources = [{ account: payee, amount: 100 }];
    await collections.submit(facilitatorId, {
      do: "reimburse",
      id: uuidv7(),
      tradeNumber,
      total: 100,
      sources,
    });
    await collections.submit(facilitatorId, { do: "heard", id: uuidv7(), tradeNumber, paid: 900 });
    const seen = await collections.read(tradeNumber);
    assert.deepEqual([seen?.paid, seen?.refunded, seen?.kept], [900, 100, 1000]);
  }
  for (const unheard of [true, false])
    for (const after of [undefined, uuidv7()])
      await collections.list(facilitatorId, { unheard, limit: 2, after });
  await collections.totals(facilitatorId);
  const who = bearer(clerk.key);
  for (const path of [`/v1/collectors/${clerk.id}`, "/counter/day", "/counter/day.csv"])
    assert.equal((await request(`${institution.url}${path}`, "GET", who)).status, 200, path);
  await readPaid(payee);
  await watchGuarantees(database);
  await collections.close();
  await database.close();
}

/** What the shop reads of what was paid to it, each with its number. */
async function readPaid(consent: string): Promise<void> {
  const [shop] = institution.demo.shops;
  const [row] = await pair.admin.institution.query<{ account: string }>({
    text: "select account from consents where id = $1",
    values: [consent],
  });
  assert.ok(shop !== undefined && row !== undefined);
  const account = `/v1/accounts/${row.account}`;
  for (const path of [`${account}/entries`, `${account}/statement?form=csv`])
    assert.equal((await request(`${institution.url}${path}`, "GET", bearer(shop.key))).status, 200, path);
  for (const part of [
    "from collection_fees where command = wanted.id",
    "from peer_transfers where id = wanted.id",
  ])
    assert.ok(
      [...prepared.values()].some((text) => text.includes(part)),
      part,
    );
}

/** What a guarantor's clerk looks at, and what is looked at again for them. */
async function watchGuarantees(database: Database): Promise<void> {
  await lookAtGuarantees(database);
  await readSums(database);
  await claimsThatWait(database, 5);
  await noteLines(database, [uuidv7()]);
  await noteGuarantees(database, []);
  for (const after of [undefined, `0_${uuidv7()}`])
    for (const phase of ["due", "ended"] as const)
      await listGuarantees(database, { phase, currency: "JPY", limit: 5 }, after);
  await listNearLines(database, 5, `90_${uuidv7()}`);
}

/** What operators open and look for at their desk. */
async function workAtDesk(): Promise<void> {
  const [operator] = institution.demo.operators;
  const [member] = institution.demo.members;
  assert.ok(operator !== undefined && member !== undefined);
  const who = await signIn(institution.url, operator);
  const { json } = await request(`${institution.url}/v1/trades?limit=1`, "GET", who);
  const [trade] = json["items"] as Json[];
  for (const path of [
    "/desk/breaks",
    "/desk/looks",
    `/desk/looks?member=${member.number}`,
    `/desk/members/${member.number}`,
    `/desk/trades/${String(trade?.["number"])}`,
    `/v1/trades/${String(trade?.["number"])}/mails`,
    "/v1/breaks?state=closed",
  ])
    assert.equal((await request(`${institution.url}${path}`, "GET", who)).status, 200, path);
  const form = { ...who, "content-type": "application/x-www-form-urlencoded", origin: institution.url };
  for (const what of ["Hana Sato", "075-123-4567", "hana@example.com", "aoi-2041", "ｱｵｲ", "茶", "%", "109"]) {
    const said = new URLSearchParams({ what }).toString();
    assert.equal(
      (await request(`${institution.url}/desk/find`, "POST", form, said)).status,
      what.length > 1 ? 200 : 422,
      what,
    );
  }
}

test("no statement of a running server walks a table that grows", async () => {
  await trade();
  await tradeFacilitated();
  await changeSignIns();
  await collect();
  await workAtDesk();
  await Promise.all([pair.metrics("institution"), pair.metrics("facilitator")]);
  await until(
    "the log has it",
    async () => (await request(`${institution.url}/v1/log`, "GET")).status === 200,
  );
  assert.ok(prepared.size > 100, `${prepared.size} statements`);
  const admin = openDatabase({ url: empty.url, schema: empty.schema });
  assert.deepEqual(await findWalks(admin, served(), small), [], "over tables that nobody has looked at");
  // PostgreSQL takes a table for one that will grow, until it has looked at it and seen that it is empty.
  await admin.execute(rawSql("analyze"));
  assert.deepEqual(await findWalks(admin, served(), small), [], "over tables known to be empty");
  const naive =
    "select a.* from unnest($1::uuid[], $2::text[]) as n (c, k) join answers a on a.caller = n.c and a.key = n.k";
  assert.ok(
    (await findWalks(admin, new Map([["naive", naive]]), small)).length > 0,
    "what is looked for is found",
  );
  await admin.close();
  for (const database of [pair.admin.institution, pair.admin.facilitator]) {
    await database.execute(rawSql("analyze"));
    assert.deepEqual(await findWalks(database, served(), small), [], "over small tables");
    await swell(database);
    assert.deepEqual(await findWalks(database, served(), small), [], "over large tables");
  }
});
