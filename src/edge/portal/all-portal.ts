import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerListingRoutes } from "./listing-routes.ts";
import { registerPortalPages } from "./portal-pages.ts";
import { registerReservePages } from "./reserve-pages.ts";

/** Registers how members come to shops. `at`: how shops know this server. */
export function registerPortal(server: Server, context: PageContext, at: string): void {
  registerListingRoutes(server, context);
  registerPortalPages(server, context, at);
  registerReservePages(server, context);
}
