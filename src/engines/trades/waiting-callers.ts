/**
 * Callers who wait for what another server says. Nothing here is needed for anything to be right: a caller whom nobody
 * tells looks for themselves when the time is up.
 */
import type { Outcome } from "./batch.ts";

/** Which instruction was answered, and what whoever asked for it is told. It may not be the one somebody waits for. */
export interface Told {
  instruction: string;
  outcome: Outcome | undefined;
}

export interface Waiting {
  /** Resolves when a wait of this trade is over, or after `milliseconds` with nothing. */
  until(number: bigint, milliseconds: number): Promise<Told | undefined>;
  /** Tells all who wait for this trade. */
  over(number: bigint, told: Told): void;
}

type Tell = (told: Told) => void;

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
    over: (number, told) => {
      for (const tell of callers.get(number) ?? []) tell(told);
    },
  };
}
