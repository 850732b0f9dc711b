/** Who is told to wait is told for how long: the quarter of an hour that the answer speaks of. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createInstitution } from "../src/servers/institution/institution.ts";
import { request } from "./support/wire/http.ts";
import { freshDatabase } from "./support/world/cluster.ts";
import { freePort } from "./support/world/free-port.ts";
import { twoOperators } from "./support/world/operators.ts";
import { testKey } from "./support/world/vault.ts";

const { url, schema } = await freshDatabase({ after }, "trading");
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const institution = await createInstitution({
  url,
  schema,
  role: "kenshu_app",
  version: "0.0.0",
  sandbox: false,
  log: "silent",
  publicUrl: origin,
  personalDataKeys: [testKey],
  settings: {
    approval: "none",
    currencies: ["JPY"],
    fee: { fixed: 0n, basisPoints: 0, roundTo: "shop" },
    ...twoOperators,
  },
});
after(() => institution.close());
await institution.server.listen({ host: "127.0.0.1", port });

test("a call and the page say when to come back after too many wrong passwords", async () => {
  const wrong = { email: "hana@example.com", password: "not this one" };
  let tried = await request(`${origin}/v1/sessions`, "POST", {}, wrong);
  for (let count = 1; count <= 20 && tried.status === 401; count += 1) {
    assert.equal(tried.headers.get("retry-after"), null);
    tried = await request(`${origin}/v1/sessions`, "POST", {}, wrong);
  }
  assert.deepEqual([tried.status, tried.code], [429, "too_many_requests"]);
  assert.equal(tried.headers.get("retry-after"), "900");
  const form = new URLSearchParams(wrong).toString();
  const typed = { "content-type": "application/x-www-form-urlencoded", origin };
  const page = await request(`${origin}/signin`, "POST", typed, form);
  assert.equal(page.status, 429, page.text);
  assert.equal(page.headers.get("retry-after"), "900");
});
