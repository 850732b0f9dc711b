import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { endJudged } from "../roles/roles.ts";
import { registerTeamPages } from "./pages.ts";
import { registerTeamRoutes } from "./routes.ts";

/** Registers the calls and pages of this room, and ends the record of what is done from the sessions of shops. */
export function registerTeam(server: Server, context: PageContext): void {
  const { database } = context;
  server.addHook("onSend", (request, reply, payload, done) => {
    const ending = endJudged(database, request, reply);
    if (ending === undefined) done(null, payload);
    else void afterwards(ending, () => done(null, payload));
  });
  registerTeamRoutes(server, context);
  registerTeamPages(server, context);
}

/** It was done all the same where its end could not be written: that this is not known stands there already. */
async function afterwards(ending: Promise<void>, go: () => void): Promise<void> {
  await ending.catch(() => undefined);
  go();
}
