/** How a shop hears of what happens where it sells: at once by webhooks, later from the list of events, and by nobody else. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import { closeGracefully, type Server } from "../src/edge/http/http.ts";
import { seedShop, type Watcher } from "../src/servers/shop-orders/shop-orders.ts";
import { createShop } from "../src/servers/shop/shop.ts";
import { forgetMessages, makeHearing } from "../src/servers/shop-news/shop-news.ts";
import { rawSql, uuidv7 } from "../src/storage/database/database.ts";
import { request } from "./support/wire/http.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { staffPassword, Visitor } from "./support/world/shop-visit.ts";
import { setStage } from "./support/world/stage.ts";
import { testKey } from "./support/world/vault.ts";
import { startWorld, until } from "./support/world/world.ts";

const world = await startWorld({ after }, { operators: "one", durable: false, sandbox: true });
const stage = await setStage(world);
const { database } = await freshDatabase({ after }, "shop");
await seedShop(database);
const publicUrl = `http://127.0.0.1:${await freePort()}`;
const key = world.demo.shops[0]?.key ?? "";
const seller = kenshu({ url: world.url, key });
/** Nothing is asked twice within the hour, so whatever the shop knows it was told, or read when it began. */
const hour = 3_600_000;
const pace = {
  roundMs: hour,
  quietMs: hour,
  checkMinMs: hour,
  checkMaxMs: hour,
  unheardMs: hour,
};

interface Opened {
  server: Server;
  watcher: Watcher;
  close: () => Promise<void>;
}

/** A process of the shop on the one database. */
async function openShop(feedMs = hour): Promise<Opened> {
  const shop = await createShop({
    database,
    tills: [{ id: "direct", label: "Directly", url: world.url, key }],
    shopName: "Kanda Goods",
    publicUrl,
    staffPassword,
    personalDataKeys: [testKey],
    log: "silent",
    pace: { ...pace, feedMs },
  });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await shop.watcher.stop();
    await closeGracefully(shop.server, { timeoutMs: 1000 });
  };
  after(close);
  return { ...shop, close };
}

async function listens(opened: Opened): Promise<void> {
  await opened.server.listen({ host: "127.0.0.1", port: Number(new URL(publicUrl).port) });
  opened.watcher.start();
  await until("the server knows where to tell", async () => (await secretIsKept()) === 1);
}

const secretIsKept = async () =>
  (
    await database.query(
      rawSql("select 1 from heard_tills where secret is not null and return_url is not null"),
    )
  ).length;

interface Placed {
  visitor: Visitor;
  orderPage: string;
  order: string;
  trade: string;
}

/** The customer orders, and is led to the page on which to approve. */
async function place(server: Server): Promise<Placed> {
  const visitor = new Visitor(server);
  const { location, orderPage } = await visitor.order({ member: stage.ids.member });
  const trade = /\/approve\/kt_([0-9]+)_/.exec(location)?.[1] ?? assert.fail(location);
  const [row] = await database.query<{ number: string }>(
    rawSql("select number from orders where trade = $1", [trade]),
  );
  return { visitor, orderPage, order: row?.number ?? "", trade };
}

async function approve(trade: string): Promise<void> {
  const { json } = await request(`${world.url}/v1/trades/${trade}`, "GET", stage.buyer);
  const choice = { method: stage.ids.method, version: json["version"] };
  assert.equal((await stage.post(`/v1/trades/${trade}/approve`, stage.buyer, choice))["state"], "reserved");
}

async function staffOf(server: Server): Promise<Visitor> {
  const visitor = new Visitor(server);
  assert.equal((await visitor.post("/staff/sign-in", { password: staffPassword })).location, "/staff");
  return visitor;
}

/** What the list of the staff says of an order; it asks nobody. */
async function listed(staff: Visitor, order: string): Promise<string | undefined> {
  const { page } = await staff.get("/staff");
  return new RegExp(`id="order-${order}".*?data-state="([a-z]+)"`, "s").exec(page)?.[1];
}

/** All that the shop knows of an order, as text. */
async function known(order: string): Promise<string> {
  return JSON.stringify(
    await database.query(
      rawSql("select state, version, heard, check_at::text, view from orders where number = $1", [order]),
    ),
  );
}

async function endpoints(): Promise<number> {
  let count = 0;
  for await (const { name } of seller.endpoints.list()) if (name === "shop-orders") count += 1;
  return count;
}

const first = await openShop();
await listens(first);

test("the staff see at once that the buyer has approved", async () => {
  const { order, trade } = await place(first.server);
  const staff = await staffOf(first.server);
  assert.equal(await listed(staff, order), "proposed");
  await approve(trade);
  await until("the shop was told", async () => (await listed(staff, order)) === "reserved");
});

test("several messages in one request are heard like one, and once", async () => {
  const orders = [await place(first.server), await place(first.server)];
  const messages = orders.map(({ trade }) => ({
    id: uuidv7(),
    type: "trade.changed",
    timestamp: new Date().toISOString(),
    data: { number: trade, state: "reserved", version: 99, seq: 99, reference: null, changed: { lines: [] } },
  }));
  const event = { type: "webhook.messages", timestamp: new Date().toISOString(), data: { messages } };
  const hear = makeHearing({ database }, "direct");
  assert.equal(await hear({ verified: true, id: uuidv7(), event }), true);
  for (const { order } of orders) assert.match(await known(order), /"heard":"?99/);
  assert.equal(await hear({ verified: true, id: uuidv7(), event }), false);
});

test("who comes back from the approval page sees how the order stands, whatever the address says", async () => {
  const { visitor, orderPage, trade } = await place(first.server);
  const answer = await seller.get(trade);
  assert.ok(answer.outcome === "done");
  assert.equal(answer.trade.returnUrl, `${publicUrl}/orders/back`);
  const back = await visitor.get(`/orders/back?trade=${trade}&state=settled`);
  assert.deepEqual([back.status, back.location], [303, orderPage]);
  assert.match((await visitor.get(orderPage)).page, /data-state="proposed"/);
  await approve(trade);
  await until("the page has heard", async () =>
    (await visitor.get(orderPage)).page.includes('data-state="reserved"'),
  );
  const stranger = await new Visitor(first.server).get(`/orders/back?trade=${trade}&state=reserved`);
  assert.deepEqual([stranger.status, stranger.location], [303, "/orders"], "no order of this browser's");
  assert.equal((await visitor.get(`/orders/back?trade=${trade}&to=https://evil.example`)).status, 422);
});

test("forged and repeated messages change nothing", async () => {
  const { order, trade } = await place(first.server);
  await approve(trade);
  const staff = await staffOf(first.server);
  await until("the shop was told", async () => (await listed(staff, order)) === "reserved");
  const before = await known(order);

  const body = JSON.stringify({
    type: "trade.settled",
    timestamp: new Date().toISOString(),
    data: { number: trade, state: "settled", version: 99, seq: 99 },
  });
  const signature = `v1,${Buffer.alloc(32, 1).toString("base64")}`;
  const headers = {
    "webhook-id": "forged",
    "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
    "webhook-signature": signature,
    "content-type": "application/json",
  };
  const forged = await fetch(`${publicUrl}/webhooks/direct`, { method: "POST", headers, body });
  assert.equal(forged.status, 401);
  const bare = await fetch(`${publicUrl}/webhooks/direct`, { method: "POST" });
  assert.equal(bare.status, 401);
  const elsewhere = await fetch(`${publicUrl}/webhooks/other`, { method: "POST", headers, body });
  assert.equal(elsewhere.status, 404);

  const messages = async () =>
    database.query<{ message: string }>(rawSql("select message from heard_messages order by message"));
  const taken = await messages();
  for await (const { id, number } of seller.deliveries.list()) {
    if (number !== trade) continue;
    const again = await seller.deliveries.resend(id);
    assert.equal(again.outcome, "done");
  }
  const settled = async () => {
    const states: string[] = [];
    for await (const { number, state } of seller.deliveries.list()) if (number === trade) states.push(state);
    return states.length > 0 && states.every((state) => state === "delivered");
  };
  await until("all came again", settled);
  assert.deepEqual(await messages(), taken);
  assert.equal(await known(order), before);
});

test("what was heard is known for sixty days", async () => {
  await database.execute(
    rawSql(`insert into heard_messages (till, message, heard_at)
      values ('direct', 'old', clock_timestamp() - interval '61 days'), ('direct', 'young', clock_timestamp() - interval '59 days')`),
  );
  await forgetMessages(database);
  const left = await database.query<{ message: string }>(
    rawSql("delete from heard_messages where message in ('old', 'young') returning message"),
  );
  assert.deepEqual(left, [{ message: "young" }]);
});

test("a restart makes no second endpoint, and what happened meanwhile is caught up with", async () => {
  const { order, trade } = await place(first.server);
  await first.close();
  await approve(trade);
  // This one does not listen: no message can reach it.
  const second = await openShop(0);
  const staff = await staffOf(second.server);
  assert.equal(await listed(staff, order), "proposed");
  await until("it has read on", async () => {
    await second.watcher.runOnce();
    return (await listed(staff, order)) === "reserved";
  });
  assert.equal(await endpoints(), 1);
});
