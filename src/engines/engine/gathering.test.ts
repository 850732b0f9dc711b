import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { makeGate } from "../../../test/support/world/gate.ts";
import { groupCommit } from "./group-commit.ts";

test("callers who take turns are soon in one batch, and nobody waits for those who do not come again", async (t) => {
  const { database } = await freshDatabase(t, "trading");
  const gate = makeGate();
  const sizes: number[] = [];
  const commits = groupCommit<string, string>({
    database,
    batchMax: 1000,
    queueMax: 1000,
    patienceMs: 10_000,
    decide: async (_client, commands) => {
      sizes.push(commands.length);
      if (sizes.length === 1) await gate.arrive();
      // Long enough that a quarter of it is time for whoever comes again at once.
      await pause(100);
      return { answers: [...commands], write: () => [] };
    },
  });
  const callers = (count: number, name: string) =>
    Array.from({ length: count }, async (_none, index) => {
      for (let round = 0; round < 3; round += 1) {
        await commits.submit(`${name}${index}-${round}`);
        // As long as an answer is on its way, and the next request.
        await new Promise(setImmediate);
      }
    });
  const first = callers(4, "first");
  await gate.reached;
  const second = callers(4, "second");
  gate.open();
  await Promise.all([...first, ...second]);
  assert.deepEqual(sizes, [4, 8, 8, 4]);
});
