export interface Sweeper {
  start(): void;
  /** Looks at all that is due now; resolves with how many were looked at. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export interface SweeperOptions<Key> {
  /** What may be due, oldest first, at most so many. */
  due: (limit: number) => Promise<Key[]>;
  /** Has the engine look at one of them; false where that failed. */
  wake: (key: Key) => Promise<boolean>;
  /** Milliseconds between two looks at the clock. */
  everyMs: number;
  onError: (error: unknown) => void;
}

const lookAtOnce = 500;

/**
 * Runs deadlines. It only finds what may have come due; the engine decides about each under its
 * lock and at its own clock, so any number of sweepers may run, and one that stops half-way harms nothing.
 */
export function sweeper<Key>(options: SweeperOptions<Key>): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let stopped = false;

  async function round(): Promise<number> {
    let looked = 0;
    for (;;) {
      const due = await options.due(lookAtOnce);
      const done = await Promise.all(due.map((key) => options.wake(key)));
      looked += due.length;
      // What fails stays due; a page full of nothing else is left for the next round.
      if (due.length < lookAtOnce || !done.includes(true)) return looked;
    }
  }

  function sweep(): Promise<number> {
    // A caller who asks while a round runs wants to know about what became due since it began.
    const turn = (running ?? Promise.resolve(0)).catch(() => 0).then(round);
    running = turn;
    return turn;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      sweep()
        .catch((error: unknown) => options.onError(error))
        .finally(next);
    }, options.everyMs);
  }

  return {
    start: next,
    sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running?.catch(() => 0);
    },
  };
}
