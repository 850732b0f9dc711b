/** The trades whose events are put into the lists, as they are now. */
import type { Todo } from "../../core/protocol/protocol.ts";
import { listedAs } from "../../core/todo/todo.ts";
import type { Client } from "../../storage/database/database.ts";
import type { FedRow } from "../../storage/seals/seals.ts";
import { type KeptTrade, readTrades } from "../steps/steps.ts";
import type { CountedRow, MovedRow } from "../tallies/tallies.ts";
import { type EventsOfFed, readEventsOfFed } from "./feed-store.ts";

/** A row of events with its trade as it is now; reference and metadata where parties come to know them. */
export interface TradeOfFed extends CountedRow, MovedRow {
  chain: string | null;
  carrier: string | null;
  provider: string | null;
  state: string;
  createdAt: Date;
  /** In which of its shop's lists it stands, and when that ends; null where nothing is left to do. */
  todo: Todo | null;
  endsAt: Date | null;
  reference: string | null;
  /** What it comes to; null where nothing new was agreed, or where this server is told no amount. */
  agreed: bigint | null;
  metadata: Record<string, string> | null;
  /** The shop has still to put its order under the number, and learns of it from the buyer. */
  earmark: boolean;
}

/** Each row of events with its trade, and each of these trades once. */
export async function readFed(
  client: Client,
  rows: readonly FedRow[],
): Promise<{ found: TradeOfFed[]; trades: KeptTrade[] }> {
  const trades = await readTrades(client, [...new Set(rows.map(({ trade }) => trade))]);
  const byNumber = new Map(trades.map((trade) => [trade.number, { trade, asks: listedAs(trade) }]));
  const sought = rows.map(({ key, sub }) => ({ trade: key, seq: sub }));
  const events = await readEventsOfFed(client, sought);
  const found = events.flatMap((row) => {
    const known = byNumber.get(rows[row.nth - 1]?.trade ?? 0n);
    return known === undefined ? [] : [fedOf(row, known.trade, known.asks)];
  });
  return { found, trades };
}

function fedOf(row: EventsOfFed, trade: KeptTrade, asks: ReturnType<typeof listedAs>): TradeOfFed {
  const { isNew, nth, upto, slot, types, data, waited } = row;
  const { id, number, amount, shop, chain, carrier, provider, state, currency, createdAt, terms, hold } =
    trade;
  const { version, frozen } = trade;
  return {
    nth,
    upto,
    slot,
    types,
    data,
    waited,
    id,
    number,
    shop,
    chain,
    carrier,
    provider,
    state,
    currency,
    createdAt,
    todo: asks?.todo ?? null,
    endsAt: asks?.endsAt ?? null,
    earmark: terms.earmark === true,
    version,
    frozen,
    counts: terms.private !== true && terms.earmark !== true,
    unfrozen: hold === null,
    private: row.data !== null && terms.private === true,
    reference: isNew ? terms.reference : null,
    agreed: isNew && terms.private !== true ? amount : null,
    metadata: isNew ? (terms.metadata ?? null) : null,
  };
}
