import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "./coalesce.ts";

test("all that ask together share one load; who asks meanwhile waits for the next", async () => {
  const loads: number[][] = [];
  let inFlight = 0;
  const read = coalesce(async (keys: number[]) => {
    inFlight += 1;
    assert.equal(inFlight, 1);
    loads.push(keys);
    await new Promise(setImmediate);
    inFlight -= 1;
    return new Map(keys.filter((key) => key !== 3).map((key) => [key, key * 10]));
  });
  const first = [read(1), read(2), read(1), read(3)];
  await new Promise(setImmediate);
  const second = [read(1), read(4)];
  assert.deepEqual(await Promise.all(first), [10, 20, 10, undefined]);
  assert.deepEqual(await Promise.all(second), [10, 40]);
  assert.deepEqual(loads, [
    [1, 2, 3],
    [1, 4],
  ]);
});

test("a load is bounded, and a failed one does not stop the next", async () => {
  const sizes: number[] = [];
  const read = coalesce(async (keys: number[]) => {
    sizes.push(keys.length);
    if (keys.includes(0)) throw new Error("no");
    return new Map(keys.map((key) => [key, key]));
  }, 2);
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(read));
  assert.deepEqual(sizes, [2, 2, 1]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "rejected", "fulfilled", "fulfilled", "fulfilled"],
  );
  assert.equal(await read(7), 7);
});
