import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { openEngine } from "./batch-engine.ts";
import type { Decided } from "./group-commit.ts";

const { database } = await freshDatabase({ after }, "trading");

/** An engine that doubles numbers; what it is asked to look at, and what it was told of those looks, is kept. */
function doubling(decided: (requests: readonly number[]) => Partial<Decided<number>> = () => ({})) {
  const due: number[] = [];
  const looked: number[] = [];
  const errors: unknown[] = [];
  const engine = openEngine<number, number, number>({
    database,
    decide: async (_client, requests) => {
      if (requests.includes(13)) throw new Error("thirteen");
      return { answers: requests.map((each) => each * 2), write: () => [], ...decided(requests) };
    },
    due: async () => due.splice(0),
    look: (key) => key,
    looked: (answer) => looked.push(answer),
    sweepEveryMs: 3_600_000,
    onError: (error) => errors.push(error),
  });
  after(() => engine.close());
  return { engine, due, looked, errors };
}

test("requests of one turn are decided together, each with its own answer", async () => {
  const batches: number[] = [];
  const { engine } = doubling((requests) => {
    batches.push(requests.length);
    return {};
  });
  assert.deepEqual(await Promise.all([1, 2, 3].map((each) => engine.submit(each))), [2, 4, 6]);
  assert.deepEqual(batches, [3]);
  assert.equal(engine.waiting(), 0);
});

test("what follows a commit is done once for a batch, before anybody is answered", async () => {
  const order: string[] = [];
  const { engine } = doubling(() => ({ committed: () => order.push("committed") }));
  await Promise.all([1, 2].map((each) => engine.submit(each).then(() => order.push("answered"))));
  assert.deepEqual(order, ["committed", "answered", "answered"]);
});

test("the clock's looks go through the same engine, and are told of", async () => {
  const { engine, due, looked, errors } = doubling();
  due.push(5, 6);
  assert.equal(await engine.sweeper.sweep(), 2);
  assert.deepEqual(looked, [10, 12]);
  due.push(13);
  assert.equal(await engine.sweeper.sweep(), 1);
  assert.deepEqual(looked, [10, 12]);
  assert.match(String(errors[0]), /thirteen/);
});

test("an engine that nobody listens to looks all the same", async () => {
  const asked: number[] = [];
  const due = [7];
  const engine = openEngine<number, undefined, number>({
    database,
    decide: async (_client, requests) => {
      asked.push(...requests);
      return { answers: requests.map(() => undefined), write: () => [] };
    },
    due: async () => due.splice(0),
    look: (key) => key,
    sweepEveryMs: 3_600_000,
    onError: (error) => assert.fail(String(error)),
  });
  await engine.sweeper.sweep();
  await engine.close();
  assert.deepEqual(asked, [7]);
});

test("what fails for itself is rejected, and its neighbours are not", async () => {
  const { engine } = doubling();
  const [one, thirteen] = await Promise.allSettled([engine.submit(1), engine.submit(13)]);
  assert.deepEqual(one, { status: "fulfilled", value: 2 });
  assert.equal(thirteen?.status, "rejected");
});
