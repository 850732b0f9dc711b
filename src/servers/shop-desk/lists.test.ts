/** The staff's lists: by what to do next, by number, by name, page by page, whatever is typed; and no list walks a table. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rawSql } from "../../storage/database/database.ts";
import { aoi, openShop, Visitor } from "../../../test/support/world/shop-visit.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { listQueue, listToDo, findByNumber, orderByNumber } from "../shop-orders/shop-orders.ts";

const numbersOn = (page: string): string[] =>
  [...page.matchAll(/id="order-([0-9]{10})"/g)].map(([, number = ""]) => number);

test("orders stand by what they ask for next, and what the shop has to do stands on top", async (t) => {
  const { server, institution, staff, later } = await openShop(t);
  for (let count = 0; count < 4; count += 1) await new Visitor(server).order();
  const [proposed, ready, soon, away] = [...institution.trades.values()].map(({ number, reference }) => ({
    number,
    reference: String(reference),
  }));
  assert.ok(proposed && ready && soon && away);
  const deadline = (shipBy: string) => {
    const { deadlines } = institution.trades.get(ready.number) ?? assert.fail();
    return { deadlines: { ...deadlines, shipBy } };
  };
  for (const { number } of [ready, soon, away]) institution.approve(number);
  institution.move(ready.number, "reserved", deadline("2026-12-24T00:00:00.000Z"));
  institution.move(soon.number, "reserved", deadline("2026-12-01T00:00:00.000Z"));
  await later();
  const clerk = await staff();
  for (const { reference } of [ready, soon, away]) await clerk.get(`/staff/orders/${reference}`);
  await clerk.press(`/staff/orders/${away.reference}`, `/staff/orders/${away.reference}/ship`);
  const { page } = await clerk.get("/staff");
  assert.match(page, /id="today".*2 orders wait for us/s);
  assert.match(page, /id="queue-ship"[^>]*>To ship<span class="count"> 2</);
  assert.equal(numbersOn(page).length, 4);
  const ship = await clerk.get("/staff?show=ship");
  assert.deepEqual(numbersOn(ship.page), [soon.reference, ready.reference], "whose time ends first");
  assert.deepEqual(numbersOn((await clerk.get("/staff?show=todo")).page), [soon.reference, ready.reference]);
  assert.deepEqual(numbersOn((await clerk.get("/staff?show=way")).page), [away.reference]);
  assert.deepEqual(numbersOn((await clerk.get("/staff?show=waiting")).page), [proposed.reference]);
  assert.equal((await clerk.get("/staff?show=nothing")).status, 422);
});

test("an order is found by its number, by that of its trade, and by names, also of who receives it", async (t) => {
  const { server, institution, staff } = await openShop(t);
  await new Visitor(server).order({ ...aoi, name: "田中 葵", kana: "タナカ アオイ" });
  await new Visitor(server).order({ ...aoi, receiver: "other", recipientName: "Mei Ito" });
  const [first, second] = [...institution.trades.values()].map(({ number, reference }) => ({
    number,
    reference: String(reference),
  }));
  assert.ok(first && second);
  const clerk = await staff();
  const find = async (q: string) => {
    const { status, page } = await clerk.post("/staff/search", { q });
    assert.equal(status, 200, q);
    assert.ok(!/href="[^"]*[?&]q=/.test(page), "no address says who is looked for");
    return { numbers: numbersOn(page), page };
  };
  for (const q of [first.reference, first.reference.slice(0, 6), "たなか", "ﾀﾅｶ", "タナカ　アオイ", "田"])
    assert.deepEqual((await find(q)).numbers, [first.reference], q);
  const { number } = second;
  for (const q of [number, `${number.slice(0, 4)} ${number.slice(4)}`, "mei", "ＩＴＯ"])
    assert.ok((await find(q)).numbers.includes(second.reference), q);
  for (const q of ["%", "_", "a", "た", "123", "'; drop table orders; --"]) {
    const { numbers, page } = await find(q);
    assert.deepEqual(numbers, [], q);
    assert.match(page, /id="short"|No order was found/, q);
  }
  for (const q of ["Tanakaaa", "<b>x</b>", "漢".repeat(300), "x".repeat(9_000)]) {
    const { numbers, page } = await find(q);
    assert.deepEqual(numbers, [], q.slice(0, 20));
    assert.ok(!page.includes("<b>x"));
  }
  assert.match((await find("<b>x</b>")).page, /value="&lt;b>x&lt;\/b>"/);
});

test("who is forgotten is not found any more", async (t) => {
  const { server, institution, staff, database, later, watcher } = await openShop(t);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.move(number, "cancelled");
  await later();
  const clerk = await staff();
  await clerk.get(`/staff/orders/${String(reference)}`);
  assert.deepEqual(numbersOn((await clerk.post("/staff/search", { q: "Tanaka" })).page), [reference]);
  await database.execute(rawSql("update orders set changed_at = changed_at - interval '31 days'"));
  await watcher.runOnce();
  assert.deepEqual(numbersOn((await clerk.post("/staff/search", { q: "Tanaka" })).page), []);
  assert.deepEqual(await database.query(rawSql("select 1 from order_names")), []);
});

test("what was ordered before there were lists is sorted and found after the next start", async (t) => {
  const { server, institution, staff, database, another, later } = await openShop(t);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  await later();
  const clerk = await staff();
  await clerk.get(`/staff/orders/${String(reference)}`);
  await database.execute(rawSql("delete from order_names"));
  await database.execute(rawSql("update orders set queue = null, todo = false, marked = false"));
  await another();
  assert.deepEqual(numbersOn((await clerk.get("/staff?show=ship")).page), [reference]);
  assert.deepEqual(numbersOn((await clerk.post("/staff/search", { q: "Tanaka" })).page), [reference]);
});

test("a page of a list goes on where the one before it ended, and reads no more than a page of a million orders", async (t) => {
  const { server, staff, database } = await openShop(t);
  await new Visitor(server).order();
  const [{ number } = assert.fail()] = await database.query<{ number: string }>(
    rawSql("select number from orders"),
  );
  const one = (await orderByNumber(database, number)) ?? assert.fail();
  const many = 20_000;
  await database.execute(
    rawSql(`insert into orders (id, number, token_hash, till, language, currency, amount, kek, wrapped, queue, todo, due_at, trade)
      select gen_random_uuid(), lpad(n::text, 10, '0'), decode(md5(n::text), 'hex'), till, language, currency, amount, kek, wrapped,
        (array['ship', 'way', 'ended'])[n % 3 + 1], n % 3 = 0, timestamptz '2026-12-01' + n * interval '1 minute',
        '7' || lpad(n::text, 13, '0')
      from orders, generate_series(1, ${many}) as n where number = '${number}'`),
  );
  await database.execute(rawSql("analyze orders"));
  const clerk = await staff();
  const seen: string[] = [];
  let path: string | undefined = "/staff?show=ship";
  for (let pages = 0; path !== undefined && pages < 3; pages += 1) {
    const { page }: { page: string } = await clerk.get(path);
    seen.push(...numbersOn(page));
    path = /href="(\/staff\?[^"]*after=[^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
  }
  assert.equal(seen.length, 150);
  assert.equal(new Set(seen).size, 150);
  assert.match((await clerk.get("/staff")).page, /id="queue-ship"[^>]*>To ship<span class="count"> 1000\+/);
  const mark = { dueMicros: 0n, id: uuidv7() };
  const plans = await plansOf(database, [
    () => listQueue(database, "ship", mark, 51),
    () => listToDo(database, mark, 51),
    () => findByNumber(database, "0000", 50),
  ]);
  assert.deepEqual(
    plans.filter((plan) => /Seq Scan on orders/.test(plan)),
    [],
  );
  assert.equal(one.number, number);
});

type Base = Parameters<typeof listQueue>[0];

/** The plans of what some calls ask. */
async function plansOf(database: Base, calls: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  const asked: { text: string; values: unknown[] }[] = [];
  const real = database.query.bind(database);
  const plans: string[] = [];
  for (const call of calls) {
    Reflect.set(database, "query", (query: { text: string; values: unknown[] }) => {
      asked.push(query);
      return real(query as never);
    });
    await call();
    Reflect.set(database, "query", real);
  }
  for (const { text, values } of asked) {
    const rows = await real<{ "QUERY PLAN": string }>(rawSql(`explain ${text}`, values as never));
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
  }
  assert.equal(plans.length, calls.length);
  return plans;
}
