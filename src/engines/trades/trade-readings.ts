/** Trades as their parties read them. */
import { toTake } from "../../core/guarantees/guarantees.ts";
import { type Command, commandOf, decidableNow, decide } from "../../core/machine/machine.ts";
import { type Decision, type LineQuantity, owed } from "../../core/trade/trade.ts";
import { type Rail, readRemoteAccounts, takingAccount } from "../rails/rails.ts";
import {
  type ActorRole,
  dammValid,
  doorCodeEvidence,
  isRefused,
  type Refused,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { type Database, pageBy, pageOf, readClock } from "../../storage/database/database.ts";
import { readGuestForm, type Vault } from "../../storage/members/members.ts";
import {
  type Actor,
  isStorable,
  type KeptTrade,
  listAllTrades,
  listTrades,
  readEvents,
  readRecipient,
  readTrade,
  readTrades,
} from "../steps/steps.ts";
import {
  countOfTodos,
  type Feed,
  findTodos,
  findTrades,
  findTradesOfBuyer,
  listFedEvents,
  type Sought,
  type TradeFilter,
} from "../feed/feed.ts";
import { type AdvanceRules, readDebtAt } from "../advances/advances.ts";
import { readStanding } from "../../storage/parties/parties.ts";
import { receiptFor } from "./receipts.ts";
import { eventsOf, fedEventsOf, readerOf, type ViewContext, viewOf } from "./view.ts";
import type { Foreseen, ForeseenMove, Page, PageWish, ToTake, TradeCalls } from "./trade-calls.ts";

/** Events told at once where nobody asked for fewer; pages show the whole record of any trade that people make. */
const eventsMost = 1000;

interface Source extends ViewContext {
  database: Database;
  vault: Vault;
  rail: Pick<Rail, "placeOf">;
  /** At what price shops are paid early here, if they are. */
  advances?: AdvanceRules | undefined;
}

type Readings = Pick<
  TradeCalls<"nowhere">,
  | "read"
  | "foresee"
  | "decidable"
  | "events"
  | "buyerOf"
  | "guestOf"
  | "guestForm"
  | "recipient"
  | "toTake"
  | "receipt"
  | "list"
  | "search"
  | "toDo"
  | "countToDo"
  | "feed"
>;

export function readingsOf(source: Source, feed: Feed): Readings {
  const { database, vault } = source;
  return {
    read: async (actor, number) => (await find(source, actor, number))?.view,
    ...aheadOf(source),
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
      const known = found && (await readRecipient(database, vault, found.trade.id));
      if (known === undefined || found === undefined || told.has(found.role)) return known;
      // What the giver says is between them and the recipient; the shop has passed it on.
      return { ...known, giver: null, greeting: null };
    },
    toTake: async (actor, number, lines) => {
      const found = await find(source, actor, number);
      return found?.role === "carrier" ? toTakeOf(database, found.trade, actor, lines) : undefined;
    },
    receipt: async (actor, number, event) => {
      const found = await find(source, actor, number);
      return found === undefined ? { refused: "not_found" } : receiptFor(database, found, event);
    },
    list: (actor, page) => listFor(source, actor, page),
    search: async (actor, { shop, ...filter }, page) => {
      const found = await soughtFor(source, feed, actor, { shop, filter, page });
      return isRefused(found) ? found : shownOf(source, actor, found, page);
    },
    ...listsOf(source, feed),
    feed: async (actor, page) => {
      await feed.round();
      const rows = await listFedEvents(database, actor.id, page);
      if (isRefused(rows)) return rows;
      const trades = await byNumber(database, rows);
      const events = rows.flatMap((row) => {
        const trade = trades.get(row.number);
        const role = trade && readerOf(trade, actor);
        return trade === undefined || role === undefined ? [] : fedEventsOf(trade, row, role);
      });
      return pageBy(
        events,
        page.limit,
        (event) => event,
        ({ position }) => position,
      );
    },
  };
}

/** What would come of a trade if it were moved now. */
function aheadOf(source: Source): Pick<Readings, "foresee" | "decidable"> {
  return {
    foresee: async (actor, number, body) => {
      const found = await find(source, actor, number);
      return found === undefined ? { refused: "not_found" } : foreseenOf(source, found, actor, body);
    },
    decidable: async (actor, number) => {
      const found = await find(source, actor, number);
      return found === undefined ? [] : decidableNow(found.trade, await readClock(source.database));
    },
  };
}

/** What a shop has to do. */
function listsOf(source: Source, feed: Feed): Pick<Readings, "toDo" | "countToDo"> {
  const { database } = source;
  return {
    toDo: async (actor, todo, page) => {
      if (actor.kind !== "shop") return { refused: "not_allowed" };
      await feed.round();
      const found = await findTodos(database, actor.id, todo, { ...page, limit: page.limit + 1 });
      return isRefused(found) ? found : shownOf(source, actor, found, page);
    },
    countToDo: (actor) => countOfTodos(database, actor.id),
  };
}

/** Who is told from whom a present is. */
const told: ReadonlySet<ActorRole> = new Set<ActorRole>(["buyer", "shop", "recipient"]);

/** The trade with a number as people write it; a number that cannot be one has none. */
async function tradeWith(database: Database, number: string): Promise<KeptTrade | undefined> {
  return dammValid(number) && isStorable(number) ? readTrade(database, BigInt(number)) : undefined;
}

/** What the carrier would take who is at the door now, decided as the acceptance itself will be. */
async function toTakeOf(
  database: Database,
  trade: KeptTrade,
  { id }: Actor,
  lines: LineQuantity[] | undefined,
): Promise<ToTake | Refused | undefined> {
  const { progress, terms, currency, carrier } = trade;
  const institution = progress.guarantee?.collector;
  if (institution === undefined || progress.atDoor === undefined || carrier !== id) return undefined;
  const ties = await readRemoteAccounts(database, new Set([takingAccount(id, currency)]));
  if (!ties.some((tie) => tie.institution === institution)) return { refused: "account_not_tied" };
  const giver = (["buyer", "recipient"] as const).find((each) => terms.acceptance.by.includes(each));
  const act = { role: "carrier", actor: id, standsFor: giver, now: await readClock(database), id } as const;
  const evidence = { kind: doorCodeEvidence, reference: "" };
  const decision = decide(trade, { do: "accept", evidence, ...(lines && { lines }) }, act);
  if (isRefused(decision)) return decision;
  return { amount: Number(toTake(decision)), currency, institution };
}

/** What the money would come to, by the machine itself: whoever is asked once more is told what the move will do. */
async function foreseenOf(
  source: Source,
  { trade, role, view }: Found,
  { id }: Actor,
  body: ForeseenMove,
): Promise<Foreseen | Refused> {
  const { database } = source;
  const command = body.do === "advance" ? await earlyFor(source, trade) : commandOf(trade, body);
  if (isRefused(command)) return command;
  // Whose word an operator passes on decides what a move does.
  const operator = "operator" in body ? body.operator : undefined;
  const debt = await owedBy(source, trade);
  const now = await readClock(database);
  const decision = decide(trade, command, { role, actor: id, now, id, operator, debt });
  if (isRefused(decision)) return decision;
  const { next } = decision;
  if (view.amount == null) return { settled: null, released: null, refunded: null, later: null };
  const { advance } = next.progress;
  return {
    settled: Number(next.settled - trade.settled),
    released: Number(next.released - trade.released),
    refunded: Number(backOf(next) - backOf(trade)),
    later: Math.max(0, Number(owed(next) - owed(trade))),
    ...(ofShops.has(role) ? keptBack(trade, decision) : {}),
    ...(body.do === "advance" && advance !== undefined
      ? { advance: { paid: advance.paid, price: advance.price } }
      : {}),
  };
}

/** Who is told what of a payment does not reach the shop. */
const ofShops: ReadonlySet<ActorRole> = new Set<ActorRole>(["shop", "operator"]);

/** What of a payment is taken as a fee, and what repays that the shop was paid early. */
function keptBack(trade: KeptTrade, { next, effects }: Decision): Pick<Foreseen, "fee" | "repaid"> {
  const repaid = effects.reduce(
    (sum, effect) =>
      effect.do === "use advance" && (effect.change === "recovered" || effect.change === "covered")
        ? sum + effect.amount
        : sum,
    0n,
  );
  return { fee: next.progress.feeTaken - trade.progress.feeTaken, repaid: Number(repaid) };
}

/** What the shop owes from other trades, which the next payment repays as the batch will have it. */
async function owedBy({ database, advances, rail }: Source, trade: KeptTrade) {
  const { shop, currency, terms, account } = trade;
  if (advances === undefined || terms.private === true || account === null) return undefined;
  const place = await rail.placeOf(database, account);
  const amount = place === undefined ? 0n : await readDebtAt(database, { shop, currency }, place);
  return amount > 0n ? { account: advances.into(currency), amount } : undefined;
}

/** What has gone back to the buyer, or stands as due and follows at once, or when the shop's account holds it. */
const backOf = ({ refunded, progress }: Pick<KeptTrade, "refunded" | "progress">): bigint =>
  refunded + BigInt(progress.refundDue?.amount ?? 0);

/** At what price the shop would be paid early; the accounts matter only where it is. */
async function earlyFor({ database, advances }: Source, trade: KeptTrade): Promise<Refused | Command> {
  if (advances === undefined) return { refused: "not_allowed", detail: "This server pays no shop early." };
  const { paidEarly } = await readStanding(database, trade.shop);
  if (paidEarly === "never")
    return { refused: "not_allowed", detail: "An operator does not let this shop be paid early." };
  const { acceptedBasisPoints, reservedBasisPoints } = advances;
  const of = paidEarly === "always" ? "all" : "seen";
  return { do: "advance", of, acceptedBasisPoints, reservedBasisPoints, from: "", into: "" };
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

async function byNumber(
  database: Database,
  rows: readonly { number: bigint }[],
): Promise<Map<bigint, KeptTrade>> {
  const trades = await readTrades(database, [...new Set(rows.map(({ number }) => number))]);
  return new Map(trades.map((trade) => [trade.number, trade]));
}

/** Which trades fit. A party's lists are brought up to date first, so that it finds what it has just done. */
async function soughtFor(
  { database }: Source,
  feed: Feed,
  actor: Actor,
  { shop, filter, page }: { shop: string | undefined; filter: TradeFilter; page: PageWish },
): Promise<Sought | Refused> {
  const { limit, after } = page;
  const wish = { limit: limit + 1, after };
  if (actor.kind === "person") return findTradesOfBuyer(database, actor.id, filter, wish);
  const whose = actor.kind === "operator" ? shop : actor.id;
  if (actor.kind === "recipient" || (shop !== undefined && whose !== shop)) return { refused: "not_allowed" };
  if (whose === undefined) return { refused: "invalid_field", detail: "An operator says of which `shop`." };
  await feed.round();
  return findTrades(database, whose, filter, wish);
}

async function shownOf(
  source: Source,
  actor: Actor,
  found: Sought,
  { limit }: PageWish,
): Promise<Page<TradeView>> {
  const trades = await byNumber(source.database, found.slice(0, limit));
  const page = pageBy(
    found,
    limit,
    ({ number, version }) => {
      const trade = trades.get(number);
      return version === undefined || trade?.version === version ? trade : undefined;
    },
    ({ mark }) => mark,
  );
  const items = page.items.flatMap((trade) => {
    const role = trade && readerOf(trade, actor);
    return trade === undefined || role === undefined ? [] : [viewOf(trade, role, source)];
  });
  return { items, next: page.next };
}

async function listFor(source: Source, actor: Actor, { limit, after }: PageWish): Promise<Page<TradeView>> {
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
