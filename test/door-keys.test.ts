/** All forms of a page bear one key: what a device sends from a page that was kept is done, each press of it, and once. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { bearer, type Json, request, signIn } from "./support/wire/http.ts";
import { startWorld } from "./support/world/world.ts";

const { url, demo } = await startWorld({ after }, { durable: false, log: "error" });
const carrier = demo.carriers[0] ?? assert.fail();
const shop = demo.shops[0] ?? assert.fail();
const hana = demo.members[0] ?? assert.fail();

test("another act with the key of a page is done, and the same one sent again is not", async () => {
  const { cookie = "" } = await signIn(url, carrier);
  const [tag = ""] = (await request(`${url}/round/key`, "GET", { cookie })).text.split(" ");
  const made = await request(`${url}/v1/trades`, "POST", bearer(shop.key), {
    buyer: { member: hana.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: 1500 }],
    approval: { mandate: hana.mandates[shop.key] ?? "" },
    acceptance: { by: ["buyer"], need: 1 },
    carrier: carrier.id,
    recipient: { name: "Mei Ito", address: "3-3 Minato, Tokyo" },
    reference: randomUUID(),
  });
  const number = String(made.json["number"]);
  const key = randomUUID();
  const press = async (act: string, fields: Record<string, string> = {}) => {
    const reply = await fetch(`${url}/trades/${number}/${act}`, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie,
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        "kenshu-round": tag,
      },
      body: new URLSearchParams({ key, ...fields }).toString(),
    });
    return `${reply.status} ${reply.headers.get("location") ?? ""}`;
  };
  const story = async () => {
    const { json } = await request(`${url}/v1/trades/${number}/events`, "GET", bearer(shop.key));
    const types = (json["items"] as Json[]).map(({ type }) => type);
    return types.filter((type) => type === "trade.shipped" || type === "trade.at_door");
  };
  assert.equal(await press("ship", { parcel: "P-1" }), `303 /trades/${number}?done=ship`);
  assert.equal(await press("at-door", { parcel: "P-1" }), `303 /trades/${number}?done=at-door`);
  assert.deepEqual(await story(), ["trade.shipped", "trade.at_door"]);
  assert.equal(await press("ship", { parcel: "P-1" }), `303 /trades/${number}?done=ship`);
  assert.equal(await press("at-door", { parcel: "P-1" }), `303 /trades/${number}?done=at-door`);
  assert.deepEqual(await story(), ["trade.shipped", "trade.at_door"]);
  assert.match(await press("accept", { code: "00000000" }), /^4/, "a wrong code is no answer to the report");
});
