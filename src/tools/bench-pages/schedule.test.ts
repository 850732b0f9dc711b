import assert from "node:assert/strict";
import { test } from "node:test";
import { onSchedule } from "./schedule.ts";

/** Time that stands still until somebody waits for it. */
function standing() {
  let time = 1000;
  return {
    now: () => time,
    until: async (wanted: number) => {
      time = Math.max(time, wanted);
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

const schedule = { perSecond: 50, warmUp: 0, seconds: 2 };

test("each request comes at its time, and what is asked in the warm-up is not counted", async () => {
  const clock = standing();
  const times: number[] = [];
  const read = await onSchedule({ ...schedule, warmUp: 1, seconds: 1 }, clock, async () => {
    times.push(clock.now());
    return undefined;
  });
  assert.deepEqual(times.slice(0, 3), [1000, 1020, 1040]);
  assert.deepEqual([times.length, read.requests, read.failed], [100, 50, {}]);
});

test("who stands still for a second answers for all who came meanwhile, not for one", async () => {
  const clock = standing();
  const read = await onSchedule(schedule, clock, async (turn) => {
    if (turn === 0) clock.pass(1000);
    return undefined;
  });
  assert.equal(read.requests, 100);
  assert.ok(read.p99 > 900, `${read.p99}`);
  assert.ok(read.p50 > 0 && read.p50 < 100, "half of them came when it was over");
});

test("what was wrong is counted by what it was", async () => {
  const wrong = ["503", undefined, "503", "no form"];
  const read = await onSchedule(schedule, standing(), async (turn) => wrong[turn]);
  assert.deepEqual(read.failed, { 503: 2, "no form": 1 });
});
