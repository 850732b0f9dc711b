/** Fields of answers that programs and standards expect: how to be known, and where what was made is. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Headers, type Json, request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";

const { facilitator, institution } = await openPair({ after });
const [shop] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !hana) throw new Error("No demo.");
const atShop = bearer(shop.key);

const unknown: [what: string, method: string, url: string, headers: Headers, challenge: string][] = [
  ["nobody", "GET", `${facilitator.url}/v1/trades`, {}, 'Bearer realm="kenshu"'],
  [
    "a key that is none",
    "GET",
    `${facilitator.url}/v1/trades`,
    bearer("ks_0000000000000000000000000000000000000000"),
    'Bearer realm="kenshu", error="invalid_token"',
  ],
  [
    "an unsigned request between servers",
    "GET",
    `${institution.url}/v1/reservations`,
    {},
    'Signature realm="kenshu"',
  ],
  [
    "a wrong password",
    "POST",
    `${facilitator.url}/v1/sessions`,
    { "content-type": "application/json" },
    'Bearer realm="kenshu"',
  ],
];
for (const [what, method, url, headers, challenge] of unknown) {
  test(`401 says by what one is known: ${what}`, async () => {
    const body =
      method === "POST" ? { email: "nobody@example.com", password: "a wrong password" } : undefined;
    const reply = await request(url, method, headers, body);
    assert.equal(reply.status, 401, reply.text);
    assert.equal(reply.headers.get("www-authenticate"), challenge);
  });
}

const proposal: Json = { buyer: { member: hana.number }, currency: "JPY", amount: 1000 };

test("201 says where what was made is, also when it is asked for again", async () => {
  const headers = { ...atShop, "idempotency-key": "fields-1" };
  const made = await request(`${facilitator.url}/v1/trades`, "POST", headers, proposal);
  const again = await request(`${facilitator.url}/v1/trades`, "POST", headers, proposal);
  for (const reply of [made, again]) {
    assert.equal(reply.status, 201, reply.text);
    const location = reply.headers.get("location") ?? "";
    assert.equal(location, `/v1/trades/${String(made.json["number"])}`);
    const found = await request(new URL(location, facilitator.url).href, "GET", atShop);
    assert.equal(found.json["number"], made.json["number"]);
  }
});

test("a refusal, and what is not made anew, have no such field", async () => {
  const number = String(
    (await request(`${facilitator.url}/v1/trades`, "POST", atShop, proposal)).json["number"],
  );
  const cancelled = await request(`${facilitator.url}/v1/trades/${number}/cancel`, "POST", atShop, {});
  assert.equal(cancelled.status, 200, cancelled.text);
  const refused = await request(`${facilitator.url}/v1/trades`, "POST", atShop, { ...proposal, amount: -1 });
  for (const reply of [cancelled, refused]) assert.equal(reply.headers.get("location"), null);
});

test("the description names both", async () => {
  const { json } = await request(`${facilitator.url}/openapi.json`, "GET");
  const paths = json["paths"] as Record<
    string,
    { post?: { responses: Record<string, { headers?: Json; $ref?: string }> } }
  >;
  const responses = paths["/v1/trades"]?.post?.responses;
  assert.deepEqual(Object.keys(responses?.["201"]?.headers ?? {}), [
    "Request-Id",
    "Idempotent-Replayed",
    "Location",
  ]);
  const shared = (json["components"] as { responses: Record<string, { headers: Json }> }).responses;
  const unknown = shared[responses?.["401"]?.$ref?.split("/").at(-1) ?? ""];
  assert.ok(Object.keys(unknown?.headers ?? {}).includes("WWW-Authenticate"));
});
