/** What somebody may do to a trade, by their part in it, by its state, and by where its goods are. */
import type { ActorRole, LotView, TradeEventView, TradeView } from "../../core/protocol/protocol.ts";
import {
  hasLeft,
  isHomeward,
  isOver,
  isToSend,
  mayHaveNeverCome,
  type Now,
  openQuantity,
  unshippedOf,
} from "../parts/parts.ts";

/** The most likely first, as a page shows them. */
export const tradeActs = [
  "accept-offer",
  "answer",
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

/** What somebody has done once that is done only once. */
export interface Past {
  extended: boolean;
  disputed: boolean;
  /** As the buyer, has cancelled what was late. */
  late: boolean;
}

/** When a page is made, and what its reader has done before. */
export type Situation = Now & { past?: Past };

/** Whether somebody in this role sees neither price nor payer; their pages speak of goods only. */
export function goodsOnly(role: ActorRole): boolean {
  return role === "carrier" || role === "provider" || role === "recipient";
}

/** Whose acceptance somebody else may type, with the code that they give. */
export const isGiver = (role: ActorRole): boolean => role === "buyer" || role === "recipient";

/** The side that somebody is on, if they are one of the two that agreed. */
export const sideOf = (role: ActorRole): "buyer" | "shop" | undefined =>
  role === "buyer" || role === "shop" ? role : undefined;

/** What a reader has done before, out of the record. A contest or what is late names goods, a dispute of one's own none. */
export function pastOf(events: readonly TradeEventView[], role: ActorRole): Past {
  const own = events.filter(({ actor }) => actor.role === role);
  const disputes = own.filter(({ type }) => type === "trade.disputed");
  return {
    extended: own.some(({ type, data }) => type === "trade.extended" && data["deadline"] === "acceptBy"),
    disputed: disputes.some(({ data }) => data["lines"] === undefined),
    late: role === "buyer" && disputes.some(({ data }) => data["lines"] !== undefined),
  };
}

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
export const isUndecided = ({ at }: LotView): boolean => at === "shipped" || at === "delivered";

/** How many pieces of a line have been delivered and are undecided. */
function deliveredOf({ lots }: Pick<TradeView, "lots">, line: number): number {
  return lots.reduce(
    (sum, lot) => (lot.line === line && lot.at === "delivered" ? sum + lot.quantity : sum),
    0,
  );
}

/** How many pieces of a line the buyer can still give back. */
export function withdrawableOf(trade: TradeView, line: number): number {
  const found = trade.lines.find((each) => each.line === line);
  return found === undefined ? 0 : Math.max(0, found.accepted - found.withdrawn);
}

/** What is frozen and neither accepted nor given back, in minor units; undefined where that is not known. */
export function undividedOf({ lines, frozen }: TradeView): bigint | undefined {
  if (frozen == null) return undefined;
  return lines.reduce((sum, { quantity, accepted, returned, ended, unitAmount }) => {
    const pieces = quantity - accepted - returned - ended;
    return sum + BigInt(unitAmount ?? 0) * BigInt(pieces);
  }, 0n);
}

/** Whether something was paid that can come back; where amounts are not known, whether something was accepted. */
function isPaid({ lines, settled = 0, refunded }: TradeView): boolean {
  return settled === null ? lines.some(({ accepted }) => accepted > 0) : settled > (refunded ?? 0);
}

/** What the table below asks about a trade. */
interface Facts {
  trade: TradeView;
  role: ActorRole;
  now: Situation;
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

function factsOf(trade: TradeView, role: ActorRole, now: Situation): Facts {
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

/** Goods whose delivery an independent party can still report. */
const unseen = ({ at, seen, kind }: LotView): boolean =>
  seen !== "delivered" && (at === "delivered" || at === "rejected" || kind === "never_came");

const offered: Record<TradeAct | "approve", (facts: Facts) => boolean> = {
  approve: ({ role, isIn }) => role === "buyer" && isIn("proposed", "refused"),
  "accept-offer": ({ trade: { offer }, side, isIn }) =>
    side !== undefined &&
    offer != null &&
    offer.by !== side &&
    isIn("delivered", "rejected", "disputed", "settled"),
  answer: ({ trade: { dispute }, side, isIn }) =>
    isIn("disputed") && side !== undefined && dispute?.asked.includes(side) === true,
  "at-door": ({ trade, brings, isIn, open }) =>
    brings && isIn("reserved", "delivered") && open && trade.acceptance.by.some(isGiver),
  ship: ({ role, independent, isIn, some, unshipped }) =>
    (role === "carrier" || role === "shop") &&
    isIn("reserved", "delivered", "disputed") &&
    (unshipped || (independent && some(({ at, seen }) => at === "shipped" && seen === undefined))),
  deliver: ({ trade, role, brings, independent, isIn, some, unshipped }) => {
    const shipped = some(({ at }) => at === "shipped");
    // What was never shipped is handed over at once, or not at all.
    if (isGiver(role))
      return isIn("reserved", "delivered", "disputed") && (shipped || (unshipped && !hasLeft(trade)));
    if (role === "shop") return isIn("reserved", "delivered") && (shipped || unshipped);
    if (!brings) return false;
    const reports = shipped || (independent && some(unseen));
    return (
      isIn("reserved", "delivered", "disputed", "rejected") && (reports || (unshipped && !isIn("rejected")))
    );
  },
  // In a dispute what has not left the shop is not the buyer's to take.
  accept: (facts) => maySay(facts) && facts.open && (!facts.isIn("disputed") || facts.some(isUndecided)),
  "not-come": ({ trade, role, now, isIn, some }) =>
    role === "buyer" &&
    now.past?.late !== true &&
    isIn("reserved", "delivered") &&
    some(({ at }) => at === "shipped") &&
    isOver(trade.deadlines.deliverBy, now),
  reject: (facts) => maySay(facts) && facts.some(isUndecided),
  "send-back": ({ role, independent, some }) =>
    ((isGiver(role) || role === "carrier") && some(isToSend)) ||
    (independent &&
      some(({ at, kind, home }) => at === "shipped" || kind === "never_came" || home === "said")),
  return: ({ role, some }) =>
    (role === "carrier" && some((lot) => (isToSend(lot) || isHomeward(lot)) && lot.home !== "back")) ||
    (role === "shop" && some(({ at }) => at === "rejected" || at === "withdrawn")),
  withdraw: ({ trade, role, now, isIn }) =>
    role === "buyer" &&
    isIn("delivered", "accepted", "rejected", "settled") &&
    trade.deadlines.coolingOffUntil !== null &&
    !isOver(trade.deadlines.coolingOffUntil, now) &&
    trade.lines.some(({ line }) => withdrawableOf(trade, line) > 0),
  offer: ({ trade, side, isIn, some }) =>
    side !== undefined &&
    trade.frozen != null &&
    isIn("delivered", "rejected", "disputed", "settled") &&
    (isIn("disputed") || some(({ at }) => at === "rejected" || at === "withdrawn")) &&
    (undividedOf(trade) !== 0n || isPaid(trade)),
  refund: ({ trade, role }) => role === "shop" && isPaid(trade),
  extend: ({ trade, side, now, isIn }) => {
    if (side === "shop") return isIn("reserved", "delivered", "rejected");
    if (side === undefined || !isIn("reserved", "delivered", "rejected")) return false;
    return trade.deadlines.acceptBy === null
      ? isIn("reserved") && !hasLeft(trade)
      : now.past?.extended !== true;
  },
  dispute: ({ trade, side, now, isIn }) =>
    side !== undefined &&
    now.past?.disputed !== true &&
    (isIn("reserved", "delivered", "rejected", "accepted") || (isIn("settled") && trade.lots.length > 0)) &&
    !(isIn("rejected") && trade.frozen === 0),
  cancel: ({ role, isIn, unshipped }) =>
    ((role === "buyer" || role === "shop") && isIn("proposed", "refused")) ||
    (role === "buyer" && isIn("reserved", "delivered") && unshipped) ||
    (role === "shop" && isIn("reserved", "delivered", "rejected", "disputed")),
};

/**
 * The acts a page offers to somebody in this role. An operator's acts have to say who asked for them, and so have no
 * form here. The server decides anew when one is pressed.
 */
export function actsOffered(trade: TradeView, role: ActorRole, now: Situation): (TradeAct | "approve")[] {
  // While a step waits for its answer, every other one would be refused.
  if (role === "operator" || trade.pending !== null) return [];
  const facts = factsOf(trade, role, now);
  return (["approve", ...tradeActs] as const).filter((act) => offered[act](facts));
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

/** What pieces cost, in minor units; undefined for those who see no prices. */
export function worthOf(
  { lines, currency }: TradeView,
  pieces: readonly { line: number; quantity: number }[],
): bigint | undefined {
  if (currency === undefined) return undefined;
  return pieces.reduce<bigint | undefined>((sum, { line, quantity }) => {
    const unit = lines.find((each) => each.line === line)?.unitAmount;
    return sum === undefined || unit == null ? undefined : sum + BigInt(unit) * BigInt(quantity);
  }, 0n);
}

/** What can be said of what is wrong; that something never came, only where that can be. */
export function kindsOf(trade: TradeView, now: Now): ("wrong" | "missing" | "never_came")[] {
  const never = trade.lots.some((lot) => mayHaveNeverCome(lot, trade, now));
  return never ? ["wrong", "missing", "never_came"] : ["wrong", "missing"];
}
