/** Trades as their parties read them. */
import { type ActorRole, dammValid, type TradeView } from "../../core/protocol/protocol.ts";
import { type Database, pageBy, pageOf } from "../../storage/database/database.ts";
import type { Vault } from "../../storage/members/members.ts";
import {
  type Actor,
  isStorable,
  type KeptTrade,
  listAllTrades,
  listTrades,
  readEvents,
  readGuestForm,
  readRecipient,
  readTrade,
} from "../steps/steps.ts";
import { receiptFor } from "./receipts.ts";
import { eventsOf, readerOf, type ViewContext, viewOf } from "./view.ts";
import type { Page, TradeCalls } from "./trade-calls.ts";

/** Events told at once where nobody asked for fewer; pages show the whole record of any trade that people make. */
const eventsMost = 1000;

interface Source extends ViewContext {
  database: Database;
  vault: Vault;
}

export function readingsOf(
  source: Source,
): Pick<
  TradeCalls<"nowhere">,
  "read" | "events" | "buyerOf" | "guestOf" | "guestForm" | "recipient" | "receipt" | "list"
> {
  const { database, vault } = source;
  return {
    read: async (actor, number) => (await find(source, actor, number))?.view,
    events: async (actor, number, { limit, after = 0 } = { limit: eventsMost }) => {
      const found = await find(source, actor, number);
      if (found === undefined) return undefined;
      const rows = await readEvents(database, found.trade.id, after, limit + 1);
      const events = eventsOf(found.trade, rows, found.role).filter(({ seq }) => seq > after);
      return pageBy(
        events,
        limit,
        (event) => event,
        ({ seq }) => String(seq),
      );
    },
    buyerOf: async (number) => (await tradeWith(database, number))?.buyer ?? undefined,
    guestOf: async (number) => {
      const trade = await tradeWith(database, number);
      return trade?.terms.guest === true && !trade.progress.erased ? (trade.buyer ?? undefined) : undefined;
    },
    guestForm: async (number) => {
      const trade = await tradeWith(database, number);
      return trade?.buyer === null ? readGuestForm(database, vault, trade.id) : undefined;
    },
    recipient: async (actor, number) => {
      const found = await find(source, actor, number);
      return found && readRecipient(database, vault, found.trade.id);
    },
    receipt: async (actor, number, event) => {
      const found = await find(source, actor, number);
      return found === undefined ? { refused: "not_found" } : receiptFor(database, found, event);
    },
    list: (actor, page) => listFor(source, actor, page),
  };
}

/** The trade with a number as people write it; a number that cannot be one has none. */
async function tradeWith(database: Database, number: string): Promise<KeptTrade | undefined> {
  return dammValid(number) && isStorable(number) ? readTrade(database, BigInt(number)) : undefined;
}

interface Found {
  trade: KeptTrade;
  role: ActorRole;
  view: TradeView;
}

async function find(source: Source, actor: Actor, number: string): Promise<Found | undefined> {
  const trade = await tradeWith(source.database, number);
  const role = trade && readerOf(trade, actor);
  if (trade === undefined || role === undefined) return undefined;
  return { trade, role, view: viewOf(trade, role, source) };
}

async function listFor(
  source: Source,
  actor: Actor,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<TradeView>> {
  const { database } = source;
  if (actor.kind === "recipient") {
    const own = after === undefined ? await find(source, actor, actor.opens ?? "") : undefined;
    return { items: own === undefined ? [] : [own.view], next: null };
  }
  const by = actor.kind === "person" ? "buyer" : actor.kind;
  const trades =
    by === "operator"
      ? await listAllTrades(database, limit + 1, after)
      : await listTrades(database, by, actor.id, limit + 1, after);
  return pageOf(trades, limit, (trade) => viewOf(trade, by, source));
}
