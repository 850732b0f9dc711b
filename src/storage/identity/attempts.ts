/**
 * Counts attempts within a window of time. The counts live in memory and are bounded: several processes
 * count for themselves, and a restart forgets. That is good enough for what they protect, which is the
 * processor and a password's entropy, not money.
 */
export interface Attempts {
  /** Counts one attempt; false where the window is already full, and then nothing is counted. */
  take(key: string): boolean;
  /** Takes one attempt back, because it turned out well. */
  giveBack(key: string): void;
}

const keysMax = 10_000;

/** `clock` gives milliseconds that only grow. */
export function makeAttempts(max: number, windowMs: number, clock: () => number): Attempts {
  const windows = new Map<string, { count: number; ends: number }>();

  function current(key: string): { count: number; ends: number } {
    const known = windows.get(key);
    const now = clock();
    if (known !== undefined && known.ends > now) return known;
    windows.delete(key);
    // A map keeps the order of insertion, so the first key is the one whose window ends first.
    const oldest = windows.size >= keysMax ? windows.keys().next().value : undefined;
    if (oldest !== undefined) windows.delete(oldest);
    const fresh = { count: 0, ends: now + windowMs };
    windows.set(key, fresh);
    return fresh;
  }

  return {
    take: (key) => {
      const window = current(key);
      if (window.count >= max) return false;
      window.count += 1;
      return true;
    },
    giveBack: (key) => {
      const window = windows.get(key);
      if (window !== undefined && window.count > 0) window.count -= 1;
    },
  };
}
