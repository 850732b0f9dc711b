/** Mails are queued with the change they tell of, and who was told of what they have to act on is known. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Propose } from "../../core/protocol/schemas.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { enqueueWebhooks, forgetMails, insertEndpoint, messageTo, readTold } from "../outbox/outbox.ts";
import { type Buyer, openMarket, tradeIn } from "../../../test/support/world/market.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;

/** A market whose carrier an operator has marked as independent. */
async function open(t: TestContext, mails: "sent" | "kept" | "unsent" | undefined): Promise<Market> {
  const market = await openMarket(t, { line: undefined, ...(mails === undefined ? {} : { mails }) });
  await market.admin.execute(rawSql("update parties set independent = true where kind = 'carrier'"));
  return market;
}

async function reserved(
  market: Market,
  lines?: Propose["lines"],
): Promise<{ buyer: Buyer; number: string; id: string }> {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  const { number } = tradeIn(
    await market.propose({
      buyer: { member: buyer.number },
      approval: { mandate },
      carrier: market.carrier.id,
      ...(lines === undefined ? {} : { lines }),
    }),
  );
  const [row] = await market.database.query<{ id: string }>(
    rawSql("select id from trades where number = $1", [BigInt(number)]),
  );
  return { buyer, number, id: row?.id ?? "" };
}

/** `reader kinds state`, in the order in which they were queued. */
async function queued({ database }: Market, number: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    rawSql(
      `select concat_ws(' ', reader, array_to_string(kinds, '+'), state, last_error) as line
       from mails where trade = $1 order by id`,
      [BigInt(number)],
    ),
  );
  return rows.map(({ line }) => line);
}

test("a mail is queued for each event and person, with the change", async (t) => {
  const market = await open(t, "sent");
  const { buyer, number } = await reserved(market);
  tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
  tradeIn(await market.move(buyer.actor, number, { do: "accept" }));
  assert.deepEqual(await queued(market, number), [
    "buyer frozen waiting",
    "buyer delivered waiting",
    "buyer accepted+paid waiting",
    "shop accepted+paid waiting",
  ]);
  await market.prove();
});

test("what is refused queues nothing, and a repetition nothing more", async (t) => {
  const market = await open(t, "kept");
  const { number } = await reserved(market);
  const before = await queued(market, number);
  assert.deepEqual(before, ["buyer frozen kept"]);
  await market.move(market.carrier, number, { do: "accept" });
  assert.deepEqual(await queued(market, number), before);
  for (let turn = 0; turn < 2; turn += 1)
    tradeIn(await market.move(market.carrier, number, { do: "deliver" }, "the same key"));
  assert.deepEqual(await queued(market, number), [...before, "buyer delivered kept"]);
});

test("without a mail server nobody is told by mail, and an engine without mails queues none", async (t) => {
  const market = await open(t, "unsent");
  const { number } = await reserved(market);
  assert.deepEqual(await queued(market, number), ["buyer frozen failed no_mail_server"]);
  const bare = await open(t, undefined);
  const other = await reserved(bare);
  assert.deepEqual(await queued(bare, other.number), []);
});

test("both sides are told of what an operator does, and by which channel is in the record", async (t) => {
  const market = await open(t, "kept");
  const { number } = await reserved(market);
  const operator = { channel: "phone", reference: "call 7" } as const;
  tradeIn(await market.move(market.operator, number, { do: "cancel", operator }));
  assert.deepEqual(await queued(market, number), [
    "buyer frozen kept",
    "buyer cancelled+operator kept",
    "shop cancelled+operator kept",
  ]);
});

test("a mail that reached nobody is not forgotten while its reader's silence could count", async (t) => {
  const market = await open(t, "unsent");
  const { buyer, number, id } = await reserved(market);
  tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
  const told = async () => {
    const trade = { number: BigInt(number), id, buyer: buyer.actor.id, shop: market.shop.actor.id };
    return (await readTold(market.database, [trade])).get(trade.number)?.buyer;
  };
  /** Makes all mails so many days old: their ids begin with their time. */
  const age = (days: number) =>
    market.admin.execute(
      rawSql(
        `update mails set id = (lpad(to_hex((extract(epoch from clock_timestamp() - make_interval(days => $1)) * 1000)::bigint),
           12, '0') || right(replace(id::text, '-', ''), 20))::uuid`,
        [days],
      ),
    );
  const forget = () => forgetMails(market.database, { days: 120, unreachedDays: 800 }, 100);
  await age(121);
  assert.equal(await forget(), 1, "that the money is frozen asked the buyer nothing");
  assert.deepEqual(await queued(market, number), ["buyer delivered failed no_mail_server"]);
  assert.equal(await told(), null);
  assert.equal(await forget(), 0);
  await age(801);
  assert.equal(await forget(), 1);
});

test("a shop that takes webhooks gets mail only where it has to act", async (t) => {
  const market = await open(t, "kept");
  const { shop } = market;
  await insertEndpoint(market.database, {
    id: uuidv7(),
    ownerKind: "shop",
    owner: shop.actor.id,
    url: "https://shop.example/hook",
    types: ["*"],
    perRequest: 1,
    sealed: Buffer.alloc(32),
  });
  const { buyer, number } = await reserved(market);
  tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
  tradeIn(await market.move(buyer.actor, number, { do: "dispute", reason: "wrong" }));
  assert.deepEqual(
    (await queued(market, number)).filter((line) => line.startsWith("shop")),
    ["shop disputed kept"],
  );
});

const ways: [
  how: string,
  mails: "sent" | "unsent",
  act: (market: Market, one: Told) => Promise<void>,
  told: boolean,
][] = [
  ["nothing", "sent", () => Promise.resolve(), false],
  ["no mail server", "unsent", () => Promise.resolve(), false],
  ["a mail that was taken", "sent", (market) => execute(market, "update mails set state = 'taken'"), true],
  [
    "a mail that was given up",
    "sent",
    (market) => execute(market, "update mails set state = 'failed'"),
    false,
  ],
  [
    "an earlier mail that was taken",
    "sent",
    (market) => execute(market, "update mails set state = 'taken' where not asks"),
    false,
  ],
  ["being there since", "sent", (market, { buyer }) => seen(market, buyer.actor.id, 1), true],
  ["having been there before", "sent", (market, { buyer }) => seen(market, buyer.actor.id, -1), false],
  ["the shop's being there", "sent", (market) => seen(market, market.shop.actor.id, 1), false],
  [
    "an act of theirs",
    "sent",
    async (market, { buyer, number }) => {
      const until = new Date(Date.now() + 9 * 86_400_000).toISOString();
      tradeIn(await market.move(buyer.actor, number, { do: "extend", until }));
    },
    true,
  ],
];
type Told = Awaited<ReturnType<typeof reserved>>;

async function execute({ admin }: Market, statement: string): Promise<void> {
  await admin.execute(rawSql(statement));
}

async function seen({ admin }: Market, subject: string, hours: number): Promise<void> {
  await admin.execute(
    rawSql("insert into presences select $1, kenshu_now() + make_interval(hours => $2)", [subject, hours]),
  );
}

for (const [how, mails, act, told] of ways) {
  test(`a buyer who was asked is ${told ? "" : "not "}told by ${how}`, async (t) => {
    const market = await open(t, mails);
    const one = await reserved(market);
    tradeIn(await market.move(market.carrier, one.number, { do: "deliver" }));
    await act(market, one);
    const trade = {
      number: BigInt(one.number),
      id: one.id,
      buyer: one.buyer.actor.id,
      shop: market.shop.actor.id,
    };
    const found = (await readTold(market.database, [trade])).get(trade.number);
    assert.deepEqual([found?.buyer != null, found?.shop], [told, new Date(0)]);
  });
}

test("a shop that was asked is told by a webhook of this trade that was taken since", async (t) => {
  const market = await open(t, "unsent");
  const one = await reserved(market);
  tradeIn(await market.move(market.carrier, one.number, { do: "deliver" }));
  tradeIn(await market.move(one.buyer.actor, one.number, { do: "dispute", reason: "wrong" }));
  const number = BigInt(one.number);
  const shop = market.shop.actor.id;
  const trade = { number, id: one.id, buyer: one.buyer.actor.id, shop };
  const told = async () => (await readTold(market.database, [trade])).get(number)?.shop != null;
  assert.equal(await told(), false);
  const endpoint = uuidv7();
  const where = {
    ownerKind: "shop",
    owner: shop,
    url: "https://shop.example",
    types: ["*"],
    perRequest: 1,
  } as const;
  await insertEndpoint(market.database, { id: endpoint, ...where, sealed: Buffer.alloc(32) });
  const later = new Date(Date.now() + 3_600_000);
  await enqueueWebhooks(market.database, [messageTo(endpoint, "trade.disputed", later, {}, number)]);
  assert.equal(await told(), false, "it waits");
  await execute(market, "update webhook_deliveries set state = 'delivered', next_at = next_at");
  assert.equal(await told(), true);
});

test("a mail that is taken an hour before silence counts gives a day, and so does being there; once", async (t) => {
  const market = await open(t, "sent");
  const taken = await reserved(market);
  const there = await reserved(market);
  for (const { number } of [taken, there])
    tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
  const stateOf = async ({ number }: Told) => (await market.trades.read(market.shop.actor, number))?.state;
  await market.pass(7 * 24 - 1);
  await execute(
    market,
    `update mails set state = 'taken', taken_at = kenshu_now() where trade = ${taken.number}`,
  );
  await seen(market, there.buyer.actor.id, 0);
  await market.pass(2);
  await market.trades.sweeper.sweep();
  assert.deepEqual([await stateOf(taken), await stateOf(there)], ["delivered", "delivered"]);
  await market.pass(21);
  await execute(market, "update presences set seen_at = kenshu_now()");
  await market.trades.sweeper.sweep();
  assert.deepEqual([await stateOf(taken), await stateOf(there)], ["delivered", "delivered"]);
  await market.pass(1);
  await market.trades.sweeper.sweep();
  assert.deepEqual([await stateOf(taken), await stateOf(there)], ["settled", "settled"]);
  await market.prove();
});

test("of several ways in which somebody was told, the first counts", async (t) => {
  const market = await open(t, "sent");
  const { number, id, buyer } = await reserved(market);
  tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
  await execute(market, "update mails set state = 'taken', taken_at = at + interval '2 hours'");
  await seen(market, buyer.actor.id, 5);
  const trade = { number: BigInt(number), id, buyer: buyer.actor.id, shop: market.shop.actor.id };
  const [mail] = await market.database.query<{ at: Date }>(
    rawSql("select max(taken_at) as at from mails where asks and reader = 'buyer'"),
  );
  assert.deepEqual((await readTold(market.database, [trade])).get(trade.number)?.buyer, mail?.at);
});

/** How a trade stands when the buyer was silent from the delivery to the end of their time. */
const silences: [how: string, mails: "sent" | "kept" | "unsent", reached: boolean, state: string][] = [
  ["was sent no mail that anybody took", "sent", false, "disputed"],
  ["has a mail server that took it", "sent", true, "settled"],
  ["finds it on the pages of a sandbox", "kept", false, "settled"],
  ["cannot be sent mail at all", "unsent", false, "disputed"],
];
for (const [how, mails, reached, state] of silences) {
  test(`the silence of a buyer who ${how} ends ${state}`, async (t) => {
    const market = await open(t, mails);
    const { number } = await reserved(market);
    tradeIn(await market.move(market.carrier, number, { do: "deliver" }));
    if (reached) await execute(market, "update mails set state = 'taken'");
    await market.pass(4 * 24);
    await market.trades.sweeper.sweep();
    assert.ok((await queued(market, number)).some((line) => line.startsWith("buyer accept soon")));
    await market.pass(4 * 24);
    await market.trades.sweeper.sweep();
    assert.equal((await market.trades.read(market.shop.actor, number))?.state, state);
    await market.prove();
  });
}

/**
 * One piece is on its way, the other was delivered, and all that was told until then has reached the buyer. A leap of the
 * clock then passes over the question whether the first has come, and over the time to accept the second.
 */
const leaps: [mails: "sent" | "kept", settled: number][] = [
  ["sent", 0],
  ["kept", 500],
];
for (const [mails, settled] of leaps) {
  test(`what is asked in a leap of the clock, by mails that are ${mails}, leaves ${settled} paid a day after it`, async (t) => {
    const market = await open(t, mails);
    const { number } = await reserved(market, [{ name: "Tea", quantity: 2, unitAmount: 500 }]);
    const one = [{ line: 1, quantity: 1 }];
    tradeIn(
      await market.move(market.shop.actor, number, { do: "ship", lines: one, tracking: { number: "A" } }),
    );
    await market.pass(10 * 24);
    tradeIn(
      await market.move(market.carrier, number, { do: "deliver", lines: one, tracking: { number: "B" } }),
    );
    if (mails === "sent") await execute(market, "update mails set state = 'taken'");
    await market.pass(12 * 24);
    await market.trades.sweeper.sweep();
    assert.equal((await market.trades.read(market.shop.actor, number))?.settled, 0);
    await market.pass(24);
    await market.trades.sweeper.sweep();
    assert.equal((await market.trades.read(market.shop.actor, number))?.settled, settled);
    await market.prove();
  });
}

for (const mails of ["sent", "kept"] as const) {
  test(`a dispute whose questions are ${mails} is ${mails === "kept" ? "" : "not "}decided by silence`, async (t) => {
    const market = await open(t, mails);
    const { number } = await reserved(market);
    tradeIn(await market.move(market.shop.actor, number, { do: "deliver" }));
    if (mails === "sent") await execute(market, "update mails set state = 'taken'");
    for (const days of [50, 8]) {
      await market.pass(days * 24);
      await market.trades.sweeper.sweep();
    }
    const trade = await market.trades.read(market.shop.actor, number);
    assert.equal(trade?.frozen, mails === "kept" ? 0 : 1000, trade?.state);
    await market.prove();
  });
}
