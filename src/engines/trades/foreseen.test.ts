/** What is foreseen of a move is what the move then does: with what stands as due, and with whose word an operator passes on. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { isRefused, type TradeView } from "../../core/protocol/protocol.ts";
import { readClock } from "../../storage/database/database.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import type { ForeseenMove } from "./trade-calls.ts";
import type { Actor } from "./trades.ts";

const market = await openMarket({ after });
const { move, shop, operator, trades } = market;

async function bought(terms: Partial<Propose>) {
  const buyer = await market.buyer({ amount: 100_000n });
  const lines = [{ name: "Cup", quantity: 10, unitAmount: 100 }];
  const wish: Propose = { currency: "JPY", lines, ...terms, buyer: { member: buyer.number } };
  const { number, version } = tradeIn(await trades.propose(shop.actor, wish));
  const how = { method: buyer.method, version, ...(terms.payment && { payment: terms.payment }) };
  tradeIn(await move(buyer.actor, number, { do: "approve", ...how }));
  const read = async (): Promise<TradeView> => (await trades.read(buyer.actor, number)) ?? assert.fail();
  const step = async (actor: Actor, body: MoveBody) => tradeIn(await move(actor, number, body));
  /** Makes a move of which it was foreseen what it does; answers with that. */
  const asForeseen = async (actor: Actor, body: ForeseenMove) => {
    const before = await read();
    const foreseen = await trades.foresee(actor, number, body);
    if (isRefused(foreseen)) return assert.fail(foreseen.refused);
    await step(actor, body);
    const after = await read();
    const grown = (name: "settled" | "released" | "refunded" | "refundDue") =>
      Number(after[name]) - Number(before[name]);
    const { settled, released, refunded, later } = foreseen;
    const came = [grown("settled"), grown("released"), grown("refunded") + grown("refundDue")];
    assert.deepEqual([settled, released, refunded], came, body.do);
    return { settled, released, refunded, later };
  };
  return { buyer, number, read, step, asForeseen };
}

const pieces = (quantity: number) => ({ lines: [{ line: 1, quantity }] });
const speech = { channel: "phone" as const, reference: "call 7" };

test("accepting a part, and giving back", async () => {
  const { buyer, asForeseen } = await bought({});
  const accepted = await asForeseen(buyer.actor, { do: "accept", ...pieces(4) });
  assert.deepEqual(accepted, { settled: 400, released: 0, refunded: 0, later: 0 });
  const back = await asForeseen(shop.actor, { do: "refund", ...pieces(1), reason: "chipped" });
  assert.deepEqual(back, { settled: 0, released: 0, refunded: 100, later: 0 });
  await asForeseen(shop.actor, { do: "cancel", reason: "sold out" });
});

test("what is accepted now and paid on a later day is foreseen as that", async () => {
  const now = await readClock(market.database);
  const date = new Date(now.getTime() + 9 * 86_400_000).toISOString().slice(0, 10);
  const { buyer, asForeseen } = await bought({ payment: { on: "date", date } });
  const accepted = await asForeseen(buyer.actor, { do: "accept" });
  assert.deepEqual(accepted, { settled: 0, released: 0, refunded: 0, later: 1000 });
});

test("paid and unpaid goods that are taken back together: what was paid stands as due, and is foreseen", async () => {
  const { buyer, step, asForeseen } = await bought({ coolingOff: "P8D" });
  await step(shop.actor, { do: "ship" });
  await step(buyer.actor, { do: "accept", ...pieces(4) });
  await step(buyer.actor, { do: "withdraw", ...pieces(4), reason: "not mine" });
  await step(buyer.actor, { do: "reject", ...pieces(2), reason: "cracked" });
  const taken = await asForeseen(shop.actor, { do: "return" });
  assert.deepEqual(taken, { settled: 0, released: 200, refunded: 400, later: 0 });
});

test("a refund that the shop's account cannot pay is foreseen all the same", async () => {
  const { buyer, number, step } = await bought({});
  await step(buyer.actor, { do: "accept", ...pieces(4) });
  const foreseen = await trades.foresee(shop.actor, number, { do: "refund", ...pieces(2), reason: "late" });
  assert.ok(!isRefused(foreseen) && foreseen.refunded === 200);
});

test("an operator passes on the word of a side, and what is foreseen is that side's move", async () => {
  const { buyer, step, asForeseen } = await bought({});
  await step(shop.actor, { do: "ship" });
  await step(buyer.actor, { do: "accept", ...pieces(4) });
  const asBuyer = { ...speech, as: "buyer" as const };
  const accepted = await asForeseen(operator, { do: "accept", ...pieces(2), operator: asBuyer });
  assert.deepEqual(accepted, { settled: 200, released: 0, refunded: 0, later: 0 });
});
