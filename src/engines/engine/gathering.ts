/** When the next batch begins. */
/** For how long a batch waits for others (milliseconds), at most, and which part of the time that the last one took. */
const gatherMost = { ms: 5, part: 0.25 };

export interface Gathering {
  /** Resolves when those whom a batch has answered have had the time to come again. */
  wait: () => Promise<void>;
  /** A command has come. */
  came: () => void;
  /** A batch of so many commands has ended, which took so long (milliseconds). */
  ended: (commands: number, tookMs: number) => void;
}

/**
 * Whoever has just been answered is likely to ask for the next thing. Without a pause they and those who waited meanwhile
 * would take turns for ever: twice as many batches, each half as large and nearly as dear. So a batch waits for as many as
 * there were lately, for a fraction of what a batch takes; one caller alone waits for nobody.
 */
export function makeGathering(waiting: () => number, batchMax: number): Gathering {
  let expected = 0;
  let until = -Infinity;
  let go: (() => void) | undefined;
  const isEnough = () => waiting() >= expected;
  return {
    async wait() {
      const left = until - performance.now();
      if (left <= 0 || isEnough()) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        go = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      go = undefined;
    },
    came() {
      if (go !== undefined && isEnough()) go();
    },
    ended(commands, tookMs) {
      // One in ten may have gone for good, or think for a while.
      expected = Math.min(batchMax, Math.ceil((commands + waiting()) * 0.9));
      until = performance.now() + Math.min(gatherMost.ms, tookMs * gatherMost.part);
    },
  };
}
