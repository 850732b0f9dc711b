/** What somebody may do to a trade, by their part in it, by its state, and by where its goods are. */
import type { ActorRole, LotView, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import {
  acceptableOf,
  countOf,
  daysBetween,
  hasLeft,
  isHomeward,
  isOver,
  isToSend,
  lastWorthOf,
  lookUntilOf,
  mayHaveNeverCome,
  type Now,
  nextWorthOf,
  openQuantity,
  openWorthOf,
  reservableDays,
  reservableTo,
  unshippedOf,
  withdrawableNow,
} from "../parts/parts.ts";

/** The most likely first, as a page shows them. */
export const tradeActs = [
  "accept-offer",
  "answer",
  "say",
  "at-door",
  "ship",
  "deliver",
  "accept",
  "not-come",
  "reject",
  "send-back",
  "return",
  "withdraw",
  "offer",
  "refund",
  "extend",
  "dispute",
  "cancel",
] as const;

export type TradeAct = (typeof tradeActs)[number];

/** Whether somebody in this role sees neither price nor payer; their pages speak of goods only. */
export function goodsOnly(role: ActorRole): boolean {
  return role === "carrier" || role === "provider" || role === "recipient";
}

/** Whether somebody in this role has seen the goods, so that they are asked once more where nobody has reported them. */
export const isAsked = ({ acceptance }: Pick<TradeView, "acceptance">, role: ActorRole): boolean =>
  role === "buyer" || (goodsOnly(role) && acceptance.by.some((acceptor) => acceptor === role));

/** Whose acceptance somebody else may type, with the code that they give. */
export const isGiver = (role: ActorRole): boolean => role === "buyer" || role === "recipient";

/** The side that somebody is on, if they are one of the two that agreed. */
export const sideOf = (role: ActorRole): "buyer" | "shop" | undefined =>
  role === "buyer" || role === "shop" ? role : undefined;

/** Whether the last that was heard of the goods is that somebody is at the door with them. */
export function isAtDoor(events: readonly TradeEventView[]): boolean {
  const aboutGoods = [
    "trade.shipped",
    "trade.at_door",
    "trade.delivered",
    "trade.accepted",
    "trade.rejected",
  ];
  const last = [...events]
    .sort((one, other) => one.seq - other.seq)
    .findLast(({ type }) => aboutGoods.includes(type));
  return last?.type === "trade.at_door";
}

/** Goods with the buyer or on their way there, of which nobody has decided. */
const isUndecided = ({ at }: LotView): boolean => at === "shipped" || at === "delivered";

/** How many pieces of a line have been delivered and are undecided. */
function deliveredOf({ lots }: Pick<TradeView, "lots">, line: number): number {
  return lots.reduce(
    (sum, lot) => (lot.line === line && lot.at === "delivered" ? sum + lot.quantity : sum),
    0,
  );
}

/** How many pieces of a line the buyer can still give back. */
export function withdrawableOf(trade: TradeView, line: number, now: Now): number {
  const { lines = [] } = withdrawableNow(trade, now) ?? {};
  return lines.find((each) => each.line === line)?.quantity ?? 0;
}

/** What is frozen and neither accepted nor given back, in minor units; undefined where that is not known. */
export function undividedOf({ lines, frozen }: TradeView): bigint | undefined {
  if (frozen == null) return undefined;
  return lines.reduce((sum, line) => sum + (openWorthOf(line) ?? 0n), 0n);
}

/** Whether something was paid that can come back; where amounts are not known, whether something was accepted. */
function isPaid({ lines, settled = 0, refunded }: TradeView): boolean {
  return settled === null ? lines.some(({ accepted }) => accepted > 0) : settled > (refunded ?? 0);
}

/** By how much the buyer moves the acceptance clock at most. */
const longestLook = 14 * 86_400_000;

/** To which instant the buyer can move the deadline that an extension is about, at the latest. */
function extendableTo(trade: TradeView): number {
  const { acceptBy } = trade.deadlines;
  const whole = reservableTo(trade);
  return acceptBy === null ? whole : Math.min(whole, Date.parse(acceptBy) + longestLook);
}

/** The days to which the buyer can move it. */
export function extensionDays(trade: TradeView, now: Now): { from: string; to: string } | undefined {
  const { acceptBy } = trade.deadlines;
  if (acceptBy === null) return reservableDays(trade, now);
  return daysBetween(Math.max(Date.parse(acceptBy), Date.parse(now.at)), extendableTo(trade), now.timeZone);
}

/** The shop's wish, where the buyer can grant it. */
export function wishOf(trade: TradeView): string | undefined {
  const { extensionAsked } = trade;
  if (extensionAsked == null) return undefined;
  return Date.parse(extensionAsked) <= extendableTo(trade) ? extensionAsked : undefined;
}

/** What the table below asks about a trade. */
interface Facts {
  trade: TradeView;
  role: ActorRole;
  now: Now;
  /** One of those two that agreed. */
  side: "buyer" | "shop" | undefined;
  brings: boolean;
  /** An operator knows the reader to be independent of the shop. */
  independent: boolean;
  isIn: (...states: TradeView["state"][]) => boolean;
  some: (holds: (lot: LotView) => boolean) => boolean;
  unshipped: boolean;
  open: boolean;
}

function factsOf(trade: TradeView, role: ActorRole, now: Now): Facts {
  const { state, lines, lots, independent } = trade;
  return {
    trade,
    role,
    now,
    side: sideOf(role),
    brings: role === "carrier" || role === "provider",
    independent: independent.some((each) => each === role),
    isIn: (...states) => states.includes(state),
    some: (holds) => lots.some(holds),
    unshipped: lines.some(({ line }) => unshippedOf(trade, line) > 0),
    open: lines.length === 0 || lines.some((line) => openQuantity(line) > 0),
  };
}

/** An acceptor who may speak now: those who bring the goods say first that they are there. */
function maySay({ trade, role, brings, isIn }: Facts): boolean {
  const isAcceptor = trade.acceptance.by.some((acceptor) => acceptor === role);
  return isAcceptor && isIn("reserved", "delivered", "disputed") && !(brings && isIn("reserved"));
}

const canAccept = ({ trade, role }: Facts): boolean =>
  trade.lines.length === 0 || trade.lines.some((line) => acceptableOf(trade, role, line) > 0);

/** Goods whose delivery can still be reported by who brings them: what is on the way, and what has come unseen by an independent one. */
export function reportable({ independent }: TradeView, role: ActorRole): (lot: LotView) => boolean {
  const sees = independent.some((each) => each === role);
  return ({ at, seen }) =>
    at === "shipped" || (sees && seen !== "delivered" && (at === "delivered" || at === "rejected"));
}

const offered: Record<TradeAct | "approve", (facts: Facts) => boolean> = {
  approve: ({ role, isIn, trade }) =>
    role === "buyer" && (isIn("proposed", "refused") || trade.revisionAsked != null),
  "accept-offer": ({ trade: { offer }, side, isIn }) =>
    side !== undefined &&
    offer != null &&
    offer.by !== side &&
    isIn("delivered", "rejected", "disputed", "settled"),
  answer: ({ trade: { dispute }, side, isIn }) =>
    isIn("disputed") && side !== undefined && dispute?.asked.includes(side) === true,
  say: ({ side, isIn }) => isIn("disputed") && side !== undefined,
  "at-door": ({ trade, role, brings, isIn, open, some }) =>
    brings &&
    isIn("reserved", "delivered") &&
    open &&
    trade.acceptance.by.some(isGiver) &&
    // Of a carrier it has to be clear what they bring.
    (role === "provider" ||
      some(({ at }) => at === "shipped" || at === "delivered") ||
      trade.lines.every(({ shipped }) => shipped === 0)),
  ship: ({ role, independent, isIn, some, unshipped }) =>
    (role === "carrier" || role === "shop") &&
    isIn("reserved", "delivered", "disputed") &&
    (unshipped || (independent && some(({ at, seen }) => at === "shipped" && seen === undefined))),
  deliver: ({ trade, role, brings, isIn, some, unshipped }) => {
    const shipped = some(({ at }) => at === "shipped");
    // What was never shipped is handed over at once, or not at all.
    if (isGiver(role))
      return isIn("reserved", "delivered", "disputed") && (shipped || (unshipped && !hasLeft(trade)));
    if (role === "shop") return isIn("reserved", "delivered") && (shipped || unshipped);
    if (!brings) return false;
    const reports = some(reportable(trade, role));
    return (
      isIn("reserved", "delivered", "disputed", "rejected") && (reports || (unshipped && !isIn("rejected")))
    );
  },
  // In a dispute what has not left the shop is not the buyer's to take.
  accept: (facts) =>
    maySay(facts) && canAccept(facts) && (!facts.isIn("disputed") || facts.some(isUndecided)),
  "not-come": ({ trade, role, now, isIn, some }) =>
    role === "buyer" &&
    trade.disputedBy?.includes("late") !== true &&
    isIn("reserved", "delivered") &&
    some(({ at }) => at === "shipped") &&
    isOver(trade.deadlines.deliverBy, now),
  reject: (facts) => maySay(facts) && facts.some(isUndecided),
  "send-back": ({ role, independent, some }) =>
    ((isGiver(role) || role === "carrier") && some(isToSend)) ||
    (independent &&
      some(({ at, kind, home }) => at === "shipped" || kind === "never_came" || home === "said")),
  return: ({ role, some }) =>
    (role === "carrier" &&
      some(
        (lot) => isToSend(lot) || (isHomeward(lot) && lot.home !== "back") || lot.home === "undeliverable",
      )) ||
    (role === "shop" && some(({ at }) => at === "rejected" || at === "withdrawn")),
  withdraw: ({ trade, role, now, isIn }) =>
    role === "buyer" &&
    isIn("delivered", "accepted", "rejected", "settled") &&
    withdrawableNow(trade, now) !== undefined,
  offer: ({ trade, side, isIn, some }) =>
    side !== undefined &&
    trade.frozen != null &&
    isIn("delivered", "rejected", "disputed", "settled") &&
    (isIn("disputed") || some(({ at }) => at === "rejected" || at === "withdrawn")) &&
    (undividedOf(trade) !== 0n || isPaid(trade)),
  refund: ({ trade, role }) => role === "shop" && isPaid(trade),
  extend: ({ trade, side, now, isIn }) => {
    if (side === undefined || !isIn("reserved", "delivered", "rejected")) return false;
    if (side === "shop") return reservableDays(trade, now) !== undefined;
    if (extensionDays(trade, now) === undefined) return false;
    return trade.deadlines.acceptBy === null
      ? isIn("reserved") && !hasLeft(trade)
      : trade.extendedByBuyer !== true;
  },
  dispute: ({ trade, side, isIn }) =>
    side !== undefined &&
    trade.disputedBy?.includes(side) !== true &&
    (isIn("reserved", "delivered") || (isIn("rejected", "accepted", "settled") && trade.lots.length > 0)),
  cancel: ({ role, isIn, unshipped }) =>
    ((role === "buyer" || role === "shop") && isIn("proposed", "refused")) ||
    (role === "buyer" && isIn("reserved", "delivered") && unshipped) ||
    (role === "shop" && isIn("reserved", "delivered", "rejected", "disputed")),
};

/** Whether the buyer can still object to an order that came under an earmark, before anything is sent. */
export function mayObject(trade: TradeView, now: string): boolean {
  return trade.state === "reserved" && lookUntilOf(trade, { at: now }) !== undefined;
}

/** What waits for the buyer's look also where the buyer has spoken of the goods meanwhile: these, of everybody else. */
const behindTheLook: ReadonlySet<TradeAct> = new Set<TradeAct>([
  "ship",
  "deliver",
  "at-door",
  "accept",
  "reject",
  "dispute",
]);

/** What is left to do while there is no order, or one that the buyer has still to look at; undefined where all is. */
function waitsForOrder(
  trade: TradeView,
  role: ActorRole,
  now: string,
): readonly (TradeAct | "approve")[] | undefined {
  if (trade.earmark?.state === "open")
    return role === "buyer" ? ["approve", "extend", "cancel"] : role === "shop" ? ["cancel"] : [];
  if (role === "buyer" || lookUntilOf(trade, { at: now }) === undefined) return undefined;
  if (trade.state !== "reserved") return tradeActs.filter((act) => !behindTheLook.has(act));
  return role === "shop" ? ["extend", "cancel"] : [];
}

/**
 * The acts a page offers to somebody in this role. An operator's acts have to say who asked for them, and so have no
 * form here. The server decides anew when one is pressed.
 */
export function actsOffered(trade: TradeView, role: ActorRole, now: Now): (TradeAct | "approve")[] {
  // While a step waits for its answer, every other one would be refused.
  if (role === "operator" || trade.pending !== null) return [];
  const early = waitsForOrder(trade, role, now.at);
  if (early !== undefined) return early.filter((act) => offered[act](factsOf(trade, role, now)));
  const facts = factsOf(trade, role, now);
  return (["approve", ...tradeActs] as const).filter((act) => offered[act](facts));
}

/** What is put before all else: what is likely of those who bring goods, and of buyer and recipient what has to go back. */
function firstOf(trade: TradeView, role: ActorRole, now: Now): TradeAct | undefined {
  if (isGiver(role)) return trade.lots.some(isUndecided) ? undefined : "send-back";
  const likely = likelyOf(trade, role, now);
  return likely === "by-code" ? "at-door" : likely;
}

/** The same with the most likely first. */
export function actsInOrder(trade: TradeView, role: ActorRole, now: Now): (TradeAct | "approve")[] {
  const acts = actsOffered(trade, role, now);
  const first = firstOf(trade, role, now);
  const before = acts.filter((act) => act === "approve" || act === "accept-offer" || act === first);
  return [...before, ...acts.filter((act) => !before.includes(act))];
}

/** Whether a buyer who accepts these pieces is asked once more: something is among them that nobody has reported delivered. */
export function isEarly(trade: TradeView, lines: readonly { line: number; quantity: number }[]): boolean {
  return lines.some(({ line, quantity }) => quantity > deliveredOf(trade, line));
}

/** What *accept everything* means: what has come, or, where nothing has, all that is open. */
export function acceptableNow(trade: TradeView): { line: number; quantity: number }[] {
  const there = trade.lines.map(({ line }) => ({ line, quantity: deliveredOf(trade, line) }));
  const come = there.filter(({ quantity }) => quantity > 0);
  if (come.length > 0) return come;
  return trade.lines.flatMap((line) => {
    const quantity = openQuantity(line);
    return quantity > 0 ? [{ line: line.line, quantity }] : [];
  });
}

/** What pieces cost that are accepted next, in minor units; undefined for those who see no prices. */
export function worthOf(
  { lines, currency }: TradeView,
  pieces: readonly { line: number; quantity: number }[],
): bigint | undefined {
  if (currency === undefined) return undefined;
  return pieces.reduce<bigint | undefined>((sum, { line, quantity }) => {
    const found = lines.find((each) => each.line === line);
    const part = found && nextWorthOf(found, quantity);
    return sum === undefined || part === undefined ? undefined : sum + part;
  }, 0n);
}

/** What becomes free where these pieces, or all that is left, are called off; undefined where nothing is, or nobody here knows. */
export function freedBy(
  { lines, frozen }: TradeView,
  pieces: readonly { line: number; quantity: number }[] | undefined,
): bigint | undefined {
  if (frozen == null || frozen === 0) return undefined;
  if (pieces === undefined) return BigInt(frozen);
  return pieces.reduce<bigint | undefined>((sum, { line, quantity }) => {
    const found = lines.find((each) => each.line === line);
    const part = found && lastWorthOf(found, quantity);
    return sum === undefined || part === undefined ? undefined : sum + part;
  }, 0n);
}

/** How many pieces of a line can be rejected as what they are said to be: all that are undecided, or that can be missed. */
export function rejectableOf(
  trade: TradeView,
  line: number,
  { kind, now }: { kind: string | undefined; now: Now },
): number {
  const never = kind === "never_came";
  return countOf(trade.lots, line, (lot) => (never ? mayHaveNeverCome(lot, trade, now) : isUndecided(lot)));
}

/** How many pieces can be said to have never come, and whether those are all that are undecided. */
export function missable(trade: TradeView, now: Now): { count: number; all: boolean } {
  const sum = (kind: string) =>
    trade.lines.reduce((count, { line }) => count + rejectableOf(trade, line, { kind, now }), 0);
  const count = sum("never_came");
  return { count, all: count === sum("wrong") };
}

/** What those who bring the goods do next, most likely, by where the goods are. */
export type LikelyAct = "ship" | "at-door" | "by-code" | "deliver" | "accept";

export function likelyOf(trade: TradeView, role: ActorRole, now: Now): LikelyAct | undefined {
  const acts = actsOffered(trade, role, now);
  const onTheWay = trade.lots.some(({ at }) => at === "shipped");
  if (acts.includes("at-door") && now.door === true) return "by-code";
  if (acts.includes("ship") && !onTheWay) return "ship";
  if (acts.includes("at-door") && onTheWay) return "at-door";
  if (acts.includes("at-door") && role === "provider" && !acts.includes("accept")) return "at-door";
  return (["accept", "deliver", "at-door"] as const).find((act) => acts.includes(act));
}
