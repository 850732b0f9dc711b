/**
 * How a member pays where other servers keep the accounts: what is tied, and tying one more. The member agrees at the
 * institution, under its own sign-in, and comes back with a code; what this server learns is a leave, never a
 * credential or the number of an account.
 */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import type { Problem } from "../../core/protocol/protocol.ts";
import { closed, methodKinds } from "../../core/protocol/schemas.ts";
import { MethodsPage, TieEndPage } from "../member-views/member-views.ts";
import { type Attempt } from "../parts/parts.ts";
import { actorOf, callerOf, linkedTrade } from "../api/api.ts";
import { frameOf, isSignedOut, memberOf, orProblem, seeOther, sendPage, tags, toMember } from "./replies.ts";
import type { PageContext, Ties, TieWish } from "./page-context.ts";
import { attemptOf, field, type Fields } from "./form-fields.ts";

const tieForm = closed({ institution: field(40), kind: field(20), currency: field(10) });

/** Registers `/methods`, `/ties` and `/ties/return`. Forms on this server must be allowed to lead to the institutions. */
export function registerTiePages(server: Server, context: PageContext, ties: Ties): void {
  registerMethods(server, context, ties);
  registerStart(server, context, ties);
  registerReturn(server, context, ties);
}

/** The trade whose link this member has opened, while it waits for approval. */
async function waitingFor(
  context: PageContext,
  request: FastifyRequest,
  caller: Caller,
): Promise<string | undefined> {
  const number = linkedTrade(context, request);
  if (number === undefined) return undefined;
  const trade = await context.trades.read(actorOf(context, request, caller), number);
  return trade?.state === "proposed" || trade?.state === "refused" ? number : undefined;
}

async function sendMethods(
  { context, ties }: { context: PageContext; ties: Ties },
  request: FastifyRequest,
  reply: FastifyReply,
  more: { status?: number; attempt?: Attempt; done?: "tied" | undefined } = {},
): Promise<FastifyReply> {
  const caller = await memberOf(context, request);
  const { status = 200, ...said } = more;
  const found = await members.listMethods(context.database, caller.id);
  const places = await ties.institutionsOf(found);
  const methods = found.map(({ id, kind, currency, state }) => ({
    id,
    kind,
    currency,
    state,
    institution: ties.institutions.find((one) => one.id === places.get(id)) ?? null,
  }));
  const { currencies } = context.settings;
  const waiting = await waitingFor(context, request, caller);
  const shown = {
    frame: frameOf(context, caller),
    methods,
    institutions: ties.institutions,
    currencies,
    waiting,
  };
  return sendPage(reply, MethodsPage, { ...shown, ...said }, status);
}

function registerMethods(server: Server, context: PageContext, ties: Ties): void {
  const query = closed({ done: Type.Optional(Type.Literal("tied")) });
  server.get(
    "/methods",
    { config: toMember, schema: { tags, summary: "What you pay with", querystring: query } },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/methods");
      return sendMethods({ context, ties }, request, reply, { done: request.query.done });
    },
  );
}

/** What the form wishes, or what is wrong with it by the names of its fields. */
function wishOf(
  { institution, kind, currency }: Fields,
  { context, ties }: { context: PageContext; ties: Ties },
): TieWish | { errors: Record<string, Sentence> } {
  const place = ties.institutions.find(({ id }) => id === institution);
  const methodKind = methodKinds.find((one) => one === kind);
  const money = context.settings.currencies.find((one) => one === currency);
  if (place !== undefined && methodKind !== undefined && money !== undefined)
    return { institution: place.id, kind: methodKind, currency: money };
  const missing = { institution: place, kind: methodKind, currency: money };
  const names = Object.entries(missing).flatMap(([name, found]) => (found === undefined ? [name] : []));
  return { errors: Object.fromEntries(names.map((name) => [name, say("mistake.missing")])) };
}

function registerStart(server: Server, context: PageContext, ties: Ties): void {
  server.post(
    "/ties",
    {
      config: { ...toMember, form: true },
      schema: { tags, summary: "Go to an institution to tie an account there", body: tieForm },
    },
    async (request, reply) => {
      const { id } = await memberOf(context, request);
      const wish = wishOf(request.body, { context, ties });
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1]) =>
        sendMethods({ context, ties }, request, reply, { status, attempt: attemptOf(request.body, wrong) });
      if ("errors" in wish) return again(422, wish);
      const begun = await orProblem(() => ties.startTie(id, wish));
      return "value" in begun ? seeOther(reply, begun.value) : again(begun.problem.status, begun);
    },
  );
}

function registerReturn(server: Server, context: PageContext, ties: Ties): void {
  const text = Type.String({ pattern: "^[A-Za-z0-9_-]{1,80}$" });
  const query = closed({ state: text, code: Type.Optional(text), error: Type.Optional(text) });
  server.get(
    "/ties/return",
    {
      config: toMember,
      schema: { tags, summary: "Come back from an institution", querystring: query },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
      const caller = await memberOf(context, request);
      const { state, code } = request.query;
      const end = (outcome: "refused" | "unknown", status: number, refused?: Problem) => {
        const attempt = attemptOf({}, refused === undefined ? {} : { problem: refused });
        const again = `/ties/return?state=${state}&code=${code ?? ""}`;
        return sendPage(
          reply,
          TieEndPage,
          { frame: frameOf(context, caller), outcome, again, attempt },
          status,
        );
      };
      // Without a code the member has not agreed there.
      if (code === undefined) return end("refused", 200);
      const answer = await ties.finishTie(caller.id, state, code);
      if (answer.outcome === "tied") return seeOther(reply, "/methods?done=tied");
      return answer.outcome === "unknown"
        ? end("unknown", 202)
        : end("refused", answer.problem.status, answer.problem);
    },
  );
}
