/** All pages of the desk. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerActPages } from "./act-pages.ts";
import { registerDeskHome } from "./home-page.ts";
import { registerTradeDesk } from "./trade-pages.ts";

export function registerDeskPages(server: Server, context: PageContext): void {
  registerDeskHome(server, context);
  registerTradeDesk(server, context);
  registerActPages(server, context);
}
