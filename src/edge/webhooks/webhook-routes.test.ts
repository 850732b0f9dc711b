import assert from "node:assert/strict";
import { webhookBox } from "../../../test/support/world/vault.ts";
import { after, test } from "node:test";
import { verifyWebhook } from "@kenshu/sdk";
import { makeCookies, makeLog, makeServer } from "../http/http.ts";
import { enqueueWebhooks, readEndpoints, webhookMessages } from "../../engines/outbox/outbox.ts";
import { access } from "../api/api.ts";
import {
  bearer,
  type Call,
  type Json,
  peopleServer,
  type Reply,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { startReceiver, status } from "../../../test/support/wire/receiver.ts";
import { until } from "../../../test/support/world/world.ts";
import { createWebhooks, registerWebhookRoutes } from "./webhooks.ts";

const endings: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});
const later = { after: (end: () => Promise<void>) => endings.push(end) };

const { context, demo } = await peopleServer(later);
const { database } = context;
const receiver = await startReceiver({ after });
const webhooks = createWebhooks({
  database,
  box: await webhookBox(database),
  mayReach: [receiver.place],
  loopback: false,
  onError: (error) => assert.fail(String(error)),
  pollEveryMs: 60_000,
});
endings.push(() => webhooks.close());
const server = await makeServer({
  name: "hooks",
  version: "0",
  access,
  log: makeLog("hooks", "silent"),
  secureCookies: false,
  ready: () => Promise.resolve(true),
});
registerWebhookRoutes(server, { ...context, cookies: makeCookies("http://kenshu.example") }, webhooks);
endings.push(() => server.close());

const call: Call = async (method, url, who = {}, body) => {
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const headers = { ...who, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const reply = await server.inject({ method, url, headers, ...payload });
  const read = reply.body === "" ? {} : reply.json<Json>();
  const replayed = reply.headers["idempotent-replayed"] === "true";
  return { status: reply.statusCode, body: read, code: read["code"], replayed, cookie: "" };
};

const shops = demo.shopKeys.map(bearer);
const shop = shops[0] ?? {};
const otherShop = shops[1] ?? {};
const hook = { url: receiver.url, types: ["*"] };
const endpoints = "/v1/webhook-endpoints";

async function deliveries(who: Who, query = ""): Promise<Json[]> {
  return (await call("GET", `/v1/webhook-deliveries${query}`, who)).body["items"] as Json[];
}

async function forgetAll(who: Who): Promise<void> {
  const { body } = await call("GET", endpoints, who);
  for (const { id } of body["items"] as Json[]) await call("DELETE", `${endpoints}/${String(id)}`, who);
}

test("an endpoint shows its secret once, and a message to it can be verified", async () => {
  const key = { ...shop, "idempotency-key": "hook-1" };
  const made = await call("POST", endpoints, key, hook);
  assert.equal(made.status, 201);
  const { secret, id, ...view } = made.body;
  assert.match(String(secret), /^whsec_[0-9A-Za-z+/]{43}=$/);
  assert.deepEqual(
    { ...view, createdAt: "" },
    { ...hook, perRequest: 1, name: null, state: "active", oldSecretUntil: null, createdAt: "" },
  );
  const again = await call("POST", endpoints, key, hook);
  assert.deepEqual([again.status, again.replayed, again.body["id"]], [201, true, id]);
  assert.ok(!("secret" in again.body));
  const listed = await call("GET", endpoints, shop);
  assert.ok(!JSON.stringify(listed.body).includes("whsec_"));
  assert.equal((await call("POST", `${endpoints}/${String(id)}/test`, shop, {})).status, 202);
  await until("it arrives", () => receiver.received.length === 1);
  const { headers, body } = receiver.received[0] ?? { headers: {}, body: "" };
  const found = await verifyWebhook({ secrets: String(secret), headers, body, now: new Date() });
  assert.ok(found.verified && found.event.type === "webhook.test");
  assert.deepEqual(found.event.data, { endpoint: id });
  await forgetAll(shop);
  assert.deepEqual(await deliveries(shop), [], "what belongs to no endpoint is nobody's");
});

test("under a name it is one endpoint, however often and by however many it is said", async () => {
  const put = (url = hook.url, who = shop) => call("PUT", `${endpoints}/till-1`, who, { ...hook, url });
  const replies = await Promise.all(Array.from({ length: 6 }, () => put()));
  assert.equal(new Set(replies.map(({ body }) => body["id"])).size, 1);
  const secrets = replies.flatMap(({ status, body }) => (status === 201 ? [body["secret"]] : []));
  assert.equal(secrets.length, 1, "made once, its secret shown once");
  assert.ok(replies.every(({ status, body }) => status === 201 || !("secret" in body)));
  const [first] = replies;
  const several = { ...hook, perRequest: 100 };
  assert.equal((await call("PUT", `${endpoints}/till-1`, shop, several)).body["perRequest"], 100);
  const tooMany = await call("PUT", `${endpoints}/till-1`, shop, { ...hook, perRequest: 101 });
  assert.equal(tooMany.code, "invalid_field");
  const moved = await put(`${hook.url}?v=2`);
  assert.equal(moved.body["perRequest"], 1, "what is not said is as at the beginning");
  assert.deepEqual(
    [moved.status, moved.body["id"], moved.body["url"]],
    [200, first?.body["id"], `${hook.url}?v=2`],
  );
  const other = await put(hook.url, otherShop);
  assert.deepEqual([other.status, other.body["name"]], [201, "till-1"], "a name is its owner's");
  const id = String(first?.body["id"]);
  receiver.answer = status(410);
  await call("POST", `${endpoints}/${id}/test`, shop, {});
  const state = async () => ((await call("GET", endpoints, shop)).body["items"] as Json[])[0]?.["state"];
  await until("its receiver has ended it", async () => (await state()) === "disabled");
  receiver.answer = status(204);
  assert.deepEqual([(await put()).body["state"], await state()], ["active", "active"]);
  const before = receiver.received.length;
  await call("POST", `${endpoints}/${id}/test`, shop, {});
  await until("it arrives", () => receiver.received.length > before);
  const { headers, body } = receiver.received[before] ?? { headers: {}, body: "" };
  const found = await verifyWebhook({ secrets: String(secrets[0]), headers, body, now: new Date() });
  assert.ok(found.verified, "the secret is the one of the beginning");
  assert.equal((await call("PUT", `${endpoints}/Till 1`, shop, hook)).code, "invalid_field");
  await forgetAll(shop);
  await forgetAll(otherShop);
  assert.equal((await put()).status, 201, "one that was taken away is made anew");
  await forgetAll(shop);
});

const refused: [what: string, body: Json, status: number, code: string][] = [
  ["a private address", { url: "https://10.0.0.1/", types: ["*"] }, 422, "webhook_url_refused"],
  ["plain http", { url: "http://shop.example/", types: ["*"] }, 422, "webhook_url_refused"],
  ["no URL", { url: "shop", types: ["*"] }, 422, "webhook_url_refused"],
  ["no types", { url: receiver.url, types: [] }, 422, "invalid_field"],
  ["an unknown type", { url: receiver.url, types: ["trade.eaten"] }, 422, "invalid_field"],
  ["the same type twice", { url: receiver.url, types: ["*", "*"] }, 422, "invalid_field"],
  ["a field too many", { ...hook, secret: "whsec_mine" }, 422, "invalid_field"],
];
for (const [what, body, wanted, code] of refused) {
  test(`an endpoint with ${what} is refused`, async () => {
    const reply = await call("POST", endpoints, shop, body);
    assert.deepEqual([reply.status, reply.code], [wanted, code]);
  });
}

test("an owner has ten endpoints at most", async () => {
  for (let count = 1; count <= 10; count += 1)
    assert.equal((await call("POST", endpoints, otherShop, hook)).status, 201);
  assert.equal((await call("POST", endpoints, otherShop, hook)).code, "not_allowed");
  await forgetAll(otherShop);
  assert.equal((await call("POST", endpoints, otherShop, hook)).status, 201);
  await forgetAll(otherShop);
  const many = Array.from({ length: 30 }, (_, nth) =>
    nth % 2 === 0
      ? call("POST", endpoints, otherShop, hook)
      : call("PUT", `${endpoints}/name-${nth}`, otherShop, hook),
  );
  const made = (await Promise.all(many)).filter(({ status }) => status === 201);
  assert.equal(made.length, 10, "also at once");
  await forgetAll(otherShop);
});

test("an id is no name: nothing is made beside the endpoint that has it", async () => {
  const { body } = await call("POST", endpoints, shop, hook);
  const named = await call("PUT", `${endpoints}/${String(body["id"])}`, shop, hook);
  assert.deepEqual([named.status, named.code], [422, "invalid_field"]);
  assert.equal((await call("DELETE", `${endpoints}/${String(body["id"])}`, shop)).status, 204);
});

test("nobody sees or moves what is another's", async () => {
  const { body } = await call("POST", endpoints, shop, hook);
  const id = String(body["id"]);
  await call("POST", `${endpoints}/${id}/test`, shop, {});
  const [delivery] = await deliveries(shop);
  const paths = [`${endpoints}/${id}/rotate`, `${endpoints}/${id}/test`];
  for (const path of [...paths, `/v1/webhook-deliveries/${String(delivery?.["id"])}/resend`]) {
    assert.equal((await call("POST", path, otherShop, {})).status, 404, path);
    assert.equal((await call("POST", path, {}, {})).status, 401, path);
  }
  assert.equal((await call("DELETE", `${endpoints}/${id}`, otherShop)).status, 404);
  assert.deepEqual(await deliveries(otherShop), []);
  assert.deepEqual(await deliveries(otherShop, `?endpoint=${id}`), []);
  assert.equal((await deliveries(shop, `?endpoint=${id}`)).length, 1);
  await forgetAll(shop);
});

test("messages are listed page by page, and sent again under their id", async () => {
  const { body } = await call("POST", endpoints, shop, hook);
  const id = String(body["id"]);
  for (let count = 1; count <= 5; count += 1) await call("POST", `${endpoints}/${id}/test`, shop, {});
  const ended = async (): Promise<Json[]> =>
    (await deliveries(shop)).filter(({ state }) => state === "delivered");
  await until("all are delivered", async () => (await ended()).length === 5);
  const seen: string[] = [];
  let rest: string | null = "";
  while (rest !== null) {
    const { body: page }: Reply = await call("GET", `/v1/webhook-deliveries?limit=2${rest}`, shop);
    const { items, next } = page as { items: { id: string }[]; next: string | null };
    seen.push(...items.map((each) => each.id));
    rest = next === null ? null : `&after=${next}`;
  }
  assert.deepEqual(seen, [...seen].toSorted().toReversed(), "the newest first");
  assert.equal(new Set(seen).size, 5);
  const [one = ""] = seen;
  assert.equal((await call("POST", `/v1/webhook-deliveries/${one}/resend`, shop, {})).status, 202);
  await until("it has come twice", () => receiver.counts().get(one) === 2);
  await forgetAll(shop);
});

test("after a rotation both secrets verify; an endpoint that is gone takes no more", async () => {
  const { body } = await call("POST", endpoints, shop, hook);
  const id = String(body["id"]);
  const rotated = await call("POST", `${endpoints}/${id}/rotate`, shop, {});
  assert.notEqual(rotated.body["secret"], body["secret"]);
  assert.ok(typeof rotated.body["oldSecretUntil"] === "string");
  const before = receiver.received.length;
  receiver.answer = status(410);
  await call("POST", `${endpoints}/${id}/test`, shop, {});
  await until("it arrives", () => receiver.received.length > before);
  const { headers, body: text } = receiver.received[before] ?? { headers: {}, body: "" };
  for (const secrets of [String(body["secret"]), String(rotated.body["secret"])])
    assert.ok((await verifyWebhook({ secrets, headers, body: text, now: new Date() })).verified);
  const failed = async (): Promise<Json | undefined> =>
    (await deliveries(shop)).find(({ state }) => state === "failed");
  await until("it has failed", async () => (await failed()) !== undefined);
  const sent = String((await failed())?.["id"]);
  assert.equal(
    (await call("POST", `/v1/webhook-deliveries/${sent}/resend`, shop, {})).code,
    "webhook_endpoint_ended",
  );
  assert.equal((await call("POST", `${endpoints}/${id}/test`, shop, {})).code, "webhook_endpoint_ended");
  receiver.answer = status(204);
  await forgetAll(shop);
});

test("an endpoint with types is told of these alone, and a test comes all the same", async () => {
  const { body } = await call("POST", endpoints, shop, { ...hook, types: ["trade.settled"] });
  const owner = demo.shops[0]?.id ?? "";
  const found = await readEndpoints(database, [owner]);
  assert.deepEqual(
    found.map(({ id, types }) => [id, types]),
    [[body["id"], ["trade.settled"]]],
  );
  const trade = {
    number: 48210733951146n,
    state: "settled",
    version: 3,
    shop: owner,
    carrier: null,
    provider: null,
    chain: null,
    terms: { reference: "A-1001", metadata: { channel: "web" } },
    currency: "JPY",
    amount: 5n,
    frozen: 0n,
    settled: 5n,
    released: 0n,
    refunded: 0n,
  };
  const changed = { frozen: -5n, settled: 5n, released: 0n, refunded: 0n, lines: [] };
  const events = [{ trade, changed, seq: 2, types: ["trade.accepted", "trade.settled"], at: new Date() }];
  await enqueueWebhooks(database, webhookMessages(found, events));
  webhooks.wake();
  await until("it is delivered", async () => (await deliveries(shop))[0]?.["state"] === "delivered");
  const [delivery] = await deliveries(shop);
  assert.deepEqual([delivery?.["type"], delivery?.["number"]], ["trade.settled", "48210733951146"]);
  await forgetAll(shop);
});
