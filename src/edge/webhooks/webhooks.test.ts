import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { createServer } from "node:net";
import { test, type TestContext } from "node:test";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import {
  claimDeliveries,
  type DeliveryRow,
  listEndpoints,
  noteDelivered,
  noteFailures,
  rotateSecret,
  sendAgain,
} from "../../engines/outbox/outbox.ts";
import { startReceiver, status } from "../../../test/support/wire/receiver.ts";
import { until } from "../../../test/support/world/world.ts";
import { makeSecret } from "./signature.ts";
import { type Bench, makeBench, start, verified } from "../../../test/support/world/webhook-bench.ts";

/** The one message of an endpoint, once it has had so many attempts and none runs. */
async function attempted(bench: Bench, endpoint: string, attempts: number): Promise<DeliveryRow> {
  const idle = rawSql(
    `select from webhook_deliveries d left join waiting_messages w using (id)
      where d.endpoint = $1 and coalesce(w.attempts, d.attempts) = $2 and w.leased_until is null`,
    [endpoint, attempts],
  );
  await until(`${attempts} attempts`, async () => (await bench.database.execute(idle)) === 1);
  const [row] = await bench.rows(endpoint);
  assert.ok(row);
  return row;
}

test("a message arrives signed, and once", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t);
  const { id, secret } = await bench.endpoint(receiver.url);
  await bench.tell(id, 30);
  const webhooks = start(bench, [receiver]);
  const rows = await bench.settled(id, 30);
  await webhooks.close();
  assert.ok(
    rows.every(
      ({ state, attempts, lastStatus }) => state === "delivered" && attempts === 1 && lastStatus === 204,
    ),
  );
  assert.deepEqual(new Set(receiver.counts().keys()), new Set(rows.map((row) => row.id)));
  assert.equal(receiver.received.length, 30);
  for (const one of receiver.received) assert.ok(await verified(one, secret));
  assert.ok(!(await verified(receiver.received[0], makeSecret())), "another endpoint's secret");
});

interface Together {
  type: string;
  data: { messages: { id: string; type: string; timestamp: string; data: object }[] };
}

test("who takes several at a time gets them in one request; each that was refused comes again alone, under its id", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t, status(500));
  const { id, secret } = await bench.endpoint(receiver.url, 20);
  await bench.tell(id, 30);
  start(bench, [receiver]);
  await until("all were sent", async () =>
    (await bench.rows(id)).every(({ lastStatus }) => lastStatus === 500),
  );
  const requests = receiver.received.map(({ body }) => JSON.parse(body) as Together);
  assert.deepEqual(
    requests.map(({ type, data }) => [type, data.messages.length]),
    [
      ["webhook.messages", 20],
      ["webhook.messages", 10],
    ],
  );
  for (const one of receiver.received) assert.ok(await verified(one, secret));
  const sent = requests.flatMap(({ data }) => data.messages);
  assert.ok(sent.every(({ type, data }) => type === "trade.settled" && "number" in data));
  receiver.received.length = 0;
  receiver.answer = status(204);
  await bench.later(6);
  const rows = await bench.settled(id, 30);
  assert.ok(rows.every(({ state, attempts }) => state === "delivered" && attempts === 2));
  assert.deepEqual(receiver.received.map((one) => one.id).toSorted(), sent.map((one) => one.id).toSorted());
});

test("a message alone comes as it is, also to who takes several", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t);
  const { id } = await bench.endpoint(receiver.url, 20);
  await bench.tell(id);
  start(bench, [receiver]);
  const [row] = await bench.settled(id, 1);
  assert.deepEqual([receiver.received.length, receiver.received[0]?.id], [1, row?.id]);
});

test("what fails is tried again when its time has come by the server's clock", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t, status(500));
  const { id, secret } = await bench.endpoint(receiver.url);
  start(bench, [receiver]);
  await bench.tell(id);
  const first = await attempted(bench, id, 1);
  assert.deepEqual([first.state, first.lastStatus], ["waiting", 500]);
  receiver.answer = status(200);
  await bench.later(6);
  const [second] = await bench.settled(id, 1);
  assert.deepEqual([second?.state, second?.attempts], ["delivered", 2]);
  const [one, two] = receiver.received;
  assert.equal(one?.id, two?.id);
  assert.equal(one?.body, two?.body);
  assert.ok(await verified(two, secret), "also while the sandbox's clock is ahead");
});

test("after twelve attempts it has failed, and can be sent again", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t, status(503, { "retry-after": "7" }));
  const { id } = await bench.endpoint(receiver.url);
  start(bench, [receiver]);
  await bench.tell(id);
  for (let attempt = 1; attempt < 12; attempt += 1) {
    const { state, lastStatus } = await attempted(bench, id, attempt);
    assert.deepEqual([state, lastStatus], ["waiting", 503]);
    await bench.later(27 * 3600);
  }
  const [failed] = await bench.settled(id, 1);
  assert.deepEqual([failed?.state, failed?.attempts, failed?.lastStatus], ["failed", 12, 503]);
  await bench.later(27 * 3600);
  receiver.answer = status(200);
  await sendAgain(bench.database, failed?.id ?? "");
  await until("it is delivered", async () => (await bench.rows(id))[0]?.state === "delivered");
  assert.deepEqual([...receiver.counts().values()], [13]);
  assert.equal((await bench.rows(id))[0]?.attempts, 1, "they begin anew");
});

test("a receiver that is gone is left alone", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t, status(410));
  const { id } = await bench.endpoint(receiver.url);
  await bench.tell(id);
  start(bench, [receiver]);
  await bench.settled(id, 1);
  const [endpoint] = await listEndpoints(bench.database, bench.owner);
  assert.equal(endpoint?.state, "disabled");
  // Written by a change that had read the endpoints before.
  await bench.tell(id, 20);
  const rows = await bench.settled(id, 21);
  assert.ok(rows.every(({ state }) => state === "failed"));
  assert.equal(rows.filter(({ lastError }) => lastError === "endpoint_ended").length, 20);
  assert.equal(receiver.received.length, 1);
});

const endless: Parameters<typeof startReceiver>[1] = (response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(16_384))) {}
  };
  response.on("drain", more);
  more();
};

const hostile: [what: string, answer: Parameters<typeof startReceiver>[1], seen: unknown[]][] = [
  ["never answers", () => {}, ["waiting", null, "timeout"]],
  ["cuts the connection", (response) => response.destroy(), ["waiting", null, "no_connection"]],
  [
    "talks rubbish",
    (response) => response.socket?.end("rubbish\r\n\r\n"),
    ["waiting", null, "no_connection"],
  ],
  [
    "switches protocols",
    (response) => response.socket?.write("HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    ["waiting", null, "no_connection"],
  ],
  [
    "sends endless headers",
    (response) => response.socket?.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(1 << 20)}`),
    ["waiting", null, "no_connection"],
  ],
  ["answers without end", endless, ["delivered", 200, null]],
  [
    "answers, then hangs",
    (response) => {
      response.writeHead(200);
      response.write("x");
    },
    ["delivered", 200, null],
  ],
  ["says that it has moved", status(308, { location: "https://shop.example/" }), ["waiting", 308, null]],
];
for (const [what, answer, seen] of hostile) {
  test(`a receiver that ${what}`, async (t) => {
    const bench = await makeBench(t);
    const receiver = await startReceiver(t, answer);
    const { id } = await bench.endpoint(receiver.url);
    await bench.tell(id);
    start(bench, [receiver], { timeoutMs: seen.includes("timeout") ? 300 : 15_000 });
    const { state, lastStatus, lastError } = await attempted(bench, id, 1);
    assert.deepEqual([state, lastStatus, lastError], seen);
  });
}

/** Counts who connects, and says nothing. */
async function trap(t: TestContext): Promise<{ port: number; connections: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { port: address.port, connections: () => count };
}

test("a redirect into the network is not followed, and a name that leads there not connected to", async (t) => {
  const bench = await makeBench(t);
  const inner = await trap(t);
  const receiver = await startReceiver(t, status(307, { location: `http://127.0.0.1:${inner.port}/` }));
  const moved = await bench.endpoint(receiver.url);
  const rebound = await bench.endpoint("https://rebind.example:8443/");
  const hidden = await bench.endpoint(`http://127.0.0.1:${inner.port}/`);
  for (const { id } of [moved, rebound, hidden]) await bench.tell(id);
  start(bench, [receiver], { resolve: () => Promise.resolve(["8.8.8.8", "127.0.0.1"]) });
  assert.equal((await attempted(bench, moved.id, 1)).lastStatus, 307);
  assert.equal((await attempted(bench, rebound.id, 1)).lastError, "address_refused");
  assert.equal((await attempted(bench, hidden.id, 1)).lastError, "url_refused");
  assert.equal(inner.connections(), 0);
});

test("a black hole holds up nobody but itself", async (t) => {
  const bench = await makeBench(t);
  const held: ServerResponse[] = [];
  const hole = await startReceiver(t, (response) => held.push(response));
  const good = await startReceiver(t);
  const slow = await bench.endpoint(hole.url);
  const quick = await bench.endpoint(good.url);
  await bench.tell(slow.id, 300);
  await bench.tell(quick.id, 50);
  start(bench, [hole, good], { timeoutMs: 25_000 });
  await until("the hole is full", () => hole.received.length > 0);
  // Everybody else's messages end while not one of the hole's does.
  await bench.settled(quick.id, 50);
  await bench.tell(quick.id, 50);
  await bench.settled(quick.id, 100);
  assert.equal(hole.received.length, 4, "so many at a time and no more");
  assert.ok(
    (await bench.rows(slow.id)).every(({ state, lastError }) => state === "waiting" && lastError === null),
  );
  hole.answer = status(200);
  for (const response of held) response.end();
});

test("two processes send each message once", async (t) => {
  const bench = await makeBench(t);
  const receivers = [await startReceiver(t), await startReceiver(t)];
  const endpoints = await Promise.all(receivers.map(({ url }) => bench.endpoint(url)));
  for (const { id } of endpoints) await bench.tell(id, 150);
  const both = [start(bench, receivers), start(bench, receivers)];
  for (const { id } of endpoints) await bench.settled(id, 150);
  await Promise.all(both.map((each) => each.close()));
  for (const receiver of receivers) {
    assert.equal(receiver.counts().size, 150);
    assert.equal(receiver.received.length, 150);
  }
});

test("during a rotation both secrets sign, afterwards the new one", async (t) => {
  const bench = await makeBench(t);
  const receiver = await startReceiver(t, status(500));
  const { id, secret: old } = await bench.endpoint(receiver.url);
  start(bench, [receiver]);
  await bench.tell(id);
  await attempted(bench, id, 1);
  const secret = makeSecret();
  const next = { sealed: bench.box.seal(id, secret), overlapMs: 86_400_000 };
  assert.ok(!(await rotateSecret(bench.database, uuidv7(), id, next)), "not others'");
  assert.ok(await rotateSecret(bench.database, bench.owner, id, next));
  // A claim that began before still reads the old secret, and would see the clock that is moved next.
  const running = rawSql(
    "select from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()",
  );
  await until("no claim from before runs", async () => (await bench.database.execute(running)) === 0);
  await bench.later(6);
  await attempted(bench, id, 2);
  await bench.later(86_400);
  await attempted(bench, id, 3);
  const signedBy = receiver.received.map(async (one) => [
    await verified(one, old),
    await verified(one, secret),
  ]);
  assert.deepEqual(await Promise.all(signedBy), [
    [true, false],
    [true, true],
    [false, true],
  ]);
});

test("closing waits for what is being sent", async (t) => {
  const bench = await makeBench(t);
  let release = (): void => {};
  const receiver = await startReceiver(t, (response) => {
    release = () => response.writeHead(200).end();
  });
  const { id } = await bench.endpoint(receiver.url);
  await bench.tell(id);
  const webhooks = start(bench, [receiver]);
  await until("it is being sent", () => receiver.received.length === 1);
  const closed = webhooks.close();
  await bench.tell(id);
  release();
  await closed;
  const states = (await bench.rows(id)).map(({ state }) => state);
  assert.deepEqual(states, ["waiting", "delivered"], "and takes on nothing new");
});

test("what was taken on and is not sent when a server closes is given back as if it had not been tried", async (t) => {
  const bench = await makeBench(t);
  const held: ServerResponse[] = [];
  const receiver = await startReceiver(t, (response, one) => {
    if (receiver.received.length <= 4) status(200)(response, one);
    else held.push(response);
  });
  const { id } = await bench.endpoint(receiver.url);
  await bench.tell(id, 40);
  const webhooks = start(bench, [receiver]);
  await until("four are held", () => held.length === 4);
  const taken = rawSql("select from waiting_messages where attempts = 1");
  // That the first four arrived is recorded a little later.
  await until("more are taken on", async () => (await bench.database.execute(taken)) > 8);
  const closed = webhooks.close();
  await until("the others are given back", async () => (await bench.database.execute(taken)) === 4);
  for (const response of held) response.end();
  await closed;
  const tried = (await bench.rows(id)).map(({ state, attempts }) => `${state} ${attempts}`);
  assert.deepEqual([...new Set(tried)].toSorted(), ["delivered 1", "waiting 0"]);
  assert.equal(tried.filter((each) => each === "delivered 1").length, 8);
});

test("a message that was forgotten while its owner asked for it once more is waited for no longer", async (t) => {
  const bench = await makeBench(t);
  const { database } = bench;
  const { id } = await bench.endpoint("https://shop.example/");
  await bench.tell(id, 2);
  await database.execute(
    rawSql("delete from webhook_deliveries where id = (select id from waiting_messages order by id limit 1)"),
  );
  const claim = {
    most: 10,
    perEndpoint: 4,
    room: new Map<string, number>(),
    bytesMost: 1000,
    leaseMs: 60_000,
  };
  assert.equal((await claimDeliveries(database, claim)).length, 1);
  const left = await database.query(
    rawSql("select w.id from waiting_messages w join webhook_deliveries using (id)"),
  );
  const waiting = await database.query(rawSql("select id from waiting_messages"));
  assert.deepEqual(waiting, left);
  assert.equal(waiting.length, 1);
});

test("a message whose process died is sent by another, and the dead one's word no longer counts", async (t) => {
  const bench = await makeBench(t);
  const { id } = await bench.endpoint("https://shop.example/");
  await bench.tell(id);
  const claim = { most: 10, perEndpoint: 4, room: new Map<string, number>(), bytesMost: 1000 };
  const [dead] = await claimDeliveries(bench.database, { ...claim, leaseMs: 60_000 });
  assert.ok(dead?.attempt === 1);
  assert.deepEqual(await claimDeliveries(bench.database, { ...claim, leaseMs: 1 }), [], "it is leased");
  await bench.later(3600);
  assert.deepEqual(await claimDeliveries(bench.database, { ...claim, leaseMs: 1 }), [], "by the real clock");
  await bench.database.execute(rawSql("update waiting_messages set leased_until = clock_timestamp()"));
  const [next] = await claimDeliveries(bench.database, { ...claim, leaseMs: 60_000 });
  assert.ok(next?.attempt === 2);
  const failed = { status: 500, error: null };
  await noteFailures(bench.database, [{ ...dead, ...failed, againInSeconds: null }]);
  assert.equal((await bench.rows(id))[0]?.state, "waiting");
  await noteDelivered(bench.database, [{ ...dead, status: 200, error: null }]);
  await noteFailures(bench.database, [{ ...next, ...failed, againInSeconds: 5 }]);
  assert.equal((await bench.rows(id))[0]?.state, "delivered", "what has arrived has arrived");
});
