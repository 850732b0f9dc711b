/** What is told of arrivals, and what calls and pages of this room need. */
import { toWire } from "../../core/money/money.ts";
import type {
  Arrival,
  ArrivalGround,
  MoveRow,
  PayingIn,
  StatementRow,
} from "../../engines/arrivals/arrivals.ts";
import type { Collections } from "../../engines/collections/collections.ts";
import type { PayoutGround } from "../../engines/payouts/payouts.ts";
import type { Context } from "../api/api.ts";
import type { PageContext } from "../pages/pages.ts";

export type Room = Context & {
  /** Where what is kept for return under trade numbers stands. */
  keptAccount: (currency: string) => string;
  ground: ArrivalGround & PayoutGround & { collections: Pick<Collections, "payWithin" | "returnWithin"> };
};
export type PageRoom = PageContext & Room;

export function statementView(row: StatementRow) {
  const { id, form, digest, firstDay, lastDay, count, known, total, operator, confirmedBy, bookedAt } = row;
  return {
    id,
    form,
    digest: digest.toString("hex"),
    firstDay,
    lastDay,
    count,
    known,
    total: toWire(total),
    operator,
    confirmedBy,
    bookedAt: bookedAt?.toISOString() ?? null,
  };
}

export function arrivalView(arrival: Arrival) {
  const { id, statement, line, account, reference, day, currency, amount, rest } = arrival;
  const { state, why, number, takenBack, bookedAt } = arrival;
  return {
    id,
    statement,
    line,
    account,
    reference,
    day,
    currency,
    amount: toWire(amount),
    rest: toWire(rest),
    state,
    why,
    number,
    takenBack,
    bookedAt: bookedAt.toISOString(),
  };
}

export function moveView({ kind, amount, number, account, reason, operator, confirmedBy, at }: MoveRow) {
  return {
    kind,
    amount: toWire(amount),
    number: number ?? null,
    account: account ?? null,
    reason: reason ?? null,
    operator: operator ?? null,
    confirmedBy: confirmedBy ?? null,
    at: at.toISOString(),
  };
}

/** Where a due is paid by a transfer, as it is told to who pays. */
export function payingInView({ reference, account, virtual }: PayingIn) {
  const { bank, bankName, branch, branchName, kind, number, holder } = account;
  const own = { branch, branchName, number };
  const made =
    virtual === null
      ? own
      : { branch: virtual.branch, branchName: "", number: String(virtual.number).padStart(7, "0") };
  return { reference, bank, bankName, ...made, kind, holder, virtual: virtual !== null };
}
