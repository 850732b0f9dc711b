/** Hears from collecting institutions what was paid (step 7 of figure 8), and has the trades settled by it. */
import type { Peer, PeerClient } from "../../edge/signing/signing.ts";
import type { Trades } from "../../engines/trades/trades.ts";
import { saysNothing, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { readCollection } from "./answers.ts";

export interface HearingOptions {
  client: PeerClient;
  institutions: readonly Peer[];
  trades: Pick<Trades, "collected">;
  onError: (error: unknown) => void;
  /** Milliseconds between two looks where nothing was new. */
  everyMs: number;
}

export interface Hearing {
  start(): void;
  /** Hears what there is at all institutions; resolves when it is booked. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/** How much is heard in one call. */
const atATime = 500;

/**
 * Asks again and again for payments that this server has not said to have booked. An institution goes on telling of each
 * until it is told so, and that is written with the step that books it: so none is lost, and a repetition changes nothing.
 */
export function createHearing({ client, institutions, trades, onError, everyMs }: HearingOptions): Hearing {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** Answers how many were heard. */
  async function hear({ id, name }: Peer): Promise<number> {
    const path = `/v1/collections?unheard=true&limit=${atATime}`;
    const { status, body } = await client.call(id, "GET", path);
    if (saysNothing(status)) return 0;
    const items = body?.["items"];
    if (status !== 200 || !Array.isArray(items))
      throw new Error(`${name} does not say what was paid: ${status}.`);
    await Promise.all(
      items.map(async (item) => {
        const view = readCollection(item);
        if (view === undefined) throw new Error(`${name} tells of a collection that cannot be.`);
        await book(id, view);
      }),
    );
    return items.length;
  }

  /** What waits for an answer is told again in the next turn. */
  async function book(institution: string, view: CollectionView): Promise<void> {
    const { tradeNumber: number, currency, paid } = view;
    const refused = await trades.collected(BigInt(number), { institution, currency, paid });
    if (refused === undefined || refused.refused === "trade_busy") return;
    const why = refused.detail === undefined ? "" : `: ${refused.detail}`;
    onError(new Error(`${paid} paid for trade ${number} cannot be booked (${refused.refused})${why}`));
  }

  async function hearAll(): Promise<boolean> {
    const heard = await Promise.all(
      institutions.map((peer) =>
        hear(peer).catch((error: unknown) => {
          // Whoever could not be reached stands in the log already, once.
          if (!(error instanceof UnknownOutcomeError)) onError(error);
          return 0;
        }),
      ),
    );
    return heard.some((count) => count === atATime);
  }

  function round(): Promise<void> {
    const turn = running.then(async () => {
      while (await hearAll()) if (stopped) return;
    });
    running = turn.catch(onError);
    return turn;
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
      await running;
    },
  };
}
