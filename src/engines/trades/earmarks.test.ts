/** A buyer reserves before ordering, and the shop puts its order under the number: figure 8, step 1 before step 3. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Buyer, openMarket, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import type { Propose } from "../../core/protocol/schemas.ts";

const market = await openMarket({ after }, { line: undefined, mails: "kept" });
const { trades, shop, operator, move } = market;
const other = await market.anotherShop();
const tea = (quantity: number) => [{ name: "Tea set", quantity, unitAmount: 100 }];

const wish = (more: Partial<Propose> = {}): Propose => {
  return { earmark: true, shop: shop.actor.id, currency: "JPY", amount: 1000, ...more };
};
async function earmarked(buyer: Buyer, more: Partial<Propose> = {}): Promise<string> {
  return tradeIn(await trades.propose(buyer.actor, wish(more), undefined)).number;
}
const order = (number: string, quantity: number, reference?: string) =>
  move(shop.actor, number, {
    do: "revise",
    lines: tea(quantity),
    ...(reference === undefined ? {} : { reference }),
  });

/** The numbers in the shop's list and in its feed of events. */
async function known(who = shop.actor): Promise<string[]> {
  const list = await trades.search(who, {}, { limit: 200 });
  const feed = await trades.feed(who, { limit: 200 });
  assert.ok("items" in list && "items" in feed);
  return [...new Set([...list.items.map(({ number }) => number), ...feed.items.map(({ trade }) => trade)])];
}

test("reserved, shown, ordered, seen, sent and accepted", async () => {
  const buyer = await market.buyer();
  const number = await earmarked(buyer);
  assert.equal(await market.balance(buyer.account), "10000 held 1000");
  assert.ok(!(await known()).includes(number), "the shop does not know the number");
  const shown = await trades.read(shop.actor, number);
  assert.deepEqual([shown?.state, shown?.amount, shown?.earmark?.state], ["reserved", 1000, "open"]);
  assert.equal(await trades.read(other.actor, number), undefined, "and no other shop finds anything");
  assert.equal(told(await move(shop.actor, number, { do: "ship" })), "order_to_follow");
  const ordered = tradeIn(await order(number, 6, "A-1"));
  assert.deepEqual([ordered.frozen, ordered.reference, ordered.earmark?.state], [600, "A-1", "ordered"]);
  assert.equal(await market.balance(buyer.account), "10000 held 600", "the rest is free");
  assert.ok((await known()).includes(number));
  const found = await trades.search(shop.actor, { reference: "A-1" }, { limit: 5 });
  assert.ok("items" in found && found.items.some((each) => each.number === number), "found by its reference");
  assert.equal(told(await move(shop.actor, number, { do: "ship" })), "order_to_be_seen");
  const seen = await move(buyer.actor, number, { do: "approve", version: ordered.version });
  assert.deepEqual([told(seen), tradeIn(seen).earmark?.objectBy], ["reserved 600/0/0", null]);
  assert.equal(told(await move(shop.actor, number, { do: "ship" })), "reserved 600/0/0");
  assert.equal(told(await move(buyer.actor, number, { do: "cancel" })), "already_shipped");
  assert.equal(told(await move(buyer.actor, number, { do: "accept" })), "settled 0/600/0");
  await market.prove();
});

test("an order of junk is told to the buyer, who cancels it", async () => {
  const buyer = await market.buyer();
  const number = await earmarked(buyer);
  await order(number, 10);
  assert.equal(told(await move(buyer.actor, number, { do: "cancel" })), "cancelled 0/0/1000");
  assert.equal(await market.balance(buyer.account), "10000 held 0");
});

test("an order beyond the amount is a wish, of which the shop's lists know nothing before the buyer agrees", async () => {
  const buyer = await market.buyer();
  const number = await earmarked(buyer);
  const asked = tradeIn(await order(number, 20, "A-2"));
  assert.deepEqual([asked.frozen, asked.revisionAsked?.amount, asked.earmark?.state], [1000, 2000, "open"]);
  assert.ok(!(await known()).includes(number));
  const agreed = tradeIn(await move(buyer.actor, number, { do: "approve", version: asked.version }));
  assert.deepEqual(
    [agreed.frozen, agreed.reference, agreed.earmark],
    [2000, "A-2", { state: "ordered", objectBy: null }],
  );
  assert.ok((await known()).includes(number));
  await market.prove();
});

test("a second order is a revision, which the buyer's consent covers only where it is less", async () => {
  const buyer = await market.buyer();
  const number = await earmarked(buyer);
  await order(number, 6);
  const more = tradeIn(await order(number, 8));
  assert.deepEqual([more.frozen, more.revisionAsked?.amount], [600, 800]);
  assert.equal(told(await order(number, 5)), "reserved 500/0/0");
});

test("without an order the money is free again by itself, and the shop has never heard of it", async () => {
  const buyer = await market.buyer();
  const number = await earmarked(buyer, { reserveFor: "P2D" });
  await market.pass(49);
  await trades.sweeper.sweep();
  assert.equal((await trades.read(buyer.actor, number))?.state, "expired");
  assert.equal(await market.balance(buyer.account), "10000 held 0");
  assert.ok(!(await known()).includes(number));
  assert.equal(told(await order(number, 1)), "already_expired");
  await market.prove();
});

test("what is not there is refused, and no order can be put under it", async () => {
  const poor = await market.buyer({ amount: 10n });
  const refused = problemIn(await trades.propose(poor.actor, wish(), undefined));
  assert.equal(refused.code, "insufficient_funds");
  assert.equal(told(await order(refused.trade ?? "", 1)), "trade_not_open");
});

test("an operator reserves for a member who calls", async () => {
  const buyer = await market.buyer();
  const approval = { operator: { channel: "phone", reference: "call 9" } } as const;
  const body = wish({ buyer: { member: buyer.number }, approval });
  const { number, state } = tradeIn(await trades.propose(operator, body, undefined));
  assert.equal(state, "reserved");
  assert.equal(told(await order(number, 3)), "reserved 300/0/0");
});

test("who may not, and what is said with the order only", async () => {
  const buyer = await market.buyer();
  const propose = async (actor: typeof shop.actor, body: Propose) =>
    told(await trades.propose(actor, body, undefined));
  assert.equal(await propose(shop.actor, wish()), "not_allowed", "a shop");
  assert.equal(
    await propose(buyer.actor, { currency: "JPY", amount: 5, shop: shop.actor.id }),
    "not_allowed",
  );
  const { shop: _, ...nowhere } = wish();
  for (const body of [
    nowhere,
    wish({ lines: tea(1) }),
    wish({ reference: "A" }),
    wish({ private: true }),
    wish({ coolingOff: "P90D" }),
    wish({ acceptance: { autoAfter: null } }),
    wish({ acceptance: { by: ["carrier"] } }),
    wish({ carrier: market.carrier.id }),
  ])
    assert.equal(await propose(buyer.actor, body), "invalid_field", JSON.stringify(body));
  assert.equal(await propose(buyer.actor, wish({ buyer: { member: buyer.number } })), "not_allowed");
  const number = await earmarked(buyer);
  assert.equal(told(await move(shop.actor, number, { do: "revise", amount: 5 })), "invalid_field");
  assert.equal(
    told(await move(shop.actor, number, { do: "revise", payment: { on: "acceptance" } })),
    "order_to_follow",
  );
  assert.equal(told(await move(buyer.actor, number, { do: "revise", lines: tea(1) })), "not_allowed");
  await order(number, 1);
  const late = { do: "revise", lines: tea(1), reference: "late" } as const;
  assert.equal(
    told(await move(shop.actor, number, late)),
    "invalid_field",
    "a reference comes with the order",
  );
});
