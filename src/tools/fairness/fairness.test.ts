/** Nobody who cheats alone wins, as far as the set goes; and each rule that is needed is needed. `npm run fairness` has more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFair, linesOf } from "./report.ts";
import { rules } from "./rules-off.ts";
import { settings } from "./settings.ts";
import { storyWithout, tryFairness } from "./trial.ts";

for (const setting of settings)
  test(`fair: ${setting.name}`, () => {
    const result = tryFairness(setting);
    assert.ok(isFair(result), linesOf(result, 0, false).join("\n"));
    assert.ok(result.longestDays > 0 && result.longestDays <= 120, `${result.longestDays} days`);
  });

for (const rule of rules)
  test(`${rule.name}: ${rule.comfort === true ? "nobody wins without it" : "its absence has a story"}`, () => {
    const found = storyWithout(rule);
    assert.equal(found === undefined, rule.comfort === true, found?.story.join("\n"));
  });
