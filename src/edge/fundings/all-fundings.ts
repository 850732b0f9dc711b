import type { Server } from "../http/http.ts";
import type { PageRoom } from "./accounts.ts";
import { registerFundings } from "./funding-routes.ts";
import { registerFundingPages } from "./funding-pages.ts";
import { registerPaying } from "./paying.ts";

/** Registers calls and pages. */
export function registerFundingCalls(server: Server, room: PageRoom): void {
  registerFundings(server, room);
  registerPaying(server, room);
  registerFundingPages(server, room);
}
