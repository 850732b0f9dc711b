import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type LotView,
  type Standing,
  standing,
  standings,
  type TradeLineView,
  type TradeView,
} from "@kenshu/sdk";

const line = (change: Partial<TradeLineView> = {}): TradeLineView => ({
  line: 1,
  name: "Tea set",
  quantity: 3,
  shipped: 0,
  delivered: 0,
  accepted: 0,
  rejected: 0,
  returned: 0,
  withdrawn: 0,
  ended: 0,
  ...change,
});
const lot = (at: LotView["at"]): LotView => ({ line: 1, quantity: 1, at });
type Some = Pick<TradeView, "state"> & Partial<TradeView>;
const trade = (some: Some): TradeView => ({ lines: [line()], lots: [], pending: null, ...some }) as TradeView;
const waits = { step: "approve", since: "2026-11-22T09:00:00Z" };

const cases: [some: Some, word: Standing][] = [
  [{ state: "proposed" }, "to_approve"],
  [{ state: "proposed", pending: waits }, "confirming"],
  [{ state: "refused" }, "payment_refused"],
  [{ state: "refused", pending: waits }, "confirming"],
  [{ state: "reserved" }, "to_ship"],
  [{ state: "reserved", lines: [line({ shipped: 1 })] }, "partly_shipped"],
  [{ state: "reserved", lines: [line({ shipped: 3 }), line()] }, "partly_shipped"],
  [{ state: "reserved", lines: [line({ shipped: 2, ended: 1 })] }, "shipped"],
  [{ state: "delivered" }, "delivered"],
  [{ state: "delivered", lots: [lot("delivered"), lot("rejected")] }, "coming_back"],
  [{ state: "accepted" }, "accepted"],
  [{ state: "accepted", lots: [lot("withdrawn")] }, "coming_back"],
  [{ state: "settled", settled: 100, refunded: 0 }, "paid"],
  [{ state: "settled", settled: 100, refunded: 40 }, "paid"],
  [{ state: "settled", settled: 100, refunded: 100 }, "refunded"],
  [{ state: "settled", settled: null, refunded: null }, "paid"],
  [{ state: "settled", settled: 100, refunded: 0, lots: [lot("withdrawn")] }, "coming_back"],
  [{ state: "rejected", lots: [lot("rejected")] }, "coming_back"],
  [{ state: "rejected" }, "returned"],
  [{ state: "disputed" }, "disputed"],
  [{ state: "cancelled" }, "cancelled"],
  [{ state: "expired" }, "expired"],
];
for (const [some, word] of cases) {
  test(`${JSON.stringify(some).slice(0, 90)} is ${word}`, () => assert.equal(standing(trade(some)), word));
}

test("the list is closed, and each word of it is said of some trade", () => {
  assert.deepEqual(new Set(cases.map(([, word]) => word)), new Set(standings));
  assert.throws(() => standing(trade({ state: "new" as "settled" })), /does not know the state/);
});
