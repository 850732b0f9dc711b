/** What a shop owes while it is being paid back, and at an institution where it has tied its account anew. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  type Headers,
  type Json,
  type Reply,
  request,
  signIn,
} from "../../../test/support/wire/http.ts";
import { facilitatorId, institutionId, openPair } from "../../../test/support/world/pair.ts";
import { until } from "../../../test/support/world/world.ts";
import { auditReservations } from "../../engines/reservations/reservations.ts";
import { auditAdvances } from "../../engines/trades/trades.ts";
import { rawSql } from "../../storage/database/database.ts";

const pair = await openPair({ after });
const { facilitator, institution, admin } = pair;
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
const owner = institution.demo.ties?.members[0];
const there = institution.demo.shops.find(({ name }) => name === shop?.name);
if (!shop || !hana || !owner || !there) throw new Error("No demo.");
const atShop = bearer(shop.key);
const desk = bearer(facilitator.demo.adminKey);
const buyer = await signIn(facilitator.url, hana);
const holder = await signIn(institution.url, owner);

const call = (method: string, path: string, who: Headers, body?: Json): Promise<Reply> =>
  request(`${facilitator.url}${path}`, method, who, body);
const atInstitution = (path: string, who: Headers, body?: Json): Promise<Reply> =>
  request(`${institution.url}${path}`, body === undefined ? "GET" : "POST", who, body);

/** The shop may always be paid early, and owe and have so much so. */
async function limited(JPY: number): Promise<void> {
  const standing = { paidEarly: "always", earlyLimits: { JPY }, reason: "known" };
  assert.equal((await call("PUT", `/v1/shops/${shop?.id}/standing`, desk, standing)).status, 200);
}

async function reserved(amount: number): Promise<string> {
  const approval = { mandate: hana?.mandates[shop?.key ?? ""] };
  const order = { buyer: { member: hana?.number ?? "" }, currency: "JPY", amount, approval };
  const reply = await call("POST", "/v1/trades", atShop, order);
  assert.equal(reply.json["state"], "reserved", reply.text);
  return String(reply.json["number"]);
}

const advance = (number: string) => call("POST", `/v1/trades/${number}/advance`, atShop, {});
const accept = (number: string) => call("POST", `/v1/trades/${number}/accept`, buyer, {});

/** A debt of so much: what was bought of a trade that is then given up. */
async function owe(amount: number): Promise<void> {
  const number = await reserved(amount);
  assert.equal((await advance(number)).status, 200);
  const cancelled = await call("POST", `/v1/trades/${number}/cancel`, atShop, {});
  assert.equal(cancelled.json["state"], "cancelled", cancelled.text);
}

/** `outstanding/owed/covering`: what has been covered since ever is not told. */
async function sums(): Promise<string> {
  const { json } = await call("GET", "/v1/advances", atShop);
  const [account] = json["accounts"] as Json[];
  const [debt] = (account?.["debts"] ?? []) as Json[];
  assert.deepEqual([debt?.["owed"], debt?.["covering"]], [account?.["owed"], account?.["covering"]]);
  return ["outstanding", "owed", "covering"].map((name) => String(account?.[name])).join("/");
}

/** Above what sum Hana confirms payments. */
async function confirmAbove(sum: number | null): Promise<void> {
  const given = (await atInstitution("/v1/consents", holder)).json["items"] as Json[];
  for (const { id, purpose } of given) {
    if (purpose !== "pay") continue;
    const path = `/v1/consents/${String(id)}/confirm-above`;
    assert.equal((await atInstitution(path, holder, { confirmAbove: sum })).status, 204);
  }
}

/** A trade whose payment waits for Hana, and the id of what she is asked. */
async function waiting(amount: number): Promise<{ number: string; asked: string }> {
  await confirmAbove(0);
  const number = await reserved(amount);
  const accepted = await accept(number);
  assert.equal(accepted.status, 202, accepted.text);
  await confirmAbove(null);
  const items = (await atInstitution("/v1/settlements", holder)).json["items"] as Json[];
  return { number, asked: String(items.find((one) => one["tradeNumber"] === number)?.["id"]) };
}

async function isOver(number: string): Promise<void> {
  await until("the step is over", async () => {
    const { json } = await call("GET", `/v1/trades/${number}`, atShop);
    return json["pending"] === null;
  });
}

/** Yen in the shop's account, and in the facilitator's own. */
async function yen(): Promise<{ shop: number; own: number }> {
  const rows = await admin.institution.query<{ own: boolean; posted: bigint }>(
    rawSql(
      `select false as own, a.posted from accounts a join shop_accounts s on s.account = a.id
          join parties p on p.id = s.shop where p.name = $1 and s.currency = 'JPY'
        union all
        select true, posted from accounts where id in (select account from consents where own and currency = 'JPY')`,
      [shop?.name ?? ""],
    ),
  );
  const of = (own: boolean) => Number(rows.find((row) => row.own === own)?.posted);
  return { shop: of(false), own: of(true) };
}

/** What an acceptance brought the shop, and the facilitator. */
async function brought(number: string): Promise<[shop: number, own: number]> {
  const before = await yen();
  const accepted = await accept(number);
  assert.equal(accepted.json["state"], "settled", accepted.text);
  const now = await yen();
  return [now.shop - before.shop, now.own - before.own];
}

async function proven(): Promise<void> {
  assert.deepEqual((await auditAdvances(admin.facilitator)).differences, []);
  assert.deepEqual((await auditReservations(admin.institution)).differences, []);
  assert.deepEqual((await pair.reconcile(true)).breaks, []);
}

test("a debt that a settlement under way will pay is owed until it has, and no other pays it", async () => {
  await limited(1000);
  await owe(1000);
  const { number, asked } = await waiting(2000);
  assert.equal(await sums(), "0/1000/1000");
  await proven();
  const next = await reserved(1000);
  assert.equal((await advance(next)).code, "advance_limit_exceeded");
  const [toShop, own] = await brought(await reserved(1000));
  assert.ok(own < 1000 && toShop > 0, "what is under way covers all of it: the shop has its own");
  await atInstitution(`/v1/settlements/${asked}/confirm`, holder, {});
  await isOver(number);
  assert.equal(await sums(), "0/0/0");
  assert.equal((await advance(next)).status, 200, "now there is room");
  assert.equal((await accept(next)).json["state"], "settled");
  await proven();
});

test("a settlement that is refused gives its part of the debt back to what the next ones pay", async () => {
  await owe(1000);
  const { number, asked } = await waiting(400);
  const [, owed, covering] = (await sums()).split("/").map(Number);
  assert.ok(owed === 1000 && Number(covering) > 0 && Number(covering) <= 400, `${covering} of 400`);
  // Another pays what the first leaves, and no more.
  const [, own] = await brought(await reserved(3000));
  assert.equal(await sums(), `0/${covering}/${covering}`);
  assert.ok(own >= 1000 - Number(covering) && own < 1000);
  await atInstitution(`/v1/settlements/${asked}/object`, holder, { reason: "Never came." });
  const decision = { decision: "refuse", reason: "Nobody saw it delivered." };
  const decided = await atInstitution(
    `/v1/settlements/${asked}/decide`,
    bearer(institution.demo.adminKey),
    decision,
  );
  assert.equal(decided.status, 200, decided.text);
  await isOver(number);
  assert.equal(await sums(), `0/${covering}/0`);
  await proven();
  const [, rest] = await brought(await reserved(1000));
  assert.ok(rest >= Number(covering));
  assert.equal(await sums(), "0/0/0");
  await proven();
});

/** The shop ties its account there once more, with this limit to what the facilitator keeps. */
async function tieAnew(fee?: Json): Promise<string> {
  const wish = { peer: facilitatorId, purpose: "receive", currency: "JPY", ...(fee && { fee }) };
  const { json } = await atInstitution("/v1/consents", bearer(there?.key ?? ""), wish);
  const tie = { institution: institutionId, code: String(json["code"]) };
  const tied = await call("POST", `/v1/shops/${shop?.id}/ties`, atShop, tie);
  assert.equal(tied.status, 201, tied.text);
  return String(json["id"]);
}

test("a shop that ties its account anew pays back what it owes, whatever fee it names", async () => {
  await owe(1000);
  const before = await reserved(1000);
  const agreed = { fixed: 20, basisPoints: 700 };
  const old = await tieAnew(agreed);
  const [, own] = await brought(await reserved(400));
  assert.ok(own >= 300, "nearly all of it is taken for the debt");
  const last = await tieAnew(agreed);
  assert.equal((await atInstitution(`/v1/consents/${old}/revoke`, bearer(there.key), {})).status, 204);
  const seen = (await atInstitution("/v1/consents", bearer(there.key))).json["items"] as Json[];
  const advanced = seen.filter(({ id }) => id === last || id === old).map((each) => each["advanced"]);
  assert.equal(advanced[0], advanced[1], "it is counted for the account, and told with each consent");
  await brought(await reserved(1000));
  assert.equal(await sums(), "0/0/0");
  await brought(before);
  await proven();
});
