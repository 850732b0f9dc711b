/** A decision is what a move answers. This file holds its parts, and what several moves do with money and clocks. */
import { feeOn, shareOf } from "../money/money.ts";
import {
  type AcceptorRole,
  type ActorRole,
  addDuration,
  parseDuration,
  type PaymentTerms,
  type Refused,
  type TradeEventType,
} from "../protocol/protocol.ts";
import { awaitsInspection, awaitsSending, isExpected } from "./lots.ts";
import {
  type OperatorAct,
  owed,
  type Progress,
  type Side,
  type Trade,
  undecided,
  unaccepted,
  worthOf,
} from "./trade.ts";

/** Who acts and when, and the id for a hold that the move makes. The caller decides all of it. */
export interface Act {
  role: ActorRole;
  actor: string | null;
  now: Date;
  /** A fresh id for a hold, should one be made. */
  id: string;
  operator?: OperatorAct | undefined;
  /** What the shop owes this server from advances, minor units, and into which account it comes back. */
  debt?: { account: string; amount: bigint } | undefined;
  /** The acceptor for whom the actor accepts, after showing that acceptor's code. */
  standsFor?: AcceptorRole | undefined;
  /** For the clock: who has been told of what they have to act on. Silence counts against nobody else. */
  told?: Record<Side, boolean> | undefined;
  /** The shop's account has been found not to hold what this move pays back. */
  payeeShort?: boolean | undefined;
}

/** What a move asks of the means of payment and of the records about people. */
export type Effect =
  | { do: "reserve"; hold: string; account: string; currency: string; amount: bigint; until: Date }
  | { do: "settle"; hold: string; amount: bigint; splits: { account: string; amount: bigint }[] }
  | { do: "release"; hold: string; amount: bigint }
  | { do: "expire"; hold: string; amount: bigint }
  | { do: "extend"; hold: string; until: Date }
  | { do: "refund"; hold: string; amount: bigint; sources: { account: string; amount: bigint }[] }
  | { do: "assign"; hold: string; account: string }
  | { do: "transfer"; from: string; to: string; currency: string; amount: bigint }
  | { do: "use mandate"; mandate: string; amount: bigint }
  | AdvanceUse;

/**
 * How a step changes the advances of one shop in one currency: `advanced`, the shop was paid early; `recovered`, a
 * settlement repaid it; `owed`, no settlement will repay it, so the shop owes it; `covered`, the shop has paid this debt.
 */
export interface AdvanceUse {
  do: "use advance";
  shop: string;
  currency: string;
  change: "advanced" | "recovered" | "owed" | "covered";
  amount: bigint;
}

export interface Happening {
  type: TradeEventType;
  data?: Record<string, unknown>;
}

export interface Decision {
  next: Trade;
  effects: Effect[];
  events: Happening[];
  /** Minor units of what was settled that the move gives back to the buyer. */
  back?: bigint;
}

/** A copy that a move may change; what it does not change is shared. */
export function draftOf(trade: Trade): Trade {
  const { progress } = trade;
  return {
    ...trade,
    progress: {
      ...progress,
      lines: progress.lines.map((line) => ({ ...line })),
      clocks: { ...progress.clocks },
      confirmed: { ...progress.confirmed },
      final: [...progress.final],
      refundedLines: [...progress.refundedLines],
    },
  };
}

export function decided(next: Trade): Decision {
  return { next, effects: [], events: [] };
}

/** The instant a duration of the terms after another; the schemas have checked that it is one. */
export function after(from: Date, duration: string): Date {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`Not a duration: ${duration}`);
  return addDuration(from, parsed);
}

/** Pays an amount of what is frozen: the fee rule applies to all that is paid on the trade, however it is divided. */
export function pay(decision: Decision, amount: bigint): void {
  const { next } = decision;
  if (amount <= 0n || next.hold === null) return;
  const { fee: rule, shopAccount, feeAccount } = next.terms;
  const total = feeOn(next.settled + amount, { ...rule, fixed: BigInt(rule.fixed) });
  const fee = total - BigInt(next.progress.feeTaken);
  const splits = [
    { account: shopAccount, amount: amount - fee },
    { account: feeAccount, amount: fee },
  ].filter((share) => share.amount > 0n);
  next.settled += amount;
  next.frozen -= amount;
  next.progress.feeTaken = Number(total);
  askSettle(decision, next.hold, amount, splits);
  decision.events.push({ type: "trade.settled", data: { amount: Number(amount), fee: Number(fee) } });
}

/** A step settles once: what it pays for several reasons is one settlement. */
function askSettle(
  { effects }: Decision,
  hold: string,
  amount: bigint,
  splits: { account: string; amount: bigint }[],
): void {
  const asked = effects.find((effect) => effect.do === "settle");
  if (asked === undefined) {
    effects.push({ do: "settle", hold, amount, splits });
    return;
  }
  asked.amount += amount;
  for (const { account, amount: more } of splits) {
    const share = asked.splits.find((each) => each.account === account);
    if (share === undefined) asked.splits.push({ account, amount: more });
    else share.amount += more;
  }
}

/** Pays all that is accepted and not paid yet. */
export function payOwed(decision: Decision): void {
  const { next } = decision;
  pay(decision, owed(next));
  if (next.paymentDate !== null)
    next.progress.paidLines = next.progress.lines.map(({ accepted }) => accepted);
}

/** Releases an amount of what is frozen; where a mandate allowed it, the mandate counts it as unused again. */
export function release(decision: Decision, amount: bigint, how: "release" | "expire" = "release"): void {
  const { next } = decision;
  if (amount <= 0n || next.hold === null) return;
  next.released += amount;
  next.frozen -= amount;
  // A step releases once: what it gives back for several reasons is one release.
  const asked = decision.effects.find((effect) => effect.do === "release" || effect.do === "expire");
  if (asked?.do === "release" || asked?.do === "expire") asked.amount += amount;
  else decision.effects.push({ do: how, hold: next.hold, amount });
  if (next.mandate !== null) {
    decision.effects.push({ do: "use mandate", mandate: next.mandate, amount: -amount });
  }
}

/** True when accepted goods are to be paid at once. */
function isDue(trade: Trade, now: Date): boolean {
  return trade.paymentDate === null || trade.paymentDate <= now;
}

/** Pays what is accepted and due, ends the clocks that no goods need any more, and moves the state. */
export function settleUp(decision: Decision, now: Date, ending: "cancelled" | "expired" = "cancelled"): void {
  const { next } = decision;
  if (isDue(next, now)) payOwed(decision);
  else if (owed(next) > 0n && next.paymentDate !== null) keepFrozenUntil(decision, next.paymentDate);
  stopClocks(next);
  if (next.progress.offer !== undefined && !isOpen(next)) delete next.progress.offer;
  const { disputed, lots } = next.progress;
  // What a clock has asked is about goods under way: once none are left, the trade goes on.
  if (disputed !== null && isOpen(next) && !(disputed.by === "clock" && lots.length === 0)) return;
  if (disputed !== null) endDispute(decision, now);
  next.state = stateOf(next, ending);
}

/** True where goods are left that nobody has decided about for good. */
export function isOpen(trade: Trade): boolean {
  return trade.progress.lots.length > 0 || trade.terms.lines.some((_, index) => undecided(trade, index) > 0);
}

/** The state that follows from goods and money. */
export function stateOf(trade: Trade, ending: "cancelled" | "expired" = "cancelled"): Trade["state"] {
  const { lines, lots } = trade.progress;
  if (trade.terms.lines.some((_, index) => undecided(trade, index) > 0)) {
    // Where a part was divided, the agreement is not one that can be revised any more.
    const moved =
      trade.progress.divided > 0 || lines.some((line) => line.delivered + line.accepted + line.rejected > 0);
    return moved ? "delivered" : "reserved";
  }
  if (lots.some(({ at }) => at === "rejected")) return "rejected";
  if (trade.frozen > 0n) return lots.length > 0 && owed(trade) === 0n ? "rejected" : "accepted";
  if (trade.settled > 0n) return "settled";
  return lines.some((line) => line.rejected > 0) ? "rejected" : ending;
}

/** Ends the deadlines that no goods need any more. */
export function stopClocks(trade: Trade): void {
  const { lots, clocks } = trade.progress;
  if (!lots.some(isExpected)) delete clocks.deliverBy;
  if (!lots.some(awaitsSending)) delete clocks.returnBy;
  if (!lots.some(awaitsInspection)) delete clocks.inspectBy;
  if (!lots.some(({ at }) => at === "delivered")) trade.acceptBy = null;
}

/** Ends a dispute. The clocks of payment stood still in it and get their time back; those of the goods have run on. */
export function endDispute(decision: Decision, now: Date): void {
  const { next } = decision;
  const since = next.progress.disputed;
  if (since === null) return;
  const stood = now.getTime() - new Date(since.at).getTime();
  const shifted = (at: Date | null) => (at === null ? null : new Date(at.getTime() + stood));
  next.shipBy = shifted(next.shipBy);
  next.acceptBy = shifted(next.acceptBy);
  next.paymentDate = shifted(next.paymentDate);
  next.progress.disputed = null;
  if (next.coolingOffUntil !== null && next.coolingOffUntil > new Date(since.at)) {
    next.coolingOffUntil = shifted(next.coolingOffUntil);
    const { coolingOff, silent } = next.progress;
    if (coolingOff !== undefined) next.progress.coolingOff = later(coolingOff, stood);
    if (silent !== undefined) next.progress.silent = { ...silent, until: later(silent.until, stood) };
  }
  for (const at of [next.acceptBy, next.paymentDate]) if (at !== null) keepFrozenUntil(decision, at);
}

const later = (at: string, milliseconds: number): string =>
  new Date(new Date(at).getTime() + milliseconds).toISOString();

/** How long goods that silence has accepted may still be withdrawn from, where they are wrong. */
const silenceMayErr = "P14D";

/** Starts the cooling-off period, for something was accepted: that of the terms, and another for what silence accepted. */
export function startCoolingOff(
  trade: Trade,
  now: Date,
  silent: readonly { line: number; quantity: number }[] = [],
): void {
  const { terms, progress } = trade;
  const ends: Date[] = [];
  if (terms.coolingOff !== null) {
    const until = after(now, terms.coolingOff.for);
    progress.coolingOff = until.toISOString();
    ends.push(until);
  }
  if (silent.length > 0) {
    const until = after(now, silenceMayErr);
    const lines = terms.lines.map((_, index) => progress.silent?.lines[index] ?? 0);
    for (const { line, quantity } of silent) lines[line - 1] = (lines[line - 1] ?? 0) + quantity;
    progress.silent = { until: until.toISOString(), lines };
    ends.push(until);
  }
  for (const until of ends)
    if (trade.coolingOffUntil === null || trade.coolingOffUntil < until) trade.coolingOffUntil = until;
  if (terms.settleAfter === undefined) return;
  const payable = after(now, terms.settleAfter);
  if (trade.paymentDate === null || trade.paymentDate < payable) trade.paymentDate = payable;
}

/** Makes sure that the money stays frozen at least until an instant; what has not left the shop is not part of that. */
export function keepFrozenUntil(decision: Decision, until: Date): void {
  const { next, effects } = decision;
  if (next.hold === null || next.frozen === 0n) return;
  if (next.reservedUntil !== null && next.reservedUntil >= until) return;
  if (next.reservedUntil !== null) next.progress.unshippedUntil ??= next.reservedUntil.toISOString();
  next.reservedUntil = until;
  const asked = effects.find((effect) => effect.do === "extend");
  if (asked === undefined) effects.push({ do: "extend", hold: next.hold, until });
  else asked.until = until;
}

/** How long goods are looked at before a dispute decides about them, where nothing is ever accepted by silence. */
const lookWithin = "P7D";

/**
 * Starts the acceptance clock over all that was delivered and is undecided. The clock never moves to an earlier time,
 * because somebody may have extended it. In a dispute it stands at its beginning, and what has just come is looked at before
 * anybody decides about it.
 */
export function startAcceptanceClock(decision: Decision, now: Date): void {
  const { next } = decision;
  const { autoAfter } = next.terms.acceptance;
  const { disputed } = next.progress;
  if (disputed !== null) {
    const lookBy = after(now, autoAfter ?? lookWithin);
    next.progress.disputed = { ...disputed, lookBy: lookBy.toISOString() };
    keepFrozenUntil(decision, lookBy);
  }
  if (autoAfter === null) return;
  const end = after(disputed === null ? now : new Date(disputed.at), autoAfter);
  if (next.acceptBy === null || next.acceptBy < end) next.acceptBy = end;
  keepFrozenUntil(decision, next.acceptBy);
}

type GoodsClock = keyof Progress["clocks"];

/** A deadline of goods under way, where it runs. */
export function clockOf(trade: Trade, clock: GoodsClock): Date | null {
  const at = trade.progress.clocks[clock];
  return at === undefined ? null : new Date(at);
}

/** Sets a deadline of goods under way, never to an earlier time. */
function raise(trade: Trade, clock: GoodsClock, until: Date): void {
  const at = clockOf(trade, clock);
  if (at === null || at < until) trade.progress.clocks[clock] = until.toISOString();
}

/** Goods are on their way to the buyer, or still seen there: they may take so long, and the buyer then has to answer. */
export function expectDelivery(decision: Decision, now: Date): void {
  const { next } = decision;
  const { deliverWithin, autoAfter } = next.terms.acceptance;
  const until = after(now, deliverWithin);
  raise(next, "deliverBy", until);
  keepFrozenUntil(decision, autoAfter === null ? until : after(until, autoAfter));
}

/** Goods have to be sent back; `from` is when the buyer has them. */
export function expectSending(decision: Decision, from: Date): void {
  const { next } = decision;
  const { returnWithin, deliverWithin, inspectWithin } = next.terms.acceptance;
  const until = after(from, returnWithin);
  raise(next, "returnBy", until);
  keepFrozenUntil(decision, after(after(until, deliverWithin), inspectWithin));
}

/** The shop has to look at goods that are there from an instant on. */
export function expectInspection(decision: Decision, from: Date): void {
  const { next } = decision;
  const until = after(from, next.terms.acceptance.inspectWithin);
  raise(next, "inspectBy", until);
  keepFrozenUntil(decision, until);
}

/** Goods have been sent back: they may take as long as the others took. */
export function expectReturn(decision: Decision, now: Date): void {
  expectInspection(decision, after(now, decision.next.terms.acceptance.deliverWithin));
}

/** Whose word a move is: an operator passes on the word of the one whom they name. */
export function speakerOf(act: Act): ActorRole {
  return act.role === "operator" ? (act.operator?.as ?? "operator") : act.role;
}

/** Which side of the trade speaks, if it is one of the two. */
export function sideOf(act: Act): Side | undefined {
  const speaker = speakerOf(act);
  return speaker === "buyer" || speaker === "shop" ? speaker : undefined;
}

/** True for those who carry or serve and whom an operator knows to be independent of the shop. */
export function isIndependent(trade: Trade, speaker: ActorRole): boolean {
  return (speaker === "carrier" || speaker === "provider") && trade.terms.independent.includes(speaker);
}

/** Gives the buyer back what was settled for goods, in the way it came; never more than is left of it. */
export function owe(decision: Decision, amount: bigint): void {
  const { next } = decision;
  const promised = BigInt(next.progress.refundDue?.amount ?? 0) + (decision.back ?? 0n);
  const left = next.settled - next.refunded - promised;
  decision.back = (decision.back ?? 0n) + (amount < left ? amount : left);
}

/**
 * Pays back what a move has promised. A step moves money in one way only, and the shop's account may be empty: then it
 * stands as due, and the clock tries again.
 */
export function payBack(decision: Decision, act: Act): void {
  const { back = 0n, next, effects, events } = decision;
  if (back <= 0n) return;
  if (
    effects.some(({ do: does }) => does !== "use mandate" && does !== "use advance") ||
    act.payeeShort === true
  ) {
    const amount = Number(back) + (next.progress.refundDue?.amount ?? 0);
    next.progress.refundDue = { ...next.progress.refundDue, amount, tryAt: act.now.toISOString() };
    events.push({ type: "trade.refund_due", data: { amount: Number(back) } });
    return;
  }
  const amount = giveBack(decision, back);
  events.push({ type: "trade.refunded", data: { by: act.role, amount: Number(amount) } });
}

/** How long a refund waits that the shop's account could not pay. */
export const refundAgain = "PT1H";

/** An institution that knows the prices pays back all goods that are refunded, also those whose refund was due before. */
function dueWithGoods(next: Trade): bigint {
  const due = next.terms.private === true ? next.progress.refundDue : undefined;
  if (due === undefined) return 0n;
  delete next.progress.refundDue;
  return BigInt(due.amount);
}

/** Pays back a settled amount: the fee account its share, the shop the rest. A full refund then needs no other money. */
export function giveBack(decision: Decision, wanted: bigint): bigint {
  const { next } = decision;
  if (next.hold === null) return 0n;
  const amount = wanted + dueWithGoods(next);
  const feeShare = shareOf(next.refunded + amount, next.settled, BigInt(next.progress.feeTaken));
  // A payment since the last refund may have lowered the share. Fee that was already given back stays with the buyer.
  const behind = feeShare - BigInt(next.progress.feeReturned);
  const fee = behind < 0n ? 0n : behind > amount ? amount : behind;
  const sources = [
    { account: next.terms.shopAccount, amount: amount - fee },
    { account: next.terms.feeAccount, amount: fee },
  ].filter((share) => share.amount > 0n);
  next.refunded += amount;
  next.progress.feeReturned += Number(fee);
  decision.effects.push({ do: "refund", hold: next.hold, amount, sources });
  return amount;
}

/** Gives up goods that have not left the shop: nobody will be paid for them. */
export function endUnshipped(
  decision: Decision,
  goods: readonly { line: number; quantity: number }[],
  how: "release" | "expire" = "release",
): void {
  const { next } = decision;
  for (const { line, quantity } of goods) {
    const progress = next.progress.lines[line - 1];
    if (progress !== undefined) progress.ended += quantity;
  }
  release(decision, worthOf(next.terms, goods), how);
}

/** Gives up all that is not accepted. */
export function giveUp(decision: Decision, how: "release" | "expire" = "release"): void {
  const { next } = decision;
  next.terms.lines.forEach((_, index) => {
    const line = next.progress.lines[index];
    if (line === undefined) return;
    line.ended += undecided(next, index);
    line.returned = line.rejected;
  });
  next.progress.lots = next.progress.lots.filter((lot) => lot.at === "withdrawn" && lot.unpaid === undefined);
  release(decision, unaccepted(next), how);
}

/** Whether the payment can be on the date that was chosen: from tomorrow on, within a year. */
export function isPayable(payment: PaymentTerms, now: Date): boolean {
  if (payment.on === "acceptance") return true;
  const date = new Date(`${payment.date}T00:00:00Z`);
  return date > now && date.getTime() <= now.getTime() + 366 * 86_400_000;
}

export const paymentDateRefused: Refused = {
  refused: "date_out_of_range",
  detail: "The payment date lies between tomorrow and a year from now.",
};

/** Refuses an amount that only a server which knows the prices could name. */
export const amountUnknown: Refused = {
  refused: "invalid_field",
  detail: "The trade is private: this server knows no amounts, so say it in goods.",
};
