import { arrivalSweeper, countArrivals, forgetOld } from "../../engines/arrivals/arrivals.ts";
import type { Collections } from "../../engines/collections/collections.ts";
import { inTransaction, type Sweeper } from "../../engines/engine/engine.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Gauges, Server } from "../http/http.ts";
import { doingsOf } from "./acts.ts";
import { registerArrivals } from "./arrival-routes.ts";
import { registerArrivalPages } from "./arrival-pages.ts";
import { registerDues } from "./due-routes.ts";
import { registerStatements } from "./statement-routes.ts";
import type { PageRoom, Room } from "./telling.ts";

/** Registers all that has to do with what arrives at the bank. */
export function registerBankTransfers(
  server: Server,
  room: PageRoom,
  collections: Pick<Collections, "read">,
): void {
  const doings = doingsOf(room);
  registerStatements(server, room, doings);
  registerArrivals(server, room, doings);
  registerDues(server, room, collections);
  registerArrivalPages(server, room, doings);
}

/** How many transfers wait for operators: an alarm belongs on how long. */
export function arrivalGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_arrivals_waiting: "Bank transfers that wait for operators, or that nobody has looked at yet.",
      kenshu_arrivals_waiting_seconds: "For how long the oldest of them waits.",
    },
    read: async () => {
      const { count, seconds } = await countArrivals(database);
      return { kenshu_arrivals_waiting: count, kenshu_arrivals_waiting_seconds: seconds };
    },
  };
}

/** How often it is looked at what has come in, in milliseconds, and how often something is forgotten. */
const everyMs = 1000;
const hourly = 3_600_000;

/** Matches what has arrived, and forgets what nobody needs any more. */
export function openArrivalClock(
  { database, ground }: Pick<Room, "database" | "ground">,
  onError: (error: unknown) => void,
): Pick<Sweeper, "start" | "sweep" | "stop"> {
  const matching = arrivalSweeper(ground, { database, everyMs, onError });
  const forget = () => inTransaction(database, forgetOld).catch(onError);
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      matching.start();
      timer = setInterval(() => void forget(), hourly);
    },
    sweep: async () => {
      const found = await matching.sweep();
      await forget();
      return found;
    },
    stop: () => {
      clearInterval(timer);
      return matching.stop();
    },
  };
}
