/**
 * Callers who wait for what another server says. Nothing here is needed for anything to be right: a caller whom nobody
 * tells looks for themselves when the time is up.
 */
import type { Outcome } from "./engine.ts";

export interface Waiting {
  /** Resolves when the wait of this trade is over, with what the asker is told, or after `milliseconds` with nothing. */
  until(number: bigint, milliseconds: number): Promise<{ outcome: Outcome | undefined } | undefined>;
  /** Tells all who wait for this trade. */
  over(number: bigint, outcome: Outcome | undefined): void;
}

type Tell = (told: { outcome: Outcome | undefined }) => void;

export function makeWaiting(): Waiting {
  const callers = new Map<bigint, Set<Tell>>();
  return {
    until: (number, milliseconds) =>
      new Promise((resolve) => {
        const those = callers.get(number) ?? new Set<Tell>();
        callers.set(number, those);
        const leave = () => {
          clearTimeout(timer);
          those.delete(tell);
          if (those.size === 0) callers.delete(number);
        };
        const tell: Tell = (told) => {
          leave();
          resolve(told);
        };
        const timer = setTimeout(() => {
          leave();
          resolve(undefined);
        }, milliseconds);
        those.add(tell);
      }),
    over: (number, outcome) => {
      for (const tell of callers.get(number) ?? []) tell({ outcome });
    },
  };
}
