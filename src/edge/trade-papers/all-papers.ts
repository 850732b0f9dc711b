/** Where the goods of a trade go back to, for those who have a part in it, and the papers of a trade. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerAddressRoute } from "./address-route.ts";
import { registerPaperPages } from "./paper-pages.ts";

export function registerTradePapers(server: Server, context: PageContext): void {
  registerAddressRoute(server, context);
  registerPaperPages(server, context);
}
