/** Trades for which a guarantor stands, one line a case: what is due when, what is collected, freed, claimed and given back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  both,
  cancel,
  collected,
  deliver,
  dispute,
  given,
  on,
  passing,
  refund,
  reject,
  reserve,
  resolve,
  show,
  type Step,
  take as decide,
  terms,
  two,
  type Wait,
  wait,
} from "../../../test/support/tables/trades.ts";
import { bring, kept, sendBack, withdraw } from "../../../test/support/tables/ways.ts";
import { dueFeeOf, dueOf, guaranteeState, heldOf, type Terms, type Trade } from "../trade/trade.ts";
import { isRefused } from "../protocol/protocol.ts";

const collect = (total: number, onDay = 0): Step => ["collector", { do: "collect", total }, onDay];
const release = (onDay = 0): Step => ["shop", { do: "release" }, onDay];
const claim = (onDay: number): Step => ["shop", { do: "claim" }, onDay];
const fixed: Partial<Terms> = { fee: { fixed: 30, basisPoints: 1000, roundTo: "shop" } };

/** `state frozen/settled/released, guarantee: due in all / held`, and the days of its deadlines. */
function stand(trade: Trade): string {
  const { payBy, claimFrom, releaseBy, reimbursed = 0 } = trade.progress.guarantee ?? {};
  const day = (at: string | undefined) =>
    at === undefined ? [] : [Math.round((Date.parse(at) - on(0).getTime()) / 8_640_000) / 10];
  const days = [
    ...day(payBy).map((at) => `pay by ${at}`),
    ...day(claimFrom).map((at) => `claim from ${at}`),
    ...day(releaseBy).map((at) => `release by ${at}`),
    ...(reimbursed > 0 ? [`reimbursed ${reimbursed}`] : []),
  ];
  const { refundDue } = trade.progress;
  const owing = refundDue === undefined ? "" : ` due back ${refundDue.amount}`;
  return [`${show(trade)}${owing}, ${guaranteeState(trade)} ${dueOf(trade)}/${heldOf(trade)}`, ...days].join(
    "; ",
  );
}

type Case = [name: string, terms: Partial<Terms>, before: (Step | Wait)[], last: Step | Wait, stands: string];

const owing = [reserve, accept()];
const paid = [...owing, collect(1000)];
const partly = [reserve, accept(4), collect(400)];
const claimed = [...owing, claim(10)];

const cases: Case[] = [
  // What is due.
  ["nothing is due before acceptance", {}, [], reserve, "reserved 1000/0/0, open 0/1000"],
  ["nor by a delivery", {}, [reserve], deliver(), "delivered 1000/0/0, open 0/1000"],
  [
    "acceptance makes it due, and pays nothing",
    {},
    [reserve],
    accept(),
    "accepted 1000/0/0, open 1000/1000; pay by 3; claim from 10",
  ],
  [
    "more that is accepted is due with what was, and anew",
    {},
    [reserve, accept(4)],
    accept(6, "buyer", 2),
    "accepted 1000/0/0, open 1000/1000; pay by 5; claim from 12",
  ],
  [
    "silence makes it due as well",
    {},
    [reserve, deliver()],
    wait(7),
    "accepted 1000/0/0, open 1000/1000; pay by 10; claim from 17",
  ],
  [
    "what the shop's standing says of being paid later is for others",
    { settleAfter: "P20D" },
    [reserve],
    accept(),
    "accepted 1000/0/0, open 1000/1000; pay by 3; claim from 10",
  ],
  [
    "a verdict makes it due as well",
    {},
    [reserve, deliver(), dispute()],
    resolve("settle"),
    "accepted 1000/0/0, open 1000/1000; pay by 10; claim from 17",
  ],
  // Collected.
  [
    "what is paid settles, and the hold goes on",
    {},
    owing,
    collect(1000, 1),
    "settled 0/1000/0, open 1000/1000; release by 4",
  ],
  [
    "what is paid for a part leaves the rest with the buyer's time",
    {},
    [reserve, accept(4), accept(6)],
    collect(400),
    "accepted 600/400/0, open 1000/1000; pay by 3; claim from 10; release by 3",
  ],
  [
    "the same notice again is none",
    {},
    paid,
    collect(1000, 2),
    "settled 0/1000/0, open 1000/1000; release by 3",
  ],
  [
    "an older one is none either",
    {},
    paid,
    collect(400, 2),
    "settled 0/1000/0, open 1000/1000; release by 3",
  ],
  ["more than is due is not booked", {}, owing, collect(1001), "amount_exceeds_due"],
  ["nothing is collected where nothing is due", {}, [reserve, deliver()], collect(1), "amount_exceeds_due"],
  ["nor before the goods", {}, [reserve], collect(1), "trade_not_open"],
  ["nor after the end", {}, [reserve, cancel("buyer")], collect(1), "already_cancelled"],
  [
    "it is taken in a dispute about other goods",
    {},
    [reserve, deliver(), accept(4), dispute()],
    collect(400),
    "disputed 600/400/0, open 400/1000; release by 3",
  ],
  // Freed.
  ["the shop frees what it was paid", {}, paid, release(1), "settled 0/1000/0, released 1000/0"],
  ["once", {}, [...paid, release()], release(1), "nothing_to_release"],
  ["and not what it was not", {}, owing, release(1), "nothing_to_release"],
  ["the clock does it for who forgets", {}, paid, wait(3), "settled 0/1000/0, released 1000/0"],
  ["a part is freed while the rest is open", {}, partly, release(1), "delivered 600/400/0, open 400/600"],
  [
    "and the rest after it",
    {},
    [...partly, release(1), accept(undefined, "buyer", 2), collect(1000, 3)],
    release(3),
    "settled 0/1000/0, released 1000/0",
  ],
  // Claimed.
  ["nothing is claimed while there is time to pay", {}, owing, claim(2.9), "not_due_yet"],
  ["nor in the days of grace after it", {}, owing, claim(9.9), "not_due_yet"],
  ["then the shop claims", {}, owing, claim(10), "settled 0/1000/0, claimed 0/0"],
  ["once", {}, claimed, claim(11), "nothing_to_claim"],
  ["and not what was paid", {}, paid, claim(11), "nothing_to_claim"],
  ["nor before anything is accepted", {}, [reserve, deliver()], claim(11), "nothing_to_claim"],
  ["the clock claims for who forgets", {}, owing, wait(40), "settled 0/1000/0, claimed 0/0"],
  ["not before", {}, owing, wait(39.9), "accepted 1000/0/0, open 1000/1000; pay by 3; claim from 10"],
  ["nobody claims in a dispute", {}, [reserve, deliver(), accept(4), dispute()], claim(11), "trade_disputed"],
  [
    "a part that was paid is freed, the other claimed",
    {},
    [...partly, accept(undefined, "buyer", 1)],
    claim(11),
    "settled 0/1000/0, open 400/400; release by 3",
  ],
  [
    "and the end is told by what was claimed",
    {},
    [...partly, accept(undefined, "buyer", 1), claim(11)],
    wait(11),
    "settled 0/1000/0, claimed 400/0",
  ],
  // Given back.
  [
    "what was collected goes back from the collector",
    {},
    paid,
    refund(300),
    "settled 0/1000/0 back 300, open 1000/1000; release by 3; reimbursed 300",
  ],
  [
    "what was claimed from the guarantor's books",
    {},
    claimed,
    refund(300, "shop", 11),
    "settled 0/1000/0 back 300, claimed 0/0",
  ],
  [
    "first what was claimed, and the rest a step later",
    {},
    [...partly, accept(undefined, "buyer", 1), claim(11)],
    refund(700, "shop", 11),
    "settled 0/1000/0 back 600 due back 100, open 400/400; release by 3",
  ],
  [
    "which the clock takes",
    {},
    [...partly, accept(undefined, "buyer", 1), claim(11), refund(700, "shop", 11)],
    wait(11),
    "settled 0/1000/0 back 700, claimed 400/0; reimbursed 100",
  ],
  // Withdrawn.
  [
    "what is withdrawn before it is paid is due no more",
    {},
    owing,
    withdraw({ q: 3 }),
    "accepted 1000/0/0, open 700/1000; pay by 3; claim from 10",
  ],
  [
    "its money is free with the goods",
    {},
    [...owing, withdraw({ q: 3 }), sendBack("buyer")],
    bring("shop", { day: 1 }),
    "accepted 700/0/300, open 700/700; pay by 3; claim from 10",
  ],
  [
    "where it lapses, it is due again, with its time",
    {},
    [...owing, withdraw({ q: 3 }), collect(700)],
    wait(10),
    "accepted 300/700/0, open 1000/300; pay by 13; claim from 20",
  ],
  [
    "what is withdrawn after it was paid comes back from the collector",
    kept,
    paid,
    withdraw({ q: 3, day: 1 }),
    "settled 0/1000/0 back 300, open 1000/1000; release by 3; reimbursed 300",
  ],
  [
    "of what was paid in part, what is paid for is known by when it was due",
    { ...two, ...kept },
    [reserve, accept(2, "buyer", 0, 2), accept(3), collect(50)],
    withdraw({ line: 2, q: 2, day: 1 }),
    "delivered 1050/50/0 back 50, open 350/1100; pay by 3; claim from 10; release by 3; reimbursed 50",
  ],
  // Others.
  [
    "what was not accepted goes its way, and what was stays due",
    {},
    [reserve, accept(4), reject(6), sendBack("buyer")],
    bring("shop", { day: 1 }),
    "accepted 400/0/600, open 400/400; pay by 3; claim from 10",
  ],
  [
    "all who have to accept make it due",
    both,
    [reserve, accept()],
    accept(6, "carrier", 1),
    "delivered 1000/0/0, open 600/1000; pay by 4; claim from 11",
  ],
];

for (const [name, change, before, last, expected] of cases)
  test(name, () => {
    const whole = { ...collected, ...change };
    const trade = given(whole, before);
    if (!Array.isArray(last))
      return assert.equal(stand(passing(trade, last).at(-1)?.next ?? trade), expected);
    const result = decide(trade, last);
    assert.equal(isRefused(result) ? result.refused : stand(result.next), expected);
    return undefined;
  });

test("the fee is the rule applied to all, wherever it was paid", () => {
  const trade = given({ ...collected, ...fixed }, [reserve, accept(4)]);
  assert.equal(dueFeeOf(trade), 70n);
  const once = given({ ...collected, ...fixed }, [...partly, accept(undefined, "buyer", 1)]);
  assert.equal(dueFeeOf(once), 130n);
  const both = given({ ...collected, ...fixed }, [
    reserve,
    accept(4),
    claim(10),
    accept(undefined, "buyer", 11),
  ]);
  assert.equal(dueFeeOf(both), 60n);
  const [end] = [
    given({ ...collected, ...fixed }, [
      reserve,
      accept(4),
      claim(10),
      accept(undefined, "buyer", 11),
      collect(600, 12),
    ]),
  ];
  assert.deepEqual([end.progress.feeTaken, end.progress.guarantee?.claimedFee], [130, 70]);
});

test("the buyer is told of the time to pay before, on the day, and after it as long as it is due", () => {
  const trade = given({ payment: { on: "collection", within: "P14D" } }, [reserve, accept()]);
  const toldIn = (days: number) =>
    passing(trade, wait(days))
      .flatMap(({ events }) => events)
      .filter(({ data }) => data?.["deadline"] === "payBy")
      .map(({ data }) => [data?.["before"], data?.["after"]]);
  const ahead = ["P7D", "P3D", "P1D", "PT12H"].map((before) => [before, undefined]);
  assert.deepEqual(toldIn(13.9), ahead);
  const over = [undefined, "P3D", "P6D"].map((after) => [undefined, after]);
  assert.deepEqual(toldIn(60), [...ahead, ...over]);
});

test("money of other trades is paid as before: nothing is collected, released or claimed", () => {
  const trade = given({}, [reserve, accept(4)]);
  const steps: Step[] = [collect(1), release(), claim(50)];
  assert.deepEqual(
    steps.map((step) => (decide(trade, step) as { refused?: string }).refused),
    ["trade_not_open", "trade_not_open", "nothing_to_claim"],
  );
  assert.equal(trade.terms.payment.on, terms.payment.on);
  assert.equal(guaranteeState(trade), undefined);
});
