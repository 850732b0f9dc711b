/** All of these pages. */
import { registerActForms } from "../act-forms/act-forms.ts";
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { registerApplicationPages } from "./application-pages.ts";
import { registerDisputePages } from "./dispute-pages.ts";
import { registerListPages } from "./list-pages.ts";
import { registerWaitingPages } from "./waiting-pages.ts";

export function registerQueues(server: Server, context: PageContext): void {
  registerWaitingPages(server, context);
  registerDisputePages(server, context);
  registerApplicationPages(server, context);
  registerListPages(server, context);
  registerActForms(server, context);
}
