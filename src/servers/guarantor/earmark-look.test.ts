/** While the buyer may still look at an order, the shop's desk says so, and brings it to what is to be sent when that is over. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { saidBy } from "../../../test/support/wire/forms.ts";
import { bearer, signIn } from "../../../test/support/wire/http.ts";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { clerkAt } from "../../../test/support/world/shop-clerk.ts";

const world = await openGuaranteed({ after });
const { guarantor, call } = world;
const [shop] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
if (!shop || !hana) throw new Error("No demo.");
const buyer = await signIn(guarantor.url, hana);
const atShop = bearer(shop.key);
const clerk = clerkAt(guarantor.url, atShop);

async function ordered(reference: string): Promise<string> {
  const wish = { earmark: true, shop: shop?.id ?? "", currency: "JPY", amount: 500 };
  const number = String((await call("guarantor", "POST", "/v1/trades", buyer, wish)).json["number"]);
  const lines = [{ name: "Cup", quantity: 1, unitAmount: 500 }];
  const reply = await call("guarantor", "POST", `/v1/trades/${number}/revise`, atShop, { lines, reference });
  assert.equal(reply.status, 200, reply.text);
  return number;
}

const listed = async (todo: string) =>
  [...(await clerk.look(`/shop?todo=${todo}`)).text.matchAll(/id="order-([0-9]+)"/g)].map(
    ([, number]) => number,
  );
const openTo = async (todo: string) => {
  const text = saidBy((await clerk.look("/shop/money")).text);
  return text.includes(todo);
};

test("nothing of it is to be sent before the buyer has looked, and then it is, by the time alone", async () => {
  const [looked, seen] = [await ordered("A-1"), await ordered("A-2")];
  const { version } = (await call("guarantor", "GET", `/v1/trades/${seen}`, buyer)).json;
  await call("guarantor", "POST", `/v1/trades/${seen}/approve`, buyer, { version });
  assert.deepEqual([await listed("ship"), await listed("approve")], [[seen], [looked]]);
  const counts = await clerk.reads("/shop?todo=approve");
  assert.match(counts, /To be sent \(1\).*Waits for the buyer \(1\)/);
  assert.match(counts, /may still look at the order until/);
  assert.ok(await openTo("Waits for the buyer (1)"));
  const { text } = await clerk.look(`/shop/orders/${looked}`);
  assert.match(
    saidBy(text),
    /The guarantor stands for the money\. The buyer may still look at the order until/,
  );
  assert.doesNotMatch(saidBy(text), /Please send the goods/);
  assert.doesNotMatch(text, /id="ship-form"|\/ship"/);
  assert.match((await clerk.look(`/shop/orders/${seen}`)).text, /\/ship"/);
  await world.advance("P1DT1M");
  assert.deepEqual([new Set(await listed("ship")), await listed("approve")], [new Set([looked, seen]), []]);
  assert.match(await clerk.reads("/shop"), /To be sent \(2\).*Waits for the buyer \(0\)/);
  assert.ok(await openTo("To be sent (2)"));
  assert.match(await clerk.reads(`/shop/orders/${looked}`), /stands for the money\. Please send the goods/);
  assert.equal((await clerk.press(`/shop/orders/${looked}`, "ship-form")).status, 303);
  assert.deepEqual([await listed("ship"), await listed("way")], [[seen], [looked]]);
});
