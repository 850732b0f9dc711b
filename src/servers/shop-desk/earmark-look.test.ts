/** While the buyer may still look at an order, the staff are told until when, and nothing of it is to be shipped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openShop, Visitor } from "../../../test/support/world/shop-visit.ts";
import { until } from "../../../test/support/world/world.ts";
import { rawSql } from "../../storage/database/database.ts";

test("an order waits for its buyer's look, and is to be shipped when that is over, by the time alone", async (t) => {
  const { server, institution, staff, database, later, watcher } = await openShop(t);
  await new Visitor(server).order();
  const [{ number, reference } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  const look = (objectBy: Date) =>
    institution.move(number, "reserved", {
      earmark: { state: "ordered", objectBy: objectBy.toISOString() },
      updatedAt: "2026-01-01T00:00:00.000Z",
    });
  look(new Date(Date.now() + 86_400_000));
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${String(reference)}`;
  const page = async () => (await clerk.get(order)).page;
  const stands = async (show: string) =>
    (await clerk.get(`/staff?show=${show}`)).page.includes(`id="order-${String(reference)}"`);
  const waits = await page();
  assert.match(waits, /id="now" data-lead="look">.*may still look at the order until/s);
  assert.doesNotMatch(waits, /id="ship-form"|id="hand-over-form"|id="dispute-form"|Please ship/);
  assert.match(waits, /id="cancel-form"/);
  assert.deepEqual(
    [await stands("ship"), await stands("todo"), await stands("waiting")],
    [false, false, true],
  );
  const soon = new Date(Date.now() + 1_500);
  look(soon);
  await later();
  await page();
  const [row] = await database.query<{ isSoon: boolean }>(
    rawSql(`select check_at <= '${soon.toISOString()}' as "isSoon" from orders where view is not null`),
  );
  assert.equal(row?.isSoon, true, "it is looked at when the time has come");
  await until("it comes over", async () => {
    await watcher.runOnce();
    return stands("ship");
  });
  assert.deepEqual([await stands("todo"), await stands("waiting")], [true, false]);
  assert.match(await page(), /id="ship-form"/);
});
