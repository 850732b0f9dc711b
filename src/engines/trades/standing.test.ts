/** What an operator has said of a shop or a carrier holds in its trades, however many processes decide. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, openMarkets, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql } from "../../storage/database/database.ts";
import {
  setIndependence,
  type Standing,
  usualStanding,
  writeStanding,
} from "../../storage/parties/parties.ts";
import type { Propose } from "../../core/protocol/schemas.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;

/** A shop of its own with this standing, and one buyer of it with a mandate. */
async function scene(market: Market, standing: Partial<Standing>) {
  const shop = await market.anotherShop();
  await writeStanding(market.database, shop.actor.id, { ...usualStanding, ...standing });
  const buyer = await market.buyer({ amount: 100_000n });
  const mandate = await market.mandate(buyer, { shop: shop.actor.id });
  const body = { currency: "JPY", amount: 1000, approval: { mandate } };
  const propose = (more: Partial<Propose> = {}, at = market.trades) =>
    at.propose(shop.actor, { ...body, ...more });
  return { shop, buyer, mandate, propose };
}

async function termsOf(market: Market, number: string): Promise<Record<string, unknown>> {
  const [row] = await market.database.query<{ terms: Record<string, unknown> }>(
    rawSql("select terms from trades where number = $1", [number]),
  );
  return row?.terms ?? {};
}

for (const { name, market } of await openMarkets({ after }, ["good"], { own: 20_000n })) {
  const { move } = market;

  test(`${name}: no more is frozen for a shop than an operator lets it have`, async () => {
    const { shop, buyer, propose } = await scene(market, { frozenLimits: { JPY: 2500 } });
    const first = await propose();
    assert.equal(told(first), "reserved 1000/0/0");
    assert.equal(told(await propose({ amount: 1501 })), "shop_limit_exceeded");
    const refused = problemIn(await propose({ amount: 1501 }));
    assert.deepEqual([refused.status, refused.transient, refused.trade], [409, true, undefined]);
    assert.equal(told(await propose({ amount: 1500 })), "reserved 1500/0/0", "up to the limit");
    assert.equal(told(await propose({ amount: 1 })), "shop_limit_exceeded");
    const more = { do: "revise" as const, amount: 1001 };
    assert.equal(told(await move(buyer.actor, tradeIn(first).number, more)), "not_allowed");
    assert.equal(told(await move(shop.actor, tradeIn(first).number, more)), "shop_limit_exceeded");
    const less = { do: "revise" as const, amount: 900 };
    assert.equal(told(await move(shop.actor, tradeIn(first).number, less)), "reserved 900/0/0");
    assert.equal(told(await propose({ amount: 100 })), "reserved 100/0/0", "what was given back is free");
    assert.equal(told(await move(buyer.actor, tradeIn(first).number, { do: "accept" })), "settled 0/900/0");
    assert.equal(told(await propose({ amount: 900 })), "reserved 900/0/0", "what was paid is not frozen");
    await market.prove();
  });

  test(`${name}: a buyer's approval counts as well, and what is refused changes nothing`, async () => {
    const { shop, buyer, propose } = await scene(market, { frozenLimits: { JPY: 1000 } });
    const bought = { currency: "JPY", amount: 600, buyer: { member: buyer.number } };
    const [one, two] = [
      await market.trades.propose(shop.actor, bought),
      await market.trades.propose(shop.actor, bought),
    ];
    const approve = { do: "approve" as const, method: buyer.method };
    assert.equal(told(await move(buyer.actor, tradeIn(one).number, approve)), "reserved 600/0/0");
    const refused = problemIn(await move(buyer.actor, tradeIn(two).number, approve));
    assert.deepEqual([refused.code, refused.trade], ["shop_limit_exceeded", tradeIn(two).number]);
    assert.equal((await market.trades.read(shop.actor, tradeIn(two).number))?.state, "proposed");
    await move(buyer.actor, tradeIn(one).number, { do: "cancel" });
    assert.equal(told(await move(buyer.actor, tradeIn(two).number, approve)), "reserved 600/0/0");
    assert.equal(told(await propose({ amount: 400 })), "reserved 400/0/0");
  });

  test(`${name}: three processes that reserve at once stay below the limit together`, async () => {
    const processes = [market.trades, market.anotherProcess(), market.anotherProcess()];
    const { shop } = await scene(market, { frozenLimits: { JPY: 10_000 } });
    // No two processes use the same mandate: no other lock makes them wait for each other.
    const buyers = await Promise.all(Array.from({ length: 20 }, () => market.buyer()));
    const given = await Promise.all(buyers.map((buyer) => market.mandate(buyer, { shop: shop.actor.id })));
    const outcomes = await Promise.all(
      given.flatMap((mandate, index) =>
        Array.from({ length: 3 }, () => {
          const at = processes[index % 3] ?? market.trades;
          return at.propose(shop.actor, { currency: "JPY", amount: 700, approval: { mandate } });
        }),
      ),
    );
    const reserved = outcomes.filter((outcome) => told(outcome) === "reserved 700/0/0").length;
    const refused = outcomes.filter((outcome) => told(outcome) === "shop_limit_exceeded").length;
    assert.deepEqual([reserved, refused], [14, 46]);
    const [row] = await market.database.query<{ frozen: bigint }>(
      rawSql("select sum(frozen)::bigint as frozen from trades where shop = $1", [shop.actor.id]),
    );
    assert.equal(row?.frozen, 9800n);
  });

  test(`${name}: a limit is of one shop and one currency, and ends when it is taken away`, async () => {
    const { shop, propose } = await scene(market, { frozenLimits: { USD: 1 } });
    assert.equal(told(await propose()), "reserved 1000/0/0");
    await writeStanding(market.database, shop.actor.id, { ...usualStanding, frozenLimits: { JPY: 0 } });
    assert.equal(told(await propose()), "shop_limit_exceeded");
    await writeStanding(market.database, shop.actor.id, usualStanding);
    assert.equal(told(await propose()), "reserved 1000/0/0");
    assert.equal(told(await market.propose({ amount: 5000 })), "proposed 0/0/0");
  });

  test(`${name}: a shop whose word does not count is no acceptor, whoever asks for it`, async () => {
    const { shop, buyer, propose } = await scene(market, { word: false });
    const refused = problemIn(await propose({ acceptance: { by: ["buyer", "shop"], need: 1 } }));
    assert.deepEqual(
      [refused.code, refused.detail],
      ["not_allowed", "An operator does not let this shop accept its own goods."],
    );
    const bought = { currency: "JPY", amount: 600, buyer: { member: buyer.number } };
    const number = tradeIn(await market.trades.propose(shop.actor, bought)).number;
    const approve = {
      do: "approve" as const,
      method: buyer.method,
      acceptors: ["buyer" as const, "shop" as const],
    };
    assert.equal(told(await move(buyer.actor, number, approve)), "not_allowed");
    assert.equal(
      told(await move(buyer.actor, number, { ...approve, acceptors: ["buyer"] })),
      "reserved 600/0/0",
    );
  });

  test(`${name}: a shop that may not be paid early is not`, async () => {
    const { shop, propose } = await scene(market, { paidEarly: "never" });
    await setIndependence(market.database, market.carrier.id, true);
    const { number } = tradeIn(await propose({ carrier: market.carrier.id }));
    const early = async () => told(await move(shop.actor, number, { do: "advance" }));
    const refused = problemIn(await move(shop.actor, number, { do: "advance" }));
    assert.deepEqual(
      [refused.code, refused.detail],
      ["not_allowed", "An operator does not let this shop be paid early."],
    );
    await writeStanding(market.database, shop.actor.id, usualStanding);
    assert.equal(await early(), "not_seen_shipped");
    assert.equal(told(await move(shop.actor, number, { do: "ship" })), "reserved 1000/0/0");
    assert.equal(await early(), "not_seen_shipped", "the shop's word alone");
    assert.equal((await move(market.carrier, number, { do: "ship" })).status, 200);
    assert.equal(await early(), "reserved 1000/0/0");
    await setIndependence(market.database, market.carrier.id, false);
  });

  test(`${name}: a shop that may always be paid early is, before anything has left`, async () => {
    const { shop, propose } = await scene(market, { paidEarly: "always" });
    const { number } = tradeIn(await propose());
    assert.equal(told(await move(shop.actor, number, { do: "advance" })), "reserved 1000/0/0");
  });

  test(`${name}: a shop has no more early than an operator lets it, whatever the server lets others`, async () => {
    const { shop, propose } = await scene(market, { paidEarly: "always", earlyLimits: { JPY: 1799 } });
    const early = async () => {
      const { number } = tradeIn(await propose());
      return told(await move(shop.actor, number, { do: "advance" }));
    };
    assert.equal(await early(), "reserved 1000/0/0", "900 of its share");
    assert.equal(await early(), "advance_limit_exceeded");
    const more = { ...usualStanding, paidEarly: "always" as const, earlyLimits: { JPY: 1800 } };
    await writeStanding(market.database, shop.actor.id, more);
    assert.equal(await early(), "reserved 1000/0/0");
    await writeStanding(market.database, shop.actor.id, { ...more, earlyLimits: { JPY: 0 } });
    assert.equal(await early(), "advance_limit_exceeded");
  });

  test(`${name}: terms say how long a payment is put off and who is independent`, async () => {
    const { propose } = await scene(market, { settleAfter: "P3D" });
    const carrier = market.carrier.id;
    const before = await termsOf(market, tradeIn(await propose({ carrier })).number);
    assert.deepEqual([before["settleAfter"], before["independent"]], ["P3D", []]);
    await setIndependence(market.database, carrier, true);
    const after_ = await termsOf(market, tradeIn(await propose({ carrier })).number);
    assert.deepEqual(after_["independent"], ["carrier"]);
    assert.deepEqual((await termsOf(market, tradeIn(await propose()).number))["independent"], []);
    await setIndependence(market.database, carrier, false);
    const usual = await scene(market, {});
    const none = await termsOf(market, tradeIn(await usual.propose({ carrier })).number);
    assert.deepEqual([none["settleAfter"], none["independent"]], [undefined, []]);
  });
}

test("a store takes an order under its own standing, not under that of the head", async () => {
  const market = await openMarket({ after });
  const { shop, propose } = await scene(market, { settleAfter: "P9D" });
  const store = await market.anotherShop();
  const take = async (standing: Partial<Standing>, more: Partial<Propose> = {}) => {
    await writeStanding(market.database, store.actor.id, { ...usualStanding, ...standing });
    const { number } = tradeIn(await propose(more));
    return { number, outcome: await market.trades.assign(store.actor, BigInt(number), shop.actor.id) };
  };
  const full = await take({ frozenLimits: { JPY: 999 } });
  assert.equal(told(full.outcome), "shop_limit_exceeded");
  const silent = await take({ word: false }, { acceptance: { by: ["shop"] } });
  assert.equal(told(silent.outcome), "not_allowed");
  const taken = await take({ frozenLimits: { JPY: 1000 }, settleAfter: "P2D" });
  assert.equal(told(taken.outcome), "reserved 1000/0/0");
  assert.equal((await termsOf(market, taken.number))["settleAfter"], "P2D");
  assert.equal(told((await take({ frozenLimits: { JPY: 1999 } })).outcome), "shop_limit_exceeded");
  const usual = await take({});
  assert.equal((await termsOf(market, usual.number))["settleAfter"], undefined);
});

test("how much is frozen for a shop that is limited has to be known", async () => {
  const market = await openMarket({ after }, { line: "good" });
  const { shop, buyer } = await scene(market, { frozenLimits: { JPY: 1000 } });
  const wish = {
    currency: "JPY",
    private: true as const,
    lines: [{ name: "Tea", quantity: 1 }],
    buyer: { member: buyer.number },
  };
  const { number } = tradeIn(await market.trades.propose(shop.actor, wish));
  assert.equal(
    told(await market.move(buyer.actor, number, { do: "approve", method: buyer.method })),
    "not_allowed",
  );
});
