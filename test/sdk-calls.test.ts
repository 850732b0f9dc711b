/** Every call of the client against a running server: found, read on, looked at again. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type FedEventView,
  kenshu,
  ReadFailure,
  standing,
  type TradeOutcome,
  type TradeView,
} from "@kenshu/sdk";
import { startReceiver } from "./support/wire/receiver.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until, worldPeer } from "./support/world/world.ts";

const receiver = await startReceiver({ after });
const world = await startWorld(
  { after },
  { durable: false, sandbox: true, operators: "one", webhooksMayReach: [receiver.place] },
);
const stage = await setStage(world);
const { url, demo } = world;
const { ids } = stage;
const shop = kenshu({ url, key: demo.shops[0]?.key ?? "" });
const other = kenshu({ url, key: demo.shops[1]?.key ?? "" });
const carrier = kenshu({ url, headers: stage.carrier });

const done = (outcome: TradeOutcome) =>
  outcome.outcome === "done" ? outcome : assert.fail(JSON.stringify(outcome));

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const numbers = (trades: readonly TradeView[]) => trades.map(({ number }) => number);

const order = (reference: string) => ({
  currency: "JPY",
  amount: 300,
  lines: [{ name: "Cup", quantity: 3, unitAmount: 100 }],
  buyer: { member: ids.member },
  approval: { mandate: ids.mandate },
  carrier: ids.carrier,
  reference,
  metadata: { cart: `cart of ${reference}`, "sales channel": "web & phone" },
});

test("a repeated key answers with the trade as it was; `current()` with the trade as it is", async () => {
  const first = done(await shop.propose(order("S-1"), { key: "S-1" }));
  await shop.ship(first.trade.number);
  const again = done(await shop.propose(order("S-1"), { key: "S-1" }));
  assert.deepEqual(
    [again.replayed, again.trade.number, standing(again.trade)],
    [true, first.trade.number, "to_ship"],
  );
  const now = await again.current();
  assert.ok(now.outcome === "done");
  assert.equal(standing(now.trade), "shipped");
  assert.ok(!JSON.stringify(again).includes("current"), "what is stored of an outcome is the answer");
  const [outcome] = await shop.batch([{ do: "cancel", number: first.trade.number, key: "S-1c" }]);
  assert.ok(outcome?.outcome === "done");
  const after = await outcome.current();
  assert.ok(after.outcome === "done" && after.trade.state === "cancelled");
});

test("lists with filters, page by page", async () => {
  for (let count = 0; count < 3; count += 1) await shop.propose(order("S-2"));
  const found = await all(shop.list({ reference: "S-2", limit: 2 }));
  assert.equal(found.length, 3);
  const first = found.at(-1);
  assert.ok(first !== undefined);
  await shop.cancel(first.number);
  const of = async (options: Parameters<typeof shop.list>[0]) => numbers(await all(shop.list(options)));
  assert.deepEqual(await of({ reference: "S-2", state: "cancelled" }), [first.number]);
  assert.deepEqual(await of({ metadata: { cart: "cart of S-2" }, state: "cancelled" }), [first.number]);
  assert.equal((await of({ metadata: { "sales channel": "web & phone" } })).length, 4);
  assert.deepEqual(await of({ createdBefore: first.createdAt, reference: "S-2" }), []);
  assert.equal((await of({ createdAfter: first.createdAt, reference: "S-2" })).length, 2);
  const [latest = ""] = found
    .map(({ updatedAt }) => updatedAt)
    .toSorted()
    .reverse();
  assert.deepEqual(await of({ updatedAfter: latest }), [first.number]);
  assert.deepEqual(await all(other.list({ reference: "S-2" })), []);
  const page = await shop.page({ reference: "S-2", limit: 1 });
  assert.ok(page.outcome === "done" && page.items.length === 1 && page.next !== null);
  await assert.rejects(all(shop.list({ after: "nowhere" })), ReadFailure);
});

test("events are read on from the position of the last one", async () => {
  const seen = await all(shop.feed({ limit: 4 }));
  assert.ok(seen.length > 8);
  const position = seen.at(-1)?.position;
  assert.ok(position !== undefined);
  assert.deepEqual(await all(shop.feed({ after: position })), []);
  const { trade } = done(await shop.propose(order("S-3")));
  const news: FedEventView[] = await all(shop.feed({ after: position }));
  assert.deepEqual(
    news.map(({ trade: number, type, reference, metadata, version }) => [
      number,
      type,
      reference,
      metadata?.["cart"],
      version,
    ]),
    [
      [trade.number, "trade.proposed", "S-3", "cart of S-3", 2],
      [trade.number, "trade.reserved", "S-3", "cart of S-3", 2],
    ],
  );
  const middle = news[0]?.position ?? "";
  assert.deepEqual(await all(shop.feed({ after: middle })), news.slice(1), "also from the middle of a step");
  const brought = (await all(carrier.feed())).filter((event) => event.trade === trade.number);
  assert.deepEqual(
    brought.map(({ type, data, metadata }) => [type, data["amount"], metadata]),
    [
      ["trade.proposed", undefined, undefined],
      ["trade.reserved", undefined, undefined],
    ],
  );
});

test("who one is, where one is told, and what was told", async () => {
  const me = await shop.whoami();
  assert.ok(me.outcome === "done" && me.caller.kind === "shop" && me.caller.id === ids.shop);
  const made = await shop.endpoints.add({ url: receiver.url, types: ["trade.cancelled"] });
  assert.ok(made.outcome === "done");
  const { id, secret } = made.endpoint;
  assert.match(secret ?? "", /^whsec_/);
  assert.deepEqual(
    (await all(shop.endpoints.list())).map((each) => each.id),
    [id],
  );
  const rotated = await shop.endpoints.rotate(id);
  assert.ok(rotated.outcome === "done" && rotated.endpoint.secret !== secret);
  assert.equal((await shop.endpoints.test(id)).outcome, "done");
  await until("the test has come", () => receiver.received.length > 0);
  const told = async () => all(shop.deliveries.list({ endpoint: id }));
  await until("it is noted", async () => (await told())[0]?.state === "delivered");
  const [delivery] = await told();
  assert.equal((await shop.deliveries.resend(delivery?.id ?? "")).outcome, "done");
  await until("it has come again", () => receiver.received.length > 1);
  assert.equal((await shop.endpoints.remove(id)).outcome, "done");
  assert.deepEqual(await all(shop.endpoints.list()), []);
  const gone = await shop.endpoints.remove(id);
  assert.ok(gone.outcome === "refused" && gone.problem.code === "not_found");
});

test("what a shop says of itself", async () => {
  const urls = ["https://shop.example/back"];
  const set = await shop.shops.setReturnUrls(ids.shop, urls);
  assert.ok(set.outcome === "done");
  assert.deepEqual(set.party.returnUrls, urls);
  const { trade } = done(await shop.propose({ currency: "JPY", amount: 5, returnUrl: urls[0] ?? "" }));
  assert.equal(trade.returnUrl, urls[0]);
  assert.equal((await shop.shops.setUniqueReferences(ids.shop, true)).outcome, "done");
  const twice = await shop.propose(order("S-1"));
  assert.ok(twice.outcome === "refused" && twice.problem.code === "reference_in_use");
  assert.match(twice.problem.trade ?? "", /^[0-9]{14}$/);
  const party = await shop.shops.get(ids.shop);
  assert.ok(party.outcome === "done" && party.party.uniqueReferences === true);
  await shop.shops.setUniqueReferences(ids.shop, false);
});

test("chains, offers, early payment, the door, and what members let a shop read", async () => {
  assert.equal((await shop.chains.invite({ store: ids.otherShop, postcodes: ["604"] })).outcome, "done");
  assert.deepEqual(
    (await all(other.chains.list())).map(({ chain, state }) => [chain, state]),
    [[ids.shop, "invited"]],
  );
  assert.equal((await other.chains.agree(ids.shop)).outcome, "done");
  assert.deepEqual(
    (await all(shop.chains.stores(ids.shop))).map(({ store, state }) => [store, state]),
    [[ids.otherShop, "agreed"]],
  );
  const set = await shop.chains.setOfferFor(ids.shop, "PT15M");
  const longest = await shop.chains.offerFor(ids.shop);
  assert.ok(set.outcome === "done" && longest.outcome === "done");
  assert.deepEqual([set.offerFor, longest.offerFor], ["PT15M", "PT15M"]);
  const routed = done(await shop.propose({ ...order("S-4"), route: { postcode: "604-0000" } }));
  await until("it is offered", async () => (await all(other.offers.list())).length > 0);
  const [offer] = await all(other.offers.list());
  const taken = done(await other.offers.take(offer?.id ?? ""));
  assert.deepEqual([taken.trade.number, taken.trade.shop], [routed.trade.number, ids.otherShop]);
  assert.deepEqual(
    numbers(await all(other.list({ reference: "S-4" }))),
    [taken.trade.number],
    "the store finds it",
  );
  assert.deepEqual(numbers(await all(shop.list({ metadata: { cart: "cart of S-4" } }))), [
    taken.trade.number,
  ]);
  const assigned = (await all(other.feed())).filter(({ trade }) => trade === taken.trade.number);
  assert.equal(assigned.at(-1)?.type, "trade.assigned");
  const declined = await other.offers.decline(offer?.id ?? "");
  assert.ok(declined.outcome === "refused");
  assert.equal((await shop.chains.leave(ids.shop, ids.otherShop)).outcome, "done");
  const early = await shop.advance(done(await shop.propose(order("S-5"))).trade.number);
  assert.ok(early.outcome === "refused");
  const { trade } = done(await shop.propose(order("S-6")));
  assert.equal((await carrier.atDoor(trade.number)).outcome, "done");
  const nothing = await shop.disclosures.fetch(`kd_${"0".repeat(40)}`);
  assert.ok(nothing.outcome === "refused" && nothing.problem.code === "not_found");
});

test("keys of a shop, who may pay it, and what a private trade costs", async () => {
  const made = await other.shops.addKey(ids.otherShop, { label: "till 2" });
  assert.ok(made.outcome === "done");
  const { id, key = "", label } = made.key;
  assert.equal(label, "till 2");
  const till = kenshu({ url, key });
  assert.equal((await till.whoami()).outcome, "done");
  assert.ok((await all(other.shops.keys(ids.otherShop))).some((each) => each.id === id && !("key" in each)));
  assert.equal((await other.shops.removeKey(ids.otherShop, id)).outcome, "done");
  const gone = await till.whoami();
  assert.ok(gone.outcome === "refused" && gone.problem.code === "not_authenticated");

  const peer = worldPeer.id;
  const given = await shop.consents.give({ peer, purpose: "receive", currency: "JPY" });
  assert.ok(given.outcome === "done" && given.consent.code !== undefined);
  const { consent } = given;
  const listed = async () => (await all(shop.consents.list())).find((each) => each.id === consent.id);
  assert.deepEqual([(await listed())?.peer, (await listed())?.revokedAt], [peer, null]);
  assert.equal((await shop.consents.revoke(consent.id)).outcome, "done");
  assert.notEqual((await listed())?.revokedAt, null);

  const tradeNumber = numbers(await all(shop.list()))[0] ?? "";
  const lines = [
    { quantity: 3, amount: 1000 },
    { quantity: 2, unitAmount: 50 },
  ];
  const wish = { peer, tradeNumber, currency: "JPY", lines };
  const told = await shop.amounts.tell(wish);
  assert.ok(told.outcome === "done");
  assert.deepEqual(told.told, { ...wish, amount: 1100 });
  const another = await shop.amounts.tell({ ...wish, lines: [{ quantity: 1, amount: 5 }] });
  assert.ok(another.outcome === "refused" && another.problem.code === "already_exists");
});

test("a checkout gives the buyer half an hour; unless told, a proposal waits for two weeks", async () => {
  const page = { currency: "JPY", amount: 300, buyer: { member: ids.member } };
  const waits = ({ deadlines, createdAt }: TradeView) =>
    (Date.parse(deadlines.approveBy ?? "") - Date.parse(createdAt)) / 60_000;
  const short = done(await shop.propose({ ...page, approveWithin: "PT30M" })).trade;
  const usual = done(await shop.propose(page)).trade;
  assert.deepEqual([waits(short), waits(usual)], [30, 14 * 24 * 60]);
  const tooShort = await shop.propose({ ...page, approveWithin: "PT1S" });
  assert.ok(tooShort.outcome === "refused");

  await stage.post("/v1/test-clock/advance", stage.admin, { by: "PT31M" });
  const buyer = kenshu({ url, headers: stage.buyer });
  const late = await buyer.approve(short.number, { method: ids.method, version: short.version });
  assert.ok(late.outcome === "refused" && late.problem.code === "already_expired");
  const over = await shop.get(short.number);
  assert.ok(over.outcome === "done");
  assert.deepEqual([over.trade.state, standing(over.trade)], ["expired", "expired"]);
  const events = await all(shop.events(short.number));
  assert.equal(events.at(-1)?.type, "trade.expired");
  assert.equal(
    done(await buyer.approve(usual.number, { method: ids.method, version: usual.version })).trade.state,
    "reserved",
  );
});
