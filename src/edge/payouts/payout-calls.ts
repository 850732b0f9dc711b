/** All calls and pages of payouts, and what their operators watch. */
import { countWaiting, payoutSweeper, forgetOldBankAccounts } from "../../engines/payouts/payouts.ts";
import type { Sweeper } from "../../engines/engine/engine.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Gauges, Server } from "../http/http.ts";
import type { PageRoom } from "./accounts.ts";
import { fileActs } from "./file-acts.ts";
import { registerFiles } from "./file-routes.ts";
import { registerNaming } from "./naming-routes.ts";
import { registerPayoutPages } from "./payout-pages.ts";
import { registerPayouts } from "./payout-routes.ts";

/** Registers calls and pages. */
export function registerPayoutCalls(server: Server, room: PageRoom): void {
  const acts = fileActs(room);
  registerNaming(server, room);
  registerPayouts(server, room);
  registerFiles(server, room, acts);
  registerPayoutPages(server, room, acts);
}

/** How many payouts wait for a file: an alarm belongs on how long. */
export function payoutGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_payouts_waiting: "Payouts that no file for the bank has yet.",
      kenshu_payouts_waiting_seconds: "For how long the oldest of them waits.",
    },
    read: async () => {
      const { count, seconds } = await countWaiting(database);
      return { kenshu_payouts_waiting: count, kenshu_payouts_waiting_seconds: seconds };
    },
  };
}

/** How often schedules are looked at, in milliseconds: they know days only. */
const everyMs = 60_000;

/** Pays out what is due by schedules, and forgets accounts at banks that nobody needs any more. */
export function openPayoutClock(
  { database, ground }: Pick<PageRoom, "database" | "ground">,
  onError: (error: unknown) => void,
): Pick<Sweeper, "start" | "sweep" | "stop"> {
  const schedules = payoutSweeper(ground, { database, everyMs, onError });
  const forget = () => forgetOldBankAccounts(database).catch(onError);
  const hourly = 3_600_000;
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      schedules.start();
      timer = setInterval(() => void forget(), hourly);
    },
    sweep: async () => {
      const found = await schedules.sweep();
      await forget();
      return found;
    },
    stop: () => {
      clearInterval(timer);
      return schedules.stop();
    },
  };
}
