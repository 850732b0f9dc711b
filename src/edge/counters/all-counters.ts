import type { Collections } from "../../engines/collections/collections.ts";
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerCounterPages } from "./counter-pages.ts";
import { registerCollectorPages } from "./collector-pages.ts";
import { registerCollectors } from "./collector-routes.ts";
import { registerCounterDay } from "./day-pages.ts";
import { registerDueRoutes } from "./due-routes.ts";
import { registerPayments } from "./payment-routes.ts";

/** Registers all that has to do with what is due and taken at counters. */
export function registerCounters(server: Server, context: PageContext, collections: Collections): void {
  registerDueRoutes(server, context, collections);
  registerPayments(server, context, collections);
  registerCollectors(server, context);
  registerCollectorPages(server, context);
  registerCounterPages(server, context, collections);
  registerCounterDay(server, context);
}
