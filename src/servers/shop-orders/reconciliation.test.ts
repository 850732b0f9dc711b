import assert from "node:assert/strict";
import { test } from "node:test";
import { openShop, Visitor } from "../../../test/support/world/shop-visit.ts";
import { reconcileShop } from "./shop-orders.ts";

test("orders and trades are compared from both sides: what a till has lost, changed or made up is named", async (t) => {
  const { server, institution, database, watcher, later } = await openShop(t);
  for (let count = 0; count < 4; count += 1) await new Visitor(server).order();
  const [good, lost, changed, other] = [...institution.trades.values()];
  assert.ok(good && lost && changed && other);
  for (const { number } of [good, lost, changed, other]) institution.approve(number);
  await later();
  await watcher.runOnce();
  const compare = () =>
    reconcileShop({
      database,
      tills: [{ id: "direct", label: "Directly", url: institution.url, key: "ks_test" }],
    });
  const before = await compare();
  const [sum] = before.sums;
  assert.deepEqual([before.breaks, before.unreachable], [[], []]);
  assert.ok(sum && sum.here.frozen > 0n);
  assert.deepEqual(sum.here, sum.there);

  institution.trades.delete(lost.number);
  const view = institution.trades.get(changed.number);
  assert.ok(view);
  institution.trades.set(changed.number, { ...view, frozen: (view.frozen ?? 0) - 1 });
  const stranger = { ...view, number: "48210733951146", reference: "nobody's" };
  institution.trades.set(stranger.number, stranger);
  const { breaks, sums } = await compare();
  assert.deepEqual(
    breaks.map(({ order, trade, what, here, there }) => [order, trade, what, here, there]).toSorted(),
    [
      [null, stranger.number, "trade", "unknown", "reserved"],
      [lost.reference, lost.number, "trade", "known", "not_found"],
      [changed.reference, changed.number, "frozen", String(view.frozen), String((view.frozen ?? 0) - 1)],
    ].toSorted(),
  );
  assert.notDeepEqual(sums[0]?.here, sums[0]?.there);
});
