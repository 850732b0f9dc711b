/** Where the goods of a trade are, made of what a party sees of it, and whose word about them counts. */
import { lookUntil } from "../../core/earmarks/earmarks.ts";
import {
  type AcceptorRole,
  type ContestReason,
  dayAt,
  daysAfter,
  followsGoods,
  type LotView,
  type Tracking,
  type TradeView,
  type WithdrawalRight,
} from "../../core/protocol/protocol.ts";

/** Where goods can be that are neither paid for nor given back, in the order in which a page tells it. */
export const places = [
  "unshipped",
  "way",
  "carried",
  "late",
  "door",
  "claimed",
  "here",
  "toSend",
  "withdrawn",
  "missing",
  "neverCame",
  "homeward",
  "home",
  "notTaken",
  "astray",
] as const;
export type Place = (typeof places)[number];

/** When a page is made, RFC 3339, and whether somebody has just said that they are at the door. */
export interface Now {
  at: string;
  /** The zone whose days can be chosen; UTC where it is left out. */
  timeZone?: string;
  door?: boolean;
}

/** Pieces of a line. */
export interface Pieces {
  line: number;
  name: string;
  quantity: number;
}

/** Goods at one place, in one parcel where they are in one. */
export interface Goods {
  place: Place;
  pieces: Pieces[];
  parcel: Tracking | undefined;
  contested: ContestReason | undefined;
}

/** True where a deadline is over. */
export function isOver(at: string | null, now: Pick<Now, "at">): boolean {
  return at !== null && Date.parse(at) <= Date.parse(now.at);
}

/** How many pieces of a line have not left the shop, and are to be paid for still. */
export function unshippedOf({ lines, lots }: Pick<TradeView, "lines" | "lots">, line: number): number {
  const found = lines.find((each) => each.line === line);
  if (found === undefined) return 0;
  const under = countOf(lots, line, ({ at }) => at === "shipped" || at === "delivered");
  if (followsGoods(found.kind)) return 0;
  return found.quantity - found.accepted - found.rejected - found.ended - under;
}

/** How many pieces of a line are in lots of which something holds. */
export function countOf(lots: readonly LotView[], line: number, holds: (lot: LotView) => boolean): number {
  return lots.reduce((sum, lot) => (lot.line === line && holds(lot) ? sum + lot.quantity : sum), 0);
}

/** True where something has left the shop, as far as anybody has said. */
export function hasLeft({ lines, lots }: Pick<TradeView, "lines" | "lots">): boolean {
  return lots.length > 0 || lines.some(({ shipped, delivered }) => shipped + delivered > 0);
}

/** Rejected or withdrawn goods of which nobody has said that they are on their way back. */
export function isToSend({ at, kind, home }: LotView): boolean {
  return (at === "withdrawn" || (at === "rejected" && kind === "wrong")) && home === undefined;
}

/** Rejected or withdrawn goods that are on their way back, or there. */
export function isHomeward({ at, home }: LotView): boolean {
  return (at === "rejected" || at === "withdrawn") && home !== undefined && home !== "undeliverable";
}

/** What the buyer can say never came: it is late, or somebody says that it has come, and the buyer has not said so. */
export function mayHaveNeverCome(lot: LotView, { deadlines }: TradeView, now: Now): boolean {
  if (lot.received === true || (lot.at !== "shipped" && lot.at !== "delivered")) return false;
  const { deliverBy } = deadlines;
  return lot.at === "delivered" || lot.claimed === true || deliverBy === null || isOver(deliverBy, now);
}

function placeOf(lot: LotView, { deadlines }: TradeView, now: Now): Place {
  if (lot.at === "delivered") return "here";
  if (lot.at === "shipped") {
    if (now.door === true) return "door";
    if (lot.claimed === true) return "claimed";
    if (isOver(deadlines.deliverBy, now)) return "late";
    return lot.seen === "picked_up" ? "carried" : "way";
  }
  if (lot.home === "undeliverable") return "astray";
  if (lot.home === "back") return lot.refused === true ? "notTaken" : "home";
  if (lot.home !== undefined) return "homeward";
  if (lot.at === "withdrawn") return "withdrawn";
  if (lot.kind === "missing") return "missing";
  return lot.kind === "never_came" ? "neverCame" : "toSend";
}

/** Where the goods are that somebody still has to do something about. */
export function goodsOf(trade: TradeView, now: Now): Goods[] {
  const { lines, lots, parcels, state } = trade;
  const found = new Map<string, Goods>();
  const add = (pieces: Pieces, key: Pick<Goods, "place" | "contested"> & { number: string | undefined }) => {
    const { place, contested, number } = key;
    const id = [place, number ?? "", contested ?? ""].join(" ");
    const parcel =
      number === undefined ? undefined : (parcels.find((each) => each.number === number) ?? { number });
    const goods = found.get(id) ?? { place, contested, parcel, pieces: [] };
    const same = goods.pieces.find(({ line }) => line === pieces.line);
    if (same === undefined) goods.pieces.push(pieces);
    else same.quantity += pieces.quantity;
    found.set(id, goods);
  };
  const open = state === "reserved" || state === "delivered" || state === "disputed";
  for (const { line, name } of open ? lines : []) {
    const quantity = unshippedOf(trade, line);
    if (quantity > 0)
      add({ line, name, quantity }, { place: "unshipped", contested: undefined, number: undefined });
  }
  for (const lot of lots) {
    const { line, quantity, contested } = lot;
    const name = lines.find((each) => each.line === line)?.name ?? "";
    const number = lot.home === undefined ? lot.parcel : lot.back;
    add({ line, name, quantity }, { place: placeOf(lot, trade, now), contested, number });
  }
  return [...found.values()].sort((one, other) => places.indexOf(one.place) - places.indexOf(other.place));
}

/** What the buyer can withdraw from at this moment, and until when; undefined where that is nothing. */
export function withdrawableNow(
  { withdrawable = [] }: Pick<TradeView, "withdrawable">,
  now: Pick<Now, "at">,
): WithdrawalRight | undefined {
  return withdrawable.find(({ until }) => !isOver(until, now));
}

const day = 86_400_000;
/** For how long after a trade was proposed its money stays frozen at most. */
const longestReservation = 366 * day;

/** The days of a zone whose last second is after one instant and not after another; undefined where there is none. */
export function daysBetween(
  after: number,
  upTo: number,
  timeZone = "UTC",
): { from: string; to: string } | undefined {
  const [from, to] = [dayAt(after + 1000, timeZone), daysAfter(dayAt(upTo + 1000, timeZone), -1)];
  return from > to ? undefined : { from, to };
}

/** The days on which a trade can be paid: from tomorrow on, within a year. */
export function payDaysFrom(now: Date, timeZone: string): { from: string; to: string } {
  return {
    from: daysAfter(dayAt(now, timeZone), 1),
    to: dayAt(now.getTime() + longestReservation, timeZone),
  };
}

/** Until when money can stay frozen at the latest. */
export const reservableTo = ({ createdAt }: Pick<TradeView, "createdAt">): number =>
  Date.parse(createdAt) + longestReservation;

/** The days up to which money can stay frozen for goods that have not left, beyond what holds now. */
export function reservableDays(
  trade: Pick<TradeView, "createdAt" | "deadlines">,
  now: Pick<Now, "at" | "timeZone">,
): { from: string; to: string } | undefined {
  const current = Date.parse(trade.deadlines.reservedUntil ?? now.at);
  return daysBetween(Math.max(current, Date.parse(now.at)), reservableTo(trade), now.timeZone);
}

/** Those by whose word of a delivery silence begins to count. */
export function whoseWord({
  acceptance,
  independent,
}: Pick<TradeView, "acceptance" | "independent">): AcceptorRole[] {
  const { by, shopWord } = acceptance;
  const recipient: AcceptorRole[] = by.includes("recipient") ? ["recipient"] : [];
  const shop: AcceptorRole[] = shopWord === true || by.includes("shop") ? ["shop"] : [];
  return ["buyer", ...recipient, ...independent, ...shop];
}

/** The numbers of the parcels in which such goods are. */
export function parcelsOf(
  { lots }: Pick<TradeView, "lots">,
  holds: (lot: LotView) => boolean,
  numberOf: (lot: LotView) => string | undefined = ({ parcel }) => parcel,
): string[] {
  return [...new Set(lots.filter(holds).flatMap((lot) => numberOf(lot) ?? []))];
}

/** What a page says first of a trade in which goods are under way: what is asked of somebody, then what happens by itself. */
const leads = [
  ["here", "delivered"],
  ["door", "door"],
  ["claimed", "claimed"],
  ["late", "late"],
  ["toSend", "toSend"],
  ["withdrawn", "withdrawn"],
  ["way", "way"],
  ["carried", "way"],
  ["home", "home"],
  ["notTaken", "home"],
  ["homeward", "homeward"],
  ["missing", "looking"],
  ["neverCame", "looking"],
] as const satisfies readonly (readonly [Place, string])[];
/** What asks the shop to act comes first for it, whatever else is under way. */
const shopsLeads = [
  ["home", "home"],
  ["notTaken", "home"],
  ["missing", "looking"],
  ["neverCame", "looking"],
  ...leads,
] as const satisfies readonly (readonly [Place, (typeof leads)[number][1]])[];
/** Whether all that was paid has come back to the buyer. */
export const isPaidBack = ({
  state,
  settled,
  refunded,
}: Pick<TradeView, "state" | "settled" | "refunded">): boolean =>
  state === "settled" && settled != null && settled > 0 && refunded === settled;

export type Lead =
  | TradeView["state"]
  | (typeof leads)[number][1]
  | "payable"
  | "paidBack"
  | "partlyRejected"
  | "partly"
  | "coolingOff"
  | "silent"
  | "answer";

/** The one sentence that a page says first; `reader`: the side that reads it, to whom it says what is asked of them. */
export function leadOf(trade: TradeView, now: Now, reader?: "buyer" | "shop"): Lead {
  const { state, dispute } = trade;
  if (state === "disputed")
    return reader !== undefined && dispute?.asked.includes(reader) === true ? "answer" : "disputed";
  const there = new Set(goodsOf(trade, now).map(({ place }) => place));
  if (reader !== "shop" && there.has("here") && there.has("toSend")) return "partlyRejected";
  for (const [place, lead] of reader === "shop" ? shopsLeads : leads) if (there.has(place)) return lead;
  if (trade.guarantee !== undefined && trade.guarantee.due > 0) return "payable";
  if (state === "delivered") return "partly";
  if (isPaidBack(trade)) return "paidBack";
  const right = state === "settled" ? withdrawableNow(trade, now) : undefined;
  if (right === undefined) return state;
  return right.why === "silence" ? "silent" : "coolingOff";
}

/** Until when nothing is sent, since its buyer may still look at the order; undefined where nothing is awaited. */
export const lookUntilOf = (
  { earmark }: Pick<TradeView, "earmark">,
  now: { at: string },
): string | undefined => lookUntil(earmark?.objectBy, new Date(now.at));

/** The same of an order of which nothing has moved yet: what its page says first. */
export const waitsForLookUntil = (trade: TradeView, now: { at: string }): string | undefined =>
  trade.state === "reserved" && trade.lots.length === 0 ? lookUntilOf(trade, now) : undefined;

/**
 * How a trade stands, in one word that changes whenever it moves: its version, and whether a step of it waits for another
 * server. A page shows it, and listens for another.
 */
export const standingOf = ({ version, pending }: { version: number; pending: unknown }): string =>
  `${version}${pending === null ? "" : "+"}`;
