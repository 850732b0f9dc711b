/**
 * Who takes money at doors lets another server say in their name that they have (paragraph 0070): the page on which they agree, see what
 * was said, and end it; and the list of it for their programs.
 */
import { say } from "../../edge/words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { saidSchema } from "../../core/answers/answers.ts";
import { parseMoney, toWire } from "../../core/money/money.ts";
import { keyPattern, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, pageSchema } from "../../core/protocol/schemas.ts";
import { listSaid, readCollectors, type Said } from "../../engines/collections/collections.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { issueCode, listConsents, revokeConsent } from "../../engines/reservations/reservations.ts";
import { pageOf, uuidv7 } from "../../storage/database/database.ts";
import { callerAmong, callerOf, pageWish } from "../../edge/api/api.ts";
import type { Server } from "../../edge/http/http.ts";
import {
  attemptOf,
  type Fields,
  field,
  frameOf,
  isSignedOut,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../../edge/pages/pages.ts";
import { CollectingPage } from "./collecting-views.tsx";
import { consentToCollect, knownPeer, type KnownPeers } from "./consents.ts";

const takers = ["collector", "carrier"] as const;
const page = { access: takers, page: true, refusals: ["not_authenticated", "not_allowed"] } as const;
const key = Type.Optional(Type.String({ pattern: keyPattern }));
const form = closed({ key, peer: field(40), currency: field(3), limitPerDay: field(30) });
const shownMost = 50;

export function registerCollectingPages(server: Server, context: PageContext, peers: KnownPeers): void {
  registerLook(server, context, peers);
  registerAgree(server, context, peers);
  registerEnd(server, context);
  registerSaid(server, context);
}

/** Who takes money at doors here. Refuses everybody else. */
async function takerOf(context: PageContext, request: FastifyRequest) {
  const caller = await callerAmong(context, request, takers);
  const [known] = await readCollectors(context.database, [caller.id]);
  if (known?.channel !== "cash_on_delivery") return refuse("not_allowed", "You take no money at doors here.");
  return caller;
}

interface Shown {
  fields?: Fields;
  code?: string;
}

async function send(
  { context, peers }: { context: PageContext; peers: KnownPeers },
  request: FastifyRequest,
  reply: FastifyReply,
  { fields = {}, code, ...wrong }: Shown & Parameters<typeof attemptOf>[1],
): Promise<FastifyReply> {
  const { database, settings } = context;
  const caller = await takerOf(context, request);
  const [consents, said] = await Promise.all([
    listConsents(database, caller.id, shownMost),
    listSaid(database, caller.id, shownMost),
  ]);
  const nameOf = (peer: string) => peers.find(({ id }) => id === peer)?.name ?? peer;
  const status = wrong.problem?.status ?? (wrong.errors === undefined ? 200 : 422);
  return sendPage(
    reply,
    CollectingPage,
    {
      frame: frameOf(context, caller),
      peers,
      currencies: settings.currencies,
      consents: consents.map(({ id, peer, currency, limitPerDay, revokedAt }) => ({
        id,
        server: nameOf(peer),
        currency,
        limitPerDay: toWire(limitPerDay ?? 0n),
        over: revokedAt !== null,
      })),
      said: said.map((each) => ({ ...saidView(each), server: nameOf(each.peer) })),
      code,
      once: uuidv7(),
      attempt: attemptOf(fields, wrong),
    },
    status,
  );
}

const saidView = ({ id, tradeNumber, amount, currency, shopName, consent, peer, at }: Said) => ({
  id,
  tradeNumber,
  amount: toWire(amount),
  currency,
  shopName,
  consent: consent ?? "",
  peer,
  at: at.toISOString(),
});

const toSignIn = (reply: FastifyReply) => seeOther(reply, "/signin?next=/collecting");

function registerLook(server: Server, context: PageContext, peers: KnownPeers): void {
  server.get(
    "/collecting",
    { config: page, schema: { tags, summary: "Which servers say in your name what you have taken" } },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return toSignIn(reply);
      return send({ context, peers }, request, reply, {});
    },
  );
}

function registerAgree(server: Server, context: PageContext, peers: KnownPeers): void {
  server.post(
    "/collecting",
    {
      config: {
        ...page,
        form: true,
        refusals: [...page.refusals, "not_found", "currency_mismatch", "sign_in_changed_lately"],
      },
      schema: { tags, summary: "Let a server say in your name what you have taken", body: form },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return toSignIn(reply);
      const { id: taker } = await takerOf(context, request);
      const { key: pressed, ...fields } = request.body;
      const { peer = "", currency = "", limitPerDay: typed = "" } = fields;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        send({ context, peers }, request, reply, { fields, ...wrong });
      const known = context.settings.currencies.find((each) => each === currency);
      const limit = known === undefined ? undefined : parseMoney(typed.normalize("NFKC"), known);
      if (known === undefined) return again({ errors: { currency: say("mistake.currency") } });
      if (limit === undefined || limit <= 0n || limit > BigInt(Number.MAX_SAFE_INTEGER))
        return again({ errors: { limitPerDay: say("mistake.amount") } });
      const agreed = await orProblem(async () => {
        const wish = { peer: knownPeer(peers, peer).id, purpose: "collect", currency: known } as const;
        const asked = { caller: taker, key: pressed, digest: digestOf("POST", "/collecting", fields) };
        const { view } = await once(context.database, asked, async (client) => ({
          status: 201,
          body: { id: await consentToCollect(client, taker, { ...wish, limitPerDay: toWire(limit) }) },
        }));
        // A second press is the same consent with another code: which of the two answers is shown, nobody knows.
        return context.database.transaction((client) => issueCode(client, view.value.id, undefined));
      });
      return "problem" in agreed
        ? again(agreed)
        : send({ context, peers }, request, reply, { code: agreed.value });
    },
  );
}

function registerEnd(server: Server, context: PageContext): void {
  server.post(
    "/collecting/:id/end",
    {
      config: { ...page, form: true },
      schema: {
        tags,
        summary: "End what a server may say in your name",
        params: closed({ id: idSchema }),
        body: closed({ key }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return toSignIn(reply);
      const { id } = await takerOf(context, request);
      // What has been ended already stays so: a second press is no mistake.
      await revokeConsent(context.database, id, request.params.id);
      return seeOther(reply, "/collecting");
    },
  );
}

function registerSaid(server: Server, context: PageContext): void {
  server.get(
    "/v1/collectors/:id/takings",
    {
      config: { access: ["collector", "carrier", "operator"], refusals: ["not_found"] },
      schema: {
        tags: ["Collections"],
        summary: "What other servers have said that you took at the door, newest first",
        answers: { 200: listOf(saidSchema) },
        params: closed({ id: idSchema }),
        querystring: pageSchema,
      },
    },
    async (request) => {
      const caller = await callerAmong(context, request, [...takers, "operator"]);
      const { id } = request.params;
      if (caller.kind !== "operator" && caller.id !== id) return refuse("not_found");
      const { limit, after } = pageWish(request.query);
      const found = await listSaid(context.database, id, limit + 1, after);
      // The page goes on behind the command of the ledger: what its taker calls it has no order.
      const shown = found.map((each) => ({ ...each, mark: each.id, id: each.command }));
      return pageOf(shown, limit, (each) => saidView({ ...each, id: each.mark }));
    },
  );
}
