/** What a trade asks of its shop, one line a case; the days are counted from when it was proposed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  cancel,
  collected,
  dated,
  deliver,
  dispute,
  expire,
  given,
  hurried,
  on,
  plain,
  reject,
  reserve,
  type Step,
  two,
} from "../../../test/support/tables/trades.ts";
import { sendBack, ship } from "../../../test/support/tables/ways.ts";
import type { Terms } from "../trade/trade.ts";
import { listedAs, todoOf } from "./todo.ts";

const sent = ship("carrier", { q: 10, parcel: "A" });

const cases: [name: string, terms: Partial<Terms>, steps: Step[], asks: string][] = [
  ["nobody has approved it", plain, [], "approve 14"],
  ["it may be sent", plain, [reserve], "ship 30"],
  ["it may be sent, and not for long", hurried, [reserve], "ship 3"],
  ["all of it is on its way", plain, [reserve, sent], "way 14"],
  ["a line is on its way, the other may be sent", two, [reserve, sent], "ship 30"],
  ["it has come, and is looked at", plain, [reserve, sent, deliver()], "look 7"],
  ["a part has come, and the rest may be sent", plain, [reserve, deliver(4)], "ship 30"],
  ["some is wrong", plain, [reserve, deliver(), reject(3)], "back 10"],
  ["what was wrong is on its way back", plain, [reserve, deliver(), reject(3), sendBack("buyer")], "back 19"],
  ["they argue", plain, [reserve, deliver(), dispute()], "dispute 7"],
  ["it is accepted, and paid on a day", dated, [reserve, deliver(), accept()], "pay 19.5"],
  ["it is accepted, and to be collected", collected, [reserve, deliver(), accept()], "pay 10"],
  ["it is paid", plain, [reserve, deliver(), accept()], "nothing"],
  ["it was called off", plain, [reserve, cancel("shop")], "nothing"],
  ["nobody approved it in time", plain, [expire(15)], "nothing"],
];

test("the lists of a shop are made of what each trade asks of it", () => {
  for (const [name, terms, steps, asks] of cases) {
    const found = todoOf(given(terms, steps));
    const days = found && (found.endsAt.getTime() - on(0).getTime()) / 86_400_000;
    assert.equal(found === undefined ? "nothing" : `${found.todo} ${days}`, asks, name);
  }
});

test("what its buyer may still look at waits for them, and is to be sent after that, or as soon as they have said so", () => {
  const until = on(1).toISOString();
  const listed = (ordered: { objectBy?: string }, updatedAt: Date, steps: Step[] = [reserve]) => {
    const trade = given(plain, steps);
    trade.progress.ordered = ordered;
    const found = listedAs({ ...trade, updatedAt });
    return `${found?.todo} ${found && (found.endsAt.getTime() - on(0).getTime()) / 86_400_000}`;
  };
  assert.equal(listed({ objectBy: until }, on(0)), "approve 1");
  assert.equal(listed({ objectBy: until }, on(1)), "ship 30", "something has moved after it");
  assert.equal(listed({}, on(0)), "ship 30");
  assert.equal(listed({ objectBy: until }, on(0), [reserve, cancel("shop")]), "undefined undefined");
});
