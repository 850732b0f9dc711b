import assert from "node:assert/strict";
import { makeLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { proposeSchema } from "../../core/protocol/schemas.ts";
import { exchange, type Listening, listening, raw, until } from "../../../test/support/wire/listening.ts";
import {
  closeGracefully,
  idempotencyKey,
  listenForMetrics,
  makeCookies,
  makeServer,
  sendJson,
} from "./http.ts";
import { metricsOf } from "./server.ts";

const canary = "canary-7f3d";
const json = { "content-type": "application/json" };
let tested: Listening;

before(async () => {
  tested = await listening(
    (server) => {
      server.post(
        "/v1/trades",
        { config: { access: ["shop"] }, schema: { body: proposeSchema } },
        (request, reply) =>
          sendJson(reply, 201, JSON.stringify(request.body), { "x-key": idempotencyKey(request) ?? "-" }),
      );
      server.post("/v1/any", { config: { access: ["shop"] } }, async (request) => ({ got: request.body }));
      server.get("/v1/trades/:number", { config: { access: ["shop"] } }, async () => {
        throw new Error("a bug");
      });
      server.get("/l/:token", { config: { access: ["anyone"], page: true } }, async () =>
        refuse("not_found"),
      );
      const limited = {
        access: ["anyone"],
        page: true,
        form: true,
        rateLimit: { max: 2, timeWindow: 60_000 },
      };
      server.post(
        "/sign-in",
        { config: limited, schema: { body: Type.Object({ email: Type.String({ format: "email" }) }) } },
        async (request, reply) => {
          makeCookies("https://kenshu.example").write(reply, "session", "token", { maxAge: 60 });
          return reply.type("text/html").send(request.body.email);
        },
      );
    },
    { renderProblem: (refused) => `<!doctype html><h1>${refused.code}</h1>`, secureCookies: true },
  );
});
after(() => closeGracefully(tested.server, { timeoutMs: 2000 }));

async function send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const answer = await fetch(tested.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json") === true;
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined;
  return { status: answer.status, headers: answer.headers, text, code };
}

test("a call that reads nothing of its query takes none", async () => {
  for (const [method, path] of [
    ["POST", "/v1/any?x=1"],
    ["GET", "/v1/trades/1?x="],
  ] as const) {
    const { status, code } = await send(method, path, method === "POST" ? "{}" : undefined, json);
    assert.deepEqual([status, code], [422, "invalid_field"], path);
  }
  assert.equal((await send("POST", "/v1/any", "{}", json)).status, 200);
  assert.equal((await send("POST", "/v1/any?", "{}", json)).status, 200);
});

test("a route that does not say who may call it cannot be declared", async () => {
  const server = await makeServer({
    name: "undeclared",
    version: "0",
    access: {},
    log: makeLog("tested", "silent"),
    ready: async () => true,
    secureCookies: false,
  });
  assert.throws(() => server.get("/x", async () => 1), /who may call/);
  assert.throws(() => server.get("/x", { config: { access: [] } }, async () => 1), /who may call/);
  assert.throws(
    () => server.get("/x", { config: { access: ["toString"] } }, async () => 1),
    /not in the list/,
  );
});

test("an answer carries the request's number and the headers that keep browsers from harm", async () => {
  const { headers } = await send("GET", "/healthz");
  assert.match(headers.get("request-id") ?? "", /^[0-9a-f]{8}-[0-9a-z]+$/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
  assert.match(headers.get("strict-transport-security") ?? "", /max-age=/);
  assert.equal((await send("GET", "/nowhere")).headers.get("x-content-type-options"), "nosniff");
});

test("each kind of mistake has its own answer", async () => {
  const cases: [
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
    code: string,
  ][] = [
    ["GET", "/nowhere", undefined, {}, "404 not_found"],
    ["GET", "/%zz", undefined, {}, "400 malformed_request"],
    ["GET", `/v1/trades/${"9".repeat(300)}`, undefined, {}, "404 not_found"],
    ["PUT", "/v1/trades/1", undefined, {}, "405 method_not_allowed"],
    ["PROPFIND", "/v1/trades/1", undefined, {}, "405 method_not_allowed"],
    ["POST", "/v1/any", "x", { "content-type": "text/plain" }, "415 unsupported_media_type"],
    ["POST", "/v1/any", "{}", { "content-type": "application/xml" }, "415 unsupported_media_type"],
    [
      "POST",
      "/v1/any",
      "a=1",
      { "content-type": "application/x-www-form-urlencoded" },
      "415 unsupported_media_type",
    ],
    ["POST", "/v1/any", "{}", { ...json, "content-encoding": "gzip" }, "415 unsupported_media_type"],
    ["POST", "/v1/any", "[]", json, "400 malformed_request"],
    ["POST", "/v1/any", '{"a":1e3}', json, "400 malformed_request"],
    ["POST", "/v1/trades", '{"currency":"JPY","amount":0}', json, "422 invalid_field"],
    ["POST", "/v1/trades", undefined, {}, "422 invalid_field"],
    [
      "POST",
      "/v1/trades",
      '{"currency":"JPY"}',
      { ...json, "idempotency-key": "a b" },
      "400 idempotency_key_invalid",
    ],
    [
      "POST",
      "/v1/trades",
      '{"currency":"JPY"}',
      { ...json, "idempotency-key": "k".repeat(256) },
      "400 idempotency_key_invalid",
    ],
    ["GET", "/v1/trades/1", undefined, {}, "500 internal_error"],
  ];
  for (const [method, path, body, headers, expected] of cases) {
    const { status, code } = await send(method, path, body, headers);
    assert.equal(`${status} ${code}`, expected, `${method} ${path.slice(0, 30)} ${body}`);
  }
  assert.equal((await send("PUT", "/v1/trades/1")).headers.get("allow"), "GET, HEAD");
  assert.equal((await send("POST", "/v1/any")).text, '{"got":{}}');
  assert.equal(
    (await send("POST", "/v1/any", "{}", { "content-type": "application/json; charset=utf-8" })).status,
    200,
  );
  assert.equal(
    (
      await send("POST", "/v1/trades", '{"currency":"JPY"}', { ...json, "idempotency-key": "k1" })
    ).headers.get("x-key"),
    "k1",
  );
});

test("a failure gives nothing away but the request's number", async () => {
  const { text, headers } = await send("GET", "/v1/trades/123");
  assert.doesNotMatch(text, /a bug|at |\.js/);
  assert.ok(text.includes(headers.get("request-id") ?? "none"));
  assert.ok(tested.lines.some((line) => line.includes("a bug") && line.includes("server.test")));
});

test("a person gets a page, a program a problem", async () => {
  const page = await send("GET", "/l/token");
  assert.equal(page.text, "<!doctype html><h1>not_found</h1>");
  assert.match(page.headers.get("content-security-policy") ?? "", /style-src 'self'/);
  assert.match((await send("GET", "/nowhere", undefined, { accept: "text/html" })).text, /<h1>not_found/);
  assert.equal((await send("GET", "/nowhere", undefined, { accept: "application/json" })).code, "not_found");
});

/** Sends headers that fetch would not let through. */
function asBrowser(path: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(tested.url + path, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

test("a request that another site caused is refused where a cookie would make it count", async () => {
  const host = new URL(tested.url).host;
  const cases: [headers: Record<string, string>, status: number][] = [
    [{ cookie: "session=x", "sec-fetch-site": "same-origin" }, 200],
    [{ cookie: "session=x", "sec-fetch-site": "none" }, 200],
    [{ cookie: "session=x", "sec-fetch-site": "same-site" }, 403],
    [{ cookie: "session=x", "sec-fetch-site": "cross-site" }, 403],
    [{ cookie: "session=x", "sec-fetch-site": "cross-site", origin: `http://${host}` }, 403],
    [{ cookie: "session=x", origin: `http://${host}` }, 200],
    [{ cookie: "session=x", origin: "http://evil.example" }, 403],
    [{ cookie: "session=x", origin: "null" }, 403],
    [{ cookie: "session=x" }, 200],
    [{ "sec-fetch-site": "cross-site" }, 200],
  ];
  for (const [headers, status] of cases) {
    assert.equal(await asBrowser("/v1/any", "{}", { ...json, ...headers }), status, JSON.stringify(headers));
  }
  const form = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site" };
  assert.equal(await asBrowser("/sign-in", "email=a@example.jp", form), 403);
});

test("a form is read where the route says so, sets cookies, and is limited where it says so", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const taken = await send("POST", "/sign-in", "email=a%40example.jp", form);
  assert.equal(taken.text, "a@example.jp");
  assert.equal(
    taken.headers.get("set-cookie"),
    "__Host-session=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
  );
  let last = taken;
  for (let round = 0; round < 3; round += 1)
    last = await send("POST", "/sign-in", "email=a%40example.jp", form);
  assert.equal(last.status, 429);
  assert.ok(Number(last.headers.get("retry-after")) > 0);
});

test("no hostile request gets a 5xx, and the server lives", async () => {
  const post = "POST /v1/any HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n";
  const sized = (body: string | Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`${post}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`),
      Buffer.from(body),
    ]);
  const corpus: [what: string, bytes: (string | Buffer)[], expected: RegExp][] = [
    ["ten megabytes announced", [`${post}Content-Length: 10485760\r\n\r\n{`], /^HTTP\/1\.1 413 /],
    [
      "a body over the limit in chunks",
      [`${post}Transfer-Encoding: chunked\r\n\r\n`, `120000\r\n${" ".repeat(0x120000)}\r\n`],
      /^HTTP\/1\.1 413 /,
    ],
    ["deep JSON", [sized(`{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)], /^HTTP\/1\.1 400 /],
    ["a prototype", [sized('{"__proto__":{"admin":true}}')], /^HTTP\/1\.1 400 /],
    ["a name twice", [sized('{"a":1,"a":2}')], /^HTTP\/1\.1 400 /],
    ["not UTF-8", [sized(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]))], /^HTTP\/1\.1 400 /],
    [
      "a header of 20 KB",
      [`GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`],
      /^HTTP\/1\.1 431 /,
    ],
    [
      "three thousand headers",
      [`GET /healthz HTTP/1.1\r\nHost: x\r\n${"abcd: efgh\r\n".repeat(3000)}\r\n`],
      /^HTTP\/1\.1 431 /,
    ],
    ["no HTTP at all", ["\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"], /^HTTP\/1\.1 400 /],
    ["NUL in the address", ["GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n"], /^HTTP\/1\.1 400 /],
    ["NUL in a header", ["GET / HTTP/1.1\r\nHost: x\r\nA: \u0000\r\n\r\n"], /^HTTP\/1\.1 400 /],
    ["two lengths", [`${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`], /^HTTP\/1\.1 400 /],
    [
      "length and chunks",
      [`${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      /^HTTP\/1\.1 400 /,
    ],
    ["a bad chunk", [`${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`], /^HTTP\/1\.1 400 /],
    [
      "a strange type",
      [
        "POST /v1/any HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ;;;\r\nContent-Length: 2\r\n\r\n{}",
      ],
      /^HTTP\/1\.1 415 /,
    ],
    [
      "an upgrade",
      ["GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"],
      /^HTTP\/1\.1 200 /,
    ],
    [
      "dots in the path",
      ["GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
      /^HTTP\/1\.1 404 /,
    ],
    [
      "an absolute address",
      ["GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
      /^HTTP\/1\.1 [24]/,
    ],
  ];
  for (const [what, bytes, expected] of corpus) {
    const heard = await exchange(tested.port, ...bytes);
    assert.match(heard, expected, what);
    if (!heard.startsWith("HTTP/1.1 2")) assert.match(heard, /application\/problem\+json/, what);
  }
  assert.equal((await send("GET", "/healthz")).status, 200);
});

test("a client that leaves in the middle is counted as gone, not as a failure", async () => {
  const { socket, closed } = await raw(tested.port);
  socket.write(
    "POST /v1/any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
  );
  const metric = () => metricsOf(tested.server).page();
  await until(async () => (await metric()).includes("http_requests_in_flight 1"));
  socket.destroy();
  await closed;
  await until(async () => (await metric()).includes("http_requests_in_flight 0"));
  assert.match(await metric(), /http_requests_total\{method="POST",route="\/v1\/any",status="(gone|4xx)"\}/);
});

test("metrics are read where they are to be read, and nowhere else", async (t) => {
  assert.equal((await send("GET", "/metrics")).status, 404);
  const listener = await listenForMetrics(tested.server, { host: "127.0.0.1", port: 0 });
  t.after(() => listener.close());
  const ask = (path: string, method = "GET") => fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
  const page = await ask("/metrics");
  assert.equal(page.status, 200);
  assert.match(await page.text(), /^http_requests_in_flight \d+$/m);
  for (const answer of await Promise.all([ask("/healthz"), ask("/"), ask("/metrics", "POST")]))
    assert.equal(answer.status, 404);
});

test("what a server counts elsewhere is in its metrics, and what cannot be read now is left out", async () => {
  const metrics = new Metrics();
  metrics.add({ help: { kenshu_some: "Some." }, read: () => ({ kenshu_some: 7 }) });
  metrics.add({ help: { kenshu_none: "None." }, read: () => Promise.reject(new Error("no database")) });
  const page = await metrics.page();
  assert.match(page, /^kenshu_some 7$/m);
  assert.doesNotMatch(page, /kenshu_none/);
});

test("the log holds nothing of what was sent, and no guest's token", async () => {
  await send("POST", "/v1/any", `{"secret":"${canary}-body"}`, {
    ...json,
    authorization: `Bearer ${canary}-header`,
    cookie: `s=${canary}-cookie`,
  });
  await send("POST", "/v1/any", `{"${canary}-body`, json);
  await send("GET", `/v1/trades/77?q=${canary}-query`);
  await send("GET", `/l/${canary}-token?x=${canary}-query`);
  await send("GET", `/nowhere/${canary}?${canary}`);
  await send("GET", `/%zz${canary}`);
  await send("POST", "/v1/any", "x", { "content-type": `text/${canary}`, "user-agent": canary });
  await exchange(tested.port, `${canary}\r\n\r\n`);
  await until(() => tested.lines.some((line) => line.includes("/v1/trades/77") && line.includes("answered")));
  await until(() => tested.lines.some((line) => line.includes('"/l/-"')));
  const leaks = tested.lines.filter((line) => line.includes(canary));
  assert.deepEqual(leaks, []);
});

test("closing answers what runs, says it is not ready, and takes nobody new", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = false;
  const { server, port } = await listening((one) => {
    one.get("/slow", { config: { access: ["anyone"] } }, async () => {
      arrived = true;
      await held;
      return { done: true };
    });
  });
  const idle = await raw(port);
  idle.socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await until(() => idle.heard().includes('"ok"'));
  const busy = await raw(port);
  busy.socket.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  await until(() => arrived);
  const closing = closeGracefully(server, { timeoutMs: 10_000 });
  await idle.closed;
  await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
  busy.socket.write("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
  release();
  assert.equal(await closing, true);
  await busy.closed;
  assert.match(busy.heard(), /"done":true/);
  assert.match(busy.heard(), /HTTP\/1\.1 503 [^]*connection: close[^]*"code":"unavailable"/i);
});

test("closing cuts what does not end in time, and says so", async () => {
  const { server, port } = await listening((one) => {
    one.get("/never", { config: { access: ["anyone"] } }, () => new Promise<void>(() => undefined));
  });
  const stuck = await raw(port);
  stuck.socket.write("GET /never HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.equal(await closeGracefully(server, { timeoutMs: 50 }), false);
  await stuck.closed;
});
