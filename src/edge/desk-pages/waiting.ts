/** What waits in each queue of operators: how many, and since when. */
import { listDisputes, countLateDisputes } from "../../engines/trades/trades.ts";
import { listAsked } from "../../engines/credit/credit.ts";
import { waitingArrivals } from "../../engines/arrivals/arrivals.ts";
import { listUndecided } from "../../engines/settlements/settlements.ts";
import { listWaiting } from "../../engines/payouts/payouts.ts";
import { listOverdue } from "../../engines/debts/debts.ts";
import { readBreakFigures } from "../../engines/breaks/breaks.ts";
import { readClock } from "../../storage/database/database.ts";
import type { QueueState, QueueName } from "../desk-views/desk-views.ts";
import type { PageContext } from "../pages/pages.ts";

/** So many are counted; of more it is said that there are more. */
const most = 100;

type Look = (context: PageContext) => Promise<Pick<QueueState, "count" | "since" | "late">>;

/** Those that come in the order in which they came. */
async function counted<Row>(
  read: (limit: number) => Promise<Row[]>,
  since: (row: Row) => Date | null,
): Promise<Pick<QueueState, "count" | "since">> {
  const rows = await read(most + 1);
  const [first] = rows;
  return { count: rows.length, since: (first && since(first))?.toISOString() ?? null };
}

/** Queues that are lists rather than what waits say nothing of numbers. */
const looks: Record<QueueName, Look | undefined> = {
  "operator-acts": ({ confirming }) =>
    counted(
      (limit) => confirming.waiting(limit),
      (act) => act.createdAt,
    ),
  disputes: async ({ database }) => {
    const rows = await listDisputes(database, false, most + 1);
    const oldest = rows.map(({ openedAt }) => openedAt.getTime()).sort((one, other) => one - other)[0];
    return {
      count: rows.length,
      since: oldest === undefined ? null : new Date(oldest).toISOString(),
      late: await countLateDisputes(database),
    };
  },
  "credit-requests": ({ database }) =>
    counted(
      (limit) => listAsked(database, limit),
      (one) => one.createdAt,
    ),
  "bank-transfers": ({ database }) =>
    counted(
      (limit) => waitingArrivals(database, limit, undefined),
      (one) => one.bookedAt,
    ),
  objections: ({ database }) =>
    counted(
      (limit) => listUndecided(database, limit, undefined),
      (one) => one.at,
    ),
  "payout-files": ({ database }) =>
    counted(
      (limit) => listWaiting(database, limit, undefined),
      (one) => one.createdAt,
    ),
  debts: ({ database }) =>
    counted(
      (limit) => listOverdue(database, limit),
      () => null,
    ),
  guarantees: undefined,
  "desk/breaks": async ({ database }) => {
    const { unclosed, behind } = await readBreakFigures(database);
    const since = new Date((await readClock(database)).getTime() - behind * 1000);
    return { count: unclosed, since: unclosed === 0 ? null : since.toISOString() };
  },
  collectors: undefined,
  "lent-lines": undefined,
};

/** All queues that this server has a page for. */
export async function queuesOf(
  context: PageContext,
  hasPage: (path: string) => boolean,
): Promise<QueueState[]> {
  const { queues = [] } = context.face;
  const names = (["operator-acts", "disputes", "desk/breaks", ...queues] as const).filter((name) =>
    hasPage(`/${name}`),
  );
  return Promise.all(
    names.map(async (name) => {
      const found = await looks[name]?.(context);
      const { count = null, since = null, late } = found ?? {};
      return { name, count, most, since, late };
    }),
  );
}
