/** Refunds: settled money goes back the way it came. */
import {
  type Act,
  amountUnknown,
  decided,
  type Decision,
  draftOf,
  giveBack,
  owe,
  checkLines,
  isPaid,
  type LineQuantity,
  progressOf,
  type Trade,
  worthOf,
} from "../trade/trade.ts";
import type { Refund } from "../protocol/schemas.ts";
import type { Refused } from "../protocol/protocol.ts";

/**
 * Pays back what was settled, and never more; by amount, by what shall have been refunded in all, or by goods. Where the
 * shop's account is short, it stands as due.
 */
export function refund(trade: Trade, command: Refund, act: Act): Refused | Decision {
  const { amount, total, lines } = command;
  if ([amount, total, lines].filter((each) => each !== undefined).length !== 1)
    return { refused: "invalid_field", detail: "A refund names an amount, a total, or lines." };
  if (lines === undefined && trade.terms.private === true) return amountUnknown;
  const next = draftOf(trade);
  const refused = lines === undefined ? undefined : noteLines(next, lines);
  if (refused !== undefined) return refused;
  const due = BigInt(next.progress.refundDue?.amount ?? 0);
  const before = next.refunded + due;
  const wanted =
    amount !== undefined
      ? BigInt(amount)
      : total !== undefined
        ? BigInt(total) - before
        : worthOf(next.terms, lines ?? []);
  if (wanted <= 0n)
    return { refused: "amount_exceeds_settled", detail: `${before} is refunded or due already.` };
  if (wanted > next.settled - before) {
    return {
      refused: "amount_exceeds_settled",
      ...(next.terms.private === true
        ? {}
        : { detail: `${next.settled - before} was settled and not yet refunded.` }),
    };
  }
  const decision = decided(next);
  if (act.payeeShort === true) owe(decision, wanted);
  else {
    const paid = giveBack(decision, wanted);
    decision.events.push({
      type: "trade.refunded",
      data: { by: act.role, amount: Number(paid), lines, reason: command.reason },
    });
  }
  return decision;
}

/** Notes which goods were refunded: they were accepted, are not on their way back, and are refunded once. */
function noteLines(next: Trade, lines: readonly LineQuantity[]): Refused | undefined {
  const refused = checkLines(next, lines);
  if (refused !== undefined) return refused;
  for (const { line, quantity } of lines) {
    const back = next.progress.lots.reduce(
      (sum, lot) => (lot.line === line && isPaid(lot) ? sum + lot.quantity : sum),
      0,
    );
    const refunded = (next.progress.refundedLines[line - 1] ?? 0) + quantity;
    if (refunded + back > progressOf(next, line).accepted)
      return {
        refused: "quantity_exceeds_open",
        detail: `Line ${line} has less that was accepted and not refunded.`,
      };
    next.progress.refundedLines[line - 1] = refunded;
  }
  return undefined;
}
