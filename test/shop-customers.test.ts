/** What a shop knows of its customers: nobody reads it in a copy of its database, and it is erased after the order. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createShop } from "../src/servers/shop/shop-server.ts";
import { knownForDays } from "../src/servers/shop-orders/shop-orders.ts";
import { type Database, identifier, openDatabase, rawSql } from "../src/storage/database/database.ts";
import { onlyOrder, openShop, staffPassword, Visitor } from "./support/world/shop-visit.ts";
import { testKey } from "./support/world/vault.ts";

const canaries = [
  "Kanaria Tori",
  "7-7 Canary Lane, Kobe",
  "canary@example.jp",
  "078-777-7777",
  "Ren Gift",
  "9-9 Gift",
];
const customer = {
  name: "Kanaria Tori",
  address: "7-7 Canary Lane, Kobe",
  email: "canary@example.jp",
  phone: "078-777-7777",
  receiver: "other",
  recipientName: "Ren Gift",
  recipientAddress: "9-9 Gift Street",
};

/** Everything in the database, as text and as the text that bytes may hold. */
async function dump(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>(
    rawSql("select table_name as name from information_schema.tables where table_schema = current_schema()"),
  );
  assert.ok(tables.length > 5, "all tables are seen");
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.query<{ row: string }>(
        rawSql(`select row_to_json(t)::text as row from ${identifier(name)} t`),
      );
      return rows.map(({ row }) => row).join("\n");
    }),
  );
  const text = parts.join("\n");
  const bytes = [...text.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex = ""]) =>
    Buffer.from(hex, "hex").toString(),
  );
  assert.ok(bytes.length > 0);
  return [text, ...bytes].join("\n");
}

async function namesIn(database: Database): Promise<string[]> {
  const copy = await dump(database);
  return canaries.filter((canary) => copy.includes(canary));
}

test("a copy of the shop's database names no customer and no recipient; the staff and the institution are told", async (t) => {
  const { server, database, institution, staff } = await openShop(t);
  await new Visitor(server).order(customer);
  assert.deepEqual(await namesIn(database), []);
  assert.match(institution.seen[0]?.body ?? "", /Ren Gift.*9-9 Gift Street/);
  const clerk = await staff();
  const { page } = await clerk.get(`/staff/orders/${await onlyOrder(database)}`);
  for (const canary of canaries) assert.ok(page.includes(canary), canary);
});

test("an order is erased some time after its end, and not before", async (t) => {
  const { server, database, institution, watcher, later, staff } = await openShop(t);
  await new Visitor(server).order(customer);
  const clerk = await staff();
  const path = `/staff/orders/${await onlyOrder(database)}`;
  const [trade] = institution.trades.values();
  assert.ok(trade);
  const age = (days: number) =>
    database.execute(
      rawSql("update orders set changed_at = clock_timestamp() - $1 * interval '1 day'", [days]),
    );
  // A watcher clears away when it begins.
  const tidied = async () => {
    const another = await shopAgain();
    await another.watcher.runOnce();
  };
  const shopAgain = () =>
    createShop({
      database,
      tills: [{ id: "direct", label: "Directly", url: institution.url, key: "ks_test" }],
      shopName: "Kanda Goods",
      publicUrl: "http://127.0.0.1",
      staffPassword,
      personalDataKeys: [testKey],
      log: "silent",
    });
  await age(knownForDays + 1);
  await tidied();
  assert.ok((await clerk.get(path)).page.includes("Kanaria Tori"), "the order still runs");
  institution.move(trade.number, "settled", { frozen: 0, settled: 16_800, lots: [] });
  await later();
  await watcher.runOnce();
  await age(knownForDays - 1);
  await tidied();
  assert.ok((await clerk.get(path)).page.includes("Kanaria Tori"), "it has ended a moment ago");
  await age(knownForDays + 1);
  await tidied();
  const { status, page } = await clerk.get(path);
  assert.equal(status, 200);
  assert.match(page, /id="erased"/);
  const rows = await database.query(
    rawSql(
      "select 1 from outgoing where sealed_body is not null union all select 1 from orders where customer is not null",
    ),
  );
  assert.deepEqual(rows, []);
});

test("what lay in clear is sealed at the next start; another key opens nothing and starts nothing", async (t) => {
  const { server, database, fresh, institution, another, staff } = await openShop(t);
  await new Visitor(server).order();
  const owner = openDatabase({ url: fresh.url, schema: fresh.schema });
  t.after(() => owner.close());
  await owner.execute(
    rawSql(
      `update orders set kek = null, wrapped = null, customer = null, name = $1, address = $2, email = $3, phone = $4,
         recipient = json_build_object('name', 'Ren Gift', 'address', '9-9 Gift')`,
      canaries.slice(0, 4),
    ),
  );
  await owner.execute(
    rawSql("update outgoing set sealed_body = null, body = $1", [`{"recipient":"${canaries.join()}"}`]),
  );
  assert.equal((await namesIn(database)).length, canaries.length);
  await another();
  assert.deepEqual(await namesIn(database), []);
  const clerk = await staff();
  const path = `/staff/orders/${await onlyOrder(database)}`;
  assert.ok((await clerk.get(path)).page.includes("Kanaria Tori"));
  const start = (personalDataKeys: readonly Buffer[]) =>
    createShop({
      database,
      tills: [{ id: "direct", label: "Directly", url: institution.url, key: "ks_test" }],
      shopName: "Kanda Goods",
      publicUrl: "http://127.0.0.1",
      staffPassword,
      personalDataKeys,
      log: "silent",
    });
  await assert.rejects(start([randomBytes(32)]), /does not have/);
  const next = randomBytes(32);
  await start([next, testKey]);
  await start([next]);
  await assert.rejects(start([testKey]), /does not have/);
});
