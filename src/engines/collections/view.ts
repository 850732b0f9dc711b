/** What is told of a due and of what was paid of it. */
import { toWire } from "../../core/money/money.ts";
import type { CollectionPaidView, CollectionView } from "../../core/protocol/schemas.ts";
import type { Due, DuePayment } from "./store.ts";

/** What is still to be paid. */
export const dueOf = ({ amount, paid }: Pick<Due, "amount" | "paid">): bigint => amount - paid;

function stateOf(due: Due): CollectionView["state"] {
  if (dueOf(due) > 0n) return "open";
  return due.paid > 0n ? "paid" : "withdrawn";
}

const partOf = ({ id, amount, channel, reference, at, state }: DuePayment) => ({
  id,
  amount: toWire(amount),
  channel,
  reference,
  at: at.toISOString(),
  state,
});

export function viewOf(due: Due, payments: readonly DuePayment[]): CollectionView {
  return {
    tradeNumber: due.tradeNumber,
    state: stateOf(due),
    currency: due.currency,
    amount: toWire(due.amount),
    paid: toWire(due.paid),
    due: toWire(dueOf(due)),
    refunded: toWire(due.refunded),
    kept: toWire(due.kept),
    version: toWire(due.version),
    payBy: due.payBy.toISOString(),
    payableFrom: due.payableFrom?.toISOString() ?? null,
    shopName: due.shopName,
    reference: due.reference,
    payments: payments.map(partOf),
  };
}

export function paymentView(due: Pick<Due, "tradeNumber">, payment: DuePayment): CollectionPaidView {
  const { tradeNumber } = due;
  return { tradeNumber, currency: payment.currency, ...partOf(payment) };
}
