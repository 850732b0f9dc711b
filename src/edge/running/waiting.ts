/** What waits at a server, and since when, as its metrics say: a line for each thing that this server has. */
import type { Waiting } from "../running-views/running-views.ts";

type Values = Readonly<Record<string, number>>;

interface Thing {
  what: Waiting["what"];
  count: string;
  age?: string;
  /** Where it is looked at. */
  at?: string;
}

const things: readonly Thing[] = [
  {
    what: "instructions",
    count: "kenshu_instructions_waiting",
    age: "kenshu_instructions_behind_seconds",
    at: "/running/trades?waiting=yes",
  },
  { what: "webhooks", count: "kenshu_webhooks_waiting", age: "kenshu_webhooks_behind_seconds" },
  { what: "mails", count: "kenshu_mails_waiting", age: "kenshu_mails_behind_seconds" },
  { what: "log", count: "kenshu_log_waiting", age: "kenshu_log_behind_seconds" },
  {
    what: "disputes",
    count: "kenshu_disputes_late",
    at: "/running/trades?state=disputed",
  },
  {
    what: "payouts",
    count: "kenshu_payouts_waiting",
    age: "kenshu_payouts_waiting_seconds",
    at: "/payout-files",
  },
  {
    what: "arrivals",
    count: "kenshu_arrivals_waiting",
    age: "kenshu_arrivals_waiting_seconds",
    at: "/bank-transfers",
  },
  { what: "objections", count: "kenshu_settlements_undecided", at: "/objections" },
  { what: "bills", count: "kenshu_bills_overdue", age: "kenshu_bills_overdue_seconds", at: "/debts" },
  {
    what: "transfers",
    count: "kenshu_transfers_unmatched",
    age: "kenshu_transfers_unmatched_seconds",
  },
  {
    what: "breaks",
    count: "kenshu_breaks_open",
    age: "kenshu_breaks_behind_seconds",
    at: "/desk/breaks",
  },
  { what: "unreachable", count: "kenshu_reconciliation_unreachable" },
  { what: "stopped", count: "kenshu_peers_stopped" },
];

/** What there is of these, with a way to it where this server has the page. */
export function waitingOf(values: Values, has: (path: string) => boolean): Waiting[] {
  return things.flatMap(({ what, count, age, at }) => {
    const waiting = values[count];
    if (waiting === undefined) return [];
    const seconds = age === undefined ? undefined : values[age];
    const path = at !== undefined && has(at) ? at : undefined;
    return { what, count: waiting, seconds: seconds ?? null, at: path };
  });
}
