import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openPair } from "../../../test/support/world/pair.ts";
import { setStage } from "../../../test/support/world/stage.ts";
import { openCharts, notBetween, notEqual } from "./charts.ts";
import type { Figures } from "./counted-store.ts";

test("the charts say what the database says, at each look while many trade and when they have done", async () => {
  const { institution, places } = await openPair({ after });
  const stage = await setStage(institution);
  const [operator] = institution.demo.operators;
  assert.ok(operator);
  const { url, schema } = places.institution;
  const charts = await openCharts({
    url: institution.url,
    operator,
    database: { url, schema },
    currency: "JPY",
  });
  after(() => charts.close());
  assert.equal(await charts.read(), undefined);
  // Nobody has traded yet, and the page is compared all the same.
  assert.deepEqual(await charts.compare(Promise.resolve()), { times: 2, wrong: [] });
  let done = 0;
  const trade = async (): Promise<void> => {
    const number = await stage.newTrade({});
    await stage.post(`/v1/trades/${number}/deliver`, stage.carrier, {});
    if (done % 5 > 0) await stage.post(`/v1/trades/${number}/accept`, stage.buyer, {});
    done += 1;
  };
  const many = Array.from({ length: 6 }, async () => {
    for (let round = 0; round < 12; round += 1) await trade();
  });
  const { times, wrong } = await charts.compare(Promise.all(many));
  assert.deepEqual(wrong, []);
  assert.ok(times > 1 && done === 72, `${times} looks at ${done} trades`);
});

test("a figure that was not so at any moment is found", () => {
  const at = (settled: bigint, trades: number): Figures => ({
    states: { settled: trades, reserved: 2 },
    settled,
    frozen: 900n,
  });
  assert.deepEqual(notBetween(at(100n, 1), at(200n, 2), at(300n, 3)), []);
  assert.deepEqual(notBetween(at(100n, 1), at(300n, 0), at(200n, 2)), [
    "settled trades: 0 on the page, 1 counted before and 2 after",
    "settled money: 300 on the page, 100 counted before and 200 after",
  ]);
  assert.deepEqual(notEqual(at(100n, 1), at(100n, 1)), []);
  assert.deepEqual(notEqual(at(100n, 1), { ...at(100n, 2), frozen: 901n }), [
    "settled: 1 on the page, 2 counted at the end",
    "frozen: 900 on the page, 901 counted at the end",
  ]);
});
