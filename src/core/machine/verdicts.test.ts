/** Verdicts, one line a case: against whom, of which goods, and how an operator divides. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deliver,
  given,
  plain,
  reject,
  reserve,
  silent,
  type Step,
  take as decide,
  two as twoLines,
  wait,
} from "../../../test/support/tables/trades.ts";
import {
  answer,
  argue,
  contest,
  hand,
  judge,
  sendBack,
  ship,
  take,
} from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const here = [reserve, deliver()];
const byPhone = (as: "buyer" | "shop", said: Step[1]): Step => [
  "operator",
  { ...said, operator: { channel: "phone", reference: "1", as } } as Step[1],
];
const picked = [reserve, ship("carrier", { q: 10, parcel: "A" })];

const verdicts: Case[] = [
  ["all to the shop", plain, [...here, argue("buyer")], judge("settle"), "settled 0/1000/0"],
  ["all to the buyer", plain, [...here, argue("buyer")], judge("release"), "cancelled 0/0/1000"],
  [
    "not against the other side before it has answered, or its time is over",
    plain,
    [...here, argue("buyer")],
    judge("release", { day: 6.9 }),
    "still_running",
  ],
  ["nor against the buyer", plain, [...here, argue("shop")], judge("settle", { day: 6.9 }), "still_running"],
  [
    "nor divided, which takes from both",
    plain,
    [...here, argue("buyer")],
    judge("split", { amount: 1, day: 6.9 }),
    "still_running",
  ],
  ["nor sent back first", plain, [...here, argue("buyer")], judge("return", { day: 6.9 }), "still_running"],
  [
    "nor besides",
    plain,
    [reserve, take("buyer", { q: 4 }), deliver(), argue("buyer")],
    judge("settle", { refund: 1, day: 6.9 }),
    "still_running",
  ],
  [
    "for the side that has still to answer",
    plain,
    [...here, argue("buyer")],
    judge("settle", { day: 1 }),
    "settled 0/1000/0",
  ],
  [
    "that it goes on takes nothing from anybody",
    plain,
    [...here, argue("buyer")],
    judge("resume", { day: 1 }),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 8",
  ],
  [
    "where both are asked, against one who has answered",
    silent,
    [...here, wait(30), answer("buyer", { day: 31 })],
    judge("settle", { day: 31 }),
    "settled 0/1000/0",
  ],
  [
    "where both are asked, against one who has not",
    silent,
    [...here, wait(30), answer("shop", { day: 31 })],
    judge("settle", { day: 36.9 }),
    "still_running",
  ],
  [
    "where both have told an operator that they agree, it is an offer, and it waits for nothing",
    plain,
    [...here, argue("buyer"), byPhone("shop", { do: "offer", release: 400, pay: 600 })],
    byPhone("buyer", { do: "offer/accept", version: 4 }),
    "settled 0/600/400",
  ],
  [
    "what comes while it is open is looked at first",
    plain,
    [...picked, argue("buyer"), hand("carrier", { parcel: "A", day: 4 })],
    judge("settle", { day: 10.9 }),
    "still_running",
  ],
  [
    "and then decided",
    plain,
    [...picked, argue("buyer"), hand("carrier", { parcel: "A", day: 4 })],
    judge("settle", { day: 11 }),
    "settled 0/1000/0",
  ],
  [
    "what can still come is not decided",
    plain,
    [...picked, argue("buyer")],
    judge("release"),
    "still_running",
  ],
  [
    "once its time is over it is",
    plain,
    [...picked, argue("buyer", { day: 10 }), answer("shop", { day: 11 })],
    judge("release", { day: 14 }),
    "cancelled 0/0/1000",
  ],
  [
    "what can still be sent back is not",
    plain,
    [...here, reject(), argue("shop")],
    judge("settle", { day: 9 }),
    "still_running",
  ],
  [
    "what the shop can still look at is not",
    plain,
    [...here, reject(), sendBack("carrier"), argue("buyer"), answer("shop")],
    judge("release", { day: 4 }),
    "still_running",
  ],
  [
    "unless the shop has contested it",
    plain,
    [...here, reject(), sendBack("buyer"), contest("not_back"), answer("buyer")],
    judge("release", { day: 4 }),
    "rejected 0/0/1000",
  ],
  [
    "but a parcel that somebody has seen on its way is waited for",
    plain,
    [...here, reject(), sendBack("carrier"), contest("not_back"), answer("buyer")],
    judge("settle", { day: 4 }),
    "still_running",
  ],
  [
    "the rest is decided, and the trade goes on",
    plain,
    [...here, reject(4), argue("shop")],
    judge("settle"),
    "rejected 400/600/0: 4 rejected seen; returnBy 10",
  ],
  [
    "by lines: the dispute goes on over the others",
    plain,
    [...here, argue("shop")],
    judge("settle", { q: 4 }),
    "disputed 600/400/0: 6 delivered seen; acceptBy 7",
  ],
  [
    "by lines, all of it",
    twoLines,
    [reserve, deliver(), argue("shop")],
    judge("release", {
      lines: [
        { line: 1, quantity: 10 },
        { line: 2, quantity: 4 },
      ],
    }),
    "cancelled 0/0/1100",
  ],
  [
    "by lines, too many",
    plain,
    [...here, argue("shop")],
    judge("settle", { q: 11 }),
    "quantity_exceeds_open",
  ],
  [
    "divided by lines",
    plain,
    [...here, argue("shop")],
    judge("split", { q: 4, amount: 100 }),
    "disputed 600/100/300: 6 delivered seen; acceptBy 7",
  ],
  [
    "more than they are worth",
    plain,
    [...here, argue("shop")],
    judge("split", { q: 4, amount: 401 }),
    "amount_exceeds_hold",
  ],
  [
    "the goods go back first",
    plain,
    [...here, argue("shop", { day: 2 })],
    judge("return", { day: 9 }),
    "rejected 1000/0/0: 10 rejected seen; returnBy 19",
  ],
  [
    "then the money",
    plain,
    [...here, argue("shop"), judge("return"), sendBack("buyer", { day: 8 })],
    wait(27),
    "rejected 0/0/1000",
  ],
  [
    "a dispute that a deadline opened does not go on",
    plain,
    [...here, reject(), wait(10)],
    judge("resume", { day: 11 }),
    "extension_refused",
  ],
  [
    "who has spoken for a side",
    plain,
    [...here, hand("operator", { as: "buyer" }), argue("buyer")],
    judge("settle"),
    "not_allowed",
  ],
  [
    "or was on the phone with one",
    plain,
    [
      ...here,
      [
        "operator",
        { do: "dispute", reason: "a call", operator: { channel: "phone", reference: "1", as: "buyer" } },
      ],
    ],
    judge("settle"),
    "not_allowed",
  ],
  [
    "besides, a part of what is paid goes back",
    plain,
    [...here, take("buyer", { q: 4 }), argue("buyer")],
    judge("release", { refund: 150 }),
    "settled 0/400/600",
  ],
  [
    "more than was paid",
    plain,
    [...here, take("buyer", { q: 4 }), argue("buyer")],
    judge("release", { refund: 401 }),
    "amount_exceeds_settled",
  ],
];

testCases({ verdicts });

test("who has acted for a side does not decide, alone or as the second who looks at it", () => {
  const spoken = given(plain, [...here, argue("operator", { as: "buyer" }), answer("shop")]);
  const decides = (actor: string, confirmedBy: string) => {
    const operator = { channel: "desk" as const, reference: "1", confirmedBy };
    const result = decide(spoken, judge("release"), { actor, operator });
    return "refused" in result ? result.refused : result.next.state;
  };
  assert.equal(decides("operator", "second"), "not_allowed");
  assert.equal(decides("second", "operator"), "not_allowed");
  assert.equal(decides("second", "third"), "cancelled");
});

test("who loses is written down, for the figures of a party", () => {
  const lost = (steps: Step[], last: Step) => {
    const result = decide(given(plain, steps), last);
    assert.ok("next" in result);
    return result.events.find(({ type }) => type === "trade.resolved")?.data?.["lost"];
  };
  assert.equal(lost([...here, argue("buyer")], judge("settle")), "buyer");
  assert.equal(lost([...here, argue("buyer")], judge("release")), "shop");
  assert.equal(lost([...here, argue("buyer")], judge("split", { amount: 1 })), undefined);
});
