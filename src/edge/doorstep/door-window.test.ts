/** Who may use a code at the door, as a table. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Door, lookAt, type Shown, triesPerTrade } from "./door-window.ts";
import type { DoorWindow, Use } from "./store.ts";

const until = new Date("2026-11-28T12:10:00Z");
const fresh: DoorWindow = { id: "w", hand: "carrier", until, wrong: 0, open: true };
const spent: DoorWindow = { ...fresh, open: false };
const use: Use = { giver: "buyer", window: "w" };
const later: DoorWindow = { ...fresh, id: "w2" };
const shown: Shown = { hand: "carrier", code: "buyer's code in w", acceptors: ["buyer", "recipient"] };
const recipients = { ...shown, code: "recipient's code in w" };
const wrong = { ...shown, code: "no code at all" };

const looks: [string, Door, Shown, string][] = [
  ["the buyer's code", { window: fresh, use: undefined }, shown, "spend as buyer in w"],
  ["the recipient's code", { window: fresh, use: undefined }, recipients, "spend as recipient in w"],
  ["the same request once more", { window: spent, use }, shown, "again as buyer in w"],
  ["the same, after another report", { window: later, use }, shown, "again as buyer in w"],
  [
    "the same, after another's report",
    { window: { ...later, hand: "provider" }, use },
    shown,
    "again as buyer in w",
  ],
  [
    "the same, after five wrong codes",
    { window: { ...later, wrong: triesPerTrade }, use },
    shown,
    "again as buyer in w",
  ],
  ["the same request with a wrong code", { window: later, use }, wrong, "wrong"],
  ["the same request with the other's code of that window", { window: later, use }, recipients, "wrong"],
  [
    "the same request with a code that holds now",
    { window: later, use },
    { ...shown, code: "buyer's code in w2" },
    "wrong",
  ],
  ["another request with a code that is spent", { window: spent, use: undefined }, shown, "wrong"],
  ["another request with it after another report", { window: later, use: undefined }, shown, "count"],
  ["a code after the ten minutes", { window: spent, use: undefined }, shown, "wrong"],
  ["nobody has reported being at the door", { window: undefined, use: undefined }, shown, "wrong"],
  [
    "another hand than the one that reported",
    { window: fresh, use: undefined },
    { ...shown, hand: "provider" },
    "wrong",
  ],
  [
    "a code of somebody who does not accept",
    { window: fresh, use: undefined },
    { ...shown, acceptors: ["recipient"] },
    "count",
  ],
  ["a wrong code", { window: fresh, use: undefined }, wrong, "count"],
  ["a wrong code where none is taken any more", { window: spent, use: undefined }, wrong, "wrong"],
  [
    "the fifth wrong code",
    { window: { ...fresh, wrong: triesPerTrade - 1 }, use: undefined },
    wrong,
    "count",
  ],
  [
    "a right code after five wrong ones",
    { window: { ...fresh, wrong: triesPerTrade }, use: undefined },
    shown,
    "locked",
  ],
];
for (const [what, door, given, expected] of looks) {
  test(`${expected}: ${what}`, () => {
    const look = lookAt(door, given, ({ id }, giver) => `${giver}'s code in ${id}`);
    assert.equal("giver" in look ? `${look.do} as ${look.giver} in ${look.window}` : look.do, expected);
  });
}
