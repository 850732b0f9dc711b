/**
 * What is due at a collector where a guarantor stands for the buyer (paragraphs 0069-0085), until when it is paid, and how a
 * guarantee stands. What is accepted is owed and stays frozen until it was collected or claimed.
 */
import { feeOn } from "../money/money.ts";
import { keepFrozenUntil } from "./clocks.ts";
import { after, type Decision } from "./decision.ts";
import { type Guarantee, type Lent, owed, type Trade } from "./record.ts";
import { piecesCovering } from "./lines.ts";

/** How long after the time to pay the shop waits before it claims; how long it has to claim before the clock does it. */
const graceAfter = "P7D";
const claimAfter = "P30D";
/** How long the shop has to free what was collected before the clock does it. */
const releaseWithin = "P3D";

/** The account in which money is frozen, and the mandate that allows it, if a mandate does. */
export interface ChosenMethod {
  method: string;
  account: string;
  mandate: string | null;
  /** Who stands for the buyer where the credit line is lent, and the account on which that is made good. */
  lent?: Lent | undefined;
}

export function freshGuarantee(lent?: Lent): Guarantee {
  const nothing = { collected: 0, freed: 0, claimed: 0, claimedFee: 0, reimbursed: 0, reimbursedFee: 0 };
  return lent === undefined ? nothing : { lent, ...nothing };
}

/**
 * Where what a guarantor pays of a trade goes. A shop that stands for the buyer itself is paid onto the account on which it makes
 * good what its members owe: the guarantor does not bear what somebody has lent to their own customer.
 */
export function paidInto({ shop, chain, terms, progress: { guarantee } }: Trade): string {
  const { lent } = guarantee ?? {};
  return lent !== undefined && (lent.lender === shop || lent.lender === chain)
    ? lent.account
    : terms.shopAccount;
}

/** What is due at the collector in all, what was paid there included; 0 where nothing was ever owed there. */
export function dueOf(trade: Trade): bigint {
  const { guarantee } = trade.progress;
  return guarantee === undefined ? 0n : BigInt(guarantee.collected) + owed(trade);
}

/** The fee's part of what is due in all: the fee rule applied to all that is paid on the trade, wherever. */
export function dueFeeOf(trade: Trade): bigint {
  const { fee } = trade.terms;
  const whole = feeOn(trade.settled + owed(trade), { ...fee, fixed: BigInt(fee.fixed) });
  return whole - BigInt(trade.progress.guarantee?.claimedFee ?? 0);
}

/** What the hold on the buyer's credit line still holds: also what was collected and is not freed yet. */
export function heldOf({ frozen, progress: { guarantee } }: Trade): bigint {
  return guarantee === undefined ? frozen : frozen + BigInt(guarantee.collected - guarantee.freed);
}

/** Whether a guarantee still stands for something, or what it ended as; undefined where there is none. */
export function guaranteeState(trade: Trade): "open" | "released" | "claimed" | undefined {
  const { guarantee } = trade.progress;
  if (guarantee === undefined) return undefined;
  if (heldOf(trade) > 0n) return "open";
  return guarantee.claimed > 0 ? "claimed" : "released";
}

/** When the clock claims what is due, so that nothing stays frozen for ever. */
export function claimInstant({ progress: { guarantee } }: Trade): Date | null {
  return guarantee?.claimFrom === undefined ? null : after(new Date(guarantee.claimFrom), claimAfter);
}

/** Keeps the hold until an instant, also where nothing is frozen any more and what was collected is not freed. */
export function keepHeldUntil(decision: Decision, until: Date): void {
  const { next, effects } = decision;
  if (next.frozen > 0n) return keepFrozenUntil(decision, until);
  if (next.hold === null || heldOf(next) === 0n) return;
  if (next.reservedUntil !== null && next.reservedUntil >= until) return;
  next.reservedUntil = until;
  const asked = effects.find((effect) => effect.do === "extend");
  if (asked === undefined) effects.push({ do: "extend", hold: next.hold, until });
  else asked.until = until;
}

/** Sees to it that what a step has made due, or made due no more, has its time to pay. `before` is the trade before it. */
export function fallDue(before: Trade, decision: Decision, now: Date): void {
  const { next } = decision;
  const { guarantee } = next.progress;
  const { payment } = next.terms;
  if (guarantee === undefined || payment.on !== "collection") return;
  const [was, is] = [dueOf(before), dueOf(next)];
  if (was === is && owed(before) === owed(next)) return;
  const { payBy: _, claimFrom: __, earlier = [], ...kept } = guarantee;
  if (owed(next) <= 0n) {
    next.progress.guarantee = kept;
    return;
  }
  if (is <= was) {
    // What is due no more cannot be paid any more either: the institution has said so before this step.
    next.progress.guarantee = { ...guarantee };
    if (is < was) delete next.progress.guarantee.earlier;
    return;
  }
  const payBy = after(now, payment.within);
  const claimFrom = after(payBy, graceAfter);
  const lines = before.progress.lines.map(({ accepted }) => accepted);
  const dues = owed(before) > 0n ? [...earlier, { total: Number(was), lines }] : earlier;
  const until = payBy.toISOString();
  const due = { payBy: until, claimFrom: claimFrom.toISOString(), ...kept };
  next.progress.guarantee = dues.length === 0 ? due : { earlier: dues, ...due };
  keepFrozenUntil(decision, after(claimFrom, claimAfter));
  const data = { amount: Number(owed(next)), until };
  decision.events.push({ type: "guarantee.due", data });
}

/**
 * Notes that so much was paid at the collector in all. A payment is of all that was due at a time, so it says for which goods
 * it is; where it is not, pieces count as paid from the first line on. Answers until when it is to be freed.
 */
export function noteCollected(next: Trade, total: bigint, now: Date): Date {
  const { earlier = [], releaseBy: _, ...kept } = next.progress.guarantee ?? freshGuarantee();
  const due = earlier.find((each) => BigInt(each.total) === total);
  const left = earlier.filter((each) => BigInt(each.total) > total);
  if (owed(next) > 0n)
    next.progress.paidLines =
      due?.lines ?? piecesCovering(next.terms.lines, acceptedOf(next), worthPaid(next));
  else if (next.frozen > 0n || next.progress.paidLines !== undefined)
    next.progress.paidLines = acceptedOf(next);
  const releaseBy = after(now, releaseWithin);
  const noted = { releaseBy: releaseBy.toISOString(), ...kept, collected: Number(total) };
  next.progress.guarantee = left.length === 0 ? noted : { earlier: left, ...noted };
  return releaseBy;
}

/** Notes what the institution has said that it knows: what it is told next is said on top of that. */
export function noteTold(
  { progress }: Trade,
  { version, amount, payableFrom }: { version: number; amount: number; payableFrom: string | null },
): void {
  if (progress.guarantee === undefined) return;
  const told = payableFrom === null ? { version, amount } : { version, amount, payableFrom };
  progress.guarantee = Object.assign({}, progress.guarantee, { told });
}

const acceptedOf = ({ progress }: Trade): number[] => progress.lines.map(({ accepted }) => accepted);

/** What was settled for goods; the rest of it was divided. */
const worthPaid = ({ settled, progress }: Trade): bigint => settled - BigInt(progress.divided);
