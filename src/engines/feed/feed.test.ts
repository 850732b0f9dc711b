/** Lists that lose nothing: several processes write, one reads on, and a transaction ends long after its time. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { until } from "../../../test/support/world/world.ts";
import { type FedEventView, isRefused, type Refused, type TradeView } from "../../core/protocol/protocol.ts";
import { rawSql } from "../../storage/database/database.ts";
import type { TradeFilter } from "./feed.ts";

const market = await openMarket({ after });
const { shop, carrier } = market;
const processes = [market.trades, market.anotherProcess(), market.anotherProcess()] as const;
const [first, second] = processes;

function known<Value extends object>(found: Value | Refused): Value {
  return isRefused(found) ? assert.fail(found.detail) : found;
}

/** Reads on from where a reader stood, in pages of so many events. */
async function readOn(actor: typeof shop.actor, after: string | undefined, limit: number) {
  const seen: FedEventView[] = [];
  for (let from = after; ; ) {
    const page = known(await second.feed(actor, { limit, after: from }));
    seen.push(...page.items);
    from = page.items.at(-1)?.position ?? from;
    if (page.next === null) return { seen, after: from };
  }
}

const search = async (filter: TradeFilter, page: { limit: number; after?: string } = { limit: 50 }) =>
  known(await second.search(shop.actor, filter, page));
const numbersOf = (views: readonly TradeView[]): string[] => views.map(({ number }) => number);

test("many writers, one reader who reads on: each event once, and those of a trade in their order", async () => {
  const buyer = await market.buyer({ amount: 1_000_000n });
  const mandate = await market.mandate(buyer, { limit: 1_000_000n });
  const terms = { currency: "JPY", amount: 100, approval: { mandate }, carrier: carrier.id };
  let writing = true;
  const written = Promise.all(
    processes.map(async (trades) => {
      for (let round = 0; round < 12; round += 1) {
        const proposed = await Promise.all([1, 2, 3].map(() => trades.propose(shop.actor, terms)));
        await Promise.all(
          proposed.map((each, index) => {
            const { number } = tradeIn(each);
            const body = index === 0 ? ({ do: "cancel" } as const) : ({ do: "accept" } as const);
            return trades.move(index === 0 ? shop.actor : buyer.actor, number, body);
          }),
        );
      }
    }),
  ).finally(() => {
    writing = false;
  });
  const seen: FedEventView[] = [];
  let from: string | undefined;
  while (writing) {
    // Of two pages one ends inside of a row of events.
    const read = await readOn(shop.actor, from, 3);
    seen.push(...read.seen);
    from = read.after;
  }
  await written;
  seen.push(...(await readOn(shop.actor, from, 200)).seen);

  const rows = await market.database.query<{ trade: string; seq: number }>(
    rawSql(
      `select t.number::text as trade, e.seq + nth - 1 as seq from trade_events e join trades t on t.id = e.trade,
        generate_series(1, cardinality(e.types)) as nth`,
    ),
  );
  const names = (events: readonly { trade: string; seq: number | bigint }[]) =>
    events.map(({ trade, seq }) => `${trade} ${seq}`);
  assert.equal(rows.length, 36 * 3 * 4 - 36);
  assert.deepEqual(names(seen).toSorted(), names(rows).toSorted());
  const last = new Map<string, number>();
  for (const { trade, seq } of seen) {
    assert.equal(seq, (last.get(trade) ?? 0) + 1, `trade ${trade}`);
    last.set(trade, seq);
  }
  const brought = (await readOn(carrier, undefined, 200)).seen;
  assert.deepEqual(names(brought).toSorted(), names(rows).toSorted());
  assert.ok(brought.every(({ data }) => data["amount"] === undefined && data["fee"] === undefined));
  assert.ok(brought.every((event) => event.metadata === undefined));
});

test("a transaction that ends after later ones comes after them, for readers of events and of changes", async () => {
  const before = (await readOn(shop.actor, undefined, 200)).after;
  const terms = { currency: "JPY", amount: 100 };
  const lock = await market.admin.connect();
  await lock.begin();
  await lock.execute(rawSql("lock table trade_recipients in share row exclusive mode"));
  const late = first.propose(shop.actor, { ...terms, recipient: { name: "Aki" } });
  const blocked = rawSql(
    "select from pg_locks where not granted and relation = 'trade_recipients'::regclass limit 1",
  );
  await until("the writer has its time, and waits", async () => (await market.admin.execute(blocked)) === 1);
  const soon = tradeIn(await second.propose(shop.actor, terms));
  const read = await readOn(shop.actor, before, 200);
  assert.deepEqual(
    read.seen.map(({ trade }) => trade),
    [soon.number],
  );
  await lock.commit();
  lock.release(false);
  const { number, updatedAt } = tradeIn(await late);
  assert.ok(updatedAt <= soon.updatedAt, "its time is the earlier one");
  const next = await readOn(shop.actor, read.after, 200);
  assert.deepEqual(
    next.seen.map(({ trade }) => trade),
    [number],
  );
  const changed = await search({ updatedAfter: new Date(soon.updatedAt) });
  assert.ok(numbersOf(changed.items).includes(number), "who has seen the later one asks from its time on");
});

test("who polls by `updatedAfter` sees the last version of everything, in pages and while it changes", async () => {
  const buyer = await market.buyer({ amount: 1_000_000n });
  const mandate = await market.mandate(buyer, { limit: 1_000_000n });
  const versions = new Map<string, number>();
  const start = (await search({}, { limit: 1 })).items[0]?.updatedAt ?? "";
  let writing = true;
  const written = Promise.all(
    processes.map(async (trades) => {
      for (let round = 0; round < 10; round += 1) {
        const { number } = tradeIn(
          await trades.propose(shop.actor, { currency: "JPY", amount: 100, approval: { mandate } }),
        );
        await trades.move(shop.actor, number, { do: "ship" });
        const { version } = tradeIn(await trades.move(buyer.actor, number, { do: "accept" }));
        versions.set(number, version);
      }
    }),
  ).finally(() => {
    writing = false;
  });
  const seen = new Map<string, number>();
  let from = start;
  const poll = async () => {
    for (let after: string | undefined; ; ) {
      const page = await search(
        { updatedAfter: new Date(from) },
        { limit: 4, ...(after === undefined ? {} : { after }) },
      );
      for (const { number, version } of page.items) seen.set(number, version);
      if (page.next === null) {
        const latest = page.items
          .map(({ updatedAt }) => updatedAt)
          .toSorted()
          .at(-1);
        if (latest !== undefined && latest > from) from = latest;
        return;
      }
      after = page.next;
    }
  };
  while (writing) await poll();
  await written;
  await poll();
  assert.equal(versions.size, 30);
  for (const [number, version] of versions) assert.equal(seen.get(number), version, number);
});

test("what a process has left behind when it was killed is ordered by the next reader", async () => {
  const proposed = tradeIn(await first.propose(shop.actor, { currency: "JPY", amount: 7, reference: "L-1" }));
  const [row] = await market.database.query<{ waiting: bigint }>(
    rawSql("select count(*) as waiting from sealed_batches where not fed"),
  );
  assert.equal(row?.waiting, 1n);
  assert.deepEqual(numbersOf((await search({ reference: "L-1" })).items), [proposed.number]);
});
