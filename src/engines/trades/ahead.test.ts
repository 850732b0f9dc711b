/** Deadlines are told of ahead: once, by however many processes, by mail too, and by one that starts later. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMarket, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql } from "../../storage/database/database.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;

/** What was told of a trade ahead, as `deadline before`, in the order of the record. */
async function nearOf({ database }: Market, number: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    rawSql(
      `select concat_ws(' ', data -> (place - 1)::int ->> 'deadline', data -> (place - 1)::int ->> 'before') as line
       from trade_events e join trades t on t.id = e.trade
         cross join lateral unnest(e.types) with ordinality as event (type, place)
       where t.number = $1 and type = 'trade.deadline_near' order by seq, place`,
      [BigInt(number)],
    ),
  );
  return rows.map(({ line }) => line);
}

async function mailed({ database }: Market, number: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    rawSql(
      "select concat_ws(' ', reader, array_to_string(kinds, '+')) as line from mails where trade = $1 order by id",
      [BigInt(number)],
    ),
  );
  return rows.map(({ line }) => line);
}

async function reserved(market: Market) {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  const outcome = await market.propose({ buyer: { member: buyer.number }, approval: { mandate } });
  return { buyer, number: tradeIn(outcome).number };
}

test("a deadline is told of once a distance, whoever looks, and anew where it was moved", async (t) => {
  const market = await openMarket(t, { line: undefined, mails: "kept" });
  const { buyer, number } = await reserved(market);
  const before = await mailed(market, number);
  const [second, third] = [market.anotherProcess(), market.anotherProcess()];
  const sweep = () => Promise.all([second, third, market.trades].map(({ sweeper }) => sweeper.sweep()));
  await market.pass(27 * 24 - 1);
  await sweep();
  assert.deepEqual(await nearOf(market, number), []);
  await market.pass(1);
  await sweep();
  await sweep();
  const once = ["reservedUntil P3D"];
  assert.deepEqual(await nearOf(market, number), once);
  const soon = ["buyer reservation soon", "shop reservation soon"];
  assert.deepEqual((await mailed(market, number)).slice(before.length), soon);
  const { deadlines } = tradeIn(
    await market.move(buyer.actor, number, { do: "extend", until: await on(market, 10) }),
  );
  await market.pass(24 * 6);
  await sweep();
  assert.deepEqual(await nearOf(market, number), once);
  // Whoever starts now, and whoever moves the trade, finds what is due.
  await market.pass(24 * 3);
  await market.anotherProcess().sweeper.sweep();
  assert.deepEqual(await nearOf(market, number), [...once, "reservedUntil P3D", "reservedUntil P1D"]);
  await market.pass(24 * 3);
  await sweep();
  assert.deepEqual(await nearOf(market, number), [...once, "reservedUntil P3D", "reservedUntil P1D"]);
  assert.equal(typeof deadlines.reservedUntil, "string");
  await market.prove();
});

/** The instant so many days from the database's now. */
async function on({ database }: Market, days: number): Promise<string> {
  const [row] = await database.query<{ at: Date }>(
    rawSql("select kenshu_now() + $1 * interval '1 day' as at", [days]),
  );
  return row?.at.toISOString() ?? "";
}

test("where the whole time passes at once, nothing is told that is over", async (t) => {
  const market = await openMarket(t, { line: undefined });
  const { buyer, number } = await reserved(market);
  await market.pass(24 * 40);
  assert.equal(told(await market.move(buyer.actor, number, { do: "accept" })), "already_expired");
  assert.deepEqual(await nearOf(market, number), []);
});

test("a trade with an institution far away is told of as well", async (t) => {
  const market = await openMarket(t, { line: "good" });
  const { number } = await reserved(market);
  await market.pass(29 * 24 + 1);
  await market.trades.sweeper.sweep();
  assert.deepEqual(await nearOf(market, number), ["reservedUntil P3D", "reservedUntil P1D"]);
  await market.prove();
});
