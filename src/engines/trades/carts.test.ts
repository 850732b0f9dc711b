/** Real carts on a real database: amounts of whole lines, gifts, shipping and discounts, to the minor unit. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { carts, refusedCarts } from "../../../test/support/tables/carts.ts";
import { openMarket, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";

const market = await openMarket({ after });
const { propose, move, shop, carrier, trades } = market;

/** A trade for a cart, reserved by a buyer who has enough. */
async function bought(terms: Partial<Propose> & Pick<Propose, "lines">) {
  const buyer = await market.buyer({ amount: 10_000_000n });
  const { amount, currency: _, ...rest } = terms;
  const whole: Propose = { currency: "JPY", ...rest, ...(amount === undefined ? {} : { amount }) };
  const proposed = tradeIn(await trades.propose(shop.actor, { ...whole, buyer: { member: buyer.number } }));
  const { number, version } = proposed;
  tradeIn(await move(buyer.actor, number, { do: "approve", method: buyer.method, version }));
  const step = async (who: "buyer" | "shop", body: MoveBody) =>
    told(await move(who === "buyer" ? buyer.actor : shop.actor, number, body));
  const read = async (): Promise<TradeView> => (await trades.read(buyer.actor, number)) ?? assert.fail();
  return { buyer, number, step, read };
}

test("every public order is reserved, half accepted, a piece returned, and comes to its amount", async () => {
  for (const { name, lines, amount } of carts) {
    const { number, step, read } = await bought({ lines, amount });
    assert.equal((await read()).frozen, amount, name);
    const pieces = lines.flatMap(({ kind = "goods", quantity }, index) =>
      kind === "goods" || kind === "service" ? [{ line: index + 1, quantity }] : [],
    );
    const half = pieces.flatMap(({ line, quantity }) =>
      quantity > 1 ? [{ line, quantity: Math.floor(quantity / 2) }] : [],
    );
    if (half.length > 0) await step("buyer", { do: "accept", lines: half });
    await step("buyer", {
      do: "reject",
      lines: [{ line: pieces[0]?.line ?? 1, quantity: 1 }],
      reason: "cracked",
    });
    await step("shop", { do: "return" });
    await step("buyer", { do: "accept" });
    const { settled, released, frozen, state } = await read();
    assert.equal(Number(settled) + Number(released), amount, `${name}: ${settled} and ${released}`);
    assert.equal(frozen, 0, name);
    const one = pieces.length === 1 && pieces[0]?.quantity === 1;
    assert.equal(state, one ? "rejected" : "settled", `${name} ${number}`);
  }
  await market.prove();
});

test("ten pieces at 17925 are paid one by one, and come to 17925", async () => {
  const { step, read } = await bought({ lines: [{ name: "Mug", quantity: 10, amount: 17925 }] });
  const paid: number[] = [];
  for (let piece = 1; piece <= 10; piece += 1) {
    await step("buyer", { do: "accept", lines: [{ line: 1, quantity: 1 }] });
    paid.push(Number((await read()).settled));
  }
  assert.deepEqual(paid, [1792, 3585, 5377, 7170, 8962, 10755, 12547, 14340, 16132, 17925]);
  await step("shop", { do: "refund", lines: [{ line: 1, quantity: 3 }], reason: "late" });
  await step("shop", { do: "refund", lines: [{ line: 1, quantity: 7 }], reason: "all of it" });
  assert.equal((await read()).refunded, 17925);
});

const basket = {
  lines: [
    { id: "pot", name: "Pot", quantity: 2, unitAmount: 3000, sku: "4111111111111111" },
    { id: "cup", name: "Cup", quantity: 3, amount: 2500, taxRate: 10 },
    { id: "cloth", name: "Cloth, a gift", quantity: 1, unitAmount: 0 },
    { id: "send", name: "Sending", quantity: 1, amount: 600, kind: "shipping" as const },
    { id: "less", name: "Voucher", quantity: 1, amount: -1000, kind: "discount" as const },
  ],
  amount: 8100,
  coolingOff: "P8D",
};

test("lines are named by the shop's ids in every move, and events name them", async () => {
  const { number, step, buyer } = await bought(basket);
  assert.equal(
    await step("shop", {
      do: "ship",
      lines: [
        { id: "pot", quantity: 2 },
        { id: "cloth", quantity: 1 },
      ],
    }),
    "reserved 8100/0/0",
  );
  assert.equal(
    await step("buyer", { do: "accept", lines: [{ id: "pot", quantity: 1 }] }),
    "delivered 5241/2859/0",
  );
  assert.equal(
    await step("buyer", { do: "reject", lines: [{ id: "pot", quantity: 1 }], reason: "cracked" }),
    "delivered 5241/2859/0",
  );
  assert.equal(
    await step("shop", { do: "return", lines: [{ id: "pot", quantity: 1 }] }),
    "delivered 2382/2859/2859",
  );
  assert.equal(
    await step("shop", { do: "cancel", lines: [{ id: "cup", quantity: 1 }] }),
    "delivered 1588/2859/3653",
  );
  assert.equal(await step("buyer", { do: "accept" }), "settled 0/4447/3653");
  assert.equal(
    await step("shop", { do: "refund", lines: [{ id: "cup", quantity: 1 }], reason: "late" }),
    "settled 0/4447/3653 back 794",
  );
  const events = await trades.events(buyer.actor, number, { limit: 50 });
  const shipped = events?.items.find(({ type }) => type === "trade.shipped");
  assert.deepEqual(shipped?.data["lines"], [
    { line: 1, quantity: 2, id: "pot" },
    { line: 3, quantity: 1, id: "cloth" },
  ]);
  const cases: [MoveBody, string][] = [
    [{ do: "withdraw", lines: [{ id: "nobody", quantity: 1 }], reason: "x" }, "unknown_line"],
    [{ do: "withdraw", lines: [{ id: "send", quantity: 1 }], reason: "x" }, "unknown_line"],
    [{ do: "withdraw", lines: [{ line: 4, quantity: 1 }], reason: "x" }, "unknown_line"],
    [{ do: "withdraw", lines: [{ line: 1, id: "pot", quantity: 1 }], reason: "x" }, "invalid_field"],
    [{ do: "withdraw", lines: [{ quantity: 1 }], reason: "x" }, "invalid_field"],
  ];
  for (const [body, code] of cases) assert.equal(await step("buyer", body), code, JSON.stringify(body));
  await market.prove();
});

test("what follows the goods is no part of a move, and it is said why", async () => {
  const { number, buyer } = await bought(basket);
  const problem = problemIn(
    await move(buyer.actor, number, { do: "accept", lines: [{ line: 4, quantity: 1 }] }),
  );
  assert.deepEqual(
    [problem.code, problem.detail],
    ["unknown_line", "Line 4 is shipping: it follows the goods, and is not named."],
  );
});

test("a gift lives on when all that was paid for has gone its way: accepted, or rejected and returned", async () => {
  const paid = [
    { id: "pot", quantity: 2 },
    { id: "cup", quantity: 3 },
  ];
  for (const [bodies, comesTo] of [
    [[["buyer", { do: "accept" }]], "settled 0/8100/0"],
    [
      [["buyer", { do: "reject", lines: [{ id: "cloth", quantity: 1 }], reason: "torn" }]],
      "rejected 0/8100/0",
    ],
    [
      [
        ["buyer", { do: "reject", lines: [{ id: "cloth", quantity: 1 }], reason: "torn" }],
        ["buyer", { do: "send-back" }],
        ["shop", { do: "return" }],
      ],
      "settled 0/8100/0",
    ],
    [[["shop", { do: "cancel", lines: [{ id: "cloth", quantity: 1 }] }]], "settled 0/8100/0"],
    [[["shop", { do: "cancel" }]], "settled 0/8100/0"],
    [[["buyer", { do: "cancel" }]], "already_shipped"],
    [
      [["shop", { do: "refund", lines: [{ id: "cloth", quantity: 1 }], reason: "x" }]],
      "quantity_exceeds_open",
    ],
  ] as [["buyer" | "shop", MoveBody][], string][]) {
    const { step } = await bought(basket);
    await step("buyer", { do: "accept", lines: paid });
    let last = "";
    for (const [who, body] of bodies) last = await step(who, body);
    assert.equal(last, comesTo, JSON.stringify(bodies));
  }
  await market.prove();
});

test("a gift that nobody speaks of ends with the reservation", async () => {
  const { step, read, number, buyer } = await bought({ ...basket, reserveFor: "P2D" });
  await step("buyer", {
    do: "accept",
    lines: [
      { id: "pot", quantity: 2 },
      { id: "cup", quantity: 3 },
    ],
  });
  await step("shop", { do: "ship", lines: [{ id: "cloth", quantity: 1 }] });
  assert.equal((await read()).state, "delivered");
  await market.pass(24 * 60);
  assert.equal(await step("buyer", { do: "accept" }), "already_accepted");
  const after = (await trades.read(buyer.actor, number)) ?? assert.fail();
  assert.deepEqual([after.state, after.settled, after.lines[2]?.ended], ["settled", 8100, 1]);
  await market.prove();
});

test("carts of which no trade is made are refused, and leave nothing", async () => {
  for (const { name, lines, says } of refusedCarts) {
    const problem = problemIn(await trades.propose(shop.actor, { currency: "JPY", lines }));
    assert.equal(problem.code, "invalid_field", name);
    assert.match(problem.detail ?? "", says, name);
  }
  const short = await trades.propose(shop.actor, { currency: "JPY", ...basket, amount: 8101 });
  assert.equal(problemIn(short).code, "amount_mismatch");
});

test("who carries the goods sees goods alone: no price, no shipping, no discount", async () => {
  const named = await bought({ ...basket, carrier: carrier.id });
  const seen = (await trades.read(carrier, named.number)) ?? assert.fail();
  const [first] = seen.lines;
  assert.deepEqual(
    seen.lines.map(({ line, id, kind }) => [line, id, kind]),
    [
      [1, "pot", undefined],
      [2, "cup", undefined],
      [3, "cloth", undefined],
    ],
  );
  assert.ok(first && !("unitAmount" in first) && !("worth" in first) && !("amount" in first));
  assert.ok(!JSON.stringify(seen.lines).includes("taxRate"));
});

test("the buyer takes part of a cart at its price, and the shop gives more for less without asking", async () => {
  const buyer = await market.buyer({ amount: 100_000n });
  const { number } = tradeIn(await propose({ ...basket, buyer: { member: buyer.number } }));
  const less = (quantity: number, amount: number): MoveBody => ({
    do: "revise",
    lines: [{ id: "pot", name: "Pot", quantity, amount, sku: "4111111111111111" }],
  });
  assert.equal(told(await move(buyer.actor, number, less(1, 2858))), "not_allowed");
  assert.equal(told(await move(buyer.actor, number, less(1, 2859))), "proposed 0/0/0");
  const again = tradeIn(await propose({ ...basket, buyer: { member: buyer.number } }));
  await move(buyer.actor, again.number, { do: "approve", method: buyer.method, version: again.version });
  const cheaper = { ...basket.lines[4], amount: -2000 };
  const lines = [...basket.lines.slice(0, 4), cheaper] as NonNullable<Propose["lines"]>;
  assert.equal(told(await move(shop.actor, again.number, { do: "revise", lines })), "reserved 7100/0/0");
  const dearer = basket.lines.slice(0, 4) as NonNullable<Propose["lines"]>;
  const asked = tradeIn(await move(shop.actor, again.number, { do: "revise", lines: dearer }));
  assert.deepEqual([asked.amount, asked.revisionAsked?.amount], [7100, 9100]);
  assert.deepEqual(asked.revisionAsked?.lines[3], {
    id: "send",
    name: "Sending",
    quantity: 1,
    amount: 600,
    kind: "shipping",
  });
  await market.prove();
});

test("a payment on another date, after a part was cancelled, leaves what the rest is worth", async () => {
  const { step, read } = await bought(basket);
  await step("shop", { do: "cancel", lines: [{ id: "cup", quantity: 1 }] });
  const date = new Date(Date.parse((await read()).createdAt) + 9 * 86_400_000).toISOString().slice(0, 10);
  const frozen = (await read()).frozen;
  await step("buyer", { do: "revise", payment: { on: "date", date } });
  const after = await read();
  assert.deepEqual([after.amount, after.frozen], [frozen, frozen]);
  assert.deepEqual(
    after.lines.map(({ quantity, unitAmount, amount, kind }) => [quantity, unitAmount ?? amount, kind]),
    [
      [2, 3000, undefined],
      [2, 1666, undefined],
      [1, 0, undefined],
      [1, 541, "shipping"],
      [1, -901, "discount"],
    ],
  );
  await market.prove();
});
