/** All calls and pages about what members owe, and what their operators watch. */
import { countOverdue } from "../../engines/debts/debts.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Gauges, Server } from "../http/http.ts";
import { type BillRoom, billActs } from "./bill-acts.ts";
import { registerBillRoutes } from "./bill-routes.ts";
import { registerBillPages } from "./bill-pages.ts";
import { registerDebtPages } from "./debt-pages.ts";
import { registerBillSlip } from "./bill-slip.ts";

export function registerDebts(server: Server, room: BillRoom): void {
  const acts = billActs(room);
  registerBillRoutes(server, room, acts);
  registerBillSlip(server, room);
  registerBillPages(server, room, acts);
  registerDebtPages(server, room, acts);
}

/** Bills that were not paid in time: an alarm belongs on how long. */
export function debtGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_bills_overdue: "Open bills whose day to be paid is over.",
      kenshu_bills_overdue_seconds: "For how long the oldest of them is overdue.",
    },
    read: async () => {
      const { count, seconds } = await countOverdue(database);
      return { kenshu_bills_overdue: Number(count), kenshu_bills_overdue_seconds: Number(seconds) };
    },
  };
}
