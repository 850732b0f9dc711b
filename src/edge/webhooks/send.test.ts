import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { makeGuard } from "./guard.ts";
import { makeSender } from "./send.ts";

/** Listens until the test ends, and sends so many messages there, one after the other. */
async function sent(t: TestContext, receiver: Server, count: number) {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const sender = makeSender(makeGuard({ mayReach: [], loopback: true }));
  t.after(() => {
    sender.close();
    receiver.closeAllConnections();
    receiver.close();
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const answers: unknown[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const answer = await sender.send({ url, headers: {}, body: "{}" }, AbortSignal.timeout(60_000));
    answers.push("status" in answer ? answer.status : answer.error);
  }
  return answers;
}

test("messages that follow each other take one connection", async (t) => {
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  let connections = 0;
  receiver.on("connection", () => {
    connections += 1;
  });
  assert.deepEqual(await sent(t, receiver, 5), [204, 204, 204, 204, 204]);
  assert.equal(connections, 1);
});

test("a receiver that hangs up when the next message comes gets it on a connection of its own", async (t) => {
  const used = new Set<Socket>();
  const receiver = createServer((request, response) => {
    if (used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    request.resume().on("end", () => response.writeHead(204).end());
  });
  assert.deepEqual(await sent(t, receiver, 4), [204, 204, 204, 204]);
});

test("one that hangs up on every connection is not tried for ever", async (t) => {
  let requests = 0;
  const receiver = createServer((request) => {
    requests += 1;
    request.socket.destroy();
  });
  assert.deepEqual(await sent(t, receiver, 2), ["no_connection", "no_connection"]);
  assert.equal(requests, 2);
});
