/** All calls and pages of credit, and the clock that does what follows. */
import { readRequestsOf, type StandLimits } from "../../engines/credit/credit.ts";
import type { Trades } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { creditActs } from "./acts.ts";
import { type CreditClock, openCreditClock } from "./clock.ts";
import { registerRequestPages } from "./request-pages.ts";
import { registerRequests } from "./request-routes.ts";
import { registerStandLimits } from "./stand-routes.ts";

interface Means {
  /** Those of the server itself, for what has passed its desk. */
  trades: Trades;
  /** How much it stands for where operators say nothing else. */
  limits: StandLimits;
  onError: (error: unknown) => void;
}

/** Registers calls and pages. */
export function openCredit(server: Server, context: PageContext, means: Means): CreditClock {
  const { trades, limits, onError } = means;
  const acts = creditActs(context);
  registerStandLimits(server, context, limits);
  registerRequests(server, context, acts);
  registerRequestPages(server, context, acts);
  return openCreditClock(context, trades, onError);
}

/** Whether credit for a trade can be asked for on its page, or was. */
export async function creditFor(database: Database, trade: string): Promise<"may" | "asked"> {
  const [last] = await readRequestsOf(database, BigInt(trade));
  return last?.state === "asked" || last?.state === "granted" ? "asked" : "may";
}
