/** Looks at the trades that somebody has before their eyes, all of them at once, as long as there are any. */

/** Milliseconds between two looks. */
const interval = 1000;

/** Hears how a trade stands whenever that is something else than before, and once at first. */
export type Listener = (standing: string) => void;

export interface Watch {
  /** How many listen, in all and to one trade. */
  size(): number;
  listening(number: string): number;
  /** Listens to a trade. Answers how to stop. */
  listen(number: string, listener: Listener): () => void;
  close(): void;
}

/**
 * `look` answers how each of these trades stands. A look that fails is an interval without news: that the database is away
 * is said by those who write to it.
 */
export function createWatch(
  look: (numbers: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Watch {
  const listeners = new Map<string, Map<Listener, string | undefined>>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (standings: ReadonlyMap<string, string>): void => {
    for (const [number, those] of listeners) {
      const standing = standings.get(number);
      if (standing === undefined) continue;
      for (const [listener, before] of those) {
        if (before === standing) continue;
        those.set(listener, standing);
        listener(standing);
      }
    }
  };
  const again = (): void => {
    if (listeners.size === 0 || timer !== undefined) return;
    timer = setTimeout(() => {
      void look([...listeners.keys()])
        .then(tell, () => undefined)
        .finally(() => {
          timer = undefined;
          again();
        });
    }, interval);
  };
  return {
    size: () => [...listeners.values()].reduce((sum, those) => sum + those.size, 0),
    listening: (number) => listeners.get(number)?.size ?? 0,
    listen(number, listener) {
      const those = listeners.get(number) ?? new Map<Listener, string | undefined>();
      listeners.set(number, those.set(listener, undefined));
      again();
      return () => {
        those.delete(listener);
        if (those.size === 0 && listeners.get(number) === those) listeners.delete(number);
      };
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      listeners.clear();
    },
  };
}
