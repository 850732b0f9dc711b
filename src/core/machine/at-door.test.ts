/** A code at the door accepts the goods that were brought there, and no others: one line a case, as in shipping.test.ts. */
import { type Case, testCases } from "../../../test/support/tables/cases.ts";
import { deliver, plain, reserve, type Step } from "../../../test/support/tables/trades.ts";
import { hand, refuse, ship } from "../../../test/support/tables/ways.ts";
import type { AtDoor } from "../protocol/schemas.ts";

const terms = {
  lines: [
    { name: "Gold", quantity: 1, unitAmount: 5000 },
    { name: "Sand", quantity: 2, unitAmount: 10 },
  ],
};
const sand = { lines: [{ line: 2, quantity: 2 }] };
const gold = { lines: [{ line: 1, quantity: 1 }] };
const atDoor = (said: AtDoor = {}, who: "carrier" | "provider" = "carrier"): Step => [
  who,
  { do: "at-door", ...said },
  0,
];
const byCode = (said: typeof gold | Record<string, never> = {}): Step => [
  "buyer",
  { do: "accept", evidence: { kind: "door_code", reference: "window" }, ...said },
  0,
];
const sandSent = [reserve, ship("shop", { ...sand, parcel: "S" })];
const goldSent = [...sandSent, ship("shop", { ...gold, parcel: "G" })];
const number = (parcel: string) => ({ tracking: { number: parcel } });

const theGoods: Case[] = [
  ["not what is still at the shop", terms, [...sandSent, atDoor()], byCode(), "delivered 5000/20/0"],
  [
    "also where the hand names it with the code",
    terms,
    [...sandSent, atDoor()],
    byCode(gold),
    "quantity_exceeds_open",
  ],
  [
    "not what is in another parcel",
    terms,
    [...goldSent, hand("carrier", { parcel: "S" }), atDoor(number("S"))],
    byCode(),
    "delivered 5000/20/0: 1 shipped G; deliverBy 14",
  ],
  ["of several parcels it has to be said which", terms, goldSent, atDoor(), "invalid_field"],
  ["a parcel that nobody knows is none", terms, goldSent, atDoor(number("X")), "invalid_field"],
  [
    "all that was named, from several parcels",
    terms,
    [...goldSent, atDoor({ lines: [...gold.lines, ...sand.lines] })],
    byCode(),
    "settled 0/5020/0",
  ],
  [
    "a part of it, and the rest is another code's",
    terms,
    [...sandSent, atDoor()],
    byCode({ lines: [{ line: 2, quantity: 1 }] }),
    "delivered 5010/10/0: 1 of line 2 shipped S; deliverBy 14",
  ],
  [
    "the whole order, where nobody has sent anything",
    plain,
    [reserve, atDoor()],
    byCode(),
    "settled 0/1000/0",
  ],
  ["what was said to be delivered", plain, [reserve, deliver(), atDoor()], byCode(), "settled 0/1000/0"],
  [
    "the rest of it, which comes to the door again",
    plain,
    [reserve, atDoor(), byCode({ lines: [{ line: 1, quantity: 4 }] }), atDoor()],
    byCode(),
    "settled 0/1000/0",
  ],
  ["nothing without a report", plain, [reserve], byCode(), "nothing_to_accept"],
  [
    "of a service all that is left, each time",
    plain,
    [reserve, atDoor({ lines: [{ line: 1, quantity: 4 }] }, "provider"), byCode(), atDoor({}, "provider")],
    byCode(),
    "settled 0/1000/0",
  ],
  [
    "not what was rejected meanwhile",
    terms,
    [...sandSent, atDoor(), refuse("wrong", sand)],
    byCode(),
    "nothing_to_accept",
  ],
];
testCases({ theGoods });
