/** What a running server tells of a trade: to its shop all, to its carrier no amount, to nobody anything personal. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  followLog,
  isOfMember,
  isOfTrade,
  kenshu,
  type TradeEventView,
  verifyWebhook,
  type WebhookEvent,
} from "@kenshu/sdk";
import { judgeMessages } from "./support/held/judge.ts";
import { type Headers, request } from "./support/wire/http.ts";
import { type Receiver, startReceiver } from "./support/wire/receiver.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until } from "./support/world/world.ts";

const toShop = await startReceiver({ after });
const toOther = await startReceiver({ after });
const toCarrier = await startReceiver({ after });
const toReader = await startReceiver({ after });
const world = await startWorld(
  { after },
  {
    durable: false,
    sandbox: true,
    log: "debug",
    webhooksMayReach: [toShop, toOther, toCarrier, toReader].map(({ place }) => place),
  },
);
const stage = await setStage(world);
const { ids, post } = stage;

async function register(who: Headers, { url }: Receiver, types = ["*"]): Promise<string> {
  return String((await post("/v1/webhook-endpoints", who, { url, types }))["secret"]);
}

const parsed = (receiver: Receiver): WebhookEvent[] =>
  receiver.received.map(({ body }) => JSON.parse(body) as WebhookEvent);

test("a trade from proposal to settlement, as its parties are told of it", async () => {
  const secrets = await register(stage.shop, toShop);
  await register(stage.otherShop, toOther);
  await register(stage.carrier, toCarrier, ["trade.reserved", "trade.settled"]);
  const number = await stage.newTrade();
  await post(`/v1/trades/${number}/deliver`, stage.carrier, {});
  await post(`/v1/trades/${number}/accept`, stage.buyer, {});

  const record = await request(`${world.url}/v1/trades/${number}/events`, "GET", stage.shop);
  const events = record.json["items"] as TradeEventView[];
  await until(
    "all has been told",
    () => toShop.received.length >= events.length && toCarrier.received.length >= 2,
  );

  const told = parsed(toShop).toSorted((a, b) => Number(a.data["seq"]) - Number(b.data["seq"]));
  assert.deepEqual(
    told.map(({ type, timestamp, data }) => [type, timestamp, data["number"], data["seq"]]),
    events.map(({ type, at, seq }) => [type, at, number, seq]),
    "the record and the messages are the same story",
  );
  const data: Record<string, unknown> = told.at(-1)?.data ?? {};
  assert.deepEqual([data["state"], data["currency"], data["amount"]], ["settled", "JPY", 540]);
  assert.deepEqual([data["settled"], data["frozen"], data["released"]], [540, 0, 0]);
  const description = await request(`${world.url}/openapi.json`, "GET");
  const faultsOf = judgeMessages(description.json);
  for (const { body } of [...toShop.received, ...toCarrier.received])
    assert.deepEqual(faultsOf(body.toString()), []);
  for (const { headers, body } of toShop.received) {
    assert.ok((await verifyWebhook({ secrets, headers, body, now: new Date() })).verified);
  }

  const types = parsed(toCarrier).map(({ type }) => type);
  assert.deepEqual(types.toSorted(), ["trade.reserved", "trade.settled"]);
  for (const event of parsed(toCarrier)) {
    assert.deepEqual(Object.keys(event.data).toSorted(), [
      "changed",
      "number",
      "reference",
      "seq",
      "state",
      "version",
    ]);
    assert.deepEqual(Object.keys(event.data["changed"] as object), ["lines"]);
  }
  assert.deepEqual(toOther.received, []);

  const everything = [...toShop.received, ...toCarrier.received].map(({ body }) => body).join("\n");
  for (const personal of ["Hana", "Aki", "Kyoto", "075-000-0000", ids.member, ids.account, ids.mandate]) {
    assert.ok(!everything.includes(personal), personal);
  }
  const log = await world.log();
  for (const secret of [secrets, "whsec_"]) assert.ok(!log.includes(secret), "no secret in the log");
});

test("what each step changed is told, and comes to the trade as it stands", async () => {
  const lines = [
    { id: "tea", name: "Tea set", quantity: 3, unitAmount: 1200 },
    { id: "post", name: "Shipping", kind: "shipping", quantity: 1, amount: 600 },
  ];
  const number = await stage.newTrade({ lines, amount: 4200 });
  const accept = { lines: [{ id: "tea", quantity: 2 }] };
  await post(`/v1/trades/${number}/deliver`, stage.carrier, {});
  const keyed = { ...stage.buyer, "idempotency-key": "twice" };
  for (let said = 0; said < 2; said += 1) await post(`/v1/trades/${number}/accept`, keyed, accept);
  await post(`/v1/trades/${number}/refund`, stage.shop, { amount: 300, reason: "A cup has a crack." });
  const record = await request(`${world.url}/v1/trades/${number}/events`, "GET", stage.shop);
  const events = (record.json["items"] as TradeEventView[]).length;
  const messages = () =>
    parsed(toShop)
      .filter(isOfTrade)
      .filter(({ data }) => data.number === number);
  await until("all has been told", () => messages().length >= events);
  assert.equal(messages().length, events, "the key that came again is told once");

  // The events of one step share what it changed, and the trade's version after it.
  const steps = new Map(messages().map(({ data }) => [data.version, data]));
  const sum = { frozen: 0, settled: 0, released: 0, refunded: 0, delivered: 0, accepted: 0 };
  for (const { changed } of steps.values()) {
    for (const name of ["frozen", "settled", "released", "refunded"] as const)
      sum[name] += changed[name] ?? 0;
    for (const line of changed.lines) {
      assert.deepEqual([line.line, line.id], [1, "tea"], "lines have the shop's names");
      sum.delivered += line.delivered ?? 0;
      sum.accepted += line.accepted ?? 0;
    }
  }
  const { json: trade } = await request(`${world.url}/v1/trades/${number}`, "GET", stage.shop);
  const { frozen, settled, released, refunded } = trade;
  assert.deepEqual(sum, { frozen, settled, released, refunded, delivered: 3, accepted: 2 });
  assert.equal(sum.refunded, 300);
  const [settling] = messages().filter(({ type }) => type === "trade.settled");
  assert.equal(settling?.data.changed.settled, 2800, "two pieces, with their part of the shipping");
});

test("a message brings the last checkpoint of the log, to which a receiver holds the server", async () => {
  const log = async () => (await request(`${world.url}/v1/log`, "GET")).json;
  await until("the log has begun", async () => (await log())["key"] !== undefined);
  const secrets = await register(stage.shop, toReader);
  const client = kenshu({ url: world.url });
  const keys = { log: String((await log())["key"]) };
  let kept: string | undefined;
  for (let told = 1; told <= 2; told += 1) {
    const size = Number((await log())["size"]);
    await stage.newTrade();
    await until("it is in the log", async () => Number((await log())["size"]) > size);
    // What comes with a message may be a second old.
    await until("a message brings it", async () => {
      const before = toReader.received.length;
      await stage.newTrade();
      await until("it was told", () => toReader.received.length > before);
      const { headers = {}, body = "" } = toReader.received.at(-1) ?? {};
      const message = await verifyWebhook({ secrets, headers, body, now: new Date() });
      assert.ok(message.verified);
      if (message.checkpoint === undefined) return false;
      const verdict = await followLog({ client, keys, kept, seen: message.checkpoint });
      assert.ok(verdict.verified, JSON.stringify(verdict));
      kept = verdict.checkpoint.note;
      return verdict.checkpoint.size > size;
    });
  }
});

test("a refused step tells nobody anything", async () => {
  const number = await stage.newTrade();
  await until("its beginning has been told", () =>
    parsed(toShop).some(({ data }) => data["number"] === number),
  );
  const before = toShop.received.length;
  const refused = await request(`${world.url}/v1/trades/${number}/return`, "POST", stage.shop, {});
  assert.ok(refused.status >= 400);
  await post(`/v1/trades/${number}/cancel`, stage.shop, {});
  await until("the end has been told", () => parsed(toShop).some(({ type }) => type === "trade.cancelled"));
  const later = parsed(toShop)
    .slice(before)
    .filter(({ data }) => data["number"] === number);
  assert.ok(
    later.every(({ type }) => ["trade.proposed", "trade.reserved", "trade.cancelled"].includes(type)),
  );
});

test("a mandate from giving to revoking, and what a shop may read, as the shop is told of it", async () => {
  const of = (type: string) => parsed(toShop).filter((event) => event.type === type);
  const terms = { shop: ids.shop, currency: "JPY", limit: 700, until: "2031-01-01T00:00:00.000Z" };
  const member = `/v1/members/${ids.member}`;
  const { id } = await post(`${member}/mandates`, stage.buyer, terms);
  const disclosed = await post(`${member}/disclosures`, stage.buyer, { shop: ids.shop, fields: ["name"] });
  await request(`${world.url}${member}/mandates/${String(id)}`, "DELETE", stage.buyer);
  await until("all has been told", () => of("member.mandate_revoked").length > 0);
  await until("all has been told", () => of("member.disclosed").length > 0);
  const { currency, limit, until: end } = terms;
  const mandate = { mandate: id, member: ids.member };
  const told = parsed(toShop)
    .filter(isOfMember)
    .toSorted((one, other) => (one.type < other.type ? -1 : 1));
  const expected = [
    ["member.disclosed", { disclosure: disclosed["id"], fields: ["name"], until: disclosed["until"] }],
    ["member.mandate_given", { ...mandate, currency, limit, until: end }],
    ["member.mandate_revoked", mandate],
  ];
  assert.deepEqual(
    told.map(({ type, data }) => [type, data]),
    expected,
  );
  const faultsOf = judgeMessages((await request(`${world.url}/openapi.json`, "GET")).json);
  for (const event of told) assert.deepEqual(faultsOf(JSON.stringify(event)), []);
  assert.deepEqual(toOther.received.length, 0);
  const feed = await request(`${world.url}/v1/events?limit=200`, "GET", stage.shop);
  assert.ok(!feed.text.includes("member."), "they are no events of a trade");
});
