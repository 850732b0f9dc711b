type Waiter<V> = { resolve(value: V | undefined): void; reject(error: unknown): void };

/**
 * Turns a loader of many keys into a reader of one. While one load is in flight all further keys wait, and the next load
 * takes them together, so a crowd of readers costs a few statements and one connection. A reader never gets a value
 * loaded before it asked. `keysMax` bounds one load.
 */
export function coalesce<K, V>(
  load: (keys: K[]) => Promise<Map<K, V>>,
  keysMax = 1000,
): (key: K) => Promise<V | undefined> {
  let waiting = new Map<K, Waiter<V>[]>();
  let running = false;

  function takeBatch(): Map<K, Waiter<V>[]> {
    if (waiting.size <= keysMax) {
      const all = waiting;
      waiting = new Map();
      return all;
    }
    const batch = new Map([...waiting].slice(0, keysMax));
    for (const key of batch.keys()) waiting.delete(key);
    return batch;
  }

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const batch = takeBatch();
      try {
        const found = await load([...batch.keys()]);
        for (const [key, waiters] of batch) for (const waiter of waiters) waiter.resolve(found.get(key));
      } catch (error) {
        for (const waiters of batch.values()) for (const waiter of waiters) waiter.reject(error);
      }
    }
    running = false;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const waiters = waiting.get(key);
      if (waiters === undefined) waiting.set(key, [{ resolve, reject }]);
      else waiters.push({ resolve, reject });
      if (running) return;
      running = true;
      // Requests read from the network in one turn of the event loop are gathered before the first load starts.
      setImmediate(() => void run());
    });
}
