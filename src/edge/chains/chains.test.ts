/** Orders taken for many branches, on a real database, with the money here and at an institution behind a bad line. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, openMarkets, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { Refusal, type TradeView } from "../../core/protocol/protocol.ts";
import type { Propose } from "../../core/protocol/schemas.ts";
import type { Outcome } from "../../engines/engine/engine.ts";
import type { Trades } from "../../engines/trades/trades.ts";
import { type Chains, createChains } from "./offers.ts";
import { agreeToChain, listBranches, listOffers, putBranch, setOfferFor } from "./store.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;
type Shop = Market["shop"];
const lines = [{ name: "Bento", quantity: 10, unitAmount: 100 }];

/** A chain with branches at so many degrees from where the orders go. */
async function openChain(market: Market, degrees: number[]) {
  const head = await market.anotherShop();
  const branches: Shop[] = [];
  for (const far of degrees) {
    const branch = await market.anotherShop();
    branches.push(branch);
    const point = { lat: 35_000_000 + far * 1_000_000, lng: 139_000_000 };
    const wish = {
      head: head.actor.id,
      branch: branch.actor.id,
      point,
      postcodes: [],
      hours: null,
      capacity: null,
    };
    await putBranch(market.database, wish);
    assert.ok(await agreeToChain(market.database, wish.head, wish.branch));
  }
  const [near, next, far] = branches;
  assert.ok(near && next && far);
  return { head, near, next, far };
}
type Chain = Awaited<ReturnType<typeof openChain>>;

const route = { at: { lat: 35_000_000, lng: 139_000_000 } };

async function order(market: Market, head: Shop, more: Partial<Propose> = {}) {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer, { shop: head.actor.id });
  const body = { currency: "JPY", lines, approval: { mandate }, route, ...more };
  const outcome = await market.trades.propose(head.actor, body);
  assert.equal(told(outcome), "reserved 1000/0/0");
  return { buyer, number: tradeIn(outcome).number };
}

const caught = (error: unknown): string => (error instanceof Refusal ? error.problem.code : String(error));
const codeOf = (work: Promise<unknown>) => work.then(() => "done", caught);
const taken = (work: Promise<Outcome<TradeView>>) => work.then((outcome) => told(outcome), caught);

for (const { name, market } of await openMarkets({ after }, ["good", "bad"])) {
  const chainsOn = (trades: Trades): Chains =>
    createChains({
      database: market.database,
      trades,
      onError: (error) => market.failures.push(error),
      sweepEveryMs: 3_600_000,
    });
  const chains = chainsOn(market.trades);
  const sweep = () => chains.sweeper.sweep();
  const openOffer = async ({ actor }: Shop) =>
    (await listOffers(market.database, actor.id, 10)).find(
      ({ branch, state }) => branch === actor.id && state === "offered",
    )?.id ?? "";
  const states = async ({ head }: Chain) =>
    (await listOffers(market.database, head.actor.id, 10)).map(({ state }) => state).toReversed();
  const routeState = async (number: string) => {
    const query = rawSql("select state, latitude from routes where trade = $1", [BigInt(number)]);
    const [row] = await market.database.query<{ state: string; latitude: number | null }>(query);
    return row?.state === "open" ? row.state : `${row?.state} ${row?.latitude}`;
  };
  /** What was counted for a shop, once the lists have it. */
  const moneyOf = async ({ actor }: Shop) => {
    const query = rawSql(
      "select kind, sum(amount)::text as amount from shop_tallies where shop = $1 group by kind order by kind",
      [actor.id],
    );
    const rows = await market.database.query<{ kind: string; amount: string }>(query);
    return rows.map(({ kind, amount }) => `${kind} ${amount}`);
  };
  const balance = async ({ account }: Shop) => (await market.balance(account)).split(" ")[0];

  test(`${name}: the nearest takes it, is paid, and the head goes on seeing it`, async () => {
    const chain = await openChain(market, [1, 2, 3]);
    const { head, near, next } = chain;
    const { buyer, number } = await order(market, head);
    const held = await market.balance(buyer.account);
    await market.trades.lists.round();
    await sweep();
    assert.equal(await market.trades.read(near.actor, number), undefined);
    assert.equal(await codeOf(chains.take(next.actor, await openOffer(near))), "not_found");
    const offer = await openOffer(near);
    assert.equal(await taken(chains.take(near.actor, offer)), "reserved 1000/0/0");
    assert.equal(await taken(chains.take(near.actor, offer)), "reserved 1000/0/0");
    assert.equal(await codeOf(chains.decline(near.actor, offer)), "offer_over");
    assert.equal(await market.balance(buyer.account), held);
    assert.equal(await routeState(number), "assigned null");
    const seen = await market.trades.read(head.actor, number);
    assert.deepEqual([seen?.shop, seen?.chain], [near.actor.id, head.actor.id]);
    assert.ok(
      (await market.trades.list(head.actor, { limit: 10 })).items.some((each) => each.number === number),
    );
    assert.equal(problemIn(await market.move(head.actor, number, { do: "cancel" })).code, "not_found");
    await market.trades.lists.round();
    assert.deepEqual(await moneyOf(head), ["frozen 1000", "released 1000"]);
    assert.deepEqual(await moneyOf(near), ["frozen 1000"]);
    assert.equal(told(await market.move(near.actor, number, { do: "ship" })), "reserved 1000/0/0");
    assert.equal(told(await market.move(buyer.actor, number, { do: "accept" })), "settled 0/1000/0");
    assert.equal(await balance(near), "900");
    assert.equal(await balance(head), "0");
    const events = await market.trades.events(head.actor, number);
    assert.equal(events?.items.filter(({ type }) => type === "trade.assigned").length, 1);
    for (const stranger of [next, market.shop])
      assert.equal(await market.trades.read(stranger.actor, number), undefined);
    await market.prove();
  });

  test(`${name}: who declines or is silent is passed over, and the head keeps what nobody takes`, async () => {
    const chain = await openChain(market, [1, 2, 3]);
    const { head, near, next, far } = chain;
    await setOfferFor(market.database, head.actor.id, "PT30M");
    const { buyer, number } = await order(market, head);
    await sweep();
    const first = await openOffer(near);
    assert.equal((await chains.decline(near.actor, first)).state, "declined");
    assert.equal((await chains.decline(near.actor, first)).state, "declined");
    assert.equal(await codeOf(chains.take(near.actor, first)), "offer_over");
    const second = await openOffer(next);
    assert.notEqual(second, "");
    await market.pass(0.5);
    // Its time is over, though no sweeper has looked yet.
    assert.equal(await codeOf(chains.take(next.actor, second)), "offer_over");
    await sweep();
    await chains.decline(far.actor, await openOffer(far));
    assert.deepEqual(await states(chain), ["declined", "lapsed", "declined"]);
    assert.equal(await routeState(number), "unplaced null");
    assert.equal(told(await market.move(head.actor, number, { do: "ship" })), "reserved 1000/0/0");
    assert.equal(told(await market.move(buyer.actor, number, { do: "accept" })), "settled 0/1000/0");
    assert.equal(await balance(head), "900");
    await market.prove();
  });

  test(`${name}: an order that has ended, or that the head serves, is not to be had any more`, async () => {
    const chain = await openChain(market, [1, 2, 3]);
    const [ended, served] = [await order(market, chain.head), await order(market, chain.head)];
    await sweep();
    const offers = await listOffers(market.database, chain.near.actor.id, 10);
    assert.equal(offers.length, 2);
    assert.equal((await market.move(ended.buyer.actor, ended.number, { do: "cancel" })).status, 200);
    assert.equal((await market.move(chain.head.actor, served.number, { do: "ship" })).status, 200);
    for (const { id } of offers)
      assert.match(await taken(chains.take(chain.near.actor, id)), /^already_cancelled|already_shipped$/);
    assert.equal(await routeState(ended.number), "over null");
    assert.equal(await routeState(served.number), "over null");
    assert.equal((await market.trades.read(chain.head.actor, served.number))?.shop, chain.head.actor.id);
    await market.prove();
  });

  test(`${name}: a branch that is suspended after it was asked is passed over`, async () => {
    const { head, near, next } = await openChain(market, [1, 2, 3]);
    const { number } = await order(market, head);
    await sweep();
    const suspend = "update parties set state = 'suspended' where id = $1";
    await market.admin.execute(rawSql(suspend, [near.actor.id]));
    assert.equal(await taken(chains.take(near.actor, await openOffer(near))), "shop_suspended");
    assert.equal(await taken(chains.take(next.actor, await openOffer(next))), "reserved 1000/0/0");
    assert.equal((await market.trades.read(head.actor, number))?.shop, next.actor.id);
    await market.prove();
  });

  test(`${name}: the branch that has it may ask for less, under what the buyer let the head do`, async () => {
    const { head, near } = await openChain(market, [1, 2, 3]);
    const { buyer, number } = await order(market, head);
    await sweep();
    assert.equal(await taken(chains.take(near.actor, await openOffer(near))), "reserved 1000/0/0");
    const fewer = [{ name: "Bento", quantity: 6, unitAmount: 100 }];
    assert.equal(
      told(await market.move(near.actor, number, { do: "revise", lines: fewer })),
      "reserved 600/0/0",
    );
    assert.equal(told(await market.move(buyer.actor, number, { do: "accept" })), "settled 0/600/0");
    assert.equal(await balance(near), "540");
    await market.prove();
  });

  test(`${name}: of those that take at once, one branch has it`, async () => {
    const chain = await openChain(market, [1, 2, 3]);
    const processes = [chains, chainsOn(market.anotherProcess())];
    for (let turn = 0; turn < 4; turn += 1) {
      const { buyer, number } = await order(market, chain.head);
      await sweep();
      const offer = await openOffer(chain.near);
      const acts = await Promise.all([
        ...processes.map((process) => taken(process.take(chain.near.actor, offer))),
        codeOf(chains.decline(chain.near.actor, offer)),
        ...processes.map((process) => process.sweeper.sweep()),
      ]);
      await sweep();
      const other = await openOffer(chain.next);
      const late = other === "" ? "none" : await taken(chains.take(chain.next.actor, other));
      const trade = await market.trades.read(chain.head.actor, number);
      assert.equal(
        trade?.shop,
        other === "" ? chain.near.actor.id : chain.next.actor.id,
        `${acts.join()} ${late}`,
      );
      assert.equal(told(await market.move(buyer.actor, number, { do: "accept" })), "settled 0/1000/0");
    }
    await market.prove();
  });

  test(`${name}: what a process began and did not finish, the sweeper ends`, async () => {
    const { head, near } = await openChain(market, [1, 2, 3]);
    const { number } = await order(market, head);
    await sweep();
    const offer = await openOffer(near);
    await market.admin.execute(rawSql("update offers set state = 'taken' where id = $1", [offer]));
    await market.admin.execute(
      rawSql("update routes set due_at = kenshu_now() where trade = $1", [BigInt(number)]),
    );
    await sweep();
    assert.equal((await market.trades.read(near.actor, number))?.shop, near.actor.id);
    assert.equal(await routeState(number), "assigned null");
    await market.prove();
  });
}

test("a chain without a branch that serves the place leaves the order to its head at once", async () => {
  const market = await openMarket({ after });
  const chains = createChains({
    database: market.database,
    trades: market.trades,
    onError: (error) => market.failures.push(error),
    sweepEveryMs: 3_600_000,
  });
  const endpoint = uuidv7();
  await market.admin.execute(
    rawSql(
      `insert into webhook_endpoints (id, owner_kind, owner, url, types, secret, state, created_at)
       values ($1, 'shop', $2, 'https://shop.example', '{offer.unplaced}', '\\x00', 'active', kenshu_now())`,
      [endpoint, market.shop.actor.id],
    ),
  );
  const { number } = await order(market, market.shop, { route: { postcode: "100-0001" } });
  await chains.sweeper.sweep();
  const query =
    "select r.state, d.type from routes r join webhook_deliveries d on d.trade = r.trade where r.trade = $1";
  const rows = await market.database.query(rawSql(query, [BigInt(number)]));
  assert.deepEqual(rows, [{ state: "unplaced", type: "offer.unplaced" }]);
  assert.deepEqual(await listBranches(market.database, market.shop.actor.id), []);
  await market.prove();
});
