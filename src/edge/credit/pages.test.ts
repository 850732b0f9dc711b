/** Credit on pages: asked for where an order is approved, decided where all that is known stands, and who may give some. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { formsIn, saidBy } from "../../../test/support/wire/forms.ts";
import { bearer, type Headers, request, signIn } from "../../../test/support/wire/http.ts";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { until } from "../../../test/support/world/world.ts";

const { guarantor, call } = await openGuaranteed({ after });
const { url, demo } = guarantor;
const [shop, other] = demo.shops;
const [, ken] = demo.members;
const [first, second] = demo.operators;
if (!shop || !other || !ken || !first || !second) throw new Error("No demo.");
const buyer = await signIn(url, ken);
const [asking, confirming] = [await signIn(url, first), await signIn(url, second)];

const page = (path: string, who: Headers) => request(`${url}${path}`, "GET", who);
/** Presses the button of a form on a page, with what else is typed. */
async function press(path: string, form: string, who: Headers, typed: Record<string, string> = {}) {
  const { text } = await page(path, who);
  const found =
    formsIn(text).find(({ id }) => id.startsWith(form)) ??
    assert.fail(`No ${form} on ${path}: ${saidBy(text)}`);
  const fields = Object.fromEntries(found.controls.map(({ name, value }) => [name, value]));
  const body = new URLSearchParams({ ...fields, ...typed }).toString();
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  return request(`${url}${found.action}`, "POST", headers, body);
}

async function proposed(): Promise<string> {
  const body = { currency: "JPY", amount: 3600, buyer: { member: ken?.number } };
  const { json } = await call("guarantor", "POST", "/v1/trades", bearer(shop?.key ?? ""), body);
  return String(json["number"]);
}
const stateOf = async (number: string) =>
  (await call("guarantor", "GET", `/v1/trades/${number}`, bearer(shop.key))).json["state"];

test("asked for with a button, granted with another, and confirmed by a second operator", async () => {
  const number = await proposed();
  const asked = await press(`/trades/${number}/approve`, "credit-form", buyer);
  assert.equal(asked.status, 303, asked.text);
  assert.match(saidBy((await page(`/trades/${number}/approve`, buyer)).text), /You have asked for credit/);
  const list = await page("/credit-requests", asking);
  assert.match(saidBy(list.text), /Member .* active, since/);
  assert.match(saidBy(list.text), /up to ¥500 , owed ¥0 , held for trades ¥0/);
  const kept = await press("/credit-requests", "grant-", asking);
  assert.equal(kept.headers.get("location"), "/credit-requests?asked=yes", kept.text);
  assert.equal(await stateOf(number), "proposed", "one operator alone does nothing");
  const { json } = await call("guarantor", "GET", "/v1/operator-acts", confirming);
  const [act] = json["items"] as { id: string; name: string; act: { amount: number } }[];
  assert.deepEqual([act?.name, act?.act.amount], ["credit-request.grant", 3600]);
  const confirmed = await call("guarantor", "POST", `/v1/operator-acts/${act?.id}/confirm`, confirming, {});
  assert.equal(confirmed.status, 200, confirmed.text);
  await until("it is reserved", async () => (await stateOf(number)) === "reserved");
  assert.match(saidBy((await page("/credit-requests", asking)).text), /Nobody waits/);
});

test("refused with a reason that the buyer does not see", async () => {
  const number = await proposed();
  await press(`/trades/${number}/approve`, "credit-form", buyer);
  const refused = await press("/credit-requests", "refuse-", asking, { reason: "He has three more open" });
  assert.equal(refused.headers.get("location"), "/credit-requests", refused.text);
  const seen = saidBy((await page(`/trades/${number}/approve`, buyer)).text);
  assert.doesNotMatch(seen, /three more/);
  assert.match(seen, /Ask for credit for this order/);
});

test("a member lets a shop give them credit, and sees whose line it is", async () => {
  const at = `/lenders/${other.id}`;
  assert.equal((await press(at, "allow-form", buyer)).status, 303);
  assert.match(saidBy((await page(at, buyer)).text), /You let them give you credit/);
  const line = crypto.randomUUID();
  const lent = { lender: other.id, currency: "JPY", limit: 9000 };
  await call("guarantor", "PUT", `/v1/lent-lines/${line}`, bearer(demo.adminKey), lent);
  const part = { member: ken.number, limit: 9000 };
  const given = await call("guarantor", "POST", `/v1/lent-lines/${line}/members`, bearer(other.key), part);
  assert.equal(given.status, 200, given.text);
  const number = await proposed();
  assert.match(saidBy((await page(`/trades/${number}/approve`, buyer)).text), /Credit from /);
  assert.equal((await press(at, "stop-form", buyer)).status, 303);
  assert.doesNotMatch(saidBy((await page(at, buyer)).text), /You let them/);
});
