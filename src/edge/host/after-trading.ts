/** What people have of a trade beside its page: papers, and where its goods go back to. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerTradePapers } from "../trade-papers/trade-papers.ts";

export function registerAfterTrading(server: Server, context: PageContext): void {
  registerTradePapers(server, context);
}
