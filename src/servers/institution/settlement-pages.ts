/** What other servers have paid from the accounts of members: for the members, by calls and on pages. */
import { settlementSchema } from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { pageOf, readClock } from "../../storage/database/database.ts";
import { idempotencyKey, type Server } from "../../edge/http/http.ts";
import { type ProvenAct, proofOf } from "../../edge/moments/moments.ts";
import { toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, datedPageSchema, idSchema, listOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import {
  answerSettlement,
  listSettlements,
  noteSeen,
  readSettlement,
  type Settlement,
  silentAt,
} from "../../engines/settlements/settlements.ts";
import {
  askProof,
  frameOf,
  isProven,
  isSignedOut,
  memberOf,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../../edge/pages/pages.ts";
import { SettlementsPage, type SettlementView } from "../../edge/member-views/member-views.ts";

import { betweenWish, callerAmong, callerOf, pageWish } from "../../edge/api/api.ts";
import type { KnownPeers } from "./consents.ts";

const params = closed({ id: idSchema });

/** Registers `/settlements`, for people and for programs. */
export function registerSettlements(server: Server, context: PageContext, peers: KnownPeers): void {
  registerPages(server, context, peers);
  registerAnswers(server, context);
  registerAnswerPages(server, context);
  server.get(
    "/v1/settlements",
    {
      config: { access: ["member"] },
      schema: {
        tags: ["Consents"],
        summary: "What other servers have paid from your accounts, newest first",
        answers: { 200: listOf(settlementSchema) },
        description: "`createdAfter` and `createdBefore` are exclusive.",
        querystring: datedPageSchema,
      },
    },
    async (request) => {
      const { id } = await callerAmong(context, request, ["member"]);
      const { limit, after } = pageWish(request.query);
      const found = await listSettlements(context.database, id, limit + 1, after, betweenWish(request.query));
      return pageOf(found, limit, (one) => ({ ...viewOf(peers, one), peer: one.peer }));
    },
  );
}

function registerPages(server: Server, context: PageContext, peers: KnownPeers): void {
  const { database } = context;
  server.get(
    "/settlements",
    {
      config: toMember,
      schema: { tags, summary: "What other servers have paid from your accounts", querystring: pageSchema },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/settlements");
      const member = await memberOf(context, request);
      const { limit, after } = pageWish(request.query);
      const found = await listSettlements(database, member.id, limit + 1, after);
      await noteShown(context, request, found.slice(0, limit));
      const { items: settlements, next } = pageOf(found, limit, (one) => viewOf(peers, one));
      return sendPage(reply, SettlementsPage, { frame: frameOf(context, member), settlements, next });
    },
  );
  server.get(
    "/settlements/:id",
    {
      config: { ...toMember, refusals: ["not_found"] },
      schema: { tags, summary: "One of them", params },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=/settlements/${id}`);
      const member = await memberOf(context, request);
      const found = await readSettlement(database, id);
      if (found?.owner !== member.id) return refuse("not_found");
      await noteShown(context, request, [found]);
      const settlements = [viewOf(peers, found)];
      return sendPage(reply, SettlementsPage, { frame: frameOf(context, member), settlements, next: null });
    },
  );
}

/**
 * The owner who has it before them knows of it: from here on their silence counts. Who has only the cookie of their session, from
 * long ago, may be a thief, by whose looking nobody is told.
 */
async function noteShown(
  context: PageContext,
  request: FastifyRequest,
  shown: readonly Settlement[],
): Promise<void> {
  const { database } = context;
  const unseen = shown.filter(({ state, toldAt }) => state === "waiting" && toldAt === null);
  if (unseen.length === 0 || !(await isProven(context, request))) return;
  const at = await readClock(database);
  await noteSeen(
    database,
    unseen.map(({ id }) => id),
    at,
  );
}

const reasonSchema = text(1, 500, "Why it is not to be paid; operators read it");

/** What an owner says to what waits. The same answer again changes nothing. */
function answering({ database }: PageContext) {
  return async (id: string, owner: string, objection: string | null): Promise<void> => {
    const done = await database.transaction((client) => answerSettlement(client, { id, owner, objection }));
    if (done) return;
    const found = await readSettlement(database, id);
    if (found?.owner !== owner) refuse("not_found");
    // What was said or paid before stays so; a second press is no mistake, another answer is.
    if ((found?.state === "objected") !== (objection !== null)) refuse("already_answered");
  };
}

/** What an owner does who confirms a payment: the whole of it leaves the account. */
async function toConfirm({ database }: PageContext, id: string, owner: string): Promise<ProvenAct> {
  const found = await readSettlement(database, id);
  if (found?.owner !== owner) return refuse("not_found");
  const { amount, currency } = found;
  return { act: "settlement.confirm", of: id, amount, currency };
}

/** The owner confirms what waits, or objects. */
function registerAnswers(server: Server, context: PageContext): void {
  const answer = answering(context);
  const refusals = ["not_found", "already_answered"] as const;
  const proving = ["proof_required", "sign_in_changed_lately"] as const;
  const config = { access: ["member"], refusals: [...refusals, ...proving] } as const;
  server.post(
    "/v1/settlements/:id/confirm",
    {
      config,
      schema: {
        tags: ["Consents"],
        summary: "Confirm a payment that waits for you",
        answers: { 204: null },
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["member"]);
      const act = await toConfirm(context, request.params.id, caller.id);
      await context.moments.need(caller, act, proofOf(request), idempotencyKey(request));
      await answer(request.params.id, caller.id, null);
      return reply.code(204).send();
    },
  );
  server.post(
    "/v1/settlements/:id/object",
    {
      config,
      schema: {
        tags: ["Consents"],
        summary: "Object to a payment that waits for you: two operators decide",
        answers: { 204: null },
        params,
        body: closed({ reason: reasonSchema }),
      },
    },
    async (request, reply) => {
      const { id } = await callerAmong(context, request, ["member"]);
      await answer(request.params.id, id, request.body.reason);
      return reply.code(204).send();
    },
  );
}

function registerAnswerPages(server: Server, context: PageContext): void {
  const answer = answering(context);
  const form = { ...toMember, form: true, refusals: ["not_found", "already_answered"] } as const;
  const empty = closed({ key: Type.Optional(Type.String({ maxLength: 40 })) });
  server.post(
    "/settlements/:id/confirm",
    {
      config: form,
      schema: {
        tags,
        summary: "Confirm a payment",
        params,
        body: closed({ ...empty.properties, ...proofFields }),
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const act = await toConfirm(context, request.params.id, caller.id);
      if (await askProof(context, request, reply, { caller, act, back: "/settlements" })) return reply;
      await answer(request.params.id, caller.id, null);
      return seeOther(reply, `/settlements/${request.params.id}`);
    },
  );
  server.post(
    "/settlements/:id/object",
    {
      config: form,
      schema: {
        tags,
        summary: "Object to a payment",
        params,
        body: closed({ ...empty.properties, reason: reasonSchema }),
      },
    },
    async (request, reply) => {
      await answer(request.params.id, (await memberOf(context, request)).id, request.body.reason);
      return seeOther(reply, `/settlements/${request.params.id}`);
    },
  );
}

export function viewOf(peers: KnownPeers, settlement: Settlement): SettlementView {
  const { id, peer, payee, tradeNumber, currency, amount, frozen, at } = settlement;
  return {
    id,
    serverName: peers.find((known) => known.id === peer)?.name ?? peer,
    payee,
    tradeNumber,
    currency,
    amount: toWire(amount),
    frozen: toWire(frozen),
    at: at.toISOString(),
    state: settlement.state,
    isHeld: settlement.isHeld,
    silentAt: settlement.state === "waiting" ? (silentAt(settlement)?.toISOString() ?? null) : null,
    objection: settlement.objection,
    decision: settlement.decision,
  };
}
