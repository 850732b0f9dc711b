import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { endJudged } from "../roles/roles.ts";
import { registerTeamPages } from "./pages.ts";
import { registerTeamRoutes } from "./routes.ts";

/** Registers the calls and pages of this room, and ends the record of what is done from the sessions of shops. */
export function registerTeam(server: Server, context: PageContext): void {
  const { database } = context;
  server.addHook("onSend", (request, reply, payload, done) => {
    endJudged(database, request, reply).then(
      () => done(null, payload),
      // It was done all the same: that its end is not known stands there already.
      () => done(null, payload),
    );
  });
  registerTeamRoutes(server, context);
  registerTeamPages(server, context);
}
