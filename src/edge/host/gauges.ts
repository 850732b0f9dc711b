/** How a trading server's business stands, for /metrics: read in the database where every process says the same, else this process's own. */
import { readBreakFigures } from "../../engines/breaks/breaks.ts";
import { countWaitingInstructions, countWaitingWebhooks } from "../../engines/outbox/outbox.ts";
import { readTradeFigures, type Trades } from "../../engines/trades/trades.ts";
import type { BatchCounts } from "../../engines/engine/engine.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Gauges } from "../http/http.ts";

/** What waits in the database. */
export function businessGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_trades_open: "Trades that a deadline can still move and for which money is frozen.",
      kenshu_trades_frozen: "What is frozen for them, in minor units.",
      kenshu_trades_due_within_a_day: "Trades of which a deadline comes within a day.",
      kenshu_deadlines_behind_seconds: "For how long the deadline that waits the longest has been over.",
      kenshu_instructions_waiting: "Instructions to other servers that are not answered yet.",
      kenshu_instructions_retried: "Of these, those that were sent more than once.",
      kenshu_instructions_behind_seconds: "How old the oldest of them is.",
      kenshu_webhooks_waiting: "Messages to endpoints that have not arrived yet.",
      kenshu_webhooks_retried: "Of these, those that were sent more than once.",
      kenshu_webhooks_behind_seconds: "How old the oldest of them is.",
      kenshu_breaks_open: "Breaks between books that two operators have not closed.",
      kenshu_breaks_unexplained: "Of these, those of which nobody has said anything.",
      kenshu_breaks_behind_seconds: "Since when the oldest of them is known.",
    },
    read: async () => {
      const [{ open, dueWithinADay, behind }, instructions, webhooks, breaks] = await Promise.all([
        readTradeFigures(database),
        countWaitingInstructions(database),
        countWaitingWebhooks(database),
        readBreakFigures(database),
      ]);
      return {
        ...Object.fromEntries(
          open.flatMap(({ currency, trades, frozen }) => [
            [`kenshu_trades_open{currency="${currency}"}`, trades],
            [`kenshu_trades_frozen{currency="${currency}"}`, Number(frozen)],
          ]),
        ),
        kenshu_trades_due_within_a_day: dueWithinADay,
        kenshu_deadlines_behind_seconds: behind,
        kenshu_instructions_waiting: instructions.waiting,
        kenshu_instructions_retried: instructions.retried,
        kenshu_instructions_behind_seconds: instructions.behind,
        kenshu_webhooks_waiting: webhooks.waiting,
        kenshu_webhooks_retried: webhooks.retried,
        kenshu_webhooks_behind_seconds: webhooks.behind,
        kenshu_breaks_open: breaks.unclosed,
        kenshu_breaks_unexplained: breaks.unexplained,
        kenshu_breaks_behind_seconds: breaks.behind,
      };
    },
  };
}

/** What this process has done, and what it does now. */
export function processGauges(database: Database, { written }: Pick<Trades, "written">): Gauges {
  return {
    help: {
      kenshu_trade_events_total: "Events of trades that were written.",
      kenshu_database_connections: "Connections to the database: in use, idle, and callers who wait for one.",
    },
    read: () => {
      const { inUse, idle, waiting } = database.use();
      return {
        ...Object.fromEntries(
          [...written].map(([type, count]) => [`kenshu_trade_events_total{type="${type}"}`, count]),
        ),
        'kenshu_database_connections{state="in use"}': inUse,
        'kenshu_database_connections{state="idle"}': idle,
        'kenshu_database_connections{state="waited for"}': waiting,
      };
    },
  };
}

/** How an engine's batches go. */
export function engineGauges(
  engine: string,
  { waiting, counts }: { waiting: () => number; counts: Readonly<BatchCounts> },
): Gauges {
  const label = `{engine="${engine}"}`;
  return {
    help: {
      kenshu_queue_length: "Requests that wait for a batch.",
      kenshu_batches_total: "Batches that were decided and written.",
      kenshu_batches_failed_total: "Batches that could not be written as a whole.",
      kenshu_batch_requests_total: "Requests in these batches.",
      kenshu_batch_seconds_total: "What these batches took, from their begin to their end.",
    },
    read: () => ({
      [`kenshu_queue_length${label}`]: waiting(),
      [`kenshu_batches_total${label}`]: counts.batches,
      [`kenshu_batches_failed_total${label}`]: counts.failed,
      [`kenshu_batch_requests_total${label}`]: counts.requests,
      [`kenshu_batch_seconds_total${label}`]: counts.seconds,
    }),
  };
}
