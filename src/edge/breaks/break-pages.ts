/** `/desk/breaks`: where the books of two sides do not agree, and what was said of each. What is said goes the way of the call. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema } from "../../core/protocol/schemas.ts";
import {
  type BreakState,
  banksWord,
  breakStates,
  listBreaks,
  ownBooks,
} from "../../engines/breaks/breaks.ts";
import { pageOf, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { namesIn, operatorAt } from "../act-forms/act-forms.ts";
import { callerAmong, pageWish } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import {
  attemptOf,
  field,
  type Fields,
  filled,
  frameOf,
  key,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import type { Peers } from "../signing/signing.ts";
import { say } from "../words/words.ts";
import { breakView, breakWithWords } from "./break-routes.ts";
import { BreakPage, BreaksPage, type Sides } from "./break-views.tsx";

const page = {
  access: ["operator"],
  page: true,
  refusals: ["not_authenticated", "not_allowed", "not_found"],
} as const;
const params = closed({ id: idSchema });
const shown = 20;

type KnownPeers = Pick<Peers, "list">;

const isServer = (party: string): boolean => party !== ownBooks && party !== banksWord;
const nameOf = (peers: KnownPeers, party: string): string | null =>
  !isServer(party) ? null : (peers.list().find(({ id }) => id === party)?.name ?? party);

export function registerBreakPages(server: Server, context: PageContext, peers: KnownPeers): void {
  registerList(server, context, peers);
  registerOne(server, context, peers);
  for (const act of ["explain", "close"] as const) registerSaying(server, context, peers, act);
}

function registerList(server: Server, context: PageContext, peers: KnownPeers): void {
  server.get(
    "/desk/breaks",
    {
      config: page,
      schema: {
        tags,
        summary: "Where the books of two sides do not agree",
        querystring: closed({
          open: field(60),
          explained: field(60),
          closed: field(60),
          done: field(9),
        }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { query } = request;
      const listed = async (state: BreakState) => {
        const { after } = pageWish(query[state] === undefined ? {} : { after: query[state] });
        const found = await listBreaks(context.database, state, shown + 1, after);
        const { items, next } = pageOf(found, shown, breakView);
        return { state, next, items: items.map((one) => ({ ...one, name: nameOf(peers, one.party) })) };
      };
      return sendPage(reply, BreaksPage, {
        frame: frameOf(context, caller),
        groups: await Promise.all(breakStates.map(listed)),
        done: query.done === "explain" ? "explain" : query.done === "close" ? "close" : undefined,
      });
    },
  );
}

/** Where both sides are looked at: the order or bill here, and what the other server calls it. */
async function sidesOf(
  { trades }: PageContext,
  server: Server,
  reader: string,
  { subject, party }: { subject: string | null; party: string },
): Promise<Sides> {
  const isNumber = subject !== null && /^[0-9]{14}$/.test(subject) && dammValid(subject);
  const trade = isNumber ? await trades.read({ kind: "operator", id: reader }, subject) : undefined;
  const hasDebts = isNumber && server.hasRoute({ method: "GET", url: "/debts" });
  const ofTrade = trade !== undefined ? `/desk/trades/${trade.number}` : hasDebts ? "/debts" : undefined;
  if (!isServer(party)) return { here: party === banksWord ? "/payout-files" : ofTrade, there: undefined };
  return { here: ofTrade, there: `/desk/servers/${party}` };
}

async function sendBreak(
  server: Server,
  context: PageContext,
  peers: KnownPeers,
  reply: FastifyReply,
  caller: Caller,
  id: string,
  attempt: Attempt = noAttempt,
): Promise<FastifyReply> {
  const found = (await breakWithWords(context.database, id)) ?? refuse("not_found");
  const wrong = attempt.problem?.status ?? (Object.keys(attempt.errors).length === 0 ? 200 : 422);
  return sendPage(
    reply,
    BreakPage,
    {
      frame: frameOf(context, caller),
      found: { ...found, name: nameOf(peers, found.party) },
      sides: await sidesOf(context, server, caller.id, found),
      names: await namesIn(context.database, found.words),
      attempt,
      once: uuidv7(),
    },
    wrong,
  );
}

function registerOne(server: Server, context: PageContext, peers: KnownPeers): void {
  server.get(
    "/desk/breaks/:id",
    { config: page, schema: { tags, summary: "A break, both sides, and what was said of it", params } },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      return sendBreak(server, context, peers, reply, caller, request.params.id);
    },
  );
}

type SayingRequest = FastifyRequest<{ Params: { id: string }; Body: Fields }>;

function registerSaying(
  server: Server,
  context: PageContext,
  peers: KnownPeers,
  act: "explain" | "close",
): void {
  server.post(
    `/desk/breaks/:id/${act}`,
    {
      config: {
        ...page,
        form: true,
        acts: [`break.${act}`],
        refusals: [...page.refusals, "break_changed", "four_eyes_required"],
      },
      schema: {
        tags,
        summary: act === "explain" ? "Say how a break came to be" : "Ask for a break to be closed",
        params,
        body: closed({ reason: field(500), seen: field(9), key }),
      },
    },
    async (request: SayingRequest, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      const { key: once, ...fields } = request.body;
      const again = (wrong: Parameters<typeof attemptOf>[1]) => {
        // Two forms stand on the page: what was typed goes back into the one that was sent.
        const { errors = {}, ...rest } = wrong;
        const own = (values: object) =>
          Object.fromEntries(Object.entries(values).map(([name, value]) => [`${act}-${name}`, value]));
        return sendBreak(
          server,
          context,
          peers,
          reply,
          caller,
          id,
          attemptOf(own(fields), { ...rest, errors: own(errors) }),
        );
      };
      const reason = filled(fields["reason"]);
      if (reason === undefined) return again({ errors: { reason: say("mistake.missing") } });
      const { problem } = await callOwn(server, request, {
        method: "POST",
        url: `/v1/breaks/${id}/${act}`,
        body: { reason, version: Number(fields["seen"] ?? 0) },
        key: once,
      });
      if (problem === undefined) return seeOther(reply, `/desk/breaks?done=${act}`);
      if (problem.code === "four_eyes_required" && problem.act !== undefined)
        return seeOther(reply, `/operator-acts/${problem.act}?asked=yes`);
      if (problem.code === "not_found") return refuse("not_found");
      return again({ problem });
    },
  );
}
