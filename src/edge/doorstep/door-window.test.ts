/** Who may use a code at the door, as a table. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAt, type Shown, triesPerTrade } from "./door-window.ts";
import type { DoorWindow } from "./store.ts";

const until = new Date("2026-11-28T12:10:00Z");
const [mine, another] = [Buffer.from("this request"), Buffer.from("another request")];
const fresh: DoorWindow = { id: "w", hand: "carrier", until, wrong: 0, open: true, spentBy: null };
const spent: DoorWindow = { ...fresh, open: false, spentBy: mine };
const shown: Shown = {
  hand: "carrier",
  code: "buyer's code",
  spender: mine,
  acceptors: ["buyer", "recipient"],
};
const wrong = { ...shown, code: "no code at all" };

const looks: [string, DoorWindow | undefined, Shown, string][] = [
  ["the buyer's code", fresh, shown, "spend as buyer"],
  ["the recipient's code", fresh, { ...shown, code: "recipient's code" }, "spend as recipient"],
  ["the same request once more", spent, shown, "again as buyer"],
  ["the same, after the ten minutes", { ...spent, until: new Date(0) }, shown, "again as buyer"],
  ["another request with a code that is spent", spent, { ...shown, spender: another }, "wrong"],
  ["a code after the ten minutes", { ...fresh, open: false }, shown, "wrong"],
  ["nobody has reported being at the door", undefined, shown, "wrong"],
  ["another hand than the one that reported", fresh, { ...shown, hand: "provider" }, "wrong"],
  ["a code of somebody who does not accept", fresh, { ...shown, acceptors: ["recipient"] }, "count"],
  ["a wrong code", fresh, wrong, "count"],
  ["a wrong code where none is taken any more", spent, wrong, "wrong"],
  ["the fifth wrong code", { ...fresh, wrong: triesPerTrade - 1 }, wrong, "count"],
  ["a right code after five wrong ones", { ...fresh, wrong: triesPerTrade }, shown, "locked"],
];
for (const [what, window, given, expected] of looks) {
  test(`${expected}: ${what}`, () => {
    const look = lookAt(window, given, (_, giver) => `${giver}'s code`);
    assert.equal("giver" in look ? `${look.do} as ${look.giver}` : look.do, expected);
  });
}
