/** Silence counts a day after somebody was told: one line a case of who was told late, and what becomes of their deadline. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deliver, given, on, plain, reject, reserve, wait } from "../../../test/support/tables/trades.ts";
import {
  argue,
  contest,
  hand,
  refuse,
  sendBack,
  ship,
  take,
  withdraw,
} from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const here = [reserve, deliver()];
const picked = [reserve, ship("carrier", { q: 10, parcel: "A" })];
/** Who learns on which day what they have to act on. */
const buyer = (day: number) => ({ buyer: day, shop: true });
const shop = (day: number) => ({ buyer: true, shop: day });

const accepting: Case[] = [
  ["told a day before", plain, here, wait(7, buyer(6)), "settled 0/1000/0"],
  [
    "told later: the clock ends a day after that",
    plain,
    here,
    wait(7, buyer(6.5)),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 7.5",
  ],
  ["and then silence counts", plain, here, wait(7.5, buyer(6.5)), "settled 0/1000/0"],
  [
    "once: who is only ever there at the last moment gains a day",
    plain,
    [...here, wait(7, buyer(6.9))],
    wait(7.9, buyer(7.8)),
    "settled 0/1000/0",
  ],
  [
    "another delivery begins anew",
    plain,
    [reserve, deliver(4), wait(7, buyer(6.5)), deliver(6, 7.2)],
    wait(14.2, buyer(14)),
    "delivered 1000/0/0: 10 delivered seen; acceptBy 15",
  ],
  [
    "never told: an operator looks, as before",
    plain,
    here,
    wait(7, { buyer: false, shop: true }),
    "disputed 1000/0/0: 10 delivered seen",
  ],
];

const goingBack: Case[] = [
  [
    "the shop, of what is missing",
    plain,
    [reserve, refuse("missing")],
    wait(5, shop(4.5)),
    "rejected 1000/0/0: 10 missing; inspectBy 5.5",
  ],
  [
    "and then it confirms by silence what comes back",
    plain,
    [...here, reject(), sendBack("buyer")],
    wait(19.5, shop(18.5)),
    "rejected 0/0/1000",
  ],
  [
    "what is a dispute in any case is one at once",
    plain,
    [...here, reject(), sendBack("buyer"), contest("not_back"), ["operator", resume(), 0]],
    wait(19, shop(18.5)),
    "disputed 1000/0/0: 10 rejected seen return said contested not_back",
  ],
  [
    "the buyer, of a withdrawal that would lapse",
    plain,
    [reserve, take("buyer"), withdraw()],
    wait(10, buyer(9.5)),
    "settled 0/1000/0: 10 withdrawn seen; returnBy 10.5",
  ],
  [
    "and then it lapses",
    plain,
    [reserve, take("buyer"), withdraw()],
    wait(10.5, buyer(9.5)),
    "settled 0/1000/0",
  ],
  [
    "what is rejected and not sent back is a dispute at once, in which they are asked",
    plain,
    [...here, reject()],
    wait(10, buyer(9.5)),
    "disputed 1000/0/0: 10 rejected seen",
  ],
];

const answering: Case[] = [
  [
    "the side that is asked in a dispute",
    plain,
    [...here, argue("shop")],
    wait(7.4, buyer(6.5)),
    "disputed 1000/0/0: 10 delivered seen; acceptBy 7",
  ],
  ["and then its silence counts", plain, [...here, argue("shop")], wait(7.5, buyer(6.5)), "settled 0/1000/0"],
  [
    "of what came after that time: an operator's",
    plain,
    [...picked, argue("shop", { day: 1 }), wait(8), hand("carrier", { parcel: "A", day: 9 })],
    wait(16, buyer(15.5)),
    "disputed 1000/0/0: 10 delivered A seen; acceptBy 8",
  ],
];

function resume() {
  return { do: "resolve", outcome: "resume", reason: "go on" } as const;
}

testCases({ accepting, goingBack, answering });

test("the money stays frozen for the day that is added, and the record says whose doing it was", () => {
  const late = given({ reserveFor: "P7D" }, [...here, wait(7, buyer(6.5))]);
  assert.deepEqual(late.reservedUntil, on(7.5));
  const asked = given(plain, [...here, argue("shop"), wait(7, buyer(6.5))]).progress.disputed;
  assert.equal(asked?.answerBy, on(7.5).toISOString());
});
