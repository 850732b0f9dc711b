/** What a move does with money: pays the shop, gives back what is frozen, gives back what was paid. */
import { feeOn, shareOf } from "../money/money.ts";
import type { Act, Decision } from "./decision.ts";
import { owed, type Trade } from "./record.ts";

/** Pays an amount of what is frozen: the fee rule applies to all that is paid on the trade, however it is divided. */
function pay(decision: Decision, amount: bigint): void {
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
