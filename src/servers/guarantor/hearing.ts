/** Hears from collecting institutions what was paid (step 7 of figure 8), and has the trades settled by it. */
import type { Peer } from "../../edge/signing/signing.ts";
import type { Debts } from "../../engines/debts/debts.ts";
import type { Trades } from "../../engines/trades/trades.ts";
import { saysNothing, UnknownOutcomeError } from "../../edge/signing/signing.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { readCollection } from "./answers.ts";

export interface HearingOptions {
  client: {
    call(
      peer: string,
      method: "GET" | "POST",
      path: string,
      body?: object,
    ): Promise<{ status: number; body: object | undefined }>;
  };
  institutions: readonly Peer[];
  trades: Pick<Trades, "collected">;
  /** Bills are paid as trades are, each under a number of its own. */
  debts: Pick<Debts, "paid">;
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

/** How much is heard in one call, at most, and in how many calls one after another: nobody has so much to tell. */
const atATime = 500;
const callsMost = 200;
/** What was said once is remembered, of so many faults. */
const saidMost = 10_000;

/**
 * Books what an institution tells, and answers whether a trade has it. What cannot be booked is told of again in each round,
 * and said once.
 */
function bookIn({
  trades,
  debts,
  onError,
}: Pick<HearingOptions, "trades" | "debts" | "onError">): (
  institution: string,
  view: CollectionView,
) => Promise<boolean> {
  const said = new Set<string>();
  return async (institution, view) => {
    const { tradeNumber: number, currency, paid } = view;
    const refused = await trades.collected(BigInt(number), { institution, currency, paid });
    if (refused === undefined) return true;
    // What waits for an answer is told again in the next round; that a bill was paid is said with the bill.
    if (refused.refused === "trade_busy") return false;
    if (refused.refused === "not_found" && (await debts.paid(institution, view))) return false;
    const why = refused.detail === undefined ? "" : `: ${refused.detail}`;
    const fault = `${paid} ${currency} paid for trade ${number} cannot be booked (${refused.refused})${why}`;
    if (!said.has(fault)) onError(new Error(fault));
    if (said.size >= saidMost) said.clear();
    said.add(fault);
    return false;
  };
}

interface Listener {
  turn: () => Promise<void>;
  start: () => void;
  stop: () => Promise<void>;
}

/** Hears one institution by a clock of its own: one that is slow, or lies, keeps no other from being heard. */
function listener(
  hear: () => Promise<void>,
  { onError, everyMs, isStopped }: Pick<HearingOptions, "onError" | "everyMs"> & { isStopped: () => boolean },
): Listener {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = (): Promise<void> => {
    running = running.then(hear).catch((error: unknown) => {
      // Whoever could not be reached stands in the log already, once.
      if (!(error instanceof UnknownOutcomeError)) onError(error);
    });
    return running;
  };
  const next = (): void => {
    if (!isStopped()) timer = setTimeout(() => void turn().finally(next), everyMs);
  };
  return {
    turn,
    start: next,
    stop: async () => {
      clearTimeout(timer);
      await running;
    },
  };
}

/**
 * Asks again and again for payments that this server has not said to have booked. An institution goes on telling of each
 * until it is told so, and it is told so only when the booking is committed: none is lost, and a repetition changes nothing.
 */
export function createHearing(options: HearingOptions): Hearing {
  const { client, institutions, onError, everyMs } = options;
  let stopped = false;
  const book = bookIn(options);

  const failed = (error: unknown): boolean => {
    onError(error);
    return false;
  };

  /** Hears all that an institution tells: what cannot be booked stands in nobody's way. */
  async function hear(peer: Peer): Promise<void> {
    let after: string | undefined = "";
    for (let calls = 0; after !== undefined && !stopped; calls += 1) {
      if (calls === callsMost) throw new Error(`${peer.name} does not end telling what was paid.`);
      after = await hearSome(peer, after);
    }
  }

  /** Hears the next page, and answers where the one behind it begins; undefined where there is none. */
  async function hearSome({ id, name }: Peer, after: string): Promise<string | undefined> {
    const path = `/v1/collections?unheard=true&limit=${atATime}${after === "" ? "" : `&after=${after}`}`;
    const { status, body } = await client.call(id, "GET", path);
    if (saysNothing(status)) return undefined;
    const { items, next } = (body ?? {}) as { items?: unknown; next?: unknown };
    if (status !== 200 || !Array.isArray(items))
      throw new Error(`${name} does not say what was paid: ${status}.`);
    const booked = await Promise.all(
      items.map(async (item) => {
        const view = readCollection(item);
        if (view === undefined) onError(new Error(`${name} tells of a collection that cannot be.`));
        // What fails here is told again; what was booked beside it is said all the same.
        return view !== undefined && (await book(id, view).catch(failed)) ? [view] : [];
      }),
    );
    await say(id, booked.flat());
    return items.length > 0 && typeof next === "string" ? encodeURIComponent(next) : undefined;
  }

  /** Says that these are booked. Where that is lost, they are told of once more. */
  async function say(institution: string, booked: readonly CollectionView[]): Promise<void> {
    if (booked.length === 0) return;
    const instructions = booked.map(({ tradeNumber, paid }) => ({
      do: "heard",
      id: uuidv7(),
      tradeNumber,
      paid,
    }));
    await client.call(institution, "POST", "/v1/collections/batch", { instructions });
  }

  const isStopped = () => stopped;
  const listening = institutions.map((peer) => listener(() => hear(peer), { onError, everyMs, isStopped }));
  return {
    start: () => {
      for (const { start } of listening) start();
    },
    round: async () => {
      await Promise.all(listening.map(({ turn }) => turn()));
    },
    async stop() {
      stopped = true;
      await Promise.all(listening.map(({ stop }) => stop()));
    },
  };
}
