import assert from "node:assert/strict";
import { test } from "node:test";
import { openShop, Visitor } from "../../../test/support/world/shop-visit.ts";

test("an order that is not paid is changed: it is called off, and its goods lie in the cart again", async (t) => {
  const { server, institution, later } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "notebook", quantity: "2" });
  await visitor.post("/cart/voucher", { voucher: "WELCOME" });
  const { orderPage } = await visitor.order();
  const action = `${orderPage}/change`;
  const form = Visitor.hidden((await visitor.get(orderPage)).page, action);
  assert.equal((await visitor.post(action, form)).location, "/cart");
  assert.equal((await visitor.post(action, form)).location, "/cart", "pressed twice it is one");
  assert.match((await visitor.get("/cart")).page, /Cart \(5\).*WELCOME/s);
  assert.match((await visitor.get(orderPage)).page, /data-state="cancelled"/);
  const second = await visitor.order();
  assert.equal([...institution.trades.values()].length, 2);

  // What was approved meanwhile stands, and is not ordered once more.
  const stale = Visitor.hidden((await visitor.get(second.orderPage)).page, `${second.orderPage}/change`);
  const [, trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  assert.equal((await visitor.post(`${second.orderPage}/change`, stale)).location, second.orderPage);
  await later();
  assert.match((await visitor.get(second.orderPage)).page, /data-state="reserved"/);
  assert.match((await visitor.get("/cart")).page, /Nothing is in your cart/);
  assert.equal(
    (await visitor.post(`${second.orderPage}/change`, { ...stale, key: "k".repeat(40) })).status,
    409,
  );
});
