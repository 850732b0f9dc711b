/** A date belongs to the time zone in which it was said: processes of one server that are configured for different ones. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, tradeIn, usual } from "../../../test/support/world/market.ts";
import { dayAt, daysAfter, startOfDay } from "../../core/protocol/protocol.ts";
import { rawSql, readClock } from "../../storage/database/database.ts";

const market = await openMarket({ after }, usual);
const { shop, admin } = market;
const tokyo = market.anotherProcess("Asia/Tokyo");
const newYork = market.anotherProcess("America/New_York");

/** Moves the clock on to this time of the day in UTC. */
async function untilTime(hour: number, minute: number): Promise<Date> {
  const now = await readClock(market.database);
  const wanted = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour, minute);
  await market.pass(((wanted - now.getTime() + 86_400_000) % 86_400_000) / 3_600_000);
  return readClock(market.database);
}

const on = (date: string) => ({ on: "date" as const, date });

test("half an hour after midnight in Tokyo, tomorrow is Tokyo's", async () => {
  const now = await untilTime(15, 30);
  const buyer = await market.buyer();
  const today = dayAt(now, "Asia/Tokyo");
  assert.equal(today, daysAfter(dayAt(now, "UTC"), 1));
  const tomorrow = daysAfter(today, 1);
  const wish = { currency: "JPY", amount: 1000, buyer: { member: buyer.number } };
  const late = await tokyo.propose(shop.actor, { ...wish, payment: on(today) });
  assert.equal(late.how === "refused" && late.problem.value.code, "date_out_of_range");
  const { number } = tradeIn(await tokyo.propose(shop.actor, { ...wish, payment: on(tomorrow) }));
  const trade = tradeIn(await tokyo.move(buyer.actor, number, { do: "approve" }));
  assert.deepEqual(trade.payment, on(tomorrow));
  assert.equal(trade.deadlines.paymentDate, startOfDay(tomorrow, "Asia/Tokyo").toISOString());
  const { number: there } = tradeIn(
    await newYork.propose(shop.actor, { ...wish, payment: on(dayAt(now, "Asia/Tokyo")) }),
  );
  const later = tradeIn(await newYork.move(buyer.actor, there, { do: "approve" }));
  assert.equal(later.deadlines.paymentDate, startOfDay(today, "America/New_York").toISOString());
});

test("what was said in one zone stays what it was when the server goes to another", async () => {
  const buyer = await market.buyer();
  const day = daysAfter(dayAt(await readClock(market.database), "UTC"), 9);
  const wish = { currency: "JPY", amount: 1000, buyer: { member: buyer.number }, payment: on(day) };
  const inTokyo = startOfDay(day, "Asia/Tokyo").toISOString();
  const { number } = tradeIn(await tokyo.propose(shop.actor, wish));
  const approved = tradeIn(await newYork.move(buyer.actor, number, { do: "approve" }));
  assert.equal(approved.deadlines.paymentDate, inTokyo, "approved as it was proposed");
  const revised = tradeIn(
    await newYork.move(shop.actor, number, {
      do: "revise",
      lines: [{ name: "Total", quantity: 1, unitAmount: 800 }],
    }),
  );
  assert.deepEqual([revised.state, revised.amount], ["reserved", 800]);
  assert.equal(revised.deadlines.paymentDate, inTokyo, "and so is a revision that says nothing of it");
  const again = { do: "approve" as const, payment: on(day) };
  const { number: other } = tradeIn(await tokyo.propose(shop.actor, wish));
  const named = tradeIn(await newYork.move(buyer.actor, other, again));
  assert.equal(named.deadlines.paymentDate, startOfDay(day, "America/New_York").toISOString());
});

test("trades from before zones keep their dates in UTC, agreed or not", async () => {
  const buyer = await market.buyer();
  const day = daysAfter(dayAt(await readClock(market.database), "UTC"), 9);
  const wish = { currency: "JPY", amount: 1000, buyer: { member: buyer.number }, payment: on(day) };
  const { number } = tradeIn(await tokyo.propose(shop.actor, wish));
  await admin.execute(
    rawSql(
      "update trades set terms = jsonb_set(terms::jsonb, '{payment}', $2::jsonb)::json where number = $1",
      [BigInt(number), JSON.stringify(on(day))],
    ),
  );
  const approved = tradeIn(await tokyo.move(buyer.actor, number, { do: "approve" }));
  assert.equal(approved.deadlines.paymentDate, `${day}T00:00:00.000Z`);
});

test("the books are whole", () => market.prove());
