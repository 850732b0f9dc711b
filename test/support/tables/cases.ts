/** Tables of cases of the trade machine: what was done before, what comes last, and what it comes to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Terms } from "../../../src/core/trade/trade.ts";
import { outcomeWithGoods, type Step, type Wait } from "./trades.ts";

export type Case = [
  name: string,
  terms: Partial<Terms>,
  before: (Step | Wait)[],
  last: Step | Wait,
  comesTo: string,
];

export function testCases(
  tables: Record<string, Case[]>,
  said: typeof outcomeWithGoods = outcomeWithGoods,
): void {
  for (const [title, cases] of Object.entries(tables)) {
    test(`${title}: one line a case`, async (t) => {
      for (const [name, change, before, last, expected] of cases) {
        await t.test(name, () => assert.equal(said(change, before, last), expected));
      }
    });
  }
}
