/** Shops that want to be found, members who go on to one, and amounts that are reserved for one before ordering. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";
import { bearer } from "../../../test/support/world/people-server.ts";
import { fetchDisclosure } from "../disclosures/disclosures.ts";

const world = await pagesServer({ after });
const { context, server, browser, shop, rich, signedIn, shopDoes, seen } = world;
const key = world.shopKey;

async function call(method: "GET" | "PUT" | "DELETE", url: string, payload?: object, by = bearer(key)) {
  const reply = await server.inject({
    method,
    url,
    headers: by,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.body === "" ? {} : JSON.parse(reply.body) };
}
const back = "https://aoi.example/welcome";
const listing = { url: `${back}?till=1`, sentence: "Tea <b>and</b> more" };
const at = `/v1/shops/${shop}/listing`;

test("a shop is listed with an address that it has registered, and with no other", async () => {
  assert.equal((await call("PUT", at, listing)).body.code, "invalid_field", "not registered yet");
  assert.equal((await call("PUT", `/v1/shops/${shop}/return-urls`, { returnUrls: [back] })).status, 200);
  for (const url of [
    "https://aoi.example/other",
    "https://evil.example/welcome",
    `${back}#x`,
    "javascript:alert(1)",
  ])
    assert.equal((await call("PUT", at, { ...listing, url })).body.code, "invalid_field", url);
  const { status, body } = await call("PUT", at, listing);
  assert.deepEqual([status, body.name, body.url], [200, "Aoi Tea", listing.url]);
  assert.equal((await call("PUT", at, listing, {})).body.code, "not_authenticated");
  assert.equal((await call("PUT", at, listing, bearer(world.otherKey))).body.code, "not_found");
  const listed = (await call("GET", "/v1/listings", undefined, {})).body;
  assert.deepEqual(listed.items, [{ shop, name: "Aoi Tea", ...listing }]);
});

test("anybody sees the shops; a member goes on with what they tick, by a code that this shop reads once", async () => {
  const { html } = await browser().get("/portal");
  assert.ok(html.includes("Aoi Tea") && html.includes("Tea &lt;b>and&lt;/b> more"), html.slice(-2000));
  const hana = await signedIn(rich);
  const form = await hana.get(`/portal/${shop}`);
  assert.match(String(form.headers["content-security-policy"]), /form-action https:\/\/aoi\.example /);
  const gone = await hana.send(`/portal/${shop}`, "go", { name: "yes", address: "yes" });
  assert.equal(gone.status, 303);
  const place = new URL(gone.to);
  assert.equal(`${place.origin}${place.pathname}`, back);
  assert.deepEqual([...place.searchParams.keys()], ["till", "disclosure", "at"]);
  const token = place.searchParams.get("disclosure") ?? "";
  const fetched = await context.database.transaction((client) =>
    fetchDisclosure(context, client, shop, token),
  );
  assert.deepEqual(Object.keys(fetched.secret?.["data"] as object), ["name", "address"]);
  await assert.rejects(
    context.database.transaction((client) => fetchDisclosure(context, client, shop, token)),
    "once",
  );
  const untold = await hana.send(`/portal/${shop}`, "go");
  assert.equal(untold.to, listing.url, "who ticks nothing goes there and tells nothing");
});

test("nobody is led where the shop does not lead any more, nor without signing in", async () => {
  assert.match((await browser().get(`/portal/${shop}`)).to, /^\/signin\?next=/);
  const hana = await signedIn(rich);
  await call("PUT", `/v1/shops/${shop}/return-urls`, { returnUrls: [] });
  assert.equal((await hana.get(`/portal/${shop}`)).status, 404);
  assert.equal((await hana.post(`/portal/${shop}`, { name: "yes" })).status, 404);
  assert.ok(!(await hana.get("/portal")).html.includes("Aoi Tea"));
  await call("PUT", `/v1/shops/${shop}/return-urls`, { returnUrls: [back] });
  assert.equal((await hana.get(`/portal/${shop}`)).status, 200);
  assert.equal((await call("DELETE", at)).status, 204);
  assert.equal((await call("DELETE", at)).body.code, "not_found");
  assert.equal((await hana.get(`/portal/${shop}`)).status, 404);
});

test("a member reserves by the form, shows the number, sees the order, and says that it is theirs", async () => {
  const hana = await signedIn(rich);
  assert.equal((await hana.get("/reserve")).to, "/portal");
  const form = `/reserve?shop=${shop}`;
  const wrong = await hana.send(form, "reserve-form", { amount: "lots", reserveFor: "P7D" });
  assert.deepEqual([wrong.status, wrong.html.includes("This is not an amount.")], [422, true]);
  const endless = await hana.send(form, "reserve-form", { amount: "9007199254740992", reserveFor: "P7D" });
  assert.equal(endless.status, 422);
  const poor = await hana.send(form, "reserve-form", { amount: "900000000", reserveFor: "P7D" });
  assert.equal(poor.status, 402);
  const made = await hana.send(form, "reserve-form", { amount: "¥5,000", reserveFor: "P7D" });
  assert.equal(made.status, 303, made.html);
  const number = /^\/trades\/([0-9]+)$/.exec(made.to)?.[1] ?? "";
  const shown = await hana.get(made.to);
  assert.match(shown.html, /id="earmark-number"/);
  assert.ok(!/id="(?:accept|deliver|dispute)"/.test(shown.html), "there are no goods yet");
  assert.equal((await seen(number)).amount, 5000);
  await shopDoes(number, { do: "revise", lines: [{ name: "Tea", quantity: 2, unitAmount: 1500 }] });
  const look = await hana.get(made.to);
  assert.match(look.html, /id="order-look"/);
  assert.equal((await hana.send(made.to, "order-seen")).to, made.to);
  assert.equal((await seen(number)).earmark?.objectBy, null);
  assert.ok(!(await hana.get(made.to)).html.includes('id="order-look"'));
});
