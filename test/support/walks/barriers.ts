import assert from "node:assert/strict";
import axe from "axe-core";
import type { Person } from "./person.ts";

/** What a machine can tell of a page's barriers; only where scripts run, for it is one. */
export async function isOpen({ page, look }: Person): Promise<void> {
  if (!look.scripts) return;
  await page.evaluate(axe.source);
  const found = await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
      .filter(({ impact }) => impact !== "minor").map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 160)))`,
  );
  assert.deepEqual(found, [], page.url());
}
