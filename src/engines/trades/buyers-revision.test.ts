/** What a buyer, or an operator for them, may revise of what a shop has offered. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, told, tradeIn } from "../../../test/support/world/market.ts";
import type { OperatorAct } from "../../core/trade/trade.ts";

const market = await openMarket({ after });
const { move, shop, operator } = market;

test("a buyer takes less of what is offered, at its price, and an operator for them no more", async () => {
  const buyer = await market.buyer();
  const lines = [{ name: "Tea", quantity: 10, unitAmount: 100 }];
  const body = { currency: "JPY", lines, buyer: { member: buyer.number } };
  const { number } = tradeIn(await market.trades.propose(shop.actor, body));
  const revise = async (quantity: number, unitAmount: number, more: { operator?: OperatorAct } = {}) =>
    told(
      await move(more.operator === undefined ? buyer.actor : operator, number, {
        do: "revise",
        lines: [{ name: "Tea", quantity, unitAmount }],
        ...more,
      }),
    );
  assert.equal(await revise(10, 1), "not_allowed", "a price of their own");
  assert.equal(told(await move(buyer.actor, number, { do: "revise", amount: 8 })), "not_allowed");
  const spoken = { operator: { channel: "phone", reference: "call 7", as: "buyer" } } as const;
  assert.equal(await revise(10, 1, spoken), "not_allowed", "by way of an operator");
  assert.equal(await revise(7, 100), "proposed 0/0/0", "less of it");
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "reserved 700/0/0");
});
