/**
 * Callers who wait for what another server says. What is right does not depend on it: a caller who is not told looks again
 * when the time is up.
 */
import type { TradeView } from "../../core/protocol/protocol.ts";
import type { Outcome } from "../engine/engine.ts";

/** A step whose wait is over. It may not be the one that a caller waits for. */
export interface EndedWait {
  number: bigint;
  instruction: string;
  /** What the caller who asked for the step is told; undefined where it was the clock. */
  outcome: Outcome<TradeView> | undefined;
}

export interface WaitingCallers {
  /** Resolves when a wait of this trade is over, or after `milliseconds` with nothing. */
  until(number: bigint, milliseconds: number): Promise<EndedWait | undefined>;
  /** Tells all who wait for this trade. */
  over(ended: EndedWait): void;
}

type Tell = (ended: EndedWait) => void;

export function waitingCallers(): WaitingCallers {
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
        const tell: Tell = (ended) => {
          leave();
          resolve(ended);
        };
        const timer = setTimeout(() => {
          leave();
          resolve(undefined);
        }, milliseconds);
        those.add(tell);
      }),
    over: (ended) => {
      for (const tell of callers.get(ended.number) ?? []) tell(ended);
    },
  };
}
