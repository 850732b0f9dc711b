/** All pages of the desk. */
import type { Marks } from "../../engines/marks/marks.ts";
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerActPages } from "./act-pages.ts";
import { registerFinding } from "./find-pages.ts";
import { registerDeskHome } from "./home-page.ts";
import { registerLooks } from "./look-pages.ts";
import { registerPersonPages } from "./member-pages.ts";
import { registerOrders } from "./order-pages.ts";
import { registerTradeDesk } from "./trade-pages.ts";

export function registerDeskPages(server: Server, context: PageContext, marks: Marks): void {
  registerDeskHome(server, context);
  registerFinding(server, context, marks);
  registerPersonPages(server, context);
  registerOrders(server, context);
  registerLooks(server, context);
  registerTradeDesk(server, context);
  registerActPages(server, context);
}
