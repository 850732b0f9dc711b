import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerFirstPage } from "./first-page.ts";
import { registerLinkPages } from "./link-pages.ts";
import { registerSessionPages } from "./session-pages.ts";
import { registerOwnPages } from "./own-pages.ts";

/** Registers all pages of this room. */
export function registerProfilePages(server: Server, context: PageContext): void {
  registerOwnPages(server, context);
  registerLinkPages(server, context);
  registerFirstPage(server, context);
  registerSessionPages(server, context);
}
