/** Refunds: settled money goes back the way it came. */
import { shareOf } from "../money/money.ts";
import type { Refund } from "../protocol/schemas.ts";
import { type Act, amountUnknown, decided, type Decision, draftOf } from "./decision.ts";
import type { Refused } from "../protocol/protocol.ts";
import { type Trade, valueOf } from "./trade.ts";

/** Pays back what was settled, and never more. A buyer may ask for it within the cooling-off period. */
export function refund(trade: Trade, command: Refund, act: Act): Refused | Decision {
  if ((command.amount === undefined) === (command.lines === undefined)) {
    return { refused: "invalid_field", detail: "A refund names either an amount or lines." };
  }
  if (command.amount !== undefined && trade.terms.private === true) return amountUnknown;
  // In a dispute this clock stands still like every other.
  const disputed = trade.progress.disputed;
  const now = disputed === null ? act.now : new Date(disputed.at);
  if (act.role === "buyer" && (trade.coolingOffUntil === null || trade.coolingOffUntil <= now)) {
    return { refused: "cooling_off_over" };
  }
  const next = draftOf(trade);
  const lines = command.lines ?? [];
  for (const { line, quantity } of lines) {
    const accepted = next.progress.lines[line - 1]?.accepted;
    if (accepted === undefined) return { refused: "unknown_line", detail: `The trade has no line ${line}.` };
    const refunded = (next.progress.refundedLines[line - 1] ?? 0) + quantity;
    if (refunded > accepted)
      return {
        refused: "quantity_exceeds_open",
        detail: `Line ${line} has less that was accepted and not refunded.`,
      };
    next.progress.refundedLines[line - 1] = refunded;
  }
  const worth = (index: number) =>
    lines.reduce((sum, each) => sum + (each.line === index + 1 ? each.quantity : 0), 0);
  const amount = command.amount === undefined ? valueOf(next.terms, worth) : BigInt(command.amount);
  if (amount > next.settled - next.refunded) {
    return {
      refused: "amount_exceeds_settled",
      ...(next.terms.private === true
        ? {}
        : { detail: `${next.settled - next.refunded} was settled and not yet refunded.` }),
    };
  }
  const decision = decided(next);
  giveBack(decision, amount);
  decision.events.push({
    type: "trade.refunded",
    data: { by: act.role, amount: Number(amount), lines: command.lines, reason: command.reason },
  });
  return decision;
}

/** Pays back a settled amount: the fee account its share, the shop the rest. A full refund then needs no other money. */
function giveBack(decision: Decision, amount: bigint): void {
  const { next } = decision;
  if (next.hold === null) return;
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
}
