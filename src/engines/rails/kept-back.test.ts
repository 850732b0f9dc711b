/** What of a trade's money is kept back, and what an institution is told of it. */
import { keptBack, type Trade } from "../../core/trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instruction } from "../../core/protocol/schemas.ts";
import type { MoneyEffect } from "./rail.ts";
import { openOnConsents } from "./remote-institution.ts";
import { ofReservation } from "../../../test/support/tables/instructions.ts";

const [now, soon, later] = [1, 5, 9].map((day) => new Date(Date.UTC(2026, 0, day)));
assert.ok(now && soon && later);
const hold = "hold";
const progress = { feeTaken: 0, feeReturned: 0, lines: [], lots: [], refundedLines: [] };

function trade(change: object, more: object = {}): Trade {
  return {
    number: 18n,
    shop: "shop",
    hold,
    account: "payer",
    frozen: 0n,
    settled: 1000n,
    refunded: 0n,
    coolingOffUntil: null,
    createdAt: now,
    terms: { shopAccount: "shop's", lines: [] },
    ...change,
    progress: { ...progress, ...more },
  } as unknown as Trade;
}

test("what is kept back of what the shop was paid", () => {
  const cases: [string, Trade, string | undefined][] = [
    ["nothing to ask back", trade({}), undefined],
    ["cooling off", trade({ coolingOffUntil: soon }), "1000 5"],
    ["less the fee", trade({ coolingOffUntil: soon }, { feeTaken: 30 }), "970 5"],
    [
      "less what went back, with its share of the fee",
      trade({ coolingOffUntil: soon, refunded: 500n }, { feeTaken: 30, feeReturned: 15 }),
      "485 5",
    ],
    ["all went back", trade({ coolingOffUntil: soon, refunded: 1000n }), undefined],
    ["nothing was paid", trade({ coolingOffUntil: soon, settled: 0n }), undefined],
    ["goods on their way back", trade({ coolingOffUntil: soon }, { lots: [{ at: "withdrawn" }] }), "1000 -"],
    ["while more may be accepted", trade({ coolingOffUntil: soon }, { lots: [{ at: "shipped" }] }), "1000 -"],
    ["and nothing to cool off", trade({}, { lots: [{ at: "withdrawn" }] }), "1000 -"],
    ["goods on their way there", trade({}, { lots: [{ at: "shipped" }, { at: "rejected" }] }), undefined],
    [
      "a refund that is due",
      trade({}, { refundDue: { amount: 10, tryAt: "2026-12-01T00:00:00.000Z", kept: true } }),
      "1000 -",
    ],
  ];
  for (const [name, of, expected] of cases) {
    const kept = keptBack(of);
    assert.equal(kept && `${kept.amount} ${kept.until?.getUTCDate() ?? "-"}`, expected, name);
  }
});

const known = ["payer", "shop's"].map((account) => ({
  account,
  institution: "bank",
  consent: `${account} consent`,
}));

function asked(
  before: Trade,
  next: Trade,
  effects: MoneyEffect[],
  trusted: string[] = [],
): Instruction | string {
  const rail = openOnConsents(known, () => "id", new Set(trusted));
  const { how } = rail.post(before, effects, now ?? new Date(0), next);
  const [first] = rail.asked;
  return first === undefined ? how : ofReservation(first.body);
}

const settle: MoneyEffect = {
  do: "settle",
  hold,
  amount: 1000n,
  splits: [{ account: "shop's", amount: 1000n }],
};
const splits = [{ account: "shop's consent", amount: 1000 }];
const unpaid = trade({ settled: 0n, frozen: 1000n });
const paid = { do: "settle", id: "id", reservation: hold, amount: 1000, splits };
const instant = (date: Date): string => date.toISOString();

test("an institution is told from when the shop can take out what it was paid", () => {
  const cooling = trade({ coolingOffUntil: soon });
  const back = trade({ coolingOffUntil: soon }, { lots: [{ at: "withdrawn" }] });
  const year = new Date(soon.getTime() + 366 * 86_400_000);
  const refund: MoneyEffect = {
    do: "refund",
    hold,
    amount: 400n,
    sources: [{ account: "shop's", amount: 400n }],
  };
  const sources = [{ account: "shop's consent", amount: 400 }];
  const refunded = { do: "refund", id: "id", reservation: hold, amount: 400, sources };
  const lock = (from: Date) => ({ do: "extend", id: "id", reservation: hold, payableFrom: instant(from) });
  const some = { refunded: 400n };
  const release: MoneyEffect = { do: "release", hold, amount: 400n };
  const released = { do: "release", id: "id", reservation: hold, amount: 400 };
  const cases: [string, Instruction | string, unknown][] = [
    ["at once", asked(unpaid, trade({}), [settle]), paid],
    ["after cooling-off", asked(unpaid, cooling, [settle]), { ...paid, payableFrom: instant(soon) }],
    ["a shop that is paid out early", asked(unpaid, cooling, [settle], ["shop"]), paid],
    ["goods go back, and no money", asked(cooling, back, []), lock(year)],
    ["the time has moved", asked(cooling, trade({ coolingOffUntil: later }), []), lock(later)],
    ["nothing has changed", asked(cooling, cooling, []), "done"],
    ["goods still go back", asked(back, back, []), "done"],
    ["they never came back", asked(back, cooling, []), lock(soon)],
    ["and there was no time", asked(trade({}, { lots: [{ at: "withdrawn" }] }), trade({}), []), lock(now)],
    [
      "a part goes back",
      asked(back, trade({ coolingOffUntil: soon, ...some }), [refund]),
      { ...refunded, payableFrom: instant(soon) },
    ],
    ["and all of it", asked(back, trade({ coolingOffUntil: soon, refunded: 1000n }), [refund]), refunded],
    ["of a shop that is paid out early", asked(cooling, back, [], ["shop"]), "done"],
    [
      "what is not paid is back",
      asked(back, cooling, [release]),
      { ...released, payableFrom: instant(soon) },
    ],
    [
      "the time has moved, and a part is given back",
      asked(cooling, trade({ coolingOffUntil: later }), [release]),
      { ...released, payableFrom: instant(later) },
    ],
    ["a part is given back, and nothing else", asked(cooling, cooling, [release]), released],
  ];
  for (const [name, instruction, expected] of cases) assert.deepEqual(instruction, expected, name);
});

test("a step that gives back and moves the end does both", () => {
  const release: MoneyEffect = { do: "release", hold, amount: 400n };
  const extend: MoneyEffect = { do: "extend", hold, until: later };
  const until = instant(new Date(later.getTime() + 30 * 86_400_000));
  const next = trade({ settled: 0n, frozen: 600n });
  const back = { do: "release", id: "id", reservation: hold, amount: 400 };
  assert.deepEqual(asked(unpaid, next, [release]), back);
  assert.deepEqual(asked(unpaid, next, [release, extend]), { ...back, until });
  assert.deepEqual(asked(unpaid, next, [extend, release]), { ...back, until });
});
