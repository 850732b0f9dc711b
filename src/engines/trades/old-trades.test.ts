/** Trades that were stored before goods under way were counted, in a database that has gone on. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { stored } from "../../../test/support/tables/trades.ts";
import { openMarket, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql } from "../../storage/database/database.ts";
import { listDisputes, readTrade } from "../steps/steps.ts";

const market = await openMarket({ after });
const { move, shop, database, admin } = market;
const buyer = await market.buyer({ amount: 100_000n });
const mandate = await market.mandate(buyer);

async function reserved(): Promise<string> {
  const lines = [{ name: "Tea set", quantity: 5, unitAmount: 200 }];
  const wish = { currency: "JPY", lines, coolingOff: "P14D", approval: { mandate } };
  const made = await market.trades.propose(shop.actor, wish);
  assert.equal(told(made), "reserved 1000/0/0");
  return tradeIn(made).number;
}

/** Puts a trade into the database as an older server has left it there. */
async function asBefore(number: string): Promise<void> {
  const trade = await readTrade(database, BigInt(number));
  assert.ok(trade !== undefined);
  const { terms, progress } = stored(trade);
  await admin.execute(
    rawSql("update trades set terms = $2::json, progress = $3::json, wake_at = null where number = $1", [
      number,
      JSON.stringify(terms),
      JSON.stringify(progress),
    ]),
  );
}

test("an old trade takes every step to its end, one after another", async () => {
  const number = await reserved();
  await asBefore(number);
  const some = (quantity: number) => ({ lines: [{ line: 1, quantity }] });
  assert.equal(told(await move(shop.actor, number, { do: "ship" })), "reserved 1000/0/0");
  assert.equal(told(await move(buyer.actor, number, { do: "deliver" })), "delivered 1000/0/0");
  const wrong = { do: "reject" as const, reason: "chipped", ...some(2) };
  assert.equal(told(await move(buyer.actor, number, wrong)), "delivered 1000/0/0");
  assert.equal(told(await move(buyer.actor, number, { do: "accept" })), "rejected 400/600/0");
  assert.equal(told(await move(buyer.actor, number, { do: "send-back" })), "rejected 400/600/0");
  assert.equal(told(await move(shop.actor, number, { do: "return" })), "settled 0/600/400");
  const withdraw = { do: "withdraw" as const, reason: "another colour", ...some(1) };
  assert.equal(told(await move(buyer.actor, number, withdraw)), "settled 0/600/400");
  assert.equal(told(await move(shop.actor, number, { do: "return" })), "settled 0/600/400 back 200");
  await market.prove();
});

test("an old dispute, at which no clock looked, is late when its time is over", async () => {
  const number = await reserved();
  assert.equal(
    told(await move(buyer.actor, number, { do: "dispute", reason: "where is it?" })),
    "disputed 1000/0/0",
  );
  await asBefore(number);
  const old = [number];
  await admin.execute(rawSql("update disputes set decide_by = 'infinity' where trade = $1", old));
  await admin.execute(rawSql(await readFile("sql/trading/0019_old_disputes.sql", "utf8")));
  const [waits] = await listDisputes(database, false, 10);
  assert.equal(waits?.decideBy?.getTime(), (waits?.openedAt.getTime() ?? 0) + 14 * 86_400_000);
  await market.pass(15 * 24);
  await market.trades.sweeper.sweep();
  assert.deepEqual(
    (await listDisputes(database, true, 10)).map(({ trade }) => String(trade)),
    [number],
  );
  const late = await readTrade(database, BigInt(number));
  assert.equal(late?.progress.disputed?.lateSince, waits?.decideBy?.toISOString(), "the clock has looked");
  // What has not left the shop is released at the end of the reservation, also in an old dispute.
  await market.pass(16 * 24);
  await market.trades.sweeper.sweep();
  assert.equal(told(await move(buyer.actor, number, { do: "cancel" })), "already_expired");
  await market.prove();
});
