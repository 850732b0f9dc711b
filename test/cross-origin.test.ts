/** Scripts of other sites: those in the list may call with a key, nobody by a cookie, and no page is for them. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { bearer, type Headers, request } from "./support/wire/http.ts";
import { startWorld } from "./support/world/world.ts";

const site = createServer((_request, response) => {
  response
    .writeHead(200, { "content-type": "text/html" })
    .end("<!doctype html><title>A shop's own till</title>");
});
await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
after(() => {
  site.closeAllConnections();
  site.close();
});
const { port } = site.address() as AddressInfo;
const [listed, stranger] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
const world = await startWorld({ after }, { durable: false, sandbox: true, browserOrigins: [listed] });
const [shop] = world.demo.shops;
const [hana] = world.demo.members;
if (!shop || !hana) throw new Error("No demo.");

const from = (origin: string, more: Headers = {}): Headers => ({ origin, ...more });
const allowed = (headers: globalThis.Headers) => headers.get("access-control-allow-origin");
const asks = (origin: string, path = "/v1/trades") =>
  request(
    `${world.url}${path}`,
    "OPTIONS",
    from(origin, {
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,idempotency-key",
    }),
  );

test("a site in the list is told that it may, before it sends and with each answer", async () => {
  const before = await asks(listed);
  assert.equal(before.status, 204);
  assert.equal(allowed(before.headers), listed);
  assert.deepEqual(before.headers.get("access-control-allow-methods")?.split(", "), ["GET", "HEAD", "POST"]);
  assert.match(before.headers.get("access-control-allow-headers") ?? "", /Authorization.*Idempotency-Key/);
  const answers = [
    await request(`${world.url}/v1/trades`, "GET", from(listed, bearer(shop.key))),
    await request(`${world.url}/v1/trades`, "GET", from(listed)),
    await request(`${world.url}/v1/trades`, "POST", from(listed, bearer(shop.key)), { amount: "x" }),
    await request(`${world.url}/v1/nothing`, "GET", from(listed)),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 422, 404],
  );
  for (const { headers } of [before, ...answers]) {
    assert.equal(allowed(headers), listed);
    assert.equal(headers.get("vary"), "Origin");
    assert.equal(headers.get("access-control-allow-credentials"), null, "never with cookies");
  }
});

test("nobody else is, and no page is for scripts of other sites", async () => {
  for (const origin of [stranger, "null", `${listed}.example`, "https://shop.example"]) {
    const before = await asks(origin);
    assert.equal(before.status, 405, origin);
    const answer = await request(`${world.url}/v1/trades`, "GET", from(origin, bearer(shop.key)));
    for (const { headers } of [before, answer]) {
      assert.equal(allowed(headers), null, origin);
      assert.equal(headers.get("vary"), "Origin");
    }
  }
  const page = await request(`${world.url}/signin`, "GET", from(listed));
  assert.deepEqual([page.status, allowed(page.headers)], [200, null]);
  assert.equal((await asks(listed, "/nothing")).status, 404);
});

test("in a browser: by a key from a site in the list, and in no other way", async () => {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    const call = async (origin: string, key: string | undefined, credentials: RequestCredentials) => {
      const page = await context.newPage();
      await page.goto(origin);
      const wish = {
        url: `${world.url}/v1/trades`,
        key,
        credentials,
        body: JSON.stringify({ buyer: { member: hana.number }, currency: "JPY", amount: 100 }),
      };
      const said = await page.evaluate(async ({ url, key: as, credentials: how, body }) => {
        const headers = {
          "content-type": "application/json",
          "idempotency-key": crypto.randomUUID(),
          ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
        };
        try {
          const answer = await fetch(url, { method: "POST", headers, credentials: how, body });
          return `${answer.status} ${answer.headers.get("location")?.replace(/\d+$/, "") ?? ""}`;
        } catch {
          return "nothing to see";
        }
      }, wish);
      await page.close();
      return said;
    };
    assert.equal(await call(listed, shop.key, "same-origin"), "201 /v1/trades/");
    assert.equal(await call(listed, undefined, "same-origin"), "401 ");
    assert.equal(await call(listed, shop.key, "include"), "nothing to see", "not with cookies");
    assert.equal(await call(stranger, shop.key, "same-origin"), "nothing to see");
  } finally {
    await browser.close();
  }
});
