import type { Database } from "../database/database.ts";
import { dueTrades } from "./store.ts";

export interface Sweeper {
  start(): void;
  /** Looks at all that is due now; resolves with how many trades were looked at. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export interface SweeperOptions {
  database: Database;
  /** Has the engine look at one trade; false where that failed. */
  wake: (number: bigint) => Promise<boolean>;
  /** Milliseconds between two looks at the clock. */
  everyMs: number;
  onError: (error: unknown) => void;
}

const lookAtOnce = 500;

/**
 * Runs the deadlines. It only finds trades whose time may have come; the engine decides about each under its
 * lock and at its own clock, so any number of sweepers may run, and one that stops half-way harms nothing.
 */
export function sweeper(options: SweeperOptions): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let stopped = false;

  async function round(): Promise<number> {
    let looked = 0;
    for (;;) {
      const due = await dueTrades(options.database, lookAtOnce);
      const done = await Promise.all(due.map((number) => options.wake(number)));
      looked += due.length;
      // Trades that fail stay due; a page full of nothing else is left for the next round.
      if (due.length < lookAtOnce || !done.includes(true)) return looked;
    }
  }

  function sweep(): Promise<number> {
    // Whoever asks while a round runs wants to know about what became due since it began.
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
