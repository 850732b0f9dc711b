/** All pages of the desk. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerDeskHome } from "./home-page.ts";

export function registerDeskPages(server: Server, context: PageContext): void {
  registerDeskHome(server, context);
}
