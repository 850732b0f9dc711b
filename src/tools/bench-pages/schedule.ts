/** Requests that come at fixed times, as people do, whether those before them were answered or not (an open loop). */
import { createHistogram } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

/** What tells the time and waits for it, in milliseconds. */
export interface Clock {
  now(): number;
  until(time: number): Promise<unknown>;
}

export const wallClock: Clock = {
  now: () => performance.now(),
  until: (time) => pause(Math.max(0, time - performance.now())),
};

export interface Schedule {
  perSecond: number;
  /** Seconds in which requests come and are not counted, and those after them that are. */
  warmUp: number;
  seconds: number;
}

export interface Read {
  requests: number;
  /** Milliseconds from the time at which a request was to come until its answer was there. */
  p50: number;
  p99: number;
  /** How many answers were not what they should have been, by what was wrong. */
  failed: Record<string, number>;
}

/**
 * Asks on schedule. `ask` answers what was wrong with its answer, or undefined. A request counts from the moment at which it
 * was to be sent, so that a server which stands still is not spared the requests that could not be sent meanwhile.
 */
export async function onSchedule(
  { perSecond, warmUp, seconds }: Schedule,
  clock: Clock,
  ask: (turn: number) => Promise<string | undefined>,
): Promise<Read> {
  const latencies = createHistogram();
  const failed: Record<string, number> = {};
  const began = clock.now();
  const first = Math.round(warmUp * perSecond);
  const all = first + Math.round(seconds * perSecond);
  const open: Promise<void>[] = [];
  for (let turn = 0; turn < all; turn += 1) {
    const due = began + (turn * 1000) / perSecond;
    await clock.until(due);
    const asked = ask(turn).then((wrong) => {
      if (turn < first) return;
      // A histogram takes whole numbers from 1 on.
      latencies.record(Math.max(1, Math.round((clock.now() - due) * 1000)));
      if (wrong !== undefined) failed[wrong] = (failed[wrong] ?? 0) + 1;
    });
    open.push(asked);
  }
  await Promise.all(open);
  return {
    requests: latencies.count,
    p50: latencies.percentile(50) / 1000,
    p99: latencies.percentile(99) / 1000,
    failed,
  };
}
