/** How long requests took in each of the last minutes, of what this process has answered. */
import { durationBounds, type Metrics } from "../http/http.ts";

export interface Minute {
  answers: number;
  /** Milliseconds within which so many of a hundred were answered; null where none was. */
  half: number | null;
  most: number | null;
}

/** Within how many seconds so large a part was answered, evenly within a bound; the last bound stands for all beyond it. */
function secondsWithin(counts: readonly number[], part: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    const from = durationBounds[index - 1] ?? 0;
    if (count > 0 && seen + count >= all * part)
      return from + ((durationBounds[index] ?? from) - from) * Math.max(0, (all * part - seen) / count);
    seen += count;
  }
  return durationBounds.at(-1) ?? null;
}

const inMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

export interface Latency {
  minutes(): Minute[];
  stop(): void;
}

const minuteMs = 60_000;

/** Looks at the counts once a minute and keeps so many minutes; the last one of them still runs. */
export function watchLatency(metrics: Pick<Metrics, "durations">, keep: number): Latency {
  let before = metrics.durations();
  const kept: Minute[] = [];
  const look = (): Minute => {
    const now = metrics.durations();
    const counts = now.map((count, index) => count - (before[index] ?? 0));
    return {
      answers: counts.reduce((sum, count) => sum + count, 0),
      half: inMs(secondsWithin(counts, 0.5)),
      most: inMs(secondsWithin(counts, 0.99)),
    };
  };
  const timer = setInterval(() => {
    kept.push(look());
    before = metrics.durations();
    if (kept.length > keep) kept.shift();
  }, minuteMs);
  timer.unref();
  return { minutes: () => [...kept, look()], stop: () => clearInterval(timer) };
}
