/** Two servers, and somebody between them: what passes, what is refused, and what stays unknown. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { prepare, startParty } from "../../test/support/signed-pair.ts";
import { sendJson, type Server } from "../http/http.ts";
import { refuse } from "../protocol/protocol.ts";
import { requirePeer } from "./signing.ts";

const ids = {
  alpha: "00000000-0000-4000-8000-00000000000a",
  beta: "00000000-0000-4000-8000-00000000000b",
};
let done = 0;

function routes(server: Server): void {
  const config = { access: ["server"] };
  server.post("/v1/echo", { config }, async (request) => {
    const { id, name } = requirePeer(request);
    done += 1;
    return { id, name, got: request.body, ends: "ä" };
  });
  server.get("/v1/peer", { config }, async (request, reply) =>
    sendJson(reply, 200, JSON.stringify(requirePeer(request))),
  );
  server.delete("/v1/thing", { config }, async (request, reply) => {
    requirePeer(request);
    return reply.code(204).send();
  });
  server.post("/v1/no", { config }, async (request) => {
    requirePeer(request);
    refuse("insufficient_funds", "There is not enough.");
  });
  server.get("/v1/broken", { config }, async () => {
    throw new Error("a bug");
  });
  server.get("/v1/text", { config }, async (_request, reply) => reply.type("text/plain").send("{}"));
  server.get("/v1/large", { config }, async () => ({ text: "x".repeat(3 * 1024 * 1024) }));
}

const [one, two] = [await prepare({ after }, ids.alpha), await prepare({ after }, ids.beta)];
const peerOf = ({ id, man }: typeof one) => ({ id, name: id.slice(-1), url: man.url });
const alpha = await startParty({ after }, one, [peerOf(two)], routes);
const beta = await startParty({ after }, two, [peerOf(one)], routes);
const asks = alpha.client;

beforeEach(() => {
  done = 0;
  beta.man.request = beta.man.reply = (passing) => passing;
});

const echo = (body: object = { amount: 1 }) => asks.call(ids.beta, "POST", "/v1/echo", body);

test("a signed request comes from its sender, and every answer is signed", async () => {
  assert.deepEqual(await echo(), {
    status: 200,
    body: { id: ids.alpha, name: "a", got: { amount: 1 }, ends: "ä" },
  });
  for (const [method, path, status, body] of [
    ["GET", "/v1/peer", 200, { id: ids.alpha, name: "a" }],
    ["GET", "/v1/peer?limit=2&after=%C3%A4", 200, { id: ids.alpha, name: "a" }],
    ["DELETE", "/v1/thing", 204, undefined],
    ["POST", "/v1/echo", 200, { id: ids.alpha, name: "a", got: {}, ends: "ä" }],
  ] as const) {
    assert.deepEqual(await asks.call(ids.beta, method, path), { status, body }, `${method} ${path}`);
  }
  for (const [method, path, status, code] of [
    ["POST", "/v1/no", 402, "insufficient_funds"],
    ["GET", "/v1/nothing", 404, "not_found"],
    ["DELETE", "/v1/echo", 405, "method_not_allowed"],
    ["GET", "/v1/broken", 500, "internal_error"],
  ] as const) {
    const answer = await asks.call(ids.beta, method, path);
    assert.deepEqual([answer.status, answer.body?.["code"]], [status, code], path);
  }
});
