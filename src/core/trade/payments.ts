/** What a move does with money: pays the shop, gives back what is frozen, gives back what was paid. */
import { feeOn, shareOf } from "../money/money.ts";
import type { Act, Decision } from "./decision.ts";
import { paidInto } from "./guarantee.ts";
import { type Guarantee, mayAcceptMore, owed, type Trade } from "./record.ts";

/** Pays an amount of what is frozen. */
function pay(decision: Decision, amount: bigint): void {
  const { next } = decision;
  if (amount <= 0n || next.hold === null) return;
  const fee = book(next, amount);
  const splits = [
    { account: paidInto(next), amount: amount - fee },
    { account: next.terms.feeAccount, amount: fee },
  ].filter((share) => share.amount > 0n);
  askSettle(decision, next.hold, amount, splits);
  decision.events.push({ type: "trade.settled", data: { amount: Number(amount), fee: Number(fee) } });
}

/** Notes an amount as settled and answers its fee: the rule applies to all that is paid on the trade, however it is divided. */
function book(next: Trade, amount: bigint): bigint {
  const { fee: rule } = next.terms;
  const total = feeOn(next.settled + amount, { ...rule, fixed: BigInt(rule.fixed) });
  const fee = total - BigInt(next.progress.feeTaken);
  next.settled += amount;
  next.frozen -= amount;
  next.progress.feeTaken = Number(total);
  return fee;
}

/** An amount of what is frozen was paid elsewhere: a collector has it, and the hold is not touched by that. */
export function takePaid({ next, events }: Decision, amount: bigint): void {
  const fee = book(next, amount);
  events.push({ type: "collection.paid", data: { amount: Number(amount) } });
  const data = { amount: Number(amount), fee: Number(fee), collected: true };
  events.push({ type: "trade.settled", data });
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
  const amount = owed(next);
  pay(decision, amount);
  // Where all is paid at once, it is not noted: most trades never need it.
  const isPart = next.progress.paidLines !== undefined || (amount > 0n && next.frozen > 0n);
  if (next.paymentDate !== null || isPart)
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
  const { back = 0n, effects, events } = decision;
  if (back <= 0n) return;
  if (
    effects.some(({ do: does }) => does !== "use mandate" && does !== "use advance") ||
    act.payeeShort === true
  ) {
    standDue(decision, back, act);
    return;
  }
  const paid = giveBack(decision, back, act);
  events.push({ type: "trade.refunded", data: { by: act.role, ...toldOf(paid) } });
}

function standDue({ next, events }: Decision, back: bigint, { now }: Act): void {
  const amount = Number(back) + (next.progress.refundDue?.amount ?? 0);
  next.progress.refundDue = { ...next.progress.refundDue, amount, tryAt: now.toISOString() };
  events.push({ type: "trade.refund_due", data: { amount: Number(back) } });
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

/** What of the money that a guarantor has paid itself has not gone back yet. */
const claimedLeft = ({ refunded, progress: { guarantee } }: Trade): bigint =>
  guarantee === undefined ? 0n : BigInt(guarantee.claimed + guarantee.reimbursed) - refunded;

/** What was paid back, and what of it the fee account gave. */
interface PaidBack {
  amount: bigint;
  fee: bigint;
}
export const nothingBack: PaidBack = { amount: 0n, fee: 0n };

/** As an event tells it; of a fee only where some went back. */
export const toldOf = ({ amount, fee }: PaidBack): { amount: number; fee?: number } => ({
  amount: Number(amount),
  ...(fee > 0n ? { fee: Number(fee) } : {}),
});

/**
 * Pays back a settled amount: the fee account its share, the shop the rest. A full refund then needs no other money. What a
 * guarantor has paid itself goes back first, and what a collector has taken goes back there: the rest stands as due.
 */
export function giveBack(decision: Decision, wanted: bigint, act: Act): PaidBack {
  const { next } = decision;
  if (next.hold === null) return nothingBack;
  const whole = wanted + dueWithGoods(next);
  const own = claimedLeft(next);
  const amount = own > 0n && own < whole ? own : whole;
  const feeShare = shareOf(next.refunded + amount, next.settled, BigInt(next.progress.feeTaken));
  // A payment since the last refund may have lowered the share. Fee that was already given back stays with the buyer.
  const behind = feeShare - BigInt(next.progress.feeReturned);
  const fee = behind < 0n ? 0n : behind > amount ? amount : behind;
  const isOwn = next.progress.guarantee === undefined || own > 0n;
  const sources = [
    { account: isOwn ? paidInto(next) : next.terms.shopAccount, amount: amount - fee },
    { account: next.terms.feeAccount, amount: fee },
  ].filter((share) => share.amount > 0n);
  next.refunded += amount;
  next.progress.feeReturned += Number(fee);
  const { guarantee } = next.progress;
  if (guarantee === undefined || isOwn) {
    decision.effects.push({ do: "refund", hold: next.hold, amount, sources });
  } else {
    const total = guarantee.reimbursed + Number(amount);
    const reimbursedFee = guarantee.reimbursedFee + Number(fee);
    next.progress.guarantee = { ...guarantee, reimbursed: total, reimbursedFee };
    decision.effects.push({ do: "reimburse", hold: next.hold, amount, total: BigInt(total), sources });
  }
  if (amount < whole) standDue(decision, whole - amount, act);
  return { amount, fee };
}

/** Minor units, without the fee; without an end it is kept back until goods and money have come to rest. */
interface KeptBack {
  amount: bigint;
  until: Date | null;
}

/**
 * What of a trade's money has reached the shop and may not leave its account yet, because the buyer may ask it back. Undefined
 * where nothing is kept back. How a server holds it is its own: by a lock in its books, or by what it tells the institution.
 * Of a guaranteed trade it is what the guarantor has paid: the rest is at the collector.
 */
export function keptBack(trade: Trade): KeptBack | undefined {
  const { hold, progress } = trade;
  const amount =
    progress.guarantee === undefined ? paidToShop(trade) : claimedByShop(trade, progress.guarantee);
  if (hold === null || amount <= 0n) return undefined;
  const until = keptUntil(trade);
  return until === undefined ? undefined : { amount, until };
}

/** Until when what the shop is paid stays in its account: null is until goods and money have come to rest, undefined not at all. */
export function keptUntil(trade: Trade): Date | null | undefined {
  const { progress, coolingOffUntil } = trade;
  if (progress.refundDue?.kept === true || progress.lots.some(({ at }) => at === "withdrawn")) return null;
  if (coolingOffUntil === null) return undefined;
  return mayAcceptMore(trade) ? null : coolingOffUntil;
}

const paidToShop = ({ settled, refunded, progress: { feeTaken, feeReturned } }: Trade): bigint =>
  settled - refunded - BigInt(feeTaken - feeReturned);

function claimedByShop(trade: Trade, { claimedFee, reimbursedFee }: Guarantee): bigint {
  return claimedLeft(trade) - BigInt(claimedFee - (trade.progress.feeReturned - reimbursedFee));
}

export function isSameKept(left: KeptBack | undefined, right: KeptBack | undefined): boolean {
  return left?.amount === right?.amount && left?.until?.getTime() === right?.until?.getTime();
}
