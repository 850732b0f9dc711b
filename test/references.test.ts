/** A shop's references, each used once; and refunds by what shall have gone back in all. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, problemIn, told, tradeIn } from "./support/world/market.ts";
import { until } from "./support/world/world.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { setUniqueReferences } from "../src/storage/parties/parties.ts";

const market = await openMarket({ after });
const { shop } = market;
const processes = [market.trades, market.anotherProcess(), market.anotherProcess()] as const;
const [first, second] = processes;
const order = (reference: string) => ({ currency: "JPY", amount: 1000, reference });

test("unless a shop asks for it, two trades may have one reference", async () => {
  const both = [await first.propose(shop.actor, order("A-1")), await first.propose(shop.actor, order("A-1"))];
  assert.deepEqual(both.map(told), ["proposed 0/0/0", "proposed 0/0/0"]);
});

test("once it asks, the second is refused and told which is the first, those of before among them", async () => {
  await market.database.transaction((client) => setUniqueReferences(client, shop.actor.id, true));
  const old = problemIn(await first.propose(shop.actor, order("A-1")));
  assert.equal(old.code, "reference_in_use");
  const one = tradeIn(await first.propose(shop.actor, order("A-2"), "key 1"));
  const two = problemIn(await second.propose(shop.actor, order("A-2"), "key 2"));
  assert.deepEqual([two.code, two.status, two.trade], ["reference_in_use", 409, one.number]);
  const again = await second.propose(shop.actor, order("A-2"), "key 1");
  assert.deepEqual([tradeIn(again).number, again.replayed], [one.number, true], "the same wish is no second");
  await first.move(shop.actor, one.number, { do: "cancel" });
  assert.equal(told(await first.propose(shop.actor, order("A-2"))), "reference_in_use", "also when it ended");
  const other = await market.anotherShop();
  assert.equal(
    told(await first.propose(other.actor, order("A-2"))),
    "proposed 0/0/0",
    "it is the shop's own",
  );
  assert.equal(told(await first.propose(shop.actor, { currency: "JPY", amount: 5 })), "proposed 0/0/0");
  assert.equal(told(await first.propose(shop.actor, order("A-3"))), "proposed 0/0/0");
});

test("what was refused outright has taken nothing", async () => {
  const wrong = { ...order("A-4"), currency: "USD" };
  assert.equal(told(await first.propose(shop.actor, wrong)), "currency_mismatch");
  assert.equal(told(await first.propose(shop.actor, order("A-4"))), "proposed 0/0/0");
});

test("of many at once, in one process and in several, one is made", async () => {
  for (let round = 0; round < 8; round += 1) {
    const wish = order(`B-${round}`);
    const outcomes = await Promise.all(
      [...processes, ...processes].map((trades) => trades.propose(shop.actor, wish)),
    );
    const made = outcomes.filter(({ how }) => how === "done");
    assert.equal(made.length, 1);
    const [trade] = made.map((each) => tradeIn(each).number);
    for (const each of outcomes)
      if (each.how === "refused")
        assert.deepEqual([problemIn(each).code, problemIn(each).trade], ["reference_in_use", trade]);
  }
});

test("two that have both looked and found nothing: the second finds the first where it is written", async () => {
  const lock = await market.admin.connect();
  await lock.begin();
  await lock.execute(rawSql("lock table taken_references in share mode"));
  const both = [first, second].map((trades) => trades.propose(shop.actor, order("C-1")));
  const waiting = rawSql(
    "select count(*) as both from pg_locks where not granted and relation = 'taken_references'::regclass",
  );
  await until("both are about to write", async () => {
    const [row] = await market.admin.query<{ both: bigint }>(waiting);
    return row?.both === 2n;
  });
  await lock.commit();
  lock.release(false);
  assert.deepEqual((await Promise.all(both)).map(told).toSorted(), ["proposed 0/0/0", "reference_in_use"]);
  assert.deepEqual(market.failures, []);
});

test("a shop that does not mind any more uses one twice again", async () => {
  await market.database.transaction((client) => setUniqueReferences(client, shop.actor.id, false));
  assert.equal(told(await first.propose(shop.actor, order("A-2"))), "proposed 0/0/0");
});

test("what shall have gone back in all: the same wish by two workers is one refund", async () => {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  const { number } = tradeIn(await market.propose({ approval: { mandate } }));
  await market.move(buyer.actor, number, { do: "accept" });
  const refund = (total: number, trades = first, key?: string) =>
    trades.move(shop.actor, number, { do: "refund", total, reason: "a scratch" }, key);
  const workers = await Promise.all([refund(300, first, "worker 1"), refund(300, second, "worker 2")]);
  assert.deepEqual(
    workers.map((each) => [each.status, told(each)]),
    [
      [200, "settled 0/1000/0 back 300"],
      [200, "settled 0/1000/0 back 300"],
    ],
  );
  const { version, updatedAt } = tradeIn(workers[0] ?? assert.fail());
  const repeated = tradeIn(await refund(300));
  assert.deepEqual([repeated.refunded, repeated.version, repeated.updatedAt], [300, version, updatedAt]);
  assert.equal(tradeIn(await refund(200)).refunded, 300, "it has gone back, and more");
  assert.equal(told(await refund(1001)), "amount_exceeds_settled");
  assert.equal(tradeIn(await refund(1000)).refunded, 1000);
  const events = (await first.events(shop.actor, number))?.items ?? [];
  assert.deepEqual(
    events.filter(({ type }) => type === "trade.refunded").map(({ data }) => data["amount"]),
    [300, 700],
  );
  const stranger = await first.move(buyer.actor, number, { do: "refund", total: 1, reason: "x" });
  assert.equal(told(stranger), "not_allowed", "who may not refund is not told that it is done");
  await market.prove();
});
