/**
 * What can be sent to the calls and forms that only a guarantor has, and should not be: whatever comes in, the answer is a
 * problem of the registry, and the server has not failed. The calls that every server has are tried in test/hostile.test.ts.
 */
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { brokenBodies, hostileBodies, type Known } from "./support/wire/corpus.ts";
import { type Operation, operationsOf } from "./support/wire/described.ts";
import { assertProblem, bearer, type Headers, request, signIn } from "./support/wire/http.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";

const { guarantor, institution, call } = await openGuaranteed({ after }, { operators: "one" });
const { url, demo } = guarantor;
const [[shop, other], [hana]] = [demo.shops, demo.members];
if (!shop || !other || !hana) throw new Error("No demo.");
const ids = { shop: shop.id, lender: other.id, member: hana.number };
const keys = { shop: bearer(shop.key), lender: bearer(other.key) };
const admin = bearer(demo.adminKey);
const buyer = await signIn(url, hana);

const { json } = await call("guarantor", "POST", "/v1/trades", keys.shop, {
  buyer: { member: hana.number },
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  acceptance: { by: ["buyer", "shop"], need: 1 },
});
const trade = String(json["number"]);
const line = randomUUID();
const lend = { lender: ids.lender, currency: "JPY", limit: 10_000 };
assert.equal((await call("guarantor", "PUT", `/v1/lent-lines/${line}`, admin, lend)).status, 200);

const elsewhere = new Set((await operationsOf(institution.url)).map(({ name }) => name));
const own = (await operationsOf(url)).filter(({ name }) => !elsewhere.has(name));

function callerOf({ access, path }: Operation): Headers {
  if (path === "/v1/lent-lines/{id}/members") return keys.lender;
  if (access.includes("operator")) return admin;
  return access.includes("shop") ? keys.shop : access.includes("member") ? buyer : {};
}

const addressOf = ({ path }: Operation): string =>
  path
    .replace("{number}", path.includes("/members/") ? ids.member : trade)
    .replace("{id}", path.includes("/lent-lines/") ? line : path.includes("/shops/") ? ids.shop : ids.lender)
    .replaceAll(/\{[^}]+\}/g, "1");

const known: Known = {
  ...ids,
  currency: "JPY",
  amount: 360,
  limit: 360,
  most: 360,
  version: 1,
  id: randomUUID(),
};

const asJson = { "content-type": "application/json" };
const asForm = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
const send = (operation: Operation, body: string | Uint8Array, type: Headers) =>
  request(`${url}${addressOf(operation)}`, operation.method, { ...callerOf(operation), ...type }, body);

for (const operation of own.filter(({ body, page }) => body !== undefined && !page)) {
  const bodies = [...hostileBodies(operation.body ?? {}, known)];
  test(`${operation.name}: ${bodies.length} hostile bodies`, async () => {
    for (const { text, what, refused } of bodies) {
      const reply = await send(operation, text, asJson);
      if (refused || reply.status >= 400) assertProblem(reply, `${operation.name}, ${what}`);
    }
    for (const { body, what } of brokenBodies) assertProblem(await send(operation, body, asJson), what);
  });
}

const words = [
  "",
  " ",
  "\u0000",
  "-1",
  "0",
  "1e9",
  "9".repeat(30),
  "١٢٣",
  "<b>",
  "'; --",
  "é".repeat(90),
  "\u202e",
];

for (const operation of own.filter(({ body, page }) => body !== undefined && page)) {
  test(`${operation.name}: forms filled in by strangers`, async () => {
    const fields = Object.keys((operation.body as { properties?: object }).properties ?? {});
    for (const word of words)
      for (const field of [...fields, "unknown"]) {
        const filled = new URLSearchParams({ [field]: word, key: `k${randomInt(2 ** 40)}` });
        const { status, text } = await send(operation, filled.toString(), asForm);
        assert.ok(status < 500, `${operation.name}, ${field}=${JSON.stringify(word)}: ${text.slice(0, 200)}`);
      }
  });
}

test("addresses that name nothing are refused by name", async () => {
  for (const operation of own.filter(({ path }) => path.includes("{")))
    for (const part of ["0", "9".repeat(20), "%00", "١", "a".repeat(300)]) {
      const path = operation.path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(part).replace("%2500", "%00"));
      const { status, text } = await request(`${url}${path}`, operation.method, admin, undefined);
      assert.ok(
        status >= 300 && status < 500,
        `${operation.method} ${path}: ${status} ${text.slice(0, 200)}`,
      );
    }
});

test("after all of it the server is there", async () => {
  assert.equal((await request(`${url}/readyz`, "GET", {})).status, 200);
  assert.ok(own.length > 20, "a guarantor has calls of its own");
});
