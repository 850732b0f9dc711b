/** One owner's endpoints, however many messages they have and whatever they do with them, hold up nobody else's. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test, type TestContext } from "node:test";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import {
  claimDeliveries,
  enqueueWebhooks,
  giveBackDeliveries,
  insertEndpoint,
  messageTo,
} from "../../engines/outbox/outbox.ts";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { startReceiver } from "../../../test/support/wire/receiver.ts";
import { webhookBox } from "../../../test/support/world/vault.ts";
import { until } from "../../../test/support/world/world.ts";
import { makeSecret } from "./signature.ts";
import { createWebhooks } from "./webhooks.ts";

async function makeBench(t: TestContext) {
  const endings: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of endings.toReversed()) await end();
  });
  const { database } = await freshDatabase({ after: (end) => endings.push(end) }, "trading");
  const box = await webhookBox(database);
  return {
    database,
    box,
    endings,
    endpoint: async (url: string): Promise<string> => {
      const id = uuidv7();
      const sealed = box.seal(id, makeSecret());
      await insertEndpoint(database, {
        id,
        ownerKind: "shop",
        owner: uuidv7(),
        url,
        types: ["*"],
        perRequest: 1,
        sealed,
      });
      return id;
    },
    tell: (endpoint: string, count: number): Promise<unknown> =>
      enqueueWebhooks(
        database,
        Array.from({ length: count }, () =>
          messageTo(endpoint, "trade.settled", new Date(), { number: "48210733951146" }, 48210733951146n),
        ),
      ),
  };
}

test("the first message of each endpoint is taken on before the second of any, however old that is", async (t) => {
  const { database, endpoint, tell } = await makeBench(t);
  const [busy, other] = [await endpoint("https://busy.example/"), await endpoint("https://other.example/")];
  await tell(busy, 50);
  await database.execute(rawSql("update waiting_messages set next_at = next_at - interval '1 hour'"));
  await tell(other, 1);
  const room = new Map([[busy, 32]]);
  const claimed = await claimDeliveries(database, {
    most: 8,
    perEndpoint: 4,
    room,
    bytesMost: 10_000,
    leaseMs: 60_000,
  });
  assert.deepEqual(claimed.filter(({ endpoint: id }) => id === other).length, 1);
  assert.equal(claimed.length, 8);
});

test("of an endpoint no more is taken on than so many bytes, and one message in any case", async (t) => {
  const { database, endpoint, tell } = await makeBench(t);
  const [one, other] = [await endpoint("https://one.example/"), await endpoint("https://other.example/")];
  await tell(one, 20);
  await tell(other, 20);
  const claim = { most: 100, perEndpoint: 4, room: new Map([[one, 20]]), leaseMs: 60_000 };
  const [length] = (
    await database.query<{ length: number }>(
      rawSql("select octet_length(payload) as length from webhook_deliveries"),
    )
  ).map((row) => row.length);
  assert.ok(length !== undefined);
  const taken = async (bytesMost: number) => {
    const claimed = await claimDeliveries(database, { ...claim, bytesMost });
    await giveBackDeliveries(database, claimed);
    return [one, other].map((id) => claimed.filter((each) => each.endpoint === id).length);
  };
  assert.deepEqual(await taken(1), [1, 1]);
  assert.deepEqual(await taken(length * 5), [5, 4]);
  assert.deepEqual(await taken(length * 100), [20, 4]);
});

test("ten receivers that answer at once and then hang hold up nobody but themselves", async (t) => {
  const { database, box, endings, endpoint, tell } = await makeBench(t);
  const held: ServerResponse[] = [];
  const trap = await startReceiver(t, (response) => {
    if (trap.received.length <= 80) response.writeHead(204).end();
    else held.push(response);
  });
  const good = await startReceiver(t);
  const quick = await endpoint(good.url);
  for (let count = 0; count < 10; count += 1) await tell(await endpoint(trap.url), 60);
  const webhooks = createWebhooks({
    database,
    box,
    mayReach: [trap.place, good.place],
    loopback: false,
    onError: (error) => assert.fail(String(error)),
    pollEveryMs: 10,
    timeoutMs: 25_000,
    leaseMs: 60_000,
  });
  endings.push(() => webhooks.close());
  await until("all of them hang", () => held.length === 40);
  await tell(quick, 50);
  await until("everybody else's messages arrive", () => good.received.length === 50, 10_000);
  for (const response of held) response.end();
});
