/** A caller's story at an operator's desk: found, acted for, read back; what takes two waits; nothing is done by halves. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { PageForm } from "./support/wire/forms.ts";
import { signIn, request } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { startGuarded } from "./support/world/two-operators.ts";
import { type WebPage, WebPerson } from "./support/world/web-person.ts";

const house = await startGuarded({ after });
const { url, demo, call } = house;
const [one, two] = demo.operators;
const [buyer] = demo.members;
const [shopKey] = demo.shopKeys;
if (!one || !two || !buyer || shopKey === undefined) throw new Error("No demo.");
const shop = { authorization: `Bearer ${shopKey}` };

const at = ({ email, password }: { email: string; password: string }) =>
  new WebPerson(url, { page: "/signin", words: { email, password } });
const person = at(two);

/** A trade of so much that is reserved for the buyer by mandate, and shipped. */
async function shipped(amount: number, quantity = 3): Promise<string> {
  const { number, state } = (
    await call("POST", "/v1/trades", shop, {
      buyer: { member: buyer?.number },
      currency: "JPY",
      lines: [{ name: "Tea set", quantity, unitAmount: amount / quantity }],
      approval: { mandate: buyer?.mandates[String(shopKey)] },
    })
  ).json as { number: string; state: string };
  assert.equal(state, "reserved");
  assert.equal((await call("POST", `/v1/trades/${number}/ship`, shop, {})).status, 200);
  return number;
}

const formOf = ({ forms, html }: WebPage, id: string): PageForm => {
  const form = forms.find((each) => each.id === id);
  assert.ok(form, `${id} in ${html.slice(-3000)}`);
  return form;
};

const said = {
  channel: "phone",
  callReference: "call 7",
  proofKind: "callback",
  proofReference: "tape 9",
};

const stateOf = async (number: string) =>
  ((await call("GET", `/v1/trades/${number}`, house.first)).json as { state: string; settled: number });

test("an operator begins at the desk, with what waits", async () => {
  const session = await signIn(url, two);
  const page = await request(`${url}/desk`, "GET", session);
  assert.equal(page.status, 200);
  for (const queue of ["bank-transfers", "debts", "objections"])
    assert.ok(page.text.includes(`id="queue-${queue}"`), queue);
});

test("goods are accepted for a caller: filled in, read back with the sum, done once", async () => {
  const number = await shipped(3000);
  const trade = await person.open(`/desk/trades/${number}`);
  assert.ok(trade.html.includes('id="act-accept"'), trade.html);
  const page = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(page, "act-form"), { ...said, as: "buyer", "quantity-1": "2" });
  assert.match(read.html, /id="sum".*2,000/s);
  assert.equal((await stateOf(number)).settled, 0, "nothing is done before it was read back");
  const unread = await person.post(`/desk/trades/${number}/acts/accept`, {
    ...said,
    as: "buyer",
    "quantity-1": "2",
    said: "yes",
    key: "unread-1",
  });
  assert.equal(unread.status, 422);
  const done = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(done.html.includes('id="done"'), done.html);
  assert.equal((await stateOf(number)).settled, 2000);
  assert.match(done.html, /data-by-operator="trade.accepted".*call 7/s);
});

test("what one operator may not move waits for another, and says so", async () => {
  const number = await shipped(300_000);
  const page = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(page, "act-form"), { ...said, as: "buyer" });
  const waits = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(waits.html.includes('id="waits"'), waits.html);
  assert.equal((await stateOf(number)).settled, 0);
});

test("a form says what is missing, and keeps the rest", async () => {
  const number = await shipped(3000);
  const { status, html } = await person.post(`/desk/trades/${number}/acts/reject`, {
    as: "buyer",
    reason: "A <b>broken</b> cup",
    kind: "wrong",
  });
  assert.equal(status, 422);
  for (const field of ["channel-phone", "callReference", "proofKind-callback", "proofReference"])
    assert.ok(html.includes(`href="#${field}"`), field);
  assert.ok(html.includes("A &lt;b>broken&lt;/b> cup"), html);
});

test("of two operators on one trade the second is told that it has changed", async () => {
  const number = await shipped(3000);
  const page = await person.open(`/desk/trades/${number}/acts/cancel`).catch(() => undefined);
  const form = await person.open(`/desk/trades/${number}/acts/accept`);
  const read = await person.press(formOf(form, "act-form"), { ...said, as: "buyer" });
  const meanwhile = { operator: { ...spoken, as: "buyer" }, lines: [{ line: 1, quantity: 1 }] };
  assert.equal((await call("POST", `/v1/trades/${number}/accept`, house.first, meanwhile)).status, 200);
  const late = await person.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.equal(late.status, 409, late.html);
  assert.ok(late.html.includes('data-code="trade_changed"'));
  assert.equal((await stateOf(number)).settled, 1000);
  assert.ok(page === undefined || page.status < 500);
});

test("what cannot be done has no form, and a caller for the shop is not asked for the buyer's word", async () => {
  const number = await shipped(3000);
  const refund = await person.open(`/desk/trades/${number}/acts/refund`);
  assert.match(refund.html, /id="mistakes"/);
  const unknown = await person.open(`/desk/trades/${number}/acts/steal`);
  assert.equal(unknown.status, 400);
  const cancel = await person.open(`/desk/trades/${number}/acts/cancel`);
  assert.ok(!cancel.html.includes('id="as-buyer"'), "goods that have left are the shop's to call off");
});
