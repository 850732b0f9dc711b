import type { Database } from "../../storage/database/database.ts";
import { extendLog, type LogSigner } from "../../storage/seals/seals.ts";

export interface SealerOptions {
  database: Database;
  signer: LogSigner;
  /** Milliseconds between two looks at what was committed. */
  everyMs: number;
  onError: (error: unknown) => void;
}

export interface Sealer {
  start(): void;
  /** Orders all that is committed now. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Every process has one; which of them adds to the log is settled by a lock that ends with each transaction, so one that
 * is killed leaves nothing behind.
 */
export function createSealer({ database, signer, everyMs, onError }: SealerOptions): Sealer {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function order(): Promise<void> {
    // What is committed while this runs has its turn in the next round: one that waited for none would not end under load.
    for (let more = true; more; ) more = (await extendLog(database, signer))?.more === true;
  }

  function round(): Promise<void> {
    // A caller who asks while a round runs wants to know about what was committed since it began.
    running = running.catch(() => {}).then(order);
    return running;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => void round().catch(onError).finally(next), everyMs);
  }

  return {
    start: next,
    round,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => {});
    },
  };
}
