/** The calls and the pages. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import type { Peers } from "../signing/signing.ts";
import { registerBreakPages } from "./break-pages.ts";
import { registerBreakRoutes } from "./break-routes.ts";

export function registerBreaks(server: Server, context: PageContext, peers: Pick<Peers, "list">): void {
  registerBreakRoutes(server, context);
  registerBreakPages(server, context, peers);
}
