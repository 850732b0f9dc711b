/** The shell of an engine: what its clock does where requests are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { makeGate } from "../../../test/support/world/gate.ts";
import { rawSql } from "../../storage/database/database.ts";
import { openEngine, technicalOutcome } from "./batch-engine.ts";
import { QueueFullError } from "./group-commit.ts";

test("a full queue refuses callers and the clock: callers are told, nothing is logged, and what is due stays so", async (t) => {
  const { database } = await freshDatabase(t, "trading");
  const logged: unknown[] = [];
  const looked: string[] = [];
  const gate = makeGate();
  const engine = openEngine<string, string, string>({
    database,
    decide: async (client, requests) => {
      await gate.arrive();
      await client.query(rawSql("select 1"));
      return { answers: [...requests], write: () => [] };
    },
    due: () => Promise.resolve(looked.length === 0 ? ["due"] : []),
    look: (key) => key,
    looked: (answer) => void looked.push(answer),
    sweepEveryMs: 3_600_000,
    onError: (error) => void logged.push(error),
  });
  const first = engine.submit("first");
  await gate.reached;
  const full: Promise<string>[] = [];
  let refused: unknown;
  while (refused === undefined) {
    const submitted = engine.submit(`request ${full.length}`);
    if (engine.waiting() > full.length) full.push(submitted);
    else refused = await submitted.catch((error: unknown) => error);
  }
  assert.ok(refused instanceof QueueFullError);
  const told = technicalOutcome(refused, (error) => void logged.push(error));
  assert.deepEqual([told.status, told.problem.value.code], [503, "overloaded"]);
  assert.equal(await engine.sweeper.sweep(), 1);
  assert.deepEqual([looked, logged], [[], []]);
  gate.open();
  assert.equal((await Promise.all([first, ...full])).length, full.length + 1);
  assert.equal(await engine.sweeper.sweep(), 1);
  assert.deepEqual([looked, logged], [["due"], []]);
  await engine.close();
});
