/**
 * Privacy mode (paragraph 0026): the facilitator carries trades from proposal to refund and never has the amount. It is
 * looked for in all that this server has kept, logged, sent and shown, and in the files under its database; an ordinary
 * trade and the institution prove that such a search finds what is there.
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program } from "../src/tools/cli/paths.ts";
import { type Database, identifier, rawSql } from "../src/storage/database/database.ts";
import { audit } from "../src/storage/ledger/ledger.ts";
import type { TradeView } from "../src/core/protocol/protocol.ts";
import { auditReservations } from "../src/engines/reservations/reservations.ts";
import { found, writings } from "./support/tables/amount-writings.ts";
import { filesOf } from "./support/world/database-files.ts";
import { freePort } from "./support/world/free-port.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { facilitatorId, institutionId, openPair } from "./support/world/pair.ts";
import { startReceiver } from "./support/wire/receiver.ts";
import { testKey } from "./support/world/vault.ts";
import { serverLogin, until } from "./support/world/world.ts";

const receiver = await startReceiver({ after });
const pair = await openPair({ after }, { webhooksMayReach: [receiver.place] });
const dir = await mkdtemp(join(tmpdir(), "kenshu-privacy-"));
after(() => rm(dir, { recursive: true, force: true }));
const logFile = join(dir, "facilitator.log");
const url = await startFacilitator();

/** One more process of the facilitator, whose log, with all that it can be made to say, goes into a file. */
async function startFacilitator(): Promise<string> {
  const port = await freePort();
  const config = {
    party: "facilitator",
    databaseUrl: await serverLogin(pair.places.facilitator.url),
    schema: pair.places.facilitator.schema,
    host: "127.0.0.1",
    port,
    log: "debug",
    sandbox: true,
    publicUrl: pair.facilitator.url,
    approval: "none",
    currencies: ["JPY", "USD"],
    fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
    personalDataKey: testKey.toString("base64"),
    id: facilitatorId,
    webhooksMayReach: [receiver.place],
    institutions: [{ id: institutionId, name: "Institution", url: pair.institution.url }],
  };
  const file = join(dir, "facilitator.json");
  await writeFile(file, JSON.stringify(config));
  const log = openSync(logFile, "a");
  const child = fork(program, ["serve", "facilitator", "--config", file], {
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  after(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  await once(child, "message");
  return `http://127.0.0.1:${port}`;
}

/** All that this facilitator has answered. */
const answers: string[] = [];

async function call(method: string, path: string, who: Headers, body?: Json): Promise<Reply> {
  const reply = await request(`${url}${path}`, method, who, body);
  answers.push(reply.text, JSON.stringify([...reply.headers]));
  return reply;
}

async function post(path: string, who: Headers, body: Json, status = 0): Promise<Json> {
  const reply = await call("POST", path, who, body);
  const fits = status === 0 ? reply.status < 300 : reply.status === status;
  assert.ok(fits, `POST ${path}: ${reply.status} ${reply.text}`);
  return reply.json;
}

const { demo } = pair.facilitator;
const [shop] = demo.shops;
const [member] = demo.members;
const [holder] = pair.institution.demo.ties?.members ?? [];
const [shopKeyThere] = pair.institution.demo.shopKeys;
assert.ok(shop && member && holder && shopKeyThere);
const asShop = bearer(shop.key);
const asShopThere = bearer(shopKeyThere);
const asBuyer = await signIn(url, member);
const asHolder = await signIn(pair.institution.url, holder);
const asAdmin = bearer(demo.adminKey);
// People agree to sums that people pay; here amounts of every length are looked for.
await pair.admin.institution.execute(
  rawSql("update consents set limit_trade = 1e14, limit_month = 1e15 where limit_trade is not null"),
);
const [, otherOperator = assert.fail()] = demo.operators;
const asOther = await signIn(url, otherOperator);

/** Asks as one operator and confirms as the other. */
async function byTwo(path: string, body: Json): Promise<Reply> {
  const asked = await call("POST", path, asAdmin, body);
  assert.equal(asked.code, "four_eyes_required", asked.text);
  return call("POST", `/v1/operator-acts/${String(asked.json["act"])}/confirm`, asOther, {});
}

/** Prices as no other number looks. */
const prices = { cup: 12_345_678_917, pot: 98_765_432_101 } as const;
const lines = [
  { name: "Cup", quantity: 4 },
  { name: "Pot", quantity: 1 },
];
const told = [
  { quantity: 4, unitAmount: prices.cup },
  { quantity: 1, unitAmount: prices.pot },
];
const whole = 4 * prices.cup + prices.pot;
/** Everything that part of such a trade comes to. */
const amounts = new Set(
  [0, 1, 2, 3, 4].flatMap((cups) => [0, 1].map((pots) => cups * prices.cup + pots * prices.pot)),
);
amounts.delete(0);
const ordinary = 97_531_086_427;

/** Every row of every table, as text and as JSON. */
async function everything(database: Database): Promise<string> {
  const tables = await database.query<{ schema: string; name: string }>(
    rawSql(`select schemaname as schema, tablename as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`),
  );
  assert.ok(tables.some(({ name }) => name === "trades"));
  const texts: string[] = [];
  for (const { schema, name } of tables) {
    const place = `${identifier(schema)}.${identifier(name)}`;
    const rows = await database.query<{ text: string; json: string }>(
      rawSql(`select t::text as text, to_json(t)::text as json from ${place} t`),
    );
    texts.push(...rows.flatMap(({ text, json }) => [text, json]));
  }
  return texts.join("\n");
}

function inFiles(files: readonly Buffer[], amount: number): boolean {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(amount));
  const forms = [bytes, ...writings(amount).map((writing) => Buffer.from(writing))];
  return files.some((file) => forms.some((form) => file.includes(form)));
}

async function propose(change: Json = {}): Promise<string> {
  const trade = await post("/v1/trades", asShop, {
    buyer: { member: member?.number },
    currency: "JPY",
    private: true,
    lines,
    acceptance: { by: ["buyer", "shop"] },
    ...change,
  });
  return String(trade["number"]);
}

const tell = (tradeNumber: string, change: Json = {}) =>
  request(`${pair.institution.url}/v1/amounts`, "POST", asShopThere, {
    peer: facilitatorId,
    tradeNumber,
    currency: "JPY",
    lines: told,
    ...change,
  });

async function approved(change: Json = {}): Promise<string> {
  const number = await propose(change);
  assert.equal((await tell(number)).status, 201);
  const trade = await post(`/v1/trades/${number}/approve`, asBuyer, { version: 1 });
  assert.equal(trade["state"], "reserved", JSON.stringify(trade));
  return number;
}

type There = { state: string } & Record<"amount" | "settled" | "released" | "refunded", number>;

/** The hold of a trade, as the institution's books have it. */
async function holdOf(number: string): Promise<There> {
  const [hold] = await pair.admin.institution.query<There>(
    rawSql(
      `select h.state, h.amount::float8 as amount, h.settled::float8 as settled, h.released::float8 as released,
         h.refunded::float8 as refunded
       from reservations r join holds h on h.id = r.id where r.trade_number = $1 order by r.id desc limit 1`,
      [number],
    ),
  );
  return hold ?? assert.fail();
}

async function tradeOf(number: string): Promise<TradeView> {
  return (await call("GET", `/v1/trades/${number}`, asShop)).json as unknown as TradeView;
}

async function deposit(): Promise<void> {
  const [account] = await pair.admin.institution.query<{ id: string }>(
    rawSql("select account as id from consents where id = $1", [holder?.consent ?? ""]),
  );
  const wish = {
    id: randomUUID(),
    kind: "deposit",
    account: account?.id,
    currency: "JPY",
    reference: "cash",
    reason: "counted by two",
  };
  const admin = bearer(pair.institution.demo.adminKey);
  const paid = await request(`${pair.institution.url}/v1/transfers`, "POST", admin, {
    ...wish,
    amount: 10_000_000_000_000,
  });
  assert.ok(paid.status < 300, paid.text);
}

await deposit();
await post("/v1/webhook-endpoints", asShop, { url: receiver.url, types: ["*"] });

test("what is refused: amounts here, mandates, a server that keeps the money, before the shop has told", async () => {
  const cases: [change: Json, code: string][] = [
    [{ amount: 5 }, "invalid_field"],
    [{ lines: [{ name: "Cup", quantity: 1, unitAmount: 5 }] }, "invalid_field"],
    [{ lines: undefined }, "invalid_field"],
    [{ private: undefined }, "invalid_field"],
    [{ private: false }, "invalid_field"],
    [{ approval: { mandate: member.mandates[shop.key] } }, "mandate_not_valid"],
    [{ route: { at: { lat: 35_000_000, lng: 139_000_000 } } }, "invalid_field"],
  ];
  for (const [change, code] of cases) {
    const body: Json = { buyer: { member: member.number }, currency: "JPY", private: true, lines, ...change };
    assert.equal((await call("POST", "/v1/trades", asShop, body)).code, code, JSON.stringify(change));
  }
  const direct = { currency: "JPY", private: true, lines };
  const there = await request(`${pair.institution.url}/v1/trades`, "POST", asShopThere, direct);
  assert.equal(there.code, "invalid_field", there.text);

  const number = await propose();
  const early = await call("POST", `/v1/trades/${number}/approve`, asBuyer, { version: 1 });
  assert.deepEqual([early.status, early.code], [409, "amount_not_told"]);
  assert.equal((await tradeOf(number)).refusal, "amount_not_told");
  const otherShop = bearer(pair.institution.demo.shopKeys[1] ?? "");
  const wish = { peer: facilitatorId, tradeNumber: number, currency: "JPY", lines: told };
  const others = await request(`${pair.institution.url}/v1/amounts`, "POST", otherShop, wish);
  assert.equal(others.status, 201, "anyone who knows a number may speak of it, and");
  const again = await call("POST", `/v1/trades/${number}/approve`, asBuyer, { version: 2 });
  assert.equal(again.code, "amount_not_told", "only the payee's word counts");
  assert.equal((await tell(number)).status, 201);
  assert.equal((await tell(number)).status, 201, "the same again");
  const other = await tell(number, { lines: [{ quantity: 4, unitAmount: 5 }] });
  assert.deepEqual([other.status, other.code], [409, "already_exists"]);
  assert.equal((await post(`/v1/trades/${number}/approve`, asBuyer, { version: 3 }))["state"], "reserved");
  const revised = await call("POST", `/v1/trades/${number}/revise`, asShop, { amount: 5 });
  assert.equal(revised.code, "invalid_field");
  assert.equal((await call("POST", `/v1/trades/${number}/advance`, asShop, {})).status, 403);
  await post(`/v1/trades/${number}/cancel`, asShop, {});
  const { state, released } = await holdOf(number);
  assert.deepEqual([state, released], ["released", whole]);

  const changed = await propose({ lines: [{ name: "Cup", quantity: 5 }] });
  assert.equal((await tell(changed)).status, 201);
  const wrong = await call("POST", `/v1/trades/${changed}/approve`, asBuyer, { version: 1 });
  assert.equal(wrong.code, "amount_mismatch");
});

test("the buyer sees at the institution what is asked, and others do not", async () => {
  const number = await propose();
  await tell(number);
  const page = await call("GET", `/trades/${number}/approve`, asBuyer);
  const address = `${pair.institution.url}/amounts/${facilitatorId}/${number}`;
  assert.ok(page.text.includes(address), page.text);
  const shown = await request(address, "GET", asHolder);
  assert.equal(shown.status, 200);
  for (const amount of [whole, prices.cup, prices.pot]) assert.ok(found(shown.text, amount));
  const direct = pair.institution.demo.members[0];
  assert.ok(direct);
  const stranger = await request(address, "GET", await signIn(pair.institution.url, direct));
  assert.equal(stranger.status, 404, "a member who lets this server use nothing");
  const nobody = await request(address, "GET");
  assert.equal(nobody.status, 303);
  await post(`/v1/trades/${number}/approve`, asBuyer, { version: 1 });
  assert.equal((await request(address, "GET", asHolder)).status, 200);
  const second = pair.institution.demo.ties?.members[1];
  assert.ok(second);
  const other = await request(address, "GET", await signIn(pair.institution.url, second));
  assert.equal(other.status, 404, "once it is reserved, only who pays");
});

test("each move on the goods moves their worth, and the facilitator counts none of it", async () => {
  const number = await approved({ extendableTo: "P300D", coolingOff: { for: "P14D", goods: "keep" } });
  const take = (line: number, quantity: number) => ({ lines: [{ line, quantity }] });
  const is = async (settled: number, released: number, refunded: number, state: string) => {
    const there = await holdOf(number);
    assert.deepEqual([there.settled, there.released, there.refunded], [settled, released, refunded]);
    const trade = await tradeOf(number);
    assert.equal(trade.state, state);
    const { amount, frozen, fee } = trade;
    assert.deepEqual(
      [amount, frozen, trade.settled, trade.released, trade.refunded, fee],
      Array(6).fill(null),
    );
    assert.ok(trade.lines.every(({ unitAmount }) => unitAmount === null));
  };
  const { cup, pot } = prices;
  await post(`/v1/trades/${number}/deliver`, asShop, {});
  await post(`/v1/trades/${number}/accept`, asBuyer, take(1, 2));
  await is(2 * cup, 0, 0, "delivered");
  await post(`/v1/trades/${number}/reject`, asBuyer, { ...take(1, 1), reason: "cracked" });
  await post(`/v1/trades/${number}/return`, asShop, take(1, 1));
  await is(2 * cup, cup, 0, "delivered");
  const byAmount = await call("POST", `/v1/trades/${number}/refund`, asShop, { amount: 5, reason: "x" });
  assert.equal(byAmount.code, "invalid_field");
  await post(`/v1/trades/${number}/refund`, asShop, { ...take(1, 1), reason: "chipped" });
  await is(2 * cup, cup, cup, "delivered");
  await post(`/v1/trades/${number}/extend`, asShop, { until: "2027-01-31T00:00:00Z" });
  await post(`/v1/trades/${number}/dispute`, asBuyer, { reason: "late" });
  const split = { outcome: "split", amount: 5, reason: "x" };
  // What it comes to is not known here, so it takes two.
  assert.equal((await byTwo(`/v1/trades/${number}/resolve`, split)).code, "invalid_field");
  const resumed = await byTwo(`/v1/trades/${number}/resolve`, { outcome: "resume", reason: "x" });
  assert.equal(resumed.status, 200, resumed.text);
  await post(`/v1/trades/${number}/reject`, asBuyer, { ...take(1, 1), reason: "cracked" });
  await post(`/v1/trades/${number}/accept`, asBuyer, { ...take(2, 1), final: true });
  await is(2 * cup + pot, cup, cup, "rejected");
  await post(`/v1/trades/${number}/return`, asShop, {});
  await is(2 * cup + pot, 2 * cup, cup, "settled");
  await post(`/v1/trades/${number}/withdraw`, asBuyer, { ...take(2, 1), reason: "I do not like it" });
  await is(2 * cup + pot, 2 * cup, cup + pot, "settled");
});

test("deadlines do the same: silence accepts, and a reservation runs out", async () => {
  const silent = await approved({ acceptance: { by: ["buyer"], autoAfter: "P3D" } });
  await post(`/v1/trades/${silent}/deliver`, asBuyer, {});
  const forgotten = await approved({ reserveFor: "P2D" });
  const dated = await approved({ acceptance: { by: ["shop", "buyer"] } });
  await post(`/v1/trades/${dated}/accept`, asBuyer, { lines: [{ line: 2, quantity: 1 }], final: true });
  await post("/v1/test-clock/advance", asAdmin, { by: "P3D" });
  assert.deepEqual(
    await Promise.all([silent, forgotten, dated].map(async (one) => (await tradeOf(one)).state)),
    ["settled", "expired", "settled"],
  );
  assert.equal((await holdOf(silent)).settled, whole);
  assert.deepEqual([(await holdOf(forgotten)).state, (await holdOf(forgotten)).released], ["expired", whole]);
  const parts = await holdOf(dated);
  assert.deepEqual([parts.settled, parts.released], [prices.pot, 4 * prices.cup]);
});

test("the amounts are in nothing that the facilitator has: rows, files, log, answers, messages", async () => {
  const open = await approved();
  const proposal = { buyer: { member: member.number }, currency: "JPY", amount: ordinary };
  const { number } = await post("/v1/trades", asShop, proposal);
  await post(`/v1/trades/${String(number)}/approve`, asBuyer, { version: 1 });
  const control = answers.splice(-4);

  const { breaks, sums, unreachable } = await pair.reconcile(true);
  assert.deepEqual([breaks, unreachable], [[], []]);
  assert.equal(Number(sums[0]?.here.frozen), ordinary, "only what is known here is summed up");
  for (const path of [`/v1/trades/${open}/events`, `/trades/${open}`, `/trades/${open}/approve`])
    assert.ok((await call("GET", path, asBuyer)).status < 400, path);
  const events = await call("GET", `/v1/trades/${open}/events`, asShop);
  const reserved = (events.json["items"] as { type: string; data: Json }[]).find(
    ({ type }) => type === "trade.reserved",
  );
  assert.equal(reserved?.data["amount"], null);
  await until("the shop has been told", () => receiver.received.some(({ body }) => body.includes(open)));
  for (const { body } of receiver.received.filter((one) => one.body.includes(open)))
    assert.equal((JSON.parse(body) as { data: Json }).data["amount"], null);

  const here = await everything(pair.admin.facilitator);
  const files = await filesOf(pair.admin.facilitator);
  const log = readFileSync(logFile, "utf8");
  assert.ok(log.includes(`/v1/trades/${open}`), "the log says what was asked");
  const said = [...answers, ...receiver.received.map(({ body }) => body), JSON.stringify(breaks)].join("\n");
  for (const amount of amounts) {
    assert.ok(!found(here, amount), `${amount} is in the database`);
    assert.ok(!inFiles(files, amount), `${amount} is in the files of the database`);
    assert.ok(!found(log, amount), `${amount} is in the log`);
    assert.ok(!found(said, amount), `${amount} was said`);
  }
  assert.ok(found(here, ordinary) && inFiles(files, ordinary) && found(control.join("\n"), ordinary));
  const there = await everything(pair.admin.institution);
  const theirFiles = await filesOf(pair.admin.institution);
  for (const amount of [whole, prices.cup, prices.pot]) assert.ok(found(there, amount), String(amount));
  assert.ok(inFiles(theirFiles, whole));
});

test("the institution's books prove all of it", async () => {
  assert.deepEqual((await audit(pair.admin.institution)).differences, []);
  assert.deepEqual((await auditReservations(pair.admin.institution)).differences, []);
});
