import assert from "node:assert/strict";
import { test } from "node:test";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import {
  enqueueWebhooks,
  readEndpoints,
  type WebhookEndpoint,
  webhookMessages,
  type WebhookTrade,
} from "./webhook-store.ts";

const at = new Date("2030-01-02T03:04:05.678Z");
const shop = uuidv7();
const carrier = uuidv7();
const provider = uuidv7();
const trade: WebhookTrade = {
  number: 48210733951146n,
  state: "settled",
  version: 5,
  shop,
  carrier,
  provider: null,
  chain: null,
  terms: { reference: "A-1001", metadata: { channel: "web" } },
  currency: "JPY",
  amount: 3600n,
  frozen: 0n,
  settled: 3600n,
  released: 0n,
  refunded: null,
};
const endpoint = (change: Partial<WebhookEndpoint>): WebhookEndpoint => ({
  id: uuidv7(),
  ownerKind: "shop",
  owner: shop,
  types: ["*"],
  ...change,
});
const changed = {
  frozen: -3600n,
  settled: 3600n,
  released: 0n,
  refunded: 0n,
  lines: [{ line: 1, id: "tea", accepted: 3 }],
};
const events = { trade, changed, seq: 4, types: ["trade.accepted", "trade.settled"], at };

const told: [who: string, endpoint: WebhookEndpoint, types: string[]][] = [
  ["the shop, of all", endpoint({}), ["trade.accepted", "trade.settled"]],
  ["the shop, of one", endpoint({ types: ["trade.settled"] }), ["trade.settled"]],
  ["the shop, of another", endpoint({ types: ["trade.refunded"] }), []],
  ["the shop, of each step", endpoint({ types: ["trade.changed"] }), ["trade.changed"]],
  [
    "the shop, of each step and of one event",
    endpoint({ types: ["trade.changed", "trade.accepted"] }),
    ["trade.accepted", "trade.changed"],
  ],
  ["another shop", endpoint({ owner: uuidv7() }), []],
  ["the carrier", endpoint({ ownerKind: "carrier", owner: carrier }), ["trade.accepted", "trade.settled"]],
  ["a carrier with the shop's id", endpoint({ ownerKind: "carrier", owner: shop }), []],
  ["a provider of a trade without", endpoint({ ownerKind: "provider", owner: provider }), []],
];
for (const [who, one, types] of told) {
  test(`${who} is told of ${types.join(" and ") || "nothing"}`, () => {
    assert.deepEqual(
      webhookMessages([one], [events]).map(({ type }) => type),
      types,
    );
  });
}

test("a shop's message holds amounts, a carrier's none", () => {
  const endpoints = [endpoint({}), endpoint({ ownerKind: "carrier", owner: carrier })];
  const [toShop, toCarrier] = webhookMessages(endpoints, [{ ...events, types: ["trade.settled"] }]);
  const head = { type: "trade.settled", timestamp: "2030-01-02T03:04:05.678Z" };
  const thin = { number: "48210733951146", state: "settled", version: 5, seq: 4, reference: "A-1001" };
  const { lines } = changed;
  assert.deepEqual(JSON.parse(toCarrier?.payload ?? ""), { ...head, data: { ...thin, changed: { lines } } });
  const amounts = { amount: 3600, frozen: 0, settled: 3600, released: 0, refunded: null };
  assert.deepEqual(JSON.parse(toShop?.payload ?? ""), {
    ...head,
    data: {
      ...thin,
      metadata: { channel: "web" },
      currency: "JPY",
      ...amounts,
      changed: { frozen: -3600, settled: 3600, released: 0, refunded: null, lines },
    },
  });
});

test("a message about a deadline says which one is near, and no other message says more than before", () => {
  const near = { deadline: "acceptBy", at: "2030-01-05T03:04:05.678Z", before: "P3D" };
  const types = ["trade.deadline_near", "trade.settled"];
  const told = webhookMessages([endpoint({})], [{ ...events, types, data: [near, { code: "x" }] }]);
  const [first, second] = told.map(({ payload }) => (JSON.parse(payload) as { data: object }).data);
  assert.deepEqual({ ...first, ...near }, first);
  assert.ok(second !== undefined && !("code" in second) && !("deadline" in second));
});

test("messages are kept with the change, and nothing of a change that is taken back", async (t) => {
  const { database } = await freshDatabase(t, "trading");
  const one = endpoint({ types: ["trade.accepted", "trade.settled"] });
  await database.execute(
    rawSql(
      `insert into webhook_endpoints (id, owner_kind, owner, url, types, secret, state, created_at)
       values ($1, 'shop', $2, 'https://shop.example/hook', $3, '\\x00', 'active', now())`,
      [one.id, one.owner, one.types],
    ),
  );
  assert.deepEqual(await readEndpoints(database, [shop, carrier]), [one]);
  assert.deepEqual(await readEndpoints(database, [carrier]), []);
  const messages = webhookMessages([one], [events, { ...events, seq: 6 }]);
  await database.transaction((client) => enqueueWebhooks(client, messages));
  const undone = database.transaction(async (client) => {
    await enqueueWebhooks(client, messages);
    throw new Error("taken back");
  });
  await assert.rejects(undone, /taken back/);
  const kept = await database.query<Record<string, unknown>>(
    rawSql("select endpoint, type, trade, payload, created_at as at from webhook_deliveries order by id"),
  );
  assert.deepEqual(kept, messages);
});
