/** How often somebody may be wrong. */
import type { Client } from "../database/database.ts";
import { countTries, giveTriesBack } from "./tries-store.ts";

export interface Tries {
  /**
   * Counts a try under each name, before it is known whether it is right, so that no number of tries at once is more than
   * the limit. Answers how many there are now in the windows of these names.
   */
  count(names: readonly string[], windowMs: number): Promise<number[]>;
  /** Takes them back: it was right, or was not made after all. */
  giveBack(names: readonly string[]): Promise<void>;
}

/** `seal` is an HMAC under a secret of the server, without which nobody can tell from the table who has tried. */
export function openTries(client: Client, seal: (text: string) => Buffer): Tries {
  return {
    count: (names, windowMs) =>
      countTries(
        client,
        names.map((name) => seal(name)),
        windowMs,
      ),
    giveBack: (names) =>
      giveTriesBack(
        client,
        names.map((name) => seal(name)),
      ),
  };
}
