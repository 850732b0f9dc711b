/** Where a guarantee stands, one line a case; days are counted from when the trade was proposed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  cancel,
  collected,
  deliver,
  given,
  on,
  plain,
  reject,
  reserve,
  type Step,
} from "../../../test/support/tables/trades.ts";
import { freshGuarantee, type Terms, type Trade } from "../trade/trade.ts";
import { type GuaranteePhase, standOf } from "./guarantees.ts";

const days = (at: Date): number => (at.getTime() - on(0).getTime()) / 86_400_000;
const guaranteed: Partial<Terms> = collected;

/** What a trade comes to when its guarantee is so. */
type Change = (trade: Trade) => Trade;
const asItIs: Change = (trade) => trade;
const withGuarantee =
  (change: Partial<ReturnType<typeof freshGuarantee>>): Change =>
  (trade) => {
    const { guarantee = freshGuarantee() } = trade.progress;
    return { ...trade, progress: { ...trade.progress, guarantee: { ...guarantee, ...change } } };
  };
const held = withGuarantee({});

const cases: [name: string, steps: Step[], change: Change, stands: string][] = [
  ["nobody stands for it", [], asItIs, "nothing"],
  ["it may be sent", [reserve], held, "open ship 30"],
  ["it is looked at", [reserve, deliver()], held, "open look 7"],
  ["some goes back", [reserve, deliver(), reject(3)], held, "open back 10"],
  ["it was called off", [reserve, cancel("shop")], held, "ended"],
];

test("a guarantee stands where its trade says", () => {
  for (const [name, steps, change, stands] of cases) {
    const stand = standOf(change(given(steps.length === 0 ? plain : guaranteed, steps)));
    const found =
      stand === undefined
        ? "nothing"
        : stand.phase === "ended"
          ? "ended"
          : `${stand.phase} ${stand.asks ?? "-"} ${days(stand.endsAt)}`;
    assert.equal(found, stands, name);
  }
});

test("an accepted one is due, then collected, then ended; or claimed", () => {
  const trade = given(guaranteed, [reserve, deliver(), accept()]);
  const due = standOf(held(trade));
  assert.ok(due);
  const { amount } = trade;
  const paid: Change = (of) => ({ ...of, frozen: 0n, settled: amount });
  const all = Number(amount);
  const releaseBy = on(12).toISOString();
  const found: [GuaranteePhase | undefined, bigint | undefined][] = [
    withGuarantee({ payBy: on(10).toISOString(), claimFrom: on(17).toISOString() })(trade),
    withGuarantee({ collected: all, releaseBy })(paid(trade)),
    withGuarantee({ collected: all, freed: all })(paid(trade)),
    withGuarantee({ claimed: all })(paid(trade)),
  ].map((each) => {
    const stand = standOf(each);
    return [stand?.phase, stand?.amount];
  });
  assert.deepEqual(found, [
    ["due", amount],
    ["collected", amount],
    ["ended", amount],
    ["claimed", amount],
  ]);
});
