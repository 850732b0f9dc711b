/**
 * The means of confirming acceptance (検収確認送信手段 10b, paragraphs 0058 and 0068): it watches every open order, tells
 * the institution what the shop knows, and learns from it what became of the money. All it sends was written down,
 * with its key, before; so it may die at any point, and several may run at once.
 */
import { learn, sendCall } from "./order-calls.ts";
import { claimCalls, claimChecks } from "./orders-store.ts";
import type { OrderContext } from "./tills.ts";

const batch = 64;
const atOnce = 8;
const roundsBetweenChores = 240;

/** Does the work for each item, some at a time; what one of them throws does not keep the others from it. */
async function forEach<Item>(
  shop: OrderContext,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) {
      try {
        await work(item);
      } catch (error) {
        shop.onError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}

export interface Watcher {
  start(): void;
  /** Ends after what is being done; what was being sent is sent again, with its key, by the next one. */
  stop(): Promise<void>;
  /** Begins the next round now, and not after the pause. */
  wake(): void;
  /** One bounded round: answers how many calls were sent and how many trades asked about. */
  runOnce(): Promise<{ sent: number; asked: number }>;
}

/** A pause of so many milliseconds that ends earlier where there is something to do, or all ends. */
function makeNap(ms: number): { rest: (signal: AbortSignal) => Promise<void>; wake: () => void } {
  let woken = false;
  let stir: (() => void) | undefined;
  return {
    rest: async (signal) => {
      if (!woken && !signal.aborted)
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", end);
            stir = undefined;
            resolve();
          };
          const timer = setTimeout(end, ms);
          signal.addEventListener("abort", end);
          stir = end;
        });
      woken = false;
    },
    wake: () => {
      woken = true;
      stir?.();
    },
  };
}

/**
 * Makes a watcher that does not run yet. In each round it listens to what the servers tell, and now and then, every two minutes at
 * the usual pace, it does the `chores`.
 */
export function makeWatcher(
  shop: OrderContext,
  listen: () => Promise<void>,
  chores: () => Promise<void>,
): Watcher {
  const nap = makeNap(shop.pace.roundMs);
  let running: Promise<void> | undefined;
  let ending = new AbortController();
  let rounds = 0;

  async function runOnce(): Promise<{ sent: number; asked: number }> {
    const { database, pace } = shop;
    const { signal } = ending;
    await listen();
    const calls = await claimCalls(database, null, batch, pace.leaseMs);
    await forEach(shop, calls, (call) => sendCall(shop, "patient", call, signal));
    const orders = await claimChecks(database, batch, pace.leaseMs);
    await forEach(shop, orders, (order) => learn(shop, "patient", order, signal));
    if (rounds % roundsBetweenChores === 0) await chores();
    rounds += 1;
    return { sent: calls.length, asked: orders.length };
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await runOnce();
      } catch (error) {
        shop.onError(error);
      }
      await nap.rest(signal);
    }
  }

  return {
    runOnce,
    wake: () => nap.wake(),
    start: () => {
      if (running !== undefined) return;
      ending = new AbortController();
      running = run(ending.signal);
    },
    stop: async () => {
      ending.abort();
      await running;
      running = undefined;
      ending = new AbortController();
    },
  };
}
