/**
 * Gives what was committed its positions. One transaction at a time does so, and only for what it sees committed, so that
 * nothing ever comes to stand below what somebody has read: a transaction that ends late is given a later position than those
 * that ended before it, whatever its own time says (docs/decisions/0036-found.md).
 */
import { coalesce, type Database } from "../../storage/database/database.ts";
import { type FedRow, takeUnfed } from "../../storage/seals/seals.ts";
import {
  insertMarks,
  insertPartyEvents,
  lockHead,
  moveHead,
  type PartyEvent,
  type StoodBefore,
  upsertPartyTrades,
} from "./feed-store.ts";
import { readFed, type TradeOfFed } from "./fed-trades.ts";
import { lookAgain, noteGuarantees } from "../guarantees/guarantees.ts";
import { type Moved, movedIn, tally, tallyShops } from "../tallies/tallies.ts";
import { touchWords } from "../vouching/vouching.ts";
import { everyShop, markOfAmount, markOfMetadata, markOfReference } from "./marks.ts";

/** Passes that one reader waits for; the rest is done for the next one, or by the clock. */
const passesForReaders = 200;

export interface FeedOptions {
  database: Database;
  /** Milliseconds between two looks at what was committed, where nobody reads. */
  everyMs: number;
  onError: (error: unknown) => void;
}

export interface Feed {
  start(): void;
  /** Resolves when all that was committed before the call can be read. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

export function createFeed({ database, everyMs, onError }: FeedOptions): Feed {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  // Readers who ask while a round runs share the next one.
  const rounds = coalesce<"round", true>(async () => {
    for (let pass = 0; pass < passesForReaders; pass += 1) if (!(await orderSome(database))) break;
    return new Map([["round", true]]);
  });

  function round(): Promise<void> {
    const done = rounds("round").then(() => {});
    running = done.catch(() => {});
    return done;
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

/** Looks once more at guarantees and lines that nobody has looked at for long, beside no other pass. */
export const lookAtGuarantees = (database: Database): Promise<void> => lookAgain(database, lockHead);

/** Puts what some batches hold into the lists; answers whether there may be more. */
function orderSome(database: Database): Promise<boolean> {
  return database.transaction(async (client) => {
    const head = await lockHead(client);
    const { rows, more } = await takeUnfed(client, "trade_events");
    if (rows.length === 0) return more;
    const placed = inOrder(rows);
    const { found, trades: kept } = await readFed(client, placed);
    const { events, last } = eventsOf(placed, found, head);
    // What was proposed in this pass stood nowhere before.
    const begun = new Set(found.filter(({ nth }) => placed[nth - 1]?.sub === 1).map(({ id }) => id));
    const moved = movedIn(found);
    const trades = onceEach(
      found.flatMap((trade) =>
        partiesOf(trade).map((party) => entered(trade, party, moved.get(trade.id), begun.has(trade.id))),
      ),
    );
    await Promise.all([
      insertPartyEvents(client, events),
      upsertPartyTrades(client, trades).then((before) =>
        Promise.all([
          tally(client, found, growthOf(trades, before), last),
          tallyShops(client, moved, before, last),
        ]),
      ),
      insertMarks(client, found.flatMap(marksOf)),
      touchWords(client, [...new Set(found.map(({ number }) => number))]),
      noteGuarantees(client, kept),
      moveHead(client, last),
    ]);
    return more;
  });
}

/** By time; the events of one trade by their number, whatever the clock has done between them. */
function inOrder(rows: readonly FedRow[]): FedRow[] {
  const latest = new Map<string, number>();
  return rows
    .toSorted((one, other) => one.sub - other.sub)
    .map((row) => {
      const at = Math.max(row.at.getTime(), latest.get(row.key) ?? 0);
      latest.set(row.key, at);
      return { ...row, at: new Date(at) };
    })
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

/** An instant as a position. */
const microseconds = (at: Date): bigint => BigInt(at.getTime()) * 1000n;

function eventsOf(
  rows: readonly FedRow[],
  found: readonly TradeOfFed[],
  head: bigint,
): { events: PartyEvent[]; last: bigint } {
  let last = head;
  const byPlace = new Map(found.map((trade) => [trade.nth, trade]));
  const events = rows.flatMap((row, index) => {
    const trade = byPlace.get(index + 1);
    if (trade === undefined) return [];
    const time = microseconds(row.at);
    last = time > last ? time : last + 1n;
    const { id, number, upto } = trade;
    return partiesOf(trade).map((party) => {
      return { party, position: last, trade: id, number, seq: row.sub, upto };
    });
  });
  return { events, last };
}

/** Those who do business with the trade, each once. */
function partiesOf({ shop, chain, carrier, provider, earmark }: TradeOfFed): string[] {
  if (earmark) return [];
  return [...new Set([shop, chain, carrier, provider])].filter((party) => party !== null);
}

/** The party under which a trade is counted, once: its shop, or the head of its chain, whichever store takes it. */
const countedFor = ({ chain, shop }: TradeOfFed): string => chain ?? shop;

/** By how many trades each state has grown. */
function growthOf(
  trades: readonly { state: string; inState: boolean }[],
  before: readonly StoodBefore[],
): Map<string, number> {
  const growth = new Map<string, number>();
  const add = (state: string, by: number) => growth.set(state, (growth.get(state) ?? 0) + by);
  for (const { state, stood } of before) if (stood) add(state, -1);
  for (const { state, inState } of trades) if (inState) add(state, 1);
  return growth;
}

/** What the trade asks of its shop is for the shop, and for the head of its chain; its money is for the shop. */
function entered(trade: TradeOfFed, party: string, moved: Moved | undefined, isNew: boolean) {
  const { id, number, createdAt, state } = trade;
  const sells = party === trade.shop || party === trade.chain;
  const { frozen = 0n, gained = 0n } = party === trade.shop ? (moved ?? {}) : {};
  const todo = sells ? trade.todo : null;
  const endsAt = sells ? trade.endsAt : null;
  const inState = party === countedFor(trade);
  const stood = inState && !isNew;
  return { party, id, number, createdAt, state, todo, endsAt, sells, frozen, gained, inState, stood };
}

/** A trade with several rows of events stands in them as it is now, each time. */
function onceEach<Row extends { party: string; id: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.party} ${row.id}`, row])).values()];
}

/** By what a trade is found; of its metadata only its shop, and the head of its chain, know anything. */
function marksOf(trade: TradeOfFed) {
  const { id, number, createdAt, reference, agreed, currency, metadata, shop, chain } = trade;
  const own = new Set([shop, chain]);
  const secret = Object.entries(metadata ?? {}).map(([key, value]) => markOfMetadata(key, value));
  const open = reference === null ? [] : [markOfReference(reference)];
  const parties = partiesOf(trade);
  const found = parties.flatMap((party) =>
    [...open, ...(own.has(party) ? secret : [])].map((mark) => ({ party, mark, createdAt, id, number })),
  );
  const everywhere = agreed === null ? open : [...open, markOfAmount(agreed, currency)];
  if (parties.length === 0) return found;
  for (const mark of everywhere) found.push({ party: everyShop, mark, createdAt, id, number });
  return found;
}
