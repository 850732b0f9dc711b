/** What is settled to a shop stays in its account until buyers can no longer ask it back, however payouts race. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, peopleServer } from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import {
  listShopAccounts,
  readShopOfAccount,
  usualStanding,
  writeStanding,
} from "../../storage/parties/parties.ts";
import { audit, writePayoutLocks } from "../../storage/ledger/ledger.ts";
import { makeLog, makeServer } from "../http/http.ts";
import { oneOperator } from "../../../test/support/world/operators.ts";
import { access } from "../api/api.ts";
import { registerLedgerRoutes } from "./ledger-routes.ts";

// Its own server has the routes of the ledger only: nobody could confirm there (test/operators.test.ts).
const { context, demo, call: people } = await peopleServer({ after }, { rules: oneOperator });
const { database } = context;
const log = makeLog("institution", "silent");
const server = await makeServer({
  name: "institution",
  version: "0",
  access,
  log,
  ready: () => Promise.resolve(true),
  secureCookies: false,
});
registerLedgerRoutes(server, context);
after(() => server.close());
const [shop] = demo.shops;
const [rich] = demo.members;
if (!shop || !rich) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const account =
  (await listShopAccounts(database, shop.id)).find(({ currency }) => currency === "JPY")?.account ?? "";

async function call(method: "GET" | "POST", url: string, who: Record<string, string>, body?: Json) {
  const headers = { ...who, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const reply = await server.inject({ method, url, headers, ...payload });
  return { status: reply.statusCode, body: reply.json<Json>() };
}

const move = (kind: "deposit" | "payout", amount: number, who = atShop) =>
  call("POST", "/v1/transfers", who, {
    id: uuidv7(),
    kind,
    account,
    amount,
    currency: "JPY",
    reference: "x",
  });
const pass = (span: string) =>
  database.execute(rawSql("update test_clock set ahead = ahead + $1::interval", [span]));

/** `available payable`. */
async function money(): Promise<string> {
  const { body } = await call("GET", `/v1/accounts/${account}`, atShop);
  return `${String(body["available"])} ${String(body["payable"])}`;
}

/** A trade of 1,000 that is accepted whole, with this time for the buyer to think better of it. */
async function settled(coolingOff: string, amount = 1000): Promise<string> {
  const mandate = rich?.mandates[shop?.key ?? ""];
  const wish = { currency: "JPY", amount, approval: { mandate }, coolingOff, acceptance: { by: ["shop"] } };
  const made = await people("POST", "/v1/trades", atShop, wish);
  const number = String(made.body["number"]);
  const accepted = await people("POST", `/v1/trades/${number}/accept`, atShop, {});
  assert.equal(accepted.body["state"], "settled", JSON.stringify([made.body, accepted.body]));
  return number;
}

/** Takes out all that can be taken. */
async function empty(): Promise<void> {
  await pass("60 days");
  const [, payable] = (await money()).split(" ");
  if (payable !== "0") assert.equal((await move("payout", Number(payable))).status, 201);
  assert.equal(await money(), "0 0");
}

test("what a buyer may still ask back cannot be taken out, and then it can", async () => {
  await empty();
  await move("deposit", 300, admin);
  const number = await settled("P5D");
  assert.equal(await money(), "1300 300");
  const refused = await move("payout", 301);
  assert.deepEqual(
    [refused.status, refused.body["code"], refused.body["transient"], refused.body["detail"]],
    [409, "not_payable_yet", true, "300 can be taken out now; buyers may still ask the rest back."],
  );
  assert.equal((await move("payout", 1301)).body["code"], "insufficient_funds");
  assert.equal((await move("payout", 200, admin)).status, 201, "an operator pays out what is payable");
  assert.equal((await move("payout", 101, admin)).body["code"], "not_payable_yet", "and no more");
  await people("POST", `/v1/trades/${number}/refund`, atShop, { amount: 400, reason: "late" });
  assert.equal(await money(), "700 100", "what went back is kept back no longer");
  await pass("5 days");
  assert.equal(await money(), "700 100", "a batch may have decided in the last instant of the time");
  await pass("1 minute");
  assert.equal(await money(), "700 700");
  assert.equal((await move("payout", 700)).status, 201);
  const rows = await database.query(rawSql("select hold from payout_locks where account = $1", [account]));
  assert.deepEqual(rows, [], "what is over is not kept");
});

test("trades are kept back each by itself, and what went back whole is forgotten", async () => {
  await empty();
  const [first, second] = [await settled("P3D", 500), await settled("P6D", 200)];
  assert.equal(await money(), "700 0");
  assert.equal((await move("payout", 1)).body["code"], "not_payable_yet");
  await pass("4 days");
  assert.equal(await money(), "700 500");
  await people("POST", `/v1/trades/${second}/refund`, atShop, { amount: 200, reason: "late" });
  assert.equal(await money(), "500 500");
  assert.ok(first !== second);
});

test("a shop that is paid out early is, as long as it is, and only as far as this server answers for it", async () => {
  await empty();
  await settled("P5D", 600);
  const standing = { ...usualStanding, paidOutEarly: true };
  await writeStanding(database, shop.id, standing);
  assert.equal(await money(), "600 600");
  assert.equal((await move("payout", 100)).status, 201);
  const lock = { hold: uuidv7(), account, peer: uuidv7(), amount: 150n, until: null };
  await Promise.all(writePayoutLocks(database, [lock], []));
  assert.equal(await money(), "500 350", "what another server keeps back is kept");
  await writeStanding(database, shop.id, usualStanding);
  assert.equal(await money(), "500 0");
  await Promise.all(writePayoutLocks(database, [], [lock.hold]));
  assert.equal(await readShopOfAccount(database, account), shop.id);
});

test("a payout waits for a settlement that is on its way, and never takes what it brings", async () => {
  await empty();
  await move("deposit", 1000, admin);
  await settled("P5D", 5000);
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      if (index % 2 === 0) return settled("P5D", 100);
      const { status, body } = await move("payout", 100);
      return status === 201 ? "paid" : String(body["code"]);
    }),
  );
  assert.equal(outcomes.filter((outcome) => outcome === "paid").length, 10);
  assert.equal(outcomes.filter((outcome) => outcome === "not_payable_yet").length, 10);
  assert.equal(await money(), "7000 0");
  assert.deepEqual((await audit(database)).differences, []);
});

test("a shop's account alone has something payable", async () => {
  const other = await call("GET", `/v1/accounts/${account}`, admin);
  assert.equal(typeof other.body["payable"], "number");
  const [row] = await database.query<{ id: string }>(
    rawSql("select id from accounts where kind = 'fee'", []),
  );
  assert.equal((await call("GET", `/v1/accounts/${row?.id}`, admin)).body["payable"], undefined);
});
