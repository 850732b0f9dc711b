/** What two who cheat together can do is what the page says, pair by pair. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../test/tidy/sources.ts";
import { collusions, rowOf, togetherIn } from "./collusions.ts";
import { isFair } from "./report.ts";
import { tryFairness } from "./trial.ts";

const page = readFileSync(join(root, "docs", "fairness.md"), "utf8");
const section = page.split("### Two who cheat together")[1]?.split("\n## ")[0] ?? "";
const rows = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| who |"));

for (const collusion of collusions)
  test(`not defended: ${collusion.name}`, () => {
    const result = tryFairness(collusion);
    assert.ok(isFair(result), "money stays frozen, or one of them wins alone");
    const story = togetherIn(result);
    assert.ok(story !== undefined, "they win nothing together: the page need not say so");
    assert.ok(
      rows.includes(rowOf(collusion, story)),
      `the page has another row than ${rowOf(collusion, story)}`,
    );
  });

test("the page lists no other pair", () => {
  assert.deepEqual(
    rows.map((row) => row.split(" | ")[0]?.slice(2)),
    collusions.map(({ name }) => name),
  );
});
