/** What moved for a shop by day is what its trades say, while several processes trade; and behind each figure stand its trades. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { type Client, rawSql } from "../../storage/database/database.ts";
import { latestRefunds, moneyRows } from "../trades/trades.ts";
import { listBehindShop, readShopDays, type ShopKind, shopKinds } from "./tallies.ts";

const market = await openMarket({ after });
const { shop, carrier, database, admin } = market;
const processes = [market.trades, market.anotherProcess(), market.anotherProcess()] as const;
const zone = "Asia/Kathmandu";
const ever = { from: new Date("2000-01-01T00:00:00Z"), to: new Date("2100-01-01T00:00:00Z") };

const buyer = await market.buyer({ amount: 10_000_000n });
const mandate = await market.mandate(buyer, { limit: 10_000_000n });
/** The head of the chain whose store `shop` is, in some orders. */
const head = await market.anotherShop();
const headsMandate = await market.mandate(buyer, { limit: 10_000_000n, shop: head.actor.id });

type Row = Record<string, string>;
const rows = (client: Client, text: string): Promise<Row[]> => client.query<Row>(rawSql(text));

const days = (of = shop.actor.id) => readShopDays(database, of, ever, zone);

async function sums(by = shop.actor.id): Promise<Record<ShopKind | "fee", bigint>> {
  const found = await days(by);
  const of = (kind: ShopKind) =>
    found.filter((row) => row.kind === kind).reduce((sum, { amount }) => sum + amount, 0n);
  return {
    ...(Object.fromEntries(shopKinds.map((kind) => [kind, of(kind)])) as Record<ShopKind, bigint>),
    fee: found.reduce((sum, { fee }) => sum + fee, 0n),
  };
}

type Body = Parameters<typeof market.trades.move>[2];

const proposeTea = async (trades: (typeof processes)[number], by: typeof shop.actor, under: string) =>
  tradeIn(
    await trades.propose(by, {
      currency: "JPY",
      lines: [{ name: "Tea", quantity: 2, unitAmount: 150 }],
      carrier: carrier.id,
      approval: { mandate: under },
      coolingOff: "P8D",
    }),
  ).number;

/** An order of the head is taken by its store, and paid in two parts. */
async function takeAndSell(trades: (typeof processes)[number], number: string): Promise<void> {
  tradeIn(await trades.assign(shop.actor, BigInt(number), head.actor.id));
  tradeIn(await trades.move(carrier, number, { do: "deliver" }));
  tradeIn(await trades.move(buyer.actor, number, { do: "accept", lines: [{ line: 1, quantity: 1 }] }));
  assert.equal(tradeIn(await trades.move(buyer.actor, number, { do: "accept" })).settled, 300);
}

/** Trades that end in every way in which money moves. */
async function trade(trades: (typeof processes)[number]): Promise<string[]> {
  const goods = [{ line: 1, quantity: 1 }];
  const propose = () => proposeTea(trades, shop.actor, mandate);
  const move = (actor: typeof shop.actor, number: string, body: Body) =>
    trades.move(actor, number, body).then(tradeIn);
  const [paid, returned, cancelled, half, disputed, open] = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(propose),
  );
  assert.ok(paid && returned && cancelled && half && disputed && open);
  await move(carrier, paid, { do: "deliver" });
  await move(buyer.actor, paid, { do: "accept", lines: goods });
  await move(buyer.actor, paid, { do: "accept" });
  await move(shop.actor, paid, { do: "refund", amount: 20, reason: "a scratch" });
  await move(carrier, returned, { do: "deliver" });
  await move(buyer.actor, returned, { do: "reject", lines: goods, reason: "broken" });
  await move(buyer.actor, returned, { do: "send-back" });
  await move(shop.actor, returned, { do: "return", lines: goods });
  await move(buyer.actor, cancelled, { do: "cancel" });
  await move(shop.actor, half, { do: "cancel", lines: goods, reason: "there is one only" });
  await move(carrier, disputed, { do: "deliver" });
  await move(buyer.actor, disputed, { do: "dispute", reason: "not what I ordered" });
  await move(shop.actor, disputed, { do: "offer", release: 100, pay: 200 });
  const taken = await proposeTea(trades, head.actor, headsMandate);
  await takeAndSell(trades, taken);
  return [paid, returned, cancelled, half, disputed, open, taken];
}

/** By the trades themselves, those that a store took among its own; what was frozen again under other terms was given free before. */
const standing = `select sum(frozen)::text as frozen, sum(settled)::text as settled, sum(released)::text as released,
  sum(refunded)::text as refunded from trades where shop = '${shop.actor.id}'`;
const reserved = `select sum((e.data -> (u.nth::int - 1) ->> 'amount')::bigint)::text as amount
  from trade_events e join trades t on t.id = e.trade, unnest(e.types) with ordinality u (type, nth)
  where u.type = 'trade.reserved' and t.shop = '${shop.actor.id}'`;

async function agree(): Promise<void> {
  const [stands = {}] = await rows(admin, standing);
  const [froze = {}] = await rows(admin, reserved);
  const found = await sums();
  assert.equal(String(found.settled), stands["settled"], "paid");
  assert.equal(String(found.refunded), stands["refunded"], "paid back");
  assert.equal(String(found.frozen), froze["amount"], "frozen");
  assert.equal(String(found.frozen - found.settled - found.released), stands["frozen"], "still frozen");
}

test("what moved is what the trades say, whatever three processes did meanwhile", async () => {
  let trading = true;
  const traded = Promise.all(
    processes.map(async (trades) => {
      for (let round = 0; round < 5; round += 1) await trade(trades);
    }),
  ).finally(() => {
    trading = false;
  });
  // Passes end in the midst of trades, whose rows are further on than what they have seen.
  while (trading) await processes[1].lists.round();
  await traded;
  await market.trades.lists.round();
  await agree();
  const [stands = {}] = await rows(admin, standing);
  assert.equal(String((await sums()).released), stands["released"], "given free");
  const [{ fee = "", back = "" } = {}] = await rows(
    admin,
    `select sum((progress ->> 'feeTaken')::bigint - (progress ->> 'feeReturned')::bigint)::text as fee,
      sum((progress ->> 'feeReturned')::bigint)::text as back from trades where shop = '${shop.actor.id}'`,
  );
  assert.ok(Number(back) > 0, "some of it went back");
  assert.equal(String((await sums()).fee), fee);
  const payments = await moneyRows(database, shop.actor.id, ever);
  assert.equal(String(payments.rows.reduce((whole, row) => whole + row.fee, 0n)), fee, "one by one, too");
});

test("a store that takes an order is paid what was frozen for it, however little each pass sees", async () => {
  const number = await proposeTea(market.trades, head.actor, headsMandate);
  await market.trades.lists.round();
  const [begun, headBegun] = [await sums(), await sums(head.actor.id)];
  await takeAndSell(market.trades, number);
  const left = await rows(
    admin,
    `select b.id::text from sealed_batches b join trade_events e on e.batch = b.id join trades t on t.id = e.trade
      where t.number = ${number} and not b.fed order by e.seq`,
  );
  assert.ok(left.length >= 4);
  const feed = (fed: boolean, id: string) =>
    admin.execute(rawSql(`update sealed_batches set fed = ${fed} where id = '${id}'`));
  for (const { id = "" } of left) await feed(true, id);
  for (const { id = "" } of left) {
    await feed(false, id);
    await market.trades.lists.round();
  }
  await agree();
  const [found, headFound] = [await sums(), await sums(head.actor.id)];
  assert.deepEqual([found.frozen - begun.frozen, found.settled - begun.settled], [300n, 300n]);
  assert.equal(found.released, begun.released, "nothing of it was given free");
  assert.deepEqual([headFound.frozen, headFound.released - headBegun.released], [headBegun.frozen, 300n]);
});

test("on the day on which it moved, once, also of what is frozen anew under other terms", async () => {
  const [today] = await days();
  const number = tradeIn(
    await market.trades.propose(shop.actor, { currency: "JPY", amount: 900, approval: { mandate } }),
  ).number;
  await market.trades.lists.round();
  const begun = await sums();
  await market.pass(48);
  const revised = tradeIn(await market.move(shop.actor, number, { do: "revise", amount: 700 }));
  assert.equal(revised.state, "reserved");
  await market.trades.lists.round();
  const again = await sums();
  assert.deepEqual([again.frozen - begun.frozen, again.released - begun.released], [700n, 900n]);
  await market.pass(24);
  tradeIn(await market.move(shop.actor, number, { do: "cancel", reason: "sold out" }));
  await market.trades.lists.round();
  await agree();
  const found = await days();
  const later = new Set(found.map(({ day }) => day).filter((day) => day > (today?.day ?? "")));
  const of = (day: string) =>
    found.filter((row) => row.day === day).map(({ kind, times, amount }) => `${kind} ${times} ${amount}`);
  assert.deepEqual([...later].toSorted().map(of), [["frozen 1 700", "released 1 900"], ["released 1 700"]]);
});

test("behind each figure stand its trades, page by page, and of no other shop", async () => {
  for (const { day, kind, currency, times } of await days()) {
    for (const limit of [3, 200]) {
      const numbers: string[] = [];
      for (let mark: string | undefined, more = true; more; ) {
        const of = { kind: kind as ShopKind, currency, shop: shop.actor.id };
        const found = await listBehindShop(
          database,
          of,
          { first: day, last: day, zone },
          { limit, after: mark },
        );
        assert.ok(typeof found === "object");
        numbers.push(...found.trades.map(({ number }) => number));
        mark = found.next ?? undefined;
        more = mark !== undefined;
      }
      assert.equal(numbers.length, times, `${day} ${kind} in pages of ${limit}`);
    }
    const other = { kind: kind as ShopKind, currency, shop: carrier.id };
    assert.deepEqual(await listBehindShop(database, other, { first: day, last: day, zone }, { limit: 9 }), {
      trades: [],
      next: null,
    });
  }
});

const paidBack = `select count(*)::text as times, sum((e.data -> (u.nth::int - 1) ->> 'amount')::bigint)::text as amount
  from trade_events e join trades t on t.id = e.trade, unnest(e.types) with ordinality u (type, nth)
  where u.type = 'trade.refunded' and t.shop = '${shop.actor.id}'`;

test("the refunds that are shown are the latest, and all of them where so many are asked for", async () => {
  const latest = (limit: number) => latestRefunds(database, shop.actor.id, ["JPY"], ever, limit);
  const all = await latest(200);
  const sum = all.reduce((whole, { amount }) => whole + amount, 0n);
  assert.deepEqual([{ times: String(all.length), amount: String(sum) }], await rows(admin, paidBack));
  assert.deepEqual(
    all.map(({ at }) => at.getTime()),
    all.map(({ at }) => at.getTime()).toSorted((one, other) => other - one),
  );
  const few = await latest(3);
  assert.equal(few.length, 3);
  assert.deepEqual(await latestRefunds(database, shop.actor.id, ["USD"], ever, 3), []);
  const none = { from: ever.from, to: new Date("2001-01-01T00:00:00Z") };
  assert.deepEqual(await latestRefunds(database, shop.actor.id, ["JPY"], none, 3), []);
});

test("what a late pass put behind its time is found by its time", async () => {
  const number = tradeIn(
    await market.trades.propose(shop.actor, { currency: "JPY", amount: 500, approval: { mandate } }),
  ).number;
  await admin.execute(rawSql("update feed_head set position = position + 1800000000"));
  tradeIn(await market.move(buyer.actor, number, { do: "accept" }));
  await market.trades.lists.round();
  const [{ at = "" } = {}] = await rows(
    admin,
    `select e.at::text from trade_events e join trades t on t.id = e.trade
      where t.number = ${number} and '{trade.settled}' && e.types`,
  );
  const [from, to] = [new Date(at), new Date(Date.parse(at) + 1)];
  const found = await moneyRows(database, shop.actor.id, { from, to });
  assert.deepEqual(
    found.rows.map(({ amount }) => amount),
    [500n],
  );
  const later = { from: to, to: new Date(to.getTime() + 3_000_000) };
  assert.deepEqual(await moneyRows(database, shop.actor.id, later), { rows: [], more: false });
});

// Of an order that a store took before, its head has nothing.
test("what was there before it was counted is counted by the migration, in the same sums", async () => {
  const read = async (client: Client) => [
    await rows(
      client,
      `select shop, kind, currency, sum(amount)::text as amount, sum(fee)::text as fee from shop_tallies
        where shop <> '${head.actor.id}' group by 1, 2, 3 order by 1, 2, 3`,
    ),
    await rows(
      client,
      "select party, id, frozen::text from party_trades where frozen <> 0 order by party, id",
    ),
  ];
  const connection = await admin.connect();
  await connection.begin();
  const before = await read(connection);
  await connection.execute(rawSql("drop table shop_tallies, shop_tallied"));
  await connection.execute(rawSql("alter table party_trades drop column frozen"));
  const text = readFileSync(new URL("../../../../sql/trading/0082_shop_money.sql", import.meta.url), "utf8");
  await connection.execute(rawSql(text));
  assert.deepEqual(await read(connection), before);
  await connection.rollback();
  connection.release(false);
});
