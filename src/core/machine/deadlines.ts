/** Deadlines: which comes next, what happens when it has come, and how it is moved. */
import {
  type Act,
  after,
  claimInstant,
  clockOf,
  decided,
  type Decision,
  draftOf,
  endOfReservation,
  endUnshipped,
  giveUp,
  heldOf,
  isOpen,
  keepFrozenUntil,
  mayAcceptMore,
  nextTellingAt,
  settleUp,
  speakerOf,
  tellingsAt,
  unshippedGoods,
  owed,
  type Trade,
  unaccepted,
} from "../trade/trade.ts";
import type { Extend } from "../protocol/schemas.ts";
import type { Refused } from "../protocol/protocol.ts";
import { openDispute } from "./disputes.ts";
import type { Move } from "./transitions.ts";
import { silenceSpeaksAt } from "./verdict.ts";

const day = 86_400_000;
/** Nobody's money is frozen for longer than this after the trade was made, but by goods under way and by disputes. */
const longestReservation = 366 * day;
/** By how much a buyer may move the acceptance clock, once. */
const buyersExtension = 14 * day;

export interface Deadline {
  at: Date;
  move:
    | Extract<
        Move,
        | "expire"
        | "autoAccept"
        | "pay"
        | "not-sent-back"
        | "not-inspected"
        | "not-answered"
        | "not-decided"
        | "remind"
        | "repay"
        | "release"
        | "claim"
      >
    | "erase";
}

/** What the clock does to a trade next, if anything: it tells of a deadline ahead of time, or does what one asks. */
export function nextDeadline(trade: Trade): Deadline | undefined {
  const next = nextDue(trade);
  const toldAt = nextTellingAt(trade);
  if (toldAt === undefined || (next !== undefined && next.at.getTime() < toldAt)) return next;
  return { at: new Date(toldAt), move: "remind" };
}

/** The deadline of a trade that comes next, if it has one. In a dispute the clocks of payment stand still. */
function nextDue(trade: Trade): Deadline | undefined {
  const { progress } = trade;
  let next: Deadline | undefined;
  const add = (at: Date | string | null | undefined, move: Deadline["move"]) => {
    if (at === null || at === undefined) return;
    const instant = typeof at === "string" ? new Date(at) : at;
    if (next === undefined || instant < next.at) next = { at: instant, move };
  };
  add(progress.refundDue?.tryAt, "repay");
  if (heldOf(trade) > trade.frozen) add(progress.guarantee?.releaseBy, "release");
  if (trade.state !== "disputed") add(claimInstant(trade), "claim");
  if (progress.lots.length > 0 && trade.state !== "disputed") {
    add(progress.clocks.returnBy, "not-sent-back");
    add(progress.clocks.inspectBy, "not-inspected");
  }
  switch (trade.state) {
    case "proposed":
    case "refused":
      add(trade.approveBy, "expire");
      break;
    case "reserved":
    case "delivered":
    case "rejected":
      if (!isOpen(trade)) {
        addErasure(trade, add);
        break;
      }
      addUnshipped(trade, add, trade.shipBy);
      add(trade.acceptBy, "autoAccept");
      if (owed(trade) > 0n) add(trade.paymentDate, "pay");
      if (unaccepted(trade) > 0n || isWorthless(trade)) add(trade.reservedUntil, "expire");
      break;
    case "accepted":
      if (progress.guarantee === undefined) add(trade.paymentDate ?? trade.updatedAt, "pay");
      break;
    case "settled":
    case "cancelled":
    case "expired":
      addErasure(trade, add);
      break;
    case "disputed":
      add(silenceSpeaksAt(trade), "not-answered");
      add(progress.disputed?.decideBy, "not-decided");
      addUnshipped(trade, add, null);
      break;
  }
  return next;
}

/** True where what is left undecided is worth nothing: it keeps back nothing, also no payment for what was accepted. */
const isWorthless = (trade: Trade): boolean =>
  trade.frozen === 0n || (unaccepted(trade) === 0n && mayAcceptMore(trade));

/** What has not left the shop is released at the end of the time to ship, and of the reservation as it was agreed. */
function addUnshipped(
  trade: Trade,
  add: (at: Date | string | null, move: "expire") => void,
  shipBy: Date | null,
): void {
  if (unshippedGoods(trade).length === 0) return;
  add(shipBy, "expire");
  add(endOfReservation(trade), "expire");
}

function addErasure(trade: Trade, add: (at: Date, move: "erase") => void): void {
  const { terms, progress } = trade;
  if (terms.personal && !progress.erased && progress.lots.length === 0 && progress.refundDue === undefined)
    add(trade.coolingOffUntil ?? trade.updatedAt, "erase");
}

/**
 * The time to ship or the time of the reservation is over: what never left the shop is released, or nobody agreed in time.
 * What has left is not given away by a clock: where the reservation ends, it becomes a dispute.
 */
export function expire(trade: Trade, act: Act): Refused | Decision {
  const deadline = nextDue(trade);
  if (deadline?.move !== "expire" || deadline.at > act.now) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  const decision = decided(next);
  if (next.hold === null) {
    decision.events.push({ type: "trade.expired", data: { released: 0 } });
    next.state = "expired";
    return decision;
  }
  const over = next.reservedUntil !== null && next.reservedUntil <= act.now;
  const before = next.released;
  const goods = unshippedGoods(next);
  endUnshipped(decision, goods, "expire");
  // What is worth nothing needs nobody to decide about it.
  const isOver = over && next.progress.disputed === null && isWorthless(next);
  if (isOver) giveUp(decision, "expire");
  // Goods that cost nothing, such as a gift, do not end without a word either.
  if (goods.length > 0 || isOver)
    decision.events.push({ type: "trade.expired", data: { released: Number(next.released - before) } });
  if (over && next.progress.disputed === null && unaccepted(next) > 0n)
    openDispute(decision, act, { by: "clock", reason: "The reservation ended while goods were under way." });
  settleUp(decision, act, "expired");
  return decision;
}

/** Tells of deadlines that are near, or asks whether what should have come has. Of what is over by now it says nothing. */
export function remind(trade: Trade, act: Act): Refused | Decision {
  const due = nextTellingAt(trade);
  if (due === undefined || due > act.now.getTime()) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  next.progress.remindedAt = new Date(due).toISOString();
  const decision = decided(next);
  for (const { deadline, of, before, after } of tellingsAt(trade, due)) {
    const data = { deadline, at: new Date(of).toISOString(), ...(after === undefined ? {} : { after }) };
    if (before === undefined) decision.events.push({ type: "trade.deadline_near", data });
    else if (of > act.now.getTime())
      decision.events.push({ type: "trade.deadline_near", data: { ...data, before } });
  }
  return decision;
}

/**
 * Moves a deadline to a later time. The buyer extends the reservation before goods are shipped, and the acceptance clock
 * once. The shop may keep the money frozen only as far as the buyer agreed; beyond that it asks.
 */
export function extend(trade: Trade, command: Extend, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const until = new Date(command.until);
  const clock = next.acceptBy !== null;
  const current = clock ? next.acceptBy : endOfReservation(next);
  if (current === null || until <= current || until <= act.now) {
    return { refused: "extension_refused", detail: "A deadline can only be moved to a later time." };
  }
  if (until.getTime() > trade.createdAt.getTime() + longestReservation) {
    return { refused: "extension_refused", detail: "Money is not kept frozen for more than 366 days." };
  }
  const byShop = speakerOf(act) === "shop";
  const decision = decided(next);
  if (byShop && until > agreedUntil(trade)) {
    next.progress.extensionAsked = until.toISOString();
    decision.events.push({ type: "trade.extension_asked", data: { until: until.toISOString() } });
    return decision;
  }
  const refused = byShop ? undefined : beyondBuyer(next, clock, current, until);
  if (refused !== undefined) return refused;
  if (clock) next.acceptBy = until;
  else if (next.shipBy !== null && next.shipBy < until && !byShop) next.shipBy = until;
  delete next.progress.extensionAsked;
  keepFrozenUntil(decision, until);
  if (!clock) delete next.progress.unshippedUntil;
  if (!clock && next.reservedUntil !== null && until < next.reservedUntil)
    next.progress.unshippedUntil = until.toISOString();
  decision.events.push({
    type: "trade.extended",
    data: { by: speakerOf(act), deadline: clock ? "acceptBy" : "reservedUntil", until: until.toISOString() },
  });
  return decision;
}

/** A limit of the server has stopped somebody, for so long (ISO 8601), who may have been about to answer. */
export interface Hindrance {
  who: "buyer" | "recipient";
  for: string;
}

/**
 * The clocks that run against whom the server itself has kept from answering are prolonged by as long as that lasts: once,
 * so that whoever is wrong on purpose gains an hour and no more.
 */
export function hinder(trade: Trade, { who, for: length }: Hindrance, act: Act): Refused | Decision {
  if (trade.progress.hindered?.includes(who) === true)
    return { refused: "extension_refused", detail: "These clocks were prolonged before." };
  const next = draftOf(trade);
  const decision = decided(next);
  const { progress } = next;
  const later = (at: Date) => after(at, length);
  const isRunning = (at: Date | null): at is Date => at !== null && at > act.now;
  const prolonged = (deadline: string, until: Date) => {
    keepFrozenUntil(decision, until);
    const data = { by: "clock", deadline, until: until.toISOString() };
    decision.events.push({ type: "trade.extended", data });
  };
  if (isRunning(next.acceptBy)) {
    next.acceptBy = later(next.acceptBy);
    prolonged("acceptBy", next.acceptBy);
  }
  if (who === "buyer") {
    const { disputed, clocks } = progress;
    const answerBy = disputed?.answerBy == null ? null : new Date(disputed.answerBy);
    if (disputed !== null && isRunning(answerBy) && disputed.asked.includes("buyer")) {
      const [until, decideBy] = [later(answerBy), later(new Date(disputed.decideBy))];
      progress.disputed = { ...disputed, answerBy: until.toISOString(), decideBy: decideBy.toISOString() };
      keepFrozenUntil(decision, decideBy);
      prolonged("answerBy", until);
    }
    const returnBy = clockOf(next, "returnBy");
    if (isRunning(returnBy)) {
      clocks.returnBy = later(returnBy).toISOString();
      prolonged("returnBy", later(returnBy));
    }
  }
  if (decision.events.length === 0) return { refused: "extension_refused", detail: "No clock runs." };
  progress.hindered = [...(progress.hindered ?? []), who];
  return decision;
}

/** Until when the buyer has agreed that the shop may keep the money frozen. */
function agreedUntil(trade: Trade): Date {
  const { reserveFor, extendableTo } = trade.terms;
  const from = new Date(trade.progress.reservedAt ?? trade.createdAt);
  const [first, last] = [after(from, reserveFor), after(from, extendableTo ?? reserveFor)];
  return first > last ? first : last;
}

function beyondBuyer(next: Trade, clock: boolean, current: Date, until: Date): Refused | undefined {
  if (!clock && next.progress.lots.length > 0) {
    return {
      refused: "extension_refused",
      detail: "Goods have left the shop; their own deadlines hold now.",
    };
  }
  if (!clock) return undefined;
  if (next.progress.extendedByBuyer)
    return { refused: "extension_refused", detail: "The buyer has moved this clock once already." };
  if (until.getTime() > current.getTime() + buyersExtension)
    return { refused: "extension_refused", detail: "The buyer may move this clock by 14 days." };
  next.progress.extendedByBuyer = true;
  return undefined;
}

/** The payment date has come: what was accepted until now is paid, unless something has moved the date meanwhile. */
export function payDue(trade: Trade, act: Act): Refused | Decision {
  if (trade.paymentDate !== null && trade.paymentDate > act.now) return { refused: "trade_not_open" };
  const next = draftOf(trade);
  const decision = decided(next);
  settleUp(decision, act);
  return decision;
}
