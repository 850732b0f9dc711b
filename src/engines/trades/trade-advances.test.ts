/** Shops paid early, on a real database: what they get, what comes back, what they owe, for both means of payment. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type Buyer,
  openMarket,
  openMarkets,
  problemIn,
  told,
  tradeIn,
} from "../../../test/support/world/market.ts";
import { auditAdvances } from "../steps/steps.ts";
import { usualStanding, writeStanding } from "../../storage/parties/parties.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import { rawSql } from "../../storage/database/database.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { Trades } from "./trades.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;
const own = 20_000n;

const lines = [{ name: "Tea set", quantity: 10, unitAmount: 100 }];
const advance = { do: "advance" } as const;

/** Days from the database's today. */
async function dayIn(market: Market, days: number): Promise<string> {
  const query = "select to_char(kenshu_now() + $1 * interval '1 day', 'YYYY-MM-DD') as day";
  const [row] = await market.database.query<{ day: string }>(rawSql(query, [days]));
  return row?.day ?? "";
}

interface Scene {
  buyer: Buyer;
  number: string;
  shop: Awaited<ReturnType<Market["anotherShop"]>>;
}

/**
 * A trade of a shop of its own that may always be paid early: 1,000 yen frozen, 100 of them the fee, to be paid in ten days.
 */
async function reserved(market: Market, more: Partial<Propose> = {}, at?: Scene["shop"]): Promise<Scene> {
  const shop = at ?? (await market.anotherShop());
  await writeStanding(market.database, shop.actor.id, { ...usualStanding, paidEarly: "always" });
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer, { shop: shop.actor.id });
  const body = { currency: "JPY", lines, approval: { mandate }, ...more };
  const payment = { on: "date" as const, date: await dayIn(market, 10) };
  const outcome = await market.trades.propose(shop.actor, { payment, ...body });
  assert.equal(told(outcome), "reserved 1000/0/0");
  return { buyer, number: tradeIn(outcome).number, shop };
}

/** `outstanding/owed/covered` of a shop. */
async function sums(market: Market, shop: string): Promise<string> {
  const [row] = await market.database.query<{ told: string }>(
    rawSql(
      "select concat_ws('/', outstanding, owed, covered) as told from advance_accounts where shop = $1",
      [shop],
    ),
  );
  return row?.told ?? "none";
}

/** Every sum is what the trades say, and the books are whole. */
async function prove(market: Market): Promise<void> {
  await market.prove();
  assert.deepEqual((await auditAdvances(market.database)).differences, []);
}

for (const { name, line, market } of await openMarkets({ after }, ["good", "bad"], { own })) {
  const { move } = market;
  const balance = async (account: string) => Number((await market.balance(account)).split(" ")[0]);
  const settle = async () => {
    await market.pass(11 * 24);
    await market.trades.sweeper.sweep();
  };

  test(`${name}: an accepted claim is bought at once, and its settlement goes to who has paid`, async () => {
    const { buyer, number, shop } = await reserved(market);
    assert.equal(told(await move(buyer.actor, number, { do: "accept" })), "accepted 1000/0/0");
    const before = await balance(market.ownAccount);
    const outcome = await move(shop.actor, number, advance, "early");
    assert.equal(told(outcome), "accepted 1000/0/0");
    assert.deepEqual(tradeIn(outcome).advance, { amount: 900, price: 9, paid: 891, recovered: 0, owed: 0 });
    assert.equal(told(await move(shop.actor, number, advance, "early")), "accepted 1000/0/0");
    assert.equal(problemIn(await move(shop.actor, number, advance)).code, "already_advanced");
    assert.equal(await balance(shop.account), 891);
    assert.equal(await sums(market, shop.actor.id), "900/0/0");
    await settle();
    assert.equal(await balance(shop.account), 891);
    assert.equal(await balance(market.ownAccount), before + 9);
    assert.equal(await sums(market, shop.actor.id), "0/0/0");
    const seen = await market.trades.events(shop.actor, number);
    const settled = seen?.items.find(({ type }) => type === "trade.settled");
    assert.equal(settled?.data["recovered"], 900);
    const buyers = await market.trades.events(buyer.actor, number);
    assert.doesNotMatch(JSON.stringify(buyers), /recovered|\b891\b/);
    await prove(market);
  });

  test(`${name}: a rejected trade leaves a debt, and the next settlement pays it`, async () => {
    const { buyer, number, shop } = await reserved(market);
    assert.equal(tradeIn(await move(shop.actor, number, advance)).advance?.price, 27);
    assert.equal(
      problemIn(await move(shop.actor, number, { do: "revise", amount: 500 })).code,
      "already_advanced",
    );
    assert.equal(told(await move(buyer.actor, number, { do: "cancel" })), "cancelled 0/0/1000");
    assert.equal(await sums(market, shop.actor.id), "0/900/0");
    // Six of ten are taken from what the next trade brings, and the rest from the one after.
    const next = await reserved(market, { payment: { on: "acceptance" } }, shop);
    const six = { do: "accept" as const, lines: [{ line: 1, quantity: 6 }], final: true };
    const foreseen = await market.trades.foresee(market.operator, next.number, {
      ...six,
      operator: { as: "buyer", channel: "phone", reference: "call 7" },
    });
    assert.ok(!isRefused(foreseen));
    assert.deepEqual([foreseen.settled, foreseen.repaid], [600, 540], "the debt takes what the fee leaves");
    assert.equal(told(await move(next.buyer.actor, next.number, six)), "settled 0/600/400");
    assert.equal(await sums(market, shop.actor.id), "0/360/540");
    const last = await reserved(market, { payment: { on: "acceptance" } }, shop);
    assert.equal(told(await move(last.buyer.actor, last.number, { do: "accept" })), "settled 0/1000/0");
    assert.equal(await sums(market, shop.actor.id), "0/0/900");
    assert.equal(await balance(shop.account), 873 + 900 - 360);
    await prove(market);
  });

  test(`${name}: of a part accepted the rest is owed`, async () => {
    const { buyer, number, shop } = await reserved(market, { payment: { on: "acceptance" } });
    assert.equal((await move(shop.actor, number, advance)).status, 200);
    const four = { do: "accept" as const, lines: [{ line: 1, quantity: 4 }] };
    assert.equal(told(await move(buyer.actor, number, four)), "delivered 600/400/0");
    assert.equal(await sums(market, shop.actor.id), "540/0/0");
    assert.equal(told(await move(shop.actor, number, { do: "cancel" })), "settled 0/400/600");
    assert.equal(await sums(market, shop.actor.id), "0/540/0");
    const row = tradeIn(await move(shop.actor, number, { do: "refund", amount: 1, reason: "x" })).advance;
    assert.deepEqual(row, { amount: 900, price: 27, paid: 873, recovered: 360, owed: 540 });
    await prove(market);
  });

  test(`${name}: a reservation that runs out leaves a debt as well`, async () => {
    const { number, shop } = await reserved(market, { shipWithin: "P1D" });
    assert.equal((await move(shop.actor, number, advance)).status, 200);
    await market.pass(25);
    await market.trades.sweeper.sweep();
    assert.equal(await sums(market, shop.actor.id), "0/900/0");
    await prove(market);
  });

  test(`${name}: a debt is covered only where the shop had the money`, async () => {
    const { buyer, number, shop } = await reserved(market);
    assert.equal((await move(shop.actor, number, advance)).status, 200);
    assert.equal((await move(buyer.actor, number, { do: "cancel" })).status, 200);
    const elsewhere = "00000000-0000-7000-8000-0000000000ee";
    const query = "select institution from advance_debts where shop = $1";
    const [here] = await market.database.query<{ institution: string }>(rawSql(query, [shop.actor.id]));
    const carry = async (to: string) => {
      for (const table of ["advance_debts", "advances"])
        await market.admin.execute(
          rawSql(`update ${table} set institution = $2 where shop = $1`, [shop.actor.id, to]),
        );
    };
    // As if the buyer's money had been at another institution.
    await carry(elsewhere);
    const next = await reserved(market, { payment: { on: "acceptance" } }, shop);
    assert.equal(told(await move(next.buyer.actor, next.number, { do: "accept" })), "settled 0/1000/0");
    assert.equal(await sums(market, shop.actor.id), "0/900/0", "nothing of it can be had from there");
    assert.equal(await balance(shop.account), 873 + 900);
    await prove(market);
    await carry(here?.institution ?? "");
    const last = await reserved(market, { payment: { on: "acceptance" } }, shop);
    assert.equal(told(await move(last.buyer.actor, last.number, { do: "accept" })), "settled 0/1000/0");
    assert.equal(await sums(market, shop.actor.id), "0/0/900");
    assert.equal(await balance(shop.account), 873 + 900);
    await prove(market);
  });

  test(`${name}: two settlements at once pay a debt once`, async () => {
    const { buyer, number, shop } = await reserved(market);
    assert.equal((await move(shop.actor, number, advance)).status, 200);
    assert.equal((await move(buyer.actor, number, { do: "cancel" })).status, 200);
    const more = await Promise.all(
      [1, 2].map(() => reserved(market, { payment: { on: "acceptance" } }, shop)),
    );
    const other = market.anotherProcess();
    const each: Trades[] = [market.trades, other];
    const outcomes = await Promise.all(
      more.map((one, index) => (each[index] ?? other).move(one.buyer.actor, one.number, { do: "accept" })),
    );
    assert.deepEqual(outcomes.map(told), ["settled 0/1000/0", "settled 0/1000/0"]);
    assert.equal(await sums(market, shop.actor.id), "0/0/900");
    assert.equal(await balance(shop.account), 873 + 900);
    await prove(market);
  });

  test(`${name}: however many ask at once, a shop gets no more than its limit`, async () => {
    const shop = await market.anotherShop();
    const scenes: Scene[] = [];
    for (let turn = 0; turn < 8; turn += 1) scenes.push(await reserved(market, {}, shop));
    const other = market.anotherProcess();
    const outcomes = await Promise.all(
      scenes.map(({ number }, index) =>
        (index % 2 === 0 ? market.trades : other).move(shop.actor, number, advance),
      ),
    );
    const codes = outcomes.map((outcome) => (outcome.status < 400 ? "paid" : problemIn(outcome).code));
    assert.deepEqual(codes.toSorted(), [
      "advance_limit_exceeded",
      "advance_limit_exceeded",
      "advance_limit_exceeded",
      "paid",
      "paid",
      "paid",
      "paid",
      "paid",
    ]);
    assert.equal(await sums(market, shop.actor.id), "4500/0/0");
    assert.equal(await balance(shop.account), 5 * 873);
    await prove(market);
  });

  test(`${name}: an own account that is empty pays nobody, and nothing is left behind`, async () => {
    const poor = await openMarket({ after }, { line, own: 100n });
    const { number, shop } = await reserved(poor);
    assert.equal(problemIn(await poor.move(shop.actor, number, advance)).code, "insufficient_funds");
    assert.equal(await sums(poor, shop.actor.id), "0/0/0");
    assert.equal((await poor.trades.read(shop.actor, number))?.advance, null);
    await prove(poor);
  });
}

test("who may not be paid early, and for what", async () => {
  const market = await openMarket({ after }, { line: undefined, own });
  const { number, shop, buyer } = await reserved(market);
  const other = await market.anotherShop();
  const code = async (outcome: Promise<Parameters<typeof problemIn>[0]>) => problemIn(await outcome).code;
  assert.equal(await code(market.move(buyer.actor, number, advance)), "not_allowed");
  assert.equal(await code(market.move(other.actor, number, advance)), "not_found");
  await market.admin.execute(rawSql("update parties set state = 'suspended' where id = $1", [shop.actor.id]));
  assert.equal(await code(market.move(shop.actor, number, advance)), "shop_suspended");
  const proposed = tradeIn(await market.propose({})).number;
  assert.equal(await code(market.move(market.shop.actor, proposed, advance)), "trade_not_open");
  const plain = await openMarket({ after });
  const scene = await reserved(plain);
  assert.equal(await code(plain.move(scene.shop.actor, scene.number, advance)), "not_allowed");
});

test("what is tampered with is found", async () => {
  const market = await openMarket({ after }, { line: undefined, own });
  const { number, shop } = await reserved(market);
  assert.equal((await market.move(shop.actor, number, advance)).status, 200);
  const found = async (tampering: string) => {
    await market.admin.execute(rawSql(tampering, []));
    const { differences } = await auditAdvances(market.database);
    return differences.map(({ what, field }) => `${what} ${field}`);
  };
  const cases: [tampering: string, ...found: string[]][] = [
    ["update advance_accounts set outstanding = outstanding - 1", "shop outstanding"],
    [
      "update advance_accounts set outstanding = outstanding + 1, covered = 1",
      "shop owed and covered",
      "debt of covered",
    ],
    ["update advance_accounts set covered = 0"],
    [
      "update advance_accounts set owed = 7, outstanding = 893",
      "shop outstanding",
      "shop owed and covered",
      "debt of owed",
    ],
    ["update advance_accounts set owed = 0, outstanding = 900"],
    [
      "insert into advance_debts select shop, currency, institution, 5, 0 from advances",
      "debt of owed and covered at an institution",
      "debt of owed",
    ],
    ["delete from advance_debts"],
    ["update advances set recovered = 5", "advance recovered", "shop outstanding"],
    ["update advances set recovered = 0, price = 0, paid = amount", "advance price", "advance paid"],
  ];
  for (const [tampering, ...wrong] of cases) assert.deepEqual(await found(tampering), wrong, tampering);
  const all = await found("delete from advances");
  assert.ok(all.includes("advance amount") && all.includes("shop outstanding"));
});
