/** A shop that sells at two trading servers, as its customers and its staff meet it: over HTTP, by its pages. */
import assert from "node:assert/strict";
import { type Database, randomToken, uuidv7 } from "../../../src/storage/database/database.ts";
import { closeGracefully } from "../../../src/edge/http/http.ts";
import { createShop } from "../../../src/servers/shop/shop-server.ts";
import { newOrderKey, sealBody, sealCustomer } from "../../../src/servers/shop-orders/customers.ts";
import { freshKey } from "../../../src/servers/shop-orders/order-placement.ts";
import {
  type Call,
  callsOf,
  insertCall,
  insertLines,
  insertOrder,
  type Order,
  orderByNumber,
} from "../../../src/servers/shop-orders/orders-store.ts";
import { orderToken, sha256 } from "../../../src/servers/shop-orders/shop-orders.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import type { Json } from "../wire/http.ts";
import { freshDatabase } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { testKey, testKeyring } from "./vault.ts";
import { type Counter, offerOf } from "./story-counter.ts";

export const staffPassword = "paper-crane-42";

export interface StoryShop {
  url: string;
  /** Takes an order for five cups on such terms, and proposes it where it is paid. */
  order(counter: Counter, terms: Json): Promise<Ordered>;
}

/** An order: its pages for the customer and for the staff, and its number. */
export interface Ordered {
  number: string;
  customerPage: string;
  staffPage: string;
  read(): Promise<{ order: Order; calls: Call[] }>;
}

/** An order as somebody takes it who knows the customer: its proposal is written down, and not yet sent. */
async function enter(database: Database, counter: Counter, terms: Json, count: number): Promise<Ordered> {
  const { topology: till, member, carrier } = counter;
  const key = randomToken(32);
  const number = dammAppend(String(100_000_000 + count));
  const id = uuidv7();
  const sealing = { id, ...newOrderKey(testKeyring, id) };
  const customer = {
    name: "Aoi Tanaka",
    address: "1-2-3 Kanda, Tokyo",
    email: "aoi@example.jp",
    phone: null,
    recipient: null,
  };
  const body = { ...offerOf({ member: member.number, carrier: carrier.id }), reference: number, ...terms };
  await database.transaction(async (client) => {
    const written = await insertOrder(client, {
      ...sealing,
      customer: sealCustomer(testKeyring, sealing, customer),
      number,
      till,
      language: "en",
      tokenHash: sha256(orderToken(key)),
      currency: "JPY",
      amount: 5000n,
    });
    assert.ok(written);
    await insertLines(client, id, [
      { id: "cup", kind: "goods", name: "Cup", quantity: 5, unitAmount: 1000n },
    ]);
    const { kek, wrapped } = sealing;
    const call = { orderId: id, till, seq: 1, call: "propose", key: freshKey(), trade: null } as const;
    const sealed = sealBody(testKeyring, sealing, 1, JSON.stringify(body));
    await insertCall(client, { ...call, kek, wrapped, body: sealed }, null, 0);
  });
  return {
    number,
    customerPage: `/orders/${orderToken(key)}`,
    staffPage: `/staff/orders/${number}`,
    read: async () => {
      const order = await orderByNumber(database, number);
      assert.ok(order !== undefined);
      return { order, calls: await callsOf(database, id) };
    },
  };
}

export async function openStoryShop(
  t: { after(release: () => Promise<void>): unknown },
  counters: readonly Counter[],
): Promise<StoryShop> {
  const { database } = await freshDatabase(t, "shop");
  const url = `http://127.0.0.1:${await freePort()}`;
  const shop = await createShop({
    database,
    tills: counters.map(({ topology, url: at, shopKey, carrier }) => ({
      id: topology,
      label: topology,
      url: at,
      key: shopKey,
      carrier: carrier.id,
    })),
    shopName: "Kanda Goods",
    publicUrl: url,
    staffPassword,
    personalDataKeys: [testKey],
    log: "silent",
    // What the test looks at is what the server says now.
    pace: { checkMinMs: 0, checkMaxMs: 0, coolingMs: 0 },
  });
  await shop.server.listen({ host: "127.0.0.1", port: Number(new URL(url).port) });
  t.after(async () => {
    await closeGracefully(shop.server, { timeoutMs: 1000 });
  });
  let count = 0;
  return {
    url,
    order: async (counter, terms) => {
      const ordered = await enter(database, counter, terms, (count += 1));
      await shop.watcher.runOnce();
      return ordered;
    },
  };
}
