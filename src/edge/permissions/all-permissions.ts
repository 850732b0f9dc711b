import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerGivenPages } from "./given-pages.ts";
import { registerGivingPages } from "./new-pages.ts";

/** Registers all pages of this room. */
export function registerPermissionPages(server: Server, context: PageContext): void {
  registerGivenPages(server, context);
  registerGivingPages(server, context);
}
