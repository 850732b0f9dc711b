/** An order taken for a member who calls: filled in, read back, made once; what takes two is proposed and its approval waits. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { PageForm } from "./support/wire/forms.ts";
import { type Json, request } from "./support/wire/http.ts";
import { startGuarded } from "./support/world/two-operators.ts";
import { type WebPage, WebPerson } from "./support/world/web-person.ts";

const house = await startGuarded({ after });
const { url, demo } = house;
const [, two] = demo.operators;
const [buyer] = demo.members;
const [shop] = demo.shops;
if (!two || !buyer || !shop) throw new Error("No demo.");
const operator = new WebPerson(url, { page: "/signin", words: { email: two.email, password: two.password } });
const place = `/desk/members/${buyer.number}/order`;
const { name } = (await request(`${url}/v1/shops/${shop.id}`, "GET", house.first)).json as { name: string };

const said = { channel: "phone", callReference: "call 7", proofKind: "callback", proofReference: "tape 9" };
const tea = { shop: name, "name-1": "Tea set", "quantity-1": "3", "price-1": "1,200" };

const formOf = ({ forms, html }: WebPage, id: string): PageForm => {
  const form = forms.find((each) => each.id === id);
  assert.ok(form, `${id} in ${html.slice(-3000)}`);
  return form;
};
const orders = async (): Promise<Json[]> => {
  const { json } = await request(`${url}/v1/trades?limit=100`, "GET", house.first);
  return json["items"] as Json[];
};

test("the member's page leads to it, and it says what to ask", async () => {
  const member = await operator.open(`/desk/members/${buyer.number}`);
  assert.ok(member.html.includes('id="take-order"') && member.html.includes(`href="${place}"`));
  const page = await operator.open(place);
  assert.ok(page.html.includes('id="script"'));
});

test("an order is read back with its sum, and made once under the caller's word", async () => {
  const before = (await orders()).length;
  const page = await operator.open(place);
  const read = await operator.press(formOf(page, "order-form"), {
    ...tea,
    ...said,
    recipient: "Aoi",
    address: "Kyoto",
  });
  assert.match(read.html, /id="sum".*3,600/s);
  assert.match(read.html, /3 × <bdi[^>]*>Tea set/);
  assert.match(read.html, /Aoi.*Kyoto/s);
  assert.equal((await orders()).length, before, "nothing is done before it was read back");
  const unread = await operator.post(place, { ...tea, ...said, said: "yes", key: "unread-1" });
  assert.equal(unread.status, 422);
  const done = await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(done.html.includes('id="done"'), done.html);
  await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  const [made, ...rest] = (await orders()).slice(0, 1 + (await orders()).length - before);
  assert.equal((await orders()).length, before + 1, "the same press is the same order");
  assert.deepEqual([made?.["state"], made?.["amount"], rest.length], ["reserved", 3600, 0]);
  const events = (await request(`${url}/v1/trades/${String(made?.["number"])}/events`, "GET", house.first))
    .text;
  assert.match(events, /call 7/);
});

test("the order is of the shop that was read back, whoever has got or left the name meanwhile", async () => {
  const read = await operator.press(formOf(await operator.open(place), "order-form"), { ...tea, ...said });
  const named = async (id: string | undefined, looks: string) =>
    house.database.execute({
      text: "update parties set looks = $2 where id = $1",
      values: [id ?? "", `{${looks}}`],
    });
  const [{ looks = [] } = {}] = await house.database.query<{ looks: string[] }>({
    text: "select looks from parties where id = $1",
    values: [shop.id],
  });
  await named(shop.id, "left");
  await named(demo.shops[1]?.id, looks.join(","));
  const done = await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  await named(shop.id, looks.join(","));
  await named(demo.shops[1]?.id, "other");
  assert.ok(done.html.includes('id="done"'), done.html);
  assert.equal((await orders())[0]?.["shop"], shop.id);
});

test("beyond what one may do the order binds nobody, and its approval waits for another operator", async () => {
  const page = await operator.open(place);
  const dear = { ...tea, "price-1": "100000" };
  const read = await operator.press(formOf(page, "order-form"), { ...dear, ...said });
  const waits = await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(waits.html.includes('id="waits"'), waits.html);
  const [made] = await orders();
  assert.deepEqual([made?.["state"], made?.["amount"]], ["proposed", 300_000]);
  const { items } = (await request(`${url}/v1/operator-acts`, "GET", house.first)).json as { items: Json[] };
  const act = items.find(({ trade }) => trade === made?.["number"]);
  assert.equal(act?.["name"], "trade.approve");
  assert.equal((await house.confirm(String(act?.["id"]), house.first)).status, 200);
  assert.equal((await orders())[0]?.["state"], "reserved");
});

test("an amount alone is reserved for the shop, before there is an order", async () => {
  const page = await operator.open(place);
  const read = await operator.press(formOf(page, "order-form"), { shop: name, amount: "5000", ...said });
  assert.match(read.html, /id="sum".*5,000/s);
  const done = await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(done.html.includes('id="done"'), done.html);
  const [made] = await orders();
  assert.deepEqual(
    [made?.["state"], (made?.["earmark"] as Json | undefined)?.["state"]],
    ["reserved", "open"],
  );
});

for (const [what, typed, field] of [
  ["nothing at all", { shop: name, ...said }, "name-1"],
  ["goods and an amount", { ...tea, ...said, amount: "5" }, "amount"],
  ["a shop that nobody knows", { ...tea, ...said, shop: "Nobody's" }, "shop"],
  ["no price", { ...tea, ...said, "price-1": "dear" }, "price-1"],
  ["no piece", { ...tea, ...said, "quantity-1": "0" }, "quantity-1"],
  ["nobody who has called", tea, "callReference"],
  ["a day that was not named", { ...tea, ...said, paymentOn: "date" }, "paymentDate"],
] as const)
  test(`${what} is said at its field, and what was typed stays`, async () => {
    const before = (await orders()).length;
    const again = await operator.post(place, typed);
    assert.equal(again.status, 422);
    assert.ok(again.html.includes(`href="#${field}"`), again.html);
    assert.ok(again.html.includes(typed.shop === name ? "Tea set" : "Nobody") || !("name-1" in typed));
    assert.equal((await orders()).length, before);
  });

test("what the account does not hold is told on the order that was refused", async () => {
  const page = await operator.open(place);
  const read = await operator.press(formOf(page, "order-form"), {
    ...tea,
    ...said,
    "quantity-1": "9999",
    "price-1": "99999",
  });
  const refused = await operator.press(formOf(read, "read-form"), { readBack: "yes" });
  assert.ok(refused.status < 500 && !refused.html.includes('id="done"'), refused.html);
});
