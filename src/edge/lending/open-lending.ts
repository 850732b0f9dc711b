/** All calls of lent lines, and the clock that has lenders make good what is owed. */
import type { Server } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";
import { type LendingClock, openLendingClock } from "./clock.ts";
import { registerLeavePages } from "./leave-pages.ts";
import { registerLeaves } from "./leave-routes.ts";
import { registerLineForms } from "./line-forms.ts";
import { registerLinePages } from "./line-pages.ts";
import { registerLines } from "./line-routes.ts";

export function openLending(
  server: Server,
  context: PageContext,
  onError: (error: unknown) => void,
): LendingClock {
  registerLines(server, context);
  registerLeaves(server, context);
  registerLeavePages(server, context);
  registerLinePages(server, context);
  registerLineForms(server, context);
  return openLendingClock(context.database, onError);
}
