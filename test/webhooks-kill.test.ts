/** Processes that deliver webhooks die at any moment: what was committed arrives all the same, and nothing else does. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rawSql, uuidv7 } from "../src/storage/database/database.ts";
import { enqueueWebhooks, insertEndpoint, messageTo } from "../src/engines/outbox/outbox.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { startReceiver } from "./support/wire/receiver.ts";
import { webhookBox } from "./support/world/vault.ts";
import { until } from "./support/world/world.ts";

const worker = fileURLToPath(new URL("support/world/webhook-worker.js", import.meta.url));

async function startWorker(...given: string[]): Promise<ChildProcess> {
  const child = fork(worker, given, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await new Promise((resolve) => child.once("message", resolve));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

test("every message that was committed arrives, none that was taken back, when any process is killed", async (t) => {
  const { url, schema, database } = await freshDatabase(t, "trading");
  let answered = 0;
  const receiver = await startReceiver(t, (response) => {
    answered += 1;
    // Some answers are lost: their messages have arrived, and nobody who sends them knows.
    if (answered % 7 === 0) response.destroy();
    else response.writeHead(200).end();
  });
  const endpoint = uuidv7();
  const where = {
    ownerKind: "shop",
    owner: uuidv7(),
    url: receiver.url,
    types: ["*"],
    perRequest: 1,
  } as const;
  await insertEndpoint(database, {
    id: endpoint,
    ...where,
    sealed: (await webhookBox(database)).seal(endpoint, Buffer.alloc(32)),
  });

  const kept = new Set<string>();
  let number = 0;
  const change = async (): Promise<void> => {
    const events = [0, 1, 2].map(() => String((number += 1)));
    const undone = number % 2 === 0;
    const at = new Date();
    const messages = events.map((each) =>
      messageTo(endpoint, "trade.settled", at, { number: each }, BigInt(each)),
    );
    const done = database.transaction(async (client) => {
      await enqueueWebhooks(client, messages);
      // What a reader of the outbox might see too early, or of a change that never was.
      await client.query(rawSql("select pg_sleep(0.002)"));
      if (undone) throw new Error("taken back");
    });
    await done.then(
      () => events.forEach((each) => kept.add(each)),
      () => assert.ok(undone),
    );
  };

  const seen = (): Set<string> =>
    new Set(receiver.received.map(({ body }) => String((JSON.parse(body) as Sent).data.number)));
  for (let round = 1; round <= 4; round += 1) {
    const child = await startWorker(url, schema, receiver.place);
    const before = receiver.received.length;
    const changes = Array.from({ length: 40 }, change);
    await until("some have arrived", () => receiver.received.length > before + 5 * round);
    await kill(child);
    await Promise.all(changes);
  }
  const last = await startWorker(url, schema, receiver.place);
  t.after(() => kill(last));
  // Those whose answer was lost come back after their pause.
  await database.execute(rawSql("update test_clock set ahead = interval '1 hour'"));
  await until("all have arrived", () => seen().size >= kept.size);
  assert.deepEqual(seen(), kept);
  assert.ok(kept.size > 200);
});

interface Sent {
  data: { number: string };
}
