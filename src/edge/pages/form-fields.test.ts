/** What is kept of a form over a sign-in is what was typed, and no yes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keptOf } from "./form-fields.ts";

test("what was confirmed before a sign-in is confirmed again after it", () => {
  const typed = { seen: "4", reason: "torn", key: "k1", said: "yes", readBack: "yes", sure: "yes" };
  const kept = keptOf("/desk/trades/48210733951146/acts/reject", typed);
  assert.deepEqual(kept?.fields, { seen: "4", reason: "torn", key: "k1" });
});
