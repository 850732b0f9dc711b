/** The figures are what the database says, while trades run beside; and what lies behind them is each of these trades. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { type Client, rawSql } from "../../storage/database/database.ts";
import { secondsOf, stepOf } from "./kinds.ts";
import { listBehind, listStanding, noShop, readFigures } from "./tallies.ts";

const market = await openMarket({ after });
const { shop, carrier, database, admin } = market;
const processes = [market.trades, market.anotherProcess(), market.anotherProcess()] as const;
const zone = "Asia/Kathmandu";

type Row = Record<string, string>;
const rows = (client: Client, text: string): Promise<Row[]> => client.query<Row>(rawSql(text));

const dayOf = (time: string) => `to_char(${time} at time zone '${zone}', 'YYYY-MM-DD')`;
const kept = `select ${dayOf("slot")} as day, kind, currency, shop::text, sum(times)::text as times, sum(amount)::text as amount
  from tallies group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
/** The same, counted anew from the record: of what is in the lists, or of everything. */
const counted = (fed: string) => `
  with said as (
    select e.at, t.currency, t.shop, t.hold, u.type, (e.data -> (u.nth::int - 1) ->> 'amount')::numeric as amount
    from trade_events e join trades t on t.id = e.trade, unnest(e.types) with ordinality u (type, nth)
    where e.batch in (select id from sealed_batches where ${fed})),
  kinds as (
    select at, currency, 'frozen' as kind, '${noShop}' as shop, amount from said where type = 'trade.reserved'
    union all select at, currency, 'settled', '${noShop}', amount from said where type = 'trade.settled'
    union all select at, currency, 'refunded', '${noShop}', amount from said where type = 'trade.refunded'
    union all select at, '', 'accepted', '${noShop}', 0 from said where type = 'trade.accepted'
    union all select at, '', 'rejected', shop::text, 0 from said where type = 'trade.rejected'
    union all select at, '', 'disputed', shop::text, 0 from said where type = 'trade.disputed'
    union all select at, '', 'ran_out', '${noShop}', 0 from said where type = 'trade.expired' and hold is null)
  select ${dayOf("at")} as day, kind, currency, shop, count(*)::text as times, sum(amount)::text as amount
  from kinds group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
const states = "select state, trades::text from trade_states where trades <> 0 order by state";
const standing = "select state, count(*)::text as trades from trades group by state order by state";

/** Both at one instant. */
async function compare(fed: string): Promise<Row[]> {
  const connection = await admin.connect();
  await connection.begin();
  await connection.execute(rawSql("set transaction isolation level repeatable read"));
  const figures = await rows(connection, kept);
  assert.deepEqual(figures, await rows(connection, counted(fed)));
  await connection.rollback();
  connection.release(false);
  return figures;
}

/** A day of a shop: most is accepted, some is not, and one approval runs out. */
async function trade(
  trades: (typeof processes)[number],
  buyer: Awaited<ReturnType<typeof market.buyer>>,
  mandate: string,
) {
  const goods = [{ line: 1, quantity: 1 }];
  const propose = async () =>
    tradeIn(
      await trades.propose(shop.actor, {
        currency: "JPY",
        lines: [{ name: "Tea", quantity: 2, unitAmount: 150 }],
        carrier: carrier.id,
        approval: { mandate },
        coolingOff: "P8D",
      }),
    ).number;
  const move = (actor: typeof shop.actor, number: string, body: Parameters<typeof trades.move>[2]) =>
    trades.move(actor, number, body).then(tradeIn);
  const [accepted, rejected, disputed, cancelled] = await Promise.all([1, 2, 3, 4].map(propose));
  assert.ok(accepted && rejected && disputed && cancelled);
  await move(carrier, accepted, { do: "deliver" });
  await move(buyer.actor, accepted, { do: "accept", lines: goods });
  await move(buyer.actor, accepted, { do: "accept" });
  await move(shop.actor, accepted, { do: "refund", amount: 20, reason: "a scratch" });
  await move(carrier, rejected, { do: "deliver" });
  await move(buyer.actor, rejected, { do: "reject", lines: goods, reason: "broken" });
  await move(carrier, disputed, { do: "deliver" });
  await move(buyer.actor, disputed, { do: "dispute", reason: "not what I ordered" });
  await move(buyer.actor, cancelled, { do: "cancel" });
}

test("figures are what the record says, at every instant while three processes trade", async () => {
  const buyer = await market.buyer({ amount: 1_000_000n });
  const mandate = await market.mandate(buyer, { limit: 1_000_000n });
  let trading = true;
  const traded = Promise.all(
    processes.map(async (trades) => {
      for (let round = 0; round < 6; round += 1) await trade(trades, buyer, mandate);
    }),
  ).finally(() => {
    trading = false;
  });
  let compared = 0;
  while (trading) {
    await processes[1].lists.round();
    await compare("fed");
    compared += 1;
  }
  await traded;
  assert.ok(compared > 1);
  await market.propose({ amount: 100, approveWithin: "PT1H" });
  await market.pass(40);
  await market.trades.sweeper.sweep();
  await trade(market.trades, buyer, mandate);
  await market.trades.lists.round();
  const figures = await compare("true");
  assert.equal(new Set(figures.map(({ day }) => day)).size, 2, "of two days");
  assert.deepEqual(
    new Set(figures.map(({ kind }) => kind)),
    new Set(["accepted", "disputed", "frozen", "ran_out", "refunded", "rejected", "settled"]),
  );
  assert.deepEqual(await rows(database, states), await rows(database, standing));
  await market.prove();
});

test("as they are read: days of a zone, and waits that are a twentieth off at most", async () => {
  const buyer = await market.buyer({ amount: 1_000_000n });
  const mandate = await market.mandate(buyer, { limit: 1_000_000n });
  const terms = { currency: "JPY", amount: 100, carrier: carrier.id, approval: { mandate } };
  await market.pass(30);
  const { now } = await readFigures(database, zone, 30);
  for (const hours of [1, 2, 5, 9]) {
    const { number } = tradeIn(await market.trades.propose(shop.actor, terms));
    tradeIn(await market.move(shop.actor, number, { do: "ship" }));
    tradeIn(await market.move(buyer.actor, number, { do: "deliver" }));
    await market.pass(hours);
    tradeIn(await market.move(buyer.actor, number, { do: "accept" }));
  }
  await market.trades.lists.round();
  const read = await readFigures(database, zone, 30);
  assert.equal(read.days.length, 30);
  assert.equal(
    read.days.at(-1),
    (await rows(database, `select ${dayOf("kenshu_now()")} as day`))[0]?.["day"],
  );
  const all = await rows(database, kept);
  assert.equal(read.happened.length, all.length);
  const settled = read.happened.filter(({ kind }) => kind === "settled");
  const [sum] = await rows(database, "select sum(settled)::text as settled from trades");
  assert.equal(String(settled.reduce((total, { amount }) => total + amount, 0n)), sum?.["settled"]);
  const waits = await rows(
    database,
    `select ${dayOf("a.at")} as day, count(*)::text as times,
      percentile_disc(0.5) within group (order by extract(epoch from a.at - d.at))::float8 as half,
      percentile_disc(0.9) within group (order by extract(epoch from a.at - d.at))::float8 as most
    from trade_events a join trade_events d on d.trade = a.trade and d.types && '{trade.delivered}'
    where a.types && '{trade.accepted}' and a.at > '${now.toISOString()}' group by 1`,
  );
  assert.ok(waits.length > 0);
  for (const { day, times, half, most } of waits) {
    const figure = read.waits.get(day ?? "");
    assert.equal(String(figure?.times), times);
    for (const [shown, exact] of [
      [figure?.half, half],
      [figure?.most, most],
    ])
      assert.ok(Math.abs(Number(shown) / Number(exact) - 1) < 0.06, `${shown} ${exact}`);
  }
  for (const seconds of [1, 2, 59, 3600, 86_400, 2_000_000])
    assert.ok(Math.abs(secondsOf(stepOf(seconds)) / seconds - 1) < 0.051, String(seconds));
});

/** All pages of a list, in pages of so many. */
async function all(page: (after: string | undefined) => ReturnType<typeof listStanding>): Promise<string[]> {
  const numbers: string[] = [];
  let mark: string | undefined;
  do {
    const found = await page(mark);
    assert.ok(typeof found === "object");
    numbers.push(...found.trades.map(({ number }) => number));
    mark = found.next ?? undefined;
  } while (mark !== undefined);
  return numbers;
}

test("behind each figure stand its trades, page by page, each time that it was counted", async () => {
  const { happened } = await readFigures(database, zone, 30);
  for (const { day, kind, currency, shop: of, times } of happened) {
    const span = { first: day, last: day, zone };
    for (const limit of [3, 200])
      assert.equal(
        (
          await all((mark) =>
            listBehind(database, { kind, currency, shop: of }, span, { limit, after: mark }),
          )
        ).length,
        times,
        `${day} ${kind} in pages of ${limit}`,
      );
  }
  for (const { state, trades } of await rows(database, standing)) {
    const listed = await all((mark) => listStanding(database, state ?? "", { limit: 3, after: mark }));
    assert.equal(String(new Set(listed).size), trades, state);
    assert.equal(listed.length, Number(trades));
  }
  const span = { first: "2026-01-01", last: "2026-01-02", zone };
  const one = { kind: "settled", currency: "JPY", shop: noShop } as const;
  assert.equal(await listBehind(database, one, span, { limit: 3, after: "x" }), "not a mark");
  assert.equal(await listStanding(database, "settled", { limit: 3, after: "1_2_3" }), "not a mark");
  assert.deepEqual(await listBehind(database, one, span, { limit: 3 }), { trades: [], next: null });
});

test("what was there before it was counted is counted by the migration", async () => {
  const tables = ["tallies", "tallied_waits"];
  const numbers = `select kind, currency, shop, slot, array_agg(n order by n)::text as numbers
    from tallied_trades, unnest(numbers) n group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
  const read = async (client: Client) => [
    ...(await Promise.all(tables.map((table) => rows(client, `select * from ${table} order by 1, 2`)))),
    await rows(client, numbers),
    await rows(client, states),
  ];
  const connection = await admin.connect();
  await connection.begin();
  const before = await read(connection);
  await connection.execute(rawSql("drop table tallies, tallied_waits, tallied_trades, trade_states"));
  await connection.execute(rawSql("drop index party_trades_of_all"));
  const text = readFileSync(new URL("../../../../sql/trading/0076_tallies.sql", import.meta.url), "utf8");
  await connection.execute(rawSql(text));
  assert.deepEqual(await read(connection), before);
  await connection.rollback();
  connection.release(false);
});
