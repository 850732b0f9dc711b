/**
 * The pages that every trading server has for people (申込端末 40): the same services as the routes for programs, behind
 * forms. Which server it is shows in what that server hands in. Names and ids that a browser test can rely on are listed
 * in docs/decisions/0008-pages.md.
 */
import type { FastifyRequest } from "fastify";
import type { Server } from "../http/http.ts";
import { readerOf } from "../words/words.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import { type Face, ProblemPage, render } from "../parts/parts.ts";
import { registerLive } from "../live/live.ts";
import type { PageContext } from "./page-context.ts";
import { reading, tradePage } from "./trade-reader.ts";
import { registerApprovalPages } from "./approval-pages.ts";
import { registerDoorPages } from "./door-pages.ts";
import { registerDisclosurePages, registerMandates, registerRecord } from "./permission-pages.ts";
import { registerPeoplePages } from "./people-pages.ts";
import { registerTiePages } from "./tie-pages.ts";
import { registerTradePages } from "./trade-pages.ts";

/**
 * Registers all pages of a trading server but those that only it has. With `ties`, forms must be allowed to lead on to
 * the institutions: see `pagePolicy` of `http`.
 */
export function registerPages(server: Server, context: PageContext): void {
  registerPeoplePages(server, context);
  registerMandates(server, context);
  registerRecord(server, context);
  registerTradePages(server, context);
  registerApprovalPages(server, context);
  registerDoorPages(server, context);
  registerDisclosurePages(server, context);
  registerLive(server, tradePage.access, {
    database: context.database,
    mayRead: async (request, number) => (await reading(context, request, number)) !== undefined,
  });
  if (context.ties !== undefined) registerTiePages(server, context, context.ties);
}

/** Makes the page that a person gets instead of a problem in JSON. */
export function problemPage(face: Face): (refused: Problem, request: FastifyRequest) => string {
  return (refused, request) => render(ProblemPage, { frame: { face }, problem: refused }, readerOf(request));
}
