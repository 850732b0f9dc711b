/** What an operator foresees of a move for a caller is what the move then does, for each act and whose word it can be. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { type AcceptorRole, isRefused, type TradeView } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { ForeseenMove } from "./trade-calls.ts";
import type { Actor } from "./trades.ts";

const market = await openMarket({ after });
const { move, shop, carrier, operator, trades } = market;
const soon = () => new Date(Date.now() + 40 * 24 * 3_600_000).toISOString();

async function bought(terms: Partial<Propose> = {}) {
  const buyer = await market.buyer({ amount: 100_000n });
  const lines = [{ name: "Cup", quantity: 10, unitAmount: 100 }];
  const wish: Propose = {
    currency: "JPY",
    lines,
    coolingOff: "P8D",
    ...terms,
    buyer: { member: buyer.number },
  };
  const { number, version } = tradeIn(await trades.propose(shop.actor, wish));
  const { method } = buyer;
  tradeIn(await move(buyer.actor, number, { do: "approve", method, version }));
  const read = async (): Promise<TradeView> => (await trades.read(operator, number)) ?? assert.fail();
  const step = async (actor: Actor, body: ForeseenMove) => tradeIn(await move(actor, number, body));
  return { buyer: buyer.actor, number, read, step };
}
type Bought = Awaited<ReturnType<typeof bought>>;

const pieces = (quantity: number) => ({ lines: [{ line: 1, quantity }] });
const shipped = async (terms: Partial<Propose> = {}) => {
  const trade = await bought(terms);
  await trade.step(shop.actor, { do: "ship" });
  return trade;
};
const delivered = async () => {
  const trade = await shipped();
  await trade.step(trade.buyer, { do: "deliver" });
  return trade;
};
const accepted = async () => {
  const trade = await delivered();
  await trade.step(trade.buyer, { do: "accept", ...pieces(4) });
  return trade;
};
const rejected = async () => {
  const trade = await accepted();
  await trade.step(trade.buyer, { do: "reject", ...pieces(6), reason: "cracked" });
  return trade;
};
const disputed = async () => {
  const trade = await accepted();
  await trade.step(trade.buyer, { do: "dispute", reason: "torn" });
  return trade;
};
const offered = async (by: "buyer" | "shop") => {
  const trade = await disputed();
  const whose = by === "buyer" ? trade.buyer : shop.actor;
  const { version } = await trade.step(whose, { do: "offer", pay: 200, release: 400, refund: 100 });
  return { ...trade, version };
};
const brought = () => shipped({ carrier: carrier.id, acceptance: { by: ["buyer", "carrier", "shop"] } });

interface Story {
  as: AcceptorRole;
  from: () => Promise<Bought & { version?: number }>;
  body: ForeseenMove;
  /** What it settles, releases and gives back. */
  comes: [number, number, number];
}
const nothing: Story["comes"] = [0, 0, 0];

const stories: Story[] = [
  { as: "shop", from: bought, body: { do: "ship" }, comes: nothing },
  { as: "buyer", from: shipped, body: { do: "deliver" }, comes: nothing },
  { as: "shop", from: shipped, body: { do: "deliver" }, comes: nothing },
  { as: "carrier", from: brought, body: { do: "deliver" }, comes: nothing },
  { as: "buyer", from: delivered, body: { do: "accept", ...pieces(3) }, comes: [300, 0, 0] },
  { as: "carrier", from: brought, body: { do: "accept", ...pieces(3) }, comes: [300, 0, 0] },
  { as: "buyer", from: delivered, body: { do: "reject", ...pieces(3), reason: "torn" }, comes: nothing },
  { as: "buyer", from: rejected, body: { do: "send-back" }, comes: nothing },
  { as: "shop", from: rejected, body: { do: "return" }, comes: [0, 600, 0] },
  { as: "buyer", from: accepted, body: { do: "withdraw", ...pieces(2), reason: "late" }, comes: nothing },
  { as: "buyer", from: bought, body: { do: "cancel", ...pieces(3) }, comes: [0, 300, 0] },
  { as: "shop", from: bought, body: { do: "cancel", ...pieces(3) }, comes: [0, 300, 0] },
  { as: "shop", from: shipped, body: { do: "cancel" }, comes: [0, 1000, 0] },
  { as: "buyer", from: bought, body: { do: "extend", until: soon() }, comes: nothing },
  { as: "shop", from: bought, body: { do: "extend", until: soon() }, comes: nothing },
  { as: "buyer", from: delivered, body: { do: "dispute", reason: "torn" }, comes: nothing },
  { as: "shop", from: delivered, body: { do: "dispute", reason: "no" }, comes: nothing },
  { as: "shop", from: disputed, body: { do: "answer", statement: "Whole" }, comes: nothing },
  { as: "buyer", from: disputed, body: { do: "say", words: "Look" }, comes: nothing },
  { as: "shop", from: disputed, body: { do: "say", words: "Look" }, comes: nothing },
  { as: "buyer", from: disputed, body: { do: "offer", pay: 300, release: 300 }, comes: nothing },
  { as: "shop", from: disputed, body: { do: "offer", pay: 300, release: 300 }, comes: nothing },
  {
    as: "buyer",
    from: () => offered("shop"),
    body: { do: "offer/accept", version: 0 },
    comes: [200, 400, 100],
  },
  {
    as: "shop",
    from: () => offered("buyer"),
    body: { do: "offer/accept", version: 0 },
    comes: [200, 400, 100],
  },
  { as: "shop", from: accepted, body: { do: "refund", ...pieces(1), reason: "late" }, comes: [0, 0, 100] },
];

for (const { as, from, body: said, comes } of stories)
  test(`${said.do} for the ${as}`, async () => {
    const { number, read, step, version = 0 } = await from();
    const speech = { operator: { channel: "phone", reference: "call 7", as } } as const;
    const body = { ...said, ...(said.do === "offer/accept" ? { version } : {}), ...speech } as ForeseenMove;
    const before = await read();
    const foreseen = await trades.foresee(operator, number, body);
    if (isRefused(foreseen)) return assert.fail(`${foreseen.refused} ${foreseen.detail}`);
    await step(operator, body);
    const then = await read();
    const grown = (name: "settled" | "released" | "refunded" | "refundDue") =>
      Number(then[name]) - Number(before[name]);
    const came = [grown("settled"), grown("released"), grown("refunded") + grown("refundDue")];
    assert.deepEqual([foreseen.settled, foreseen.released, foreseen.refunded], came);
    assert.deepEqual(came, comes);
  });

test("of a dispute only those goods can be decided that no deadline of their own still holds", async () => {
  const { number, buyer, step } = await accepted();
  await step(buyer, { do: "reject", ...pieces(2), reason: "cracked" });
  await step(buyer, { do: "dispute", reason: "torn" });
  await step(shop.actor, { do: "answer", statement: "Whole" });
  assert.deepEqual(await trades.decidable(operator, number), [{ line: 1, quantity: 4 }]);
  const settled = await trades.foresee(operator, number, {
    do: "resolve",
    outcome: "settle",
    reason: "Seen",
  });
  assert.ok(!isRefused(settled) && settled.settled === 400, JSON.stringify(settled));
});

test("goods that were paid, withdrawn and contested can be decided, and are paid back", async () => {
  const { number, buyer, step } = await accepted();
  await step(buyer, { do: "accept", ...pieces(6) });
  await step(buyer, { do: "withdraw", ...pieces(2), reason: "late" });
  await step(buyer, { do: "send-back" });
  await step(shop.actor, { do: "dispute", contest: "not_back", reason: "Nothing came" });
  await step(buyer, { do: "answer", statement: "Sent" });
  assert.deepEqual(await trades.decidable(operator, number), [{ line: 1, quantity: 2 }]);
  const given = await trades.foresee(operator, number, { do: "resolve", outcome: "release", reason: "Seen" });
  assert.ok(!isRefused(given) && given.refunded === 200, JSON.stringify(given));
});
