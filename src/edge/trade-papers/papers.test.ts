import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../../storage/database/database.ts";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const world = await pagesServer({ after });
const { server, shop, shopKey, otherKey, rich, carrier, signedIn, proposed, open, carrierDoes } = world;

const returns = { name: "Aoi returns", address: "1 Dock Road\nKyoto <b>", phone: "075-000-0000" };

async function call(method: "GET" | "PUT", url: string, key: string, body?: object) {
  const reply = await server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: reply.statusCode, json: reply.json<Record<string, unknown>>() };
}
const setReturns = (returnAddress: object | null, key = shopKey) =>
  call("PUT", `/v1/shops/${shop}/return-address`, key, { returnAddress });

/** A trade of which one piece of three was rejected; with its buyer's browser. */
async function rejected() {
  const { number, link } = await proposed({
    acceptance: { by: ["buyer"], autoAfter: "P7D" },
    carrier: carrier.id,
    reference: "A-1",
  });
  const buyer = await signedIn(rich);
  await buyer.send(await open(buyer, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  await carrierDoes(number, { do: "deliver" });
  const path = `/trades/${number}`;
  await buyer.send(path, "reject-form", { "quantity-1": "1", kind: "wrong", reason: "Broken." });
  return { number, buyer, path };
}

test("a shop names where goods go back to, and nobody else does", async () => {
  assert.equal((await setReturns(returns, otherKey)).status, 404);
  for (const wrong of [{ name: "x" }, { ...returns, fax: "1" }, { name: "", address: "x" }])
    assert.equal((await setReturns(wrong)).status, 422, JSON.stringify(wrong));
  assert.equal((await setReturns(returns)).status, 200);
  await world.pass(1);
  const { json } = await call("GET", `/v1/shops/${shop}`, shopKey);
  const { since, ...named } = json["returnAddress"] as Record<string, string>;
  assert.deepEqual(named, returns);
  assert.ok(since !== undefined);
  assert.deepEqual((await setReturns(null)).json["returnAddress"], null);
});

test("another place than the one that stood holds after a day, and the shop is told at once", async () => {
  const thief = { name: "Thief", address: "9 Dark Street" };
  const nowThere = async () => {
    const { json } = await call("GET", `/v1/shops/${shop}`, shopKey);
    return (json["returnAddress"] as { name: string } | null)?.name;
  };
  const told = async () =>
    (await world.context.database.query(rawSql("select id from letters where kind = 'return address'")))
      .length;
  await setReturns(returns);
  await world.pass(1);
  const before = await told();
  await setReturns(returns);
  assert.equal(await told(), before, "the same place is no news");
  await setReturns(thief);
  assert.deepEqual([await nowThere(), await told()], [returns.name, before + 1]);
  await setReturns(null);
  await setReturns(thief);
  assert.equal(await nowThere(), undefined, "nor by taking the former one away first");
  await world.pass(1);
  assert.equal(await nowThere(), "Thief");
  await setReturns(returns);
  await world.pass(1);
  assert.equal(await nowThere(), returns.name);
});

test("who sends goods back is shown where to, with a label to print", async () => {
  await setReturns(null);
  const { number, buyer, path } = await rejected();
  assert.match((await buyer.get(path)).html, /id="return-nowhere"/);
  assert.equal((await buyer.get(`${path}/label`)).status, 404);
  await setReturns(returns);
  await world.pass(1);
  const { html } = await buyer.get(path);
  assert.match(html, /id="return-to">Send it to:.*Aoi returns.*1 Dock Road.*Kyoto &lt;b>.*075-000-0000/s);
  assert.ok(html.includes(`id="to-label" href="${path}/label"`));
  await buyer.send(path, "send-back-form", { parcel: "B-9" });
  const label = (await buyer.get(`${path}/label`)).html;
  assert.match(label, /id="label-address".*Aoi returns.*1 Dock Road.*Kyoto &lt;b>/s);
  assert.match(label, new RegExp(`id="label-number".*data-number="${number}"`, "s"));
  assert.match(label, /A-1.*id="label-parcel"><bdi>B-9.*id="going-back".*1 × /s);
  const seen = await call("GET", `/v1/trades/${number}/return-address`, shopKey);
  assert.equal((seen.json["returnAddress"] as { name: string }).name, returns.name);
  assert.equal((await call("GET", `/v1/trades/${number}/return-address`, otherKey)).status, 404);
  assert.equal((await (await signedIn(world.poor)).get(`${path}/label`)).status, 404);
});

test("a recipient who sends goods back prints the same label from their link, and nobody else does", async () => {
  await setReturns(returns);
  await world.pass(1);
  const { number, link } = await proposed({
    acceptance: { by: ["recipient"], autoAfter: "P7D" },
    recipient: { name: "Aki Sato", address: "Tsu" },
    carrier: carrier.id,
  });
  const buyer = await signedIn(rich);
  await buyer.send(await open(buyer, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  await carrierDoes(number, { do: "deliver" });
  const { doorstep } = world.context;
  const recipients = world.browser();
  await open(recipients, doorstep.recipientLink(number));
  const path = `/gifts/${number}`;
  const giftCode = doorstep.recipientCode(number);
  await recipients.send(path, "gift-code-form", { giftCode });
  await recipients.send(path, "reject-form", {
    "quantity-1": "1",
    kind: "wrong",
    reason: "Broken.",
  });
  assert.ok((await recipients.get(path)).html.includes(`id="to-label" href="${path}/label"`));
  const { status, html } = await recipients.get(`${path}/label`);
  assert.equal(status, 200, html);
  assert.match(html, /id="label-address".*Aoi returns.*1 Dock Road/s);
  assert.match(html, /id="going-back".*1 × /s);
  assert.ok(html.includes(`href="${path}"`) && !html.includes("¥") && !html.includes("/signin"));
  assert.equal((await world.browser().get(`${path}/label`)).to, "/gift");
});

test("a receipt to print says what was paid and what happened", async () => {
  const { number, buyer, path } = await rejected();
  await buyer.send(path, "accept-all-form");
  const page = await buyer.get(path);
  assert.ok(page.html.includes(`id="to-receipt" href="${path}/receipt"`));
  const { status, html } = await buyer.get(`${path}/receipt`);
  assert.equal(status, 200);
  assert.match(html, new RegExp(`<h1>Receipt of trade <.*data-number="${number}"`, "s"));
  assert.match(html, /id="sums".*Paid.*¥2,400.*Frozen.*¥1,200/s);
  assert.match(html, /data-event="trade\.rejected"/);
  // Without a log nothing is said to be signed.
  assert.match(html, /id="behind"|id="proven"/);
  assert.equal((await (await signedIn(world.poor)).get(`${path}/receipt`)).status, 404);
});
