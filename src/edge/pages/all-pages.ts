/**
 * The pages that every trading server has for people (申込端末 40): the same services as the routes for programs, behind
 * forms. Which server it is shows in what that server hands in. Names and ids that a browser test can rely on are listed
 * in docs/decisions/0008-pages.md.
 */
import type { FastifyRequest } from "fastify";
import type { Server } from "../http/http.ts";
import { readerOf } from "../words/words.ts";
import { type Problem, refuse } from "../../core/protocol/protocol.ts";
import { type Face, type Frame, ProblemPage, render } from "../parts/parts.ts";
import { registerPostcodes } from "../postcodes/postcodes.ts";
import { registerLive } from "../live/live.ts";
import { callerOf } from "../api/api.ts";
import { type Kept, keptOf } from "./form-fields.ts";
import { SignInPage } from "../member-views/member-views.ts";
import type { PageContext } from "./page-context.ts";
import { frameOf, isSignedOut } from "./replies.ts";
import { reading, tradePage } from "./trade-reader.ts";
import { registerApprovalPages } from "./approval-pages.ts";
import { registerDoorPages } from "./door-pages.ts";
import { registerDisclosurePages, registerRecord } from "./permission-pages.ts";
import { registerPeoplePages } from "./people-pages.ts";
import { registerTiePages } from "./tie-pages.ts";
import { registerTradePages } from "./trade-pages.ts";

/**
 * Registers all pages of a trading server but those that only it has. With `ties`, forms must be allowed to lead on to
 * the institutions: see `pagePolicy` of `http`.
 */
export function registerPages(server: Server, context: PageContext): void {
  registerPeoplePages(server, context);
  registerRecord(server, context);
  registerPostcodes(server);
  registerTradePages(server, context);
  registerApprovalPages(server, context);
  registerDoorPages(server, context);
  registerDisclosurePages(server, context);
  registerLive(server, tradePage.access, {
    database: context.database,
    refuseStrangers: async (request, number) => {
      if ((await reading(context, request, number)) !== undefined) return;
      refuse(isSignedOut(await callerOf(context, request)) ? "not_authenticated" : "not_found");
    },
  });
  if (context.ties !== undefined) registerTiePages(server, context, context.ties);
}

/** Who signs in where the server cannot do its work, or a page elsewhere has sent the request, is not looked for. */
const isAnonymous = ({ status, code }: Problem): boolean => status >= 500 || code === "cross_site_request";

/** A form that came after its sender's session had ended: signed in again, they find it as they had filled it in. */
function keptForm({ method, url, body, routeOptions }: FastifyRequest): Kept | undefined {
  return method === "POST" && routeOptions.config.form === true ? keptOf(url, body) : undefined;
}

/**
 * Makes the page that a person gets instead of a problem in JSON, in the frame of who is signed in. `context` is asked for
 * when it is needed: routes are refused before a server is whole.
 */
export function problemPage(
  face: Face,
  context: () => PageContext,
): (refused: Problem, request: FastifyRequest) => Promise<string> {
  const frameFor = async (request: FastifyRequest): Promise<Frame> => {
    try {
      const known = context();
      return frameOf(known, await callerOf(known, request));
    } catch {
      // A page that says what went wrong is better than none.
      return { face };
    }
  };
  return async (refused, request) => {
    const reader = readerOf(request);
    const kept = refused.code === "not_authenticated" ? keptForm(request) : undefined;
    if (kept !== undefined) return render(SignInPage, { frame: { face }, kept, next: reader.back }, reader);
    const frame = isAnonymous(refused) ? { face } : await frameFor(request);
    return render(ProblemPage, { frame, problem: refused }, reader);
  };
}
