/** An institution that takes part for a time: nothing new is reserved there after it, and what there is goes on to its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, given, on, reserve, take } from "../../../test/support/tables/trades.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import type { Trade } from "../../core/trade/trade.ts";
import type { MoneyEffect } from "./rail.ts";
import { openOnConsents } from "./remote-institution.ts";

const known = ["account", "shop", "fee"].map((account) => ({
  account,
  institution: "bank",
  consent: account,
}));
let ids = 0;
const rail = () =>
  openOnConsents(known, () => `instruction ${(ids += 1)}`, new Set(), new Map([["bank", on(10)]]));

/** What the rail says to a step of a trade so many days after the beginning. */
function says(before: Trade, step: Parameters<typeof take>[1], day: number): string {
  const decision = take(before, [step[0], step[1], day]);
  if (isRefused(decision)) return assert.fail(decision.refused);
  const effects = decision.effects.filter(
    (effect): effect is MoneyEffect => effect.do !== "use mandate" && effect.do !== "use advance",
  );
  const posted = rail().post(before, effects, on(day), decision.next);
  return posted.how === "refused" ? posted.code : posted.how;
}

test("until its end it freezes money, and from then on none", () => {
  assert.equal(says(given({}, []), reserve, 9.9), "asked");
  assert.equal(says(given({}, []), reserve, 10), "method_not_usable");
});

test("what it has frozen before is paid after it", () => {
  assert.equal(says(given({}, [reserve]), accept(), 12), "asked");
});
