/**
 * No statement of the shop server walks a table that grows, whatever PostgreSQL believes of the tables when it plans: customers
 * order, the watcher asks, and the staff look at their lists and at the money.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openDatabase, rawSql } from "../src/storage/database/database.ts";
import { findWalks, recordStatements, swell } from "./support/world/plans.ts";
import { openShop, staffPassword, Visitor } from "./support/world/shop-visit.ts";

const prepared = recordStatements({ after }, () => true);

/** Tables with a row or two for each server at which the shop sells, what the shop sells, and who works there. */
const small = new Set([
  "products",
  "product_words",
  "heard_tills",
  "followed_logs",
  "shop_secrets",
  "staff_members",
]);

const days = "currency=JPY&day=2026-11-22";
const after0 = "after=1_0190a0b0-0000-7000-8000-000000000001";

test("no statement of the shop server walks a table that grows", async (t) => {
  const { server, institution, fresh, watcher, later, staff } = await openShop(t);
  for (let count = 0; count < 3; count += 1) await new Visitor(server).order();
  const trades = [...institution.trades.values()];
  trades.forEach(({ number }) => institution.approve(number));
  institution.move(trades[1]?.number ?? "", "settled", {
    frozen: 0,
    settled: 16_800,
    refunded: 100,
    fee: 420,
  });
  await later();
  for (let count = 0; count < 2; count += 1) {
    await later();
    await watcher.runOnce();
  }
  const owner = await staff();
  const added = { name: "Kei", signIn: "kei", password: "a long password", role: "clerk" };
  await owner.press("/staff/team", "/staff/team", { ...added, ownPassword: staffPassword });
  const order = `/staff/orders/${String(trades[0]?.reference)}`;
  for (const path of [
    "/staff",
    "/staff?before=0190a0b0-0000-7000-8000-000000000001",
    "/staff?show=ship",
    `/staff?show=todo&${after0}`,
    "/staff/money",
    ...["frozen", "settled", "released", "refunded", "fee"].map(
      (kind) => `/staff/money/orders?kind=${kind}&${days}`,
    ),
    `/staff/money/orders?kind=frozen&${days}&${after0}_1`,
    "/staff/servers",
    "/staff/stores",
    "/staff/team",
    "/staff/returns",
    order,
  ])
    assert.equal((await owner.get(path)).status, 200, path);
  for (const q of ["Aoi", "4821", "田"])
    assert.equal((await owner.post("/staff/search", { q })).status, 200, q);
  await owner.press(order, `${order}/ship`);
  await owner.post("/staff/sign-out", {});
  await watcher.runOnce();

  const database = openDatabase({ url: fresh.url, schema: fresh.schema });
  t.after(() => database.close());
  const statements = new Map([...prepared].filter(([, text]) => !/pg_|information_schema/.test(text)));
  assert.ok(statements.size > 50, `${statements.size} statements`);
  const naive = "select number from orders where amount > $1";
  const found = await findWalks(database, new Map([["naive", naive]]), small);
  assert.equal(found.length, 1, "what is looked for is found");
  assert.deepEqual(await findWalks(database, statements, small), [], "over tables that nobody has looked at");
  await database.execute(rawSql("analyze"));
  assert.deepEqual(await findWalks(database, statements, small), [], "over small tables");
  await swell(database);
  assert.deepEqual(await findWalks(database, statements, small), [], "over large tables");
});
