/** The secrets of the tills. Reading one for each message would cost more than what the message tells. */
import { performance } from "node:perf_hooks";
import { coalesce } from "../../storage/database/database.ts";

/** A secret, and the database's time. */
export type Known = { secret: string; now: Date };

/** How long a secret that was read is used (milliseconds); one that this process replaces is used no longer at all. */
const keptMs = 1000;

export class KnownSecrets {
  readonly #kept = new Map<string, Known & { readAt: number }>();
  /** How often each was replaced here. */
  readonly #replaced = new Map<string, number>();
  readonly #load: (till: string) => Promise<Known | undefined>;

  constructor(load: (till: string) => Promise<Known | undefined>) {
    this.#load = coalesce(
      async (tills: string[]) =>
        new Map(await Promise.all(tills.map(async (till) => [till, await load(till)] as const))),
    );
  }

  /** What was read within the last second, at the time that it is by now. */
  lately(till: string): Known | undefined {
    const kept = this.#kept.get(till);
    const age = performance.now() - (kept?.readAt ?? -Infinity);
    if (kept === undefined || age > keptMs) return undefined;
    return { secret: kept.secret, now: new Date(kept.now.getTime() + age) };
  }

  async read(till: string): Promise<Known | undefined> {
    const before = this.#replaced.get(till);
    const known = await this.#load(till);
    if (known === undefined) this.#kept.delete(till);
    // What was replaced while it was read is not kept.
    else if (this.#replaced.get(till) === before)
      this.#kept.set(till, { ...known, readAt: performance.now() });
    return known;
  }

  /** Another secret is kept for it from now on. */
  forget(till: string): void {
    this.#replaced.set(till, (this.#replaced.get(till) ?? 0) + 1);
    this.#kept.delete(till);
  }
}
