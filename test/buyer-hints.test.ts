/** What a shop says of a buyer fills the form of somebody who is not known here, proves nothing, and is erased with the answer. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { confirmAddress, guestFields, type Order, Visitor } from "./support/wire/guests.ts";
import { formsIn, saidBy } from "./support/wire/forms.ts";
import { type Json, request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one", log: "debug" });
const { url, demo, database } = world;
const stage = await setStage(world);
const buyerHint = { email: "mio@example.com", name: "Mio Tanaka", phone: "075-222-3333", locale: "ja-JP" };

async function proposed(more: Json = {}): Promise<Order> {
  const wish = { currency: "JPY", amount: 100, reference: "order 4711", buyerHint, ...more };
  const { json, text, status } = await request(`${url}/v1/trades`, "POST", stage.shop, wish);
  assert.equal(status, 201, text);
  return { number: String(json["number"]), approveUrl: String(json["approveUrl"]) };
}

/** What is kept of all hints, and whether a key is there that opens it. */
async function kept(): Promise<string[]> {
  const rows = await database.query<{ row: string; opens: boolean }>(
    rawSql(`select encode(coalesce(f.email, ''), 'escape') || encode(coalesce(f.name, ''), 'escape') as row,
      k.subject is not null as opens from guest_forms f left join personal_keys k on k.subject = f.subject`),
  );
  assert.ok(rows.every(({ opens }) => opens));
  return rows.map(({ row }) => row);
}
const valueOf = (html: string, form: string, name: string): string | undefined =>
  formsIn(html)
    .find(({ id }) => id === form)
    ?.controls.find((each) => each.name === name)?.value;

test("the page shows the shop's reference, and the address that it has named stands in the field", async () => {
  const order = await proposed();
  const visitor = new Visitor();
  await visitor.get(order.approveUrl);
  const { text } = await visitor.get(`${url}/trades/${order.number}/approve`);
  assert.ok(saidBy(text).includes("order 4711"));
  assert.equal(valueOf(text, "guest-address-form", "email"), buyerHint.email);
  for (const secret of [buyerHint.name, buyerHint.phone])
    assert.ok(!text.includes(secret), "before an address is confirmed");
  const [sealed = ""] = await kept();
  assert.ok(sealed.length > 40 && !/mio|Tanaka/i.test(sealed), "sealed");
  await request(`${url}/v1/trades/${order.number}/cancel`, "POST", stage.shop, {});
  assert.deepEqual(await kept(), []);
});

test("who confirms that address finds the rest filled in, and is who they say all the same", async () => {
  const order = await proposed();
  const visitor = new Visitor();
  const page = await confirmAddress(visitor, stage.admin, order, buyerHint.email);
  const { text } = await visitor.get(page);
  assert.equal(valueOf(text, "guest-form", "name"), buyerHint.name);
  assert.equal(valueOf(text, "guest-form", "phone"), buyerHint.phone);
  const token = demo.vouchers[0]?.code ?? "";
  const approved = await visitor.send(page, "guest-form", { ...guestFields, name: "Rei Mori", token });
  assert.equal(approved.status, 303, approved.text);
  assert.deepEqual(await kept(), [], "erased with the answer");
  const own = await visitor.get(`${url}/trades/${order.number}`);
  assert.ok(!own.text.includes(buyerHint.name));
});

test("who confirms another address is told nothing of it, and buys as themselves", async () => {
  const order = await proposed();
  const visitor = new Visitor();
  const page = await confirmAddress(visitor, stage.admin, order, "somebody@example.com");
  const { text } = await visitor.get(page);
  assert.equal(valueOf(text, "guest-form", "name"), "");
  for (const said of [buyerHint.email, buyerHint.name, buyerHint.phone]) assert.ok(!text.includes(said));
  const declined = await visitor.send(page, "decline-form");
  assert.equal(declined.status, 303);
  assert.deepEqual(await kept(), []);
});

test("nobody has to answer: nothing is kept; nobody has answered in time: it is erased", async () => {
  await stage.newTrade({ buyerHint });
  assert.deepEqual(await kept(), [], "under a mandate");
  const order = await proposed({ approveWithin: "PT1H" });
  assert.equal((await kept()).length, 1);
  const advanced = await request(`${url}/v1/test-clock/advance`, "POST", stage.admin, { by: "PT2H" });
  assert.equal(advanced.status, 200, advanced.text);
  await until("it has expired", async () => {
    const { json } = await request(`${url}/v1/trades/${order.number}`, "GET", stage.shop);
    return json["state"] === "expired";
  });
  assert.deepEqual(await kept(), []);
});

test("it stands in no trade, event or log, and has to be what it says", async () => {
  const { number } = await proposed();
  for (const path of [`/v1/trades/${number}`, `/v1/trades/${number}/events`, "/v1/events"]) {
    const { text } = await request(`${url}${path}`, "GET", stage.shop);
    for (const said of [buyerHint.email, buyerHint.name, buyerHint.phone])
      assert.ok(!text.includes(said), path);
  }
  const log = await world.log();
  for (const said of Object.values(buyerHint)) assert.ok(!log.includes(said));
  for (const wrong of [
    {},
    { email: "mio" },
    { locale: "日本" },
    { age: 5 },
    { name: "4111 1111 1111 1111" },
  ]) {
    const wish = { currency: "JPY", amount: 100, buyerHint: wrong };
    const { code } = await request(`${url}/v1/trades`, "POST", stage.shop, wish);
    assert.ok(code === "invalid_field" || code === "card_number_refused", JSON.stringify(wrong));
  }
});
