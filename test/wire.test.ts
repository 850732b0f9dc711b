/** Requests that are wrong as HTTP, and commands that are well-formed and wrong in substance. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { dammAppend } from "../src/core/protocol/protocol.ts";
import { assertProblem, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { setStage, tradeAmount } from "./support/world/stage.ts";
import { exchange } from "./support/wire/wire.ts";
import { startWorld } from "./support/world/world.ts";

// Each request has one answer, that of the call itself.
const world = await startWorld({ after }, { operators: "one", durable: false, sandbox: true });
const { url } = world;
const stage = await setStage(world);
const { shop, otherShop, admin, buyer, otherMember, carrier, ids } = stage;
const host = new URL(url).host;
const key = shop["authorization"] ?? "";

const head = (line: string, ...more: string[]): string =>
  [`${line} HTTP/1.1`, `Host: ${host}`, ...more, "", ""].join("\r\n");
const json = "Content-Type: application/json";

/** What goes over the wire, and the statuses that are fine; 0 means closed without a word. */
const oddRequests: readonly [what: string, bytes: readonly (string | Uint8Array)[], statuses: number[]][] = [
  ["no HTTP at all", ["hello\r\n\r\n"], [400]],
  ["bytes", [new Uint8Array(2000).fill(0xff)], [400]],
  ["TLS", [Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03)], [400]],
  ["HTTP/2", ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], [400]],
  ["HTTP/0.9", ["GET /healthz\r\n\r\n"], [200, 400]],
  ["an unknown version", [`GET /healthz HTTP/9.9\r\nHost: ${host}\r\n\r\n`], [400, 505]],
  ["no host", ["GET /healthz HTTP/1.1\r\n\r\n"], [400]],
  ["two hosts", [head("GET /healthz", "hOST: evil.example")], [400]],
  ["one host twice", [head("GET /healthz", `Host: ${host}`)], [400]],
  ["an unknown method", [head("STEAL /v1/trades")], [400]],
  ["TRACE", [head("TRACE /v1/trades", "Connection: close")], [404, 405]],
  ["CONNECT", [head("CONNECT example.com:443")], [0, 400, 404, 405]],
  ["a whole address", [head("GET http://example.com/healthz", "Connection: close")], [200, 400, 404]],
  ["no slash", [head("GET healthz")], [400, 404]],
  ["NUL in the address", [head("GET /v1/trades/\u0000")], [400]],
  ["a line break in a header", [head("GET /healthz", "X: a\nb: c", "Connection: close")], [200, 400]],
  ["a bare CR", [head("GET /healthz", "X: a\rb")], [400]],
  ["a folded header", [head("GET /healthz", "X: a", " b")], [200, 400]],
  ["20 KB of one header", [head("GET /healthz", `X: ${"x".repeat(20_000)}`)], [431]],
  ["20 KB of cookies", [head("GET /v1/trades", `Cookie: ${"a=b; ".repeat(4000)}`)], [431]],
  ["3,000 headers", [head("GET /healthz", ...Array.from({ length: 3000 }, (_, n) => `h${n}: 1`))], [431]],
  ["a long address", [head(`GET /v1/trades/${"1".repeat(30_000)}`)], [431]],
  ["a long key", [head("GET /v1/trades", `Authorization: Bearer ks_${"a".repeat(9000)}`)], [401]],
  ["an odd key", [head("GET /v1/trades", "Authorization: Bearer ks_' or 1=1")], [401]],
  ["Basic", [head("GET /v1/trades", "Authorization: Basic YTpi")], [401]],
  ["two lengths", [head("POST /v1/trades", json, "Content-Length: 2", "Content-Length: 3"), "{}}"], [400]],
  ["a negative length", [head("POST /v1/trades", json, "Content-Length: -1")], [400]],
  ["an endless length", [head("POST /v1/trades", json, `Content-Length: ${"9".repeat(40)}`)], [400]],
  ["ten megabytes announced", [head("POST /v1/trades", json, "Content-Length: 10485760")], [413]],
  [
    "ten megabytes in pieces",
    [
      head("POST /v1/trades", json, "Transfer-Encoding: chunked"),
      ...Array.from({ length: 160 }, () => `10000\r\n${"x".repeat(65_536)}\r\n`),
    ],
    [0, 413],
  ],
  [
    "a length and pieces",
    [
      head("POST /v1/trades", json, "Content-Length: 4", "Transfer-Encoding: chunked"),
      "0\r\n\r\nGET / HTTP/1.1\r\n",
    ],
    [400],
  ],
  ["a bad piece", [head("POST /v1/trades", json, "Transfer-Encoding: chunked"), "zz\r\n"], [400]],
  [
    "an unknown coding",
    [head("POST /v1/trades", json, "Transfer-Encoding: gzip", "Connection: close"), "x"],
    [400, 501],
  ],
  [
    "two idempotency keys",
    [
      head(
        "POST /v1/trades",
        `Authorization: ${key}`,
        json,
        "Idempotency-Key: a",
        "Idempotency-Key: b",
        "Content-Length: 37",
      ),
      `{"currency":"JPY","amount":1234567890}`,
    ],
    [400],
  ],
  ["an upgrade", [head("GET /v1/trades", "Connection: Upgrade", "Upgrade: websocket")], [0, 401, 400]],
  ["an expectation", [head("POST /v1/trades", "Expect: the-unexpected", "Content-Length: 0")], [422]],
];

for (const [what, bytes, statuses] of oddRequests) {
  test(`on the wire: ${what}`, async () => {
    const { status, text } = await exchange(url, bytes);
    assert.ok(statuses.includes(status), `${status}: ${text.slice(0, 500)}`);
    if (status >= 400) assert.match(text, /content-type: application\/problem\+json/i, text.slice(0, 500));
    assert.equal((await request(`${url}/healthz`, "GET")).status, 200);
  });
}

type Wrong = [what: string, path: string, who: Headers, body: Json, status: number, code: string];

const proposal = {
  currency: "JPY",
  amount: 360,
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 120 }],
  buyer: { member: ids.member },
  approval: { mandate: ids.mandate },
};
const [, ken] = world.demo.members;
const kens = ken?.mandates[world.demo.shopKeys[0] ?? ""] ?? "";
const nobodys = dammAppend("9999999999999");
const twentyDigits = dammAppend("9999999999999999999");
const reserved = await stage.newTrade();
const settled = await stage.newTrade();
await stage.post(`/v1/trades/${settled}/accept`, buyer, {});
const wrongDigit = String((BigInt(reserved) / 10n) * 10n + ((BigInt(reserved) + 1n) % 10n));
const transfer = { kind: "withdrawal", account: ids.account, amount: 1, currency: "JPY", reference: "x" };
const half = [{ line: 1, quantity: 4 }];

const wrongs: readonly Wrong[] = [
  ["lines that do not add up", "", shop, { ...proposal, amount: 361 }, 422, "amount_mismatch"],
  [
    "a sum beyond 2^53",
    "",
    shop,
    { currency: "JPY", lines: [{ name: "x", quantity: 1_000_000, unitAmount: Number.MAX_SAFE_INTEGER }] },
    422,
    "invalid_field",
  ],
  ["an unknown currency", "", shop, { ...proposal, currency: "ABC" }, 422, "unknown_currency"],
  ["a test currency", "", shop, { ...proposal, currency: "XTS" }, 422, "unknown_currency"],
  ["a currency in small letters", "", shop, { ...proposal, currency: "jpy" }, 422, "invalid_field"],
  ["a currency without accounts", "", shop, { ...proposal, currency: "EUR" }, 422, "currency_mismatch"],
  [
    "another currency than the mandate's",
    "",
    shop,
    { ...proposal, currency: "USD" },
    402,
    "mandate_not_valid",
  ],
  ["another shop's mandate", "", otherShop, proposal, 402, "mandate_not_valid"],
  [
    "another member's mandate",
    "",
    shop,
    { ...proposal, buyer: { member: ids.otherMember } },
    402,
    "mandate_not_valid",
  ],
  [
    "no such mandate",
    "",
    shop,
    { ...proposal, approval: { mandate: randomUUID() } },
    402,
    "mandate_not_valid",
  ],
  ["no such member", "", shop, { ...proposal, buyer: { member: nobodys } }, 404, "not_found"],
  ["a member of twenty digits", "", shop, { ...proposal, buyer: { member: twentyDigits } }, 404, "not_found"],
  ["no such carrier", "", shop, { ...proposal, carrier: randomUUID() }, 422, "invalid_field"],
  ["a shop that acts for another", "", shop, { ...proposal, shop: ids.otherShop }, 403, "not_allowed"],
  [
    "a shop that speaks for the buyer",
    "",
    shop,
    { ...proposal, approval: { operator: { channel: "phone", reference: "x" } } },
    403,
    "not_allowed",
  ],
  [
    "more than there is",
    "",
    shop,
    {
      ...proposal,
      buyer: { member: ken?.number },
      approval: { mandate: kens },
      lines: undefined,
      amount: 501,
    },
    402,
    "insufficient_funds",
  ],
  [
    "a payment date long past",
    "",
    shop,
    { ...proposal, payment: { on: "date", date: "1999-01-01" } },
    422,
    "date_out_of_range",
  ],
  ["a reservation for ever", "", shop, { ...proposal, reserveFor: "P999Y" }, 422, "date_out_of_range"],
  [
    "more acceptors than there are",
    "",
    shop,
    { ...proposal, acceptance: { by: ["buyer"], need: 2 } },
    422,
    "invalid_field",
  ],
  ["more than was ordered", `/${reserved}/accept`, buyer, { lines: half }, 409, "quantity_exceeds_open"],
  [
    "a line that is not there",
    `/${reserved}/accept`,
    buyer,
    { lines: [{ line: 9, quantity: 1 }] },
    422,
    "unknown_line",
  ],
  [
    "one line twice",
    `/${reserved}/accept`,
    buyer,
    {
      lines: [
        { line: 1, quantity: 1 },
        { line: 1, quantity: 1 },
      ],
    },
    422,
    "invalid_field",
  ],
  ["accepting as a stranger", `/${reserved}/accept`, otherMember, {}, 404, "not_found"],
  ["accepting as another shop", `/${reserved}/accept`, otherShop, {}, 404, "not_found"],
  [
    "pretending to be an operator",
    `/${reserved}/accept`,
    carrier,
    { operator: { channel: "phone", reference: "x" } },
    403,
    "not_allowed",
  ],
  ["a wrong check digit", `/${wrongDigit}/accept`, buyer, {}, 422, "wrong_check_digit"],
  ["a number that nobody has", `/${nobodys}/accept`, buyer, {}, 404, "not_found"],
  ["a number of twenty digits", `/${twentyDigits}/accept`, buyer, {}, 404, "not_found"],
  ["accepting twice", `/${settled}/accept`, buyer, {}, 409, "already_accepted"],
  ["cancelling what is paid", `/${settled}/cancel`, shop, {}, 409, "already_settled"],
  ["rejecting what is accepted", `/${settled}/reject`, buyer, { reason: "x" }, 409, "already_accepted"],
  [
    "more back than was paid",
    `/${settled}/refund`,
    shop,
    { amount: tradeAmount + 1, reason: "x" },
    409,
    "amount_exceeds_settled",
  ],
  ["a refund of nothing named", `/${settled}/refund`, shop, { reason: "x" }, 422, "invalid_field"],
  [
    "extending to the past",
    `/${reserved}/extend`,
    shop,
    { until: "1999-01-01T00:00:00Z" },
    409,
    "extension_refused",
  ],
  [
    "extending for ever",
    `/${reserved}/extend`,
    shop,
    { until: "9999-12-31T23:59:59Z" },
    409,
    "extension_refused",
  ],
  [
    "deciding what is not disputed",
    `/${reserved}/resolve`,
    admin,
    { outcome: "release", reason: "x" },
    409,
    "trade_not_open",
  ],
  [
    "taking out more than there is",
    "transfers",
    admin,
    { ...transfer, id: randomUUID(), amount: 9_000_000_000_000 },
    402,
    "insufficient_funds",
  ],
  [
    "a transfer in another currency",
    "transfers",
    admin,
    { ...transfer, id: randomUUID(), currency: "USD" },
    422,
    "currency_mismatch",
  ],
  [
    "a transfer to nowhere",
    "transfers",
    admin,
    { ...transfer, id: randomUUID(), account: randomUUID() },
    404,
    "not_found",
  ],
];

for (const [what, path, who, body, status, code] of wrongs) {
  test(`in substance: ${what}`, async () => {
    const address = path === "transfers" ? "/v1/transfers" : `/v1/trades${path}`;
    const reply = await request(`${url}${address}`, "POST", who, body);
    assertProblem(reply, what);
    assert.deepEqual([reply.status, reply.code], [status, code], reply.text);
  });
}

test("one key is good for one request, and belongs to one caller", async () => {
  const mine = { ...shop, "idempotency-key": "the-same" };
  const first = await request(`${url}/v1/trades`, "POST", mine, proposal);
  assert.equal(first.status, 201, first.text);
  const again = await request(`${url}/v1/trades`, "POST", mine, proposal);
  assert.deepEqual([again.status, again.text], [201, first.text]);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  const turned = Object.fromEntries(Object.entries(proposal).toReversed());
  const same = await request(`${url}/v1/trades`, "POST", mine, turned);
  assert.deepEqual([same.status, same.text], [201, first.text]);
  const other = await request(`${url}/v1/trades`, "POST", mine, { ...proposal, reference: "other" });
  assert.deepEqual([other.status, other.code], [422, "idempotency_key_reused"]);
  const theirs = await request(
    `${url}/v1/trades`,
    "POST",
    { ...otherShop, "idempotency-key": "the-same" },
    { currency: "JPY", amount: 5 },
  );
  assert.equal(theirs.status, 201, theirs.text);
  assert.notEqual(theirs.json["number"], first.json["number"]);
});

test("the sandbox's clock moves once for a key", async () => {
  const advance = () =>
    request(`${url}/v1/test-clock/advance`, "POST", { ...admin, "idempotency-key": "once" }, { by: "PT1H" });
  const [first, again] = [await advance(), await advance()];
  assert.equal(first.status, 200, first.text);
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
});

test("an account may hold more than a JSON number can say", async () => {
  const { json: joined } = await request(`${url}/v1/members`, "POST", admin, {
    name: "Rich",
    address: "Ginza",
    birthDate: "1950-01-01",
    contact: { email: "rich@example.com" },
    password: "a long password",
    methods: [{ kind: "deposit", currency: "JPY" }],
  });
  const number = String(joined["number"]);
  const read = () => request(`${url}/v1/members/${number}?reason=sums`, "GET", admin);
  const [method] = (await read()).json["methods"] as { account: string }[];
  const account = method?.account ?? "";
  for (let deposits = 0; deposits < 3; deposits += 1) {
    const body = { ...transfer, kind: "deposit", account, amount: Number.MAX_SAFE_INTEGER, id: randomUUID() };
    const reply = await request(`${url}/v1/transfers`, "POST", admin, body);
    assert.equal(reply.status, 201, reply.text);
  }
  for (const path of [
    `members/${number}?reason=sums`,
    `accounts/${account}`,
    `accounts/${account}/entries`,
  ]) {
    const reply = await request(`${url}/v1/${path}`, "GET", admin);
    assert.equal(reply.status, 200, `${path}: ${reply.text}`);
  }
  const who = await signIn(url, { email: "rich@example.com", password: "a long password" });
  for (const path of ["/accounts", `/accounts/${account}`]) {
    const reply = await request(`${url}${path}`, "GET", who);
    assert.equal(reply.status, 200, `${path}: ${reply.text}`);
    assert.ok(reply.text.includes("27,021,597,764,222,973"), path);
  }
});

test("after all of it the server is there, has not failed once, and the books agree", async () => {
  assert.equal((await request(`${url}/readyz`, "GET")).status, 200);
  assert.deepEqual(await world.audit(), []);
  const log = await world.log();
  assert.ok(!log.includes('"level":50'), `the server has failed: ${log.slice(0, 3000)}`);
});
