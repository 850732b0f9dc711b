/** Consents over HTTP: given and taken back by the owners of accounts, taken up by other servers. */
import { consentGivenSchema, consentOwnedSchema } from "../../core/answers/answers.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Client, pageOf } from "../../storage/database/database.ts";
import { idempotencyKey, type Server } from "../../edge/http/http.ts";
import { fromWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  confirmingSchema,
  consentCodeSchema,
  consentHeldSchema,
  consentSchema,
  type ConsentView,
  exchangeSchema,
  idSchema,
  listOf,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import {
  exchangeCode,
  issueCode,
  listConsents,
  readConsent,
  revokeConsent,
  setConfirmAbove,
} from "../../engines/reservations/reservations.ts";
import { needUnlessRepeated, proofOf } from "../../edge/moments/moments.ts";
import { requirePeer } from "../../edge/signing/signing.ts";
import { answerOnce, callerAmong, type Context, pageWish, sendOutcome } from "../../edge/api/api.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import {
  consentByVoucher,
  consentToCollect,
  consentToPay,
  consentToReceive,
  knownPeer,
  type KnownPeers,
  ownedView,
  toConfirmAbove,
  toConsent,
} from "./consents.ts";

const tags = ["Consents"];
const params = closed({ id: idSchema });
const owners = ["member", "shop", "collector", "carrier"] as const;

export function registerConsentRoutes(server: Server, context: Context, peers: KnownPeers): void {
  registerGive(server, context, peers);
  registerOwned(server, context, peers);
  registerConfirming(server, context);
  registerTakeUp(server, context);
  registerGiveBack(server, context);
  registerRead(server, context);
}

const consentsOf = {
  member: consentToPay,
  shop: consentToReceive,
  collector: consentToCollect,
  carrier: consentToCollect,
} as const;

function registerGive(server: Server, context: Context, peers: KnownPeers): void {
  server.post(
    "/v1/consents",
    {
      config: {
        access: owners,
        refusals: [
          "sign_in_changed_lately",
          "proof_required",
          "not_found",
          "member_not_approved",
          "method_not_usable",
          "date_out_of_range",
          "shop_suspended",
          "not_allowed",
          "currency_mismatch",
        ],
      },
      schema: {
        tags,
        summary: "Let another server use your account",
        answers: { 201: consentGivenSchema },
        description:
          "A member names a means of payment, limits and an end; a shop a currency in which to be paid, and the `fee` " +
          "that the server may keep of each payment, beside what it has paid the shop before; who takes money at doors, to " +
          "`collect`, a currency and `limitPerDay`: up to which the server may say in their name that they took it. `code` is " +
          "for that server: good for ten minutes and once, and in the first answer only; with a `challenge`, for whoever " +
          "shows its verifier there.",
        body: consentSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, owners);
      knownPeer(peers, request.body.peer);
      const consentTo = consentsOf[caller.kind as (typeof owners)[number]];
      const { challenge, ...wish } = request.body;
      if (caller.kind === "member") {
        const act = await toConsent(context.database, caller.id, wish);
        await needUnlessRepeated(context, request, caller, act);
      }
      return answerOnce(context, request, reply, caller, async (client) => {
        const id = await consentTo(client, caller.id, wish);
        return { status: 201, body: { id }, secret: { code: await issueCode(client, id, challenge) } };
      });
    },
  );
}

function registerOwned(server: Server, context: Context, peers: KnownPeers): void {
  const { database } = context;
  server.get(
    "/v1/consents",
    {
      config: { access: owners },
      schema: {
        tags,
        summary: "What you let other servers do, newest first",
        answers: { 200: listOf(consentOwnedSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      const caller = await callerAmong(context, request, owners);
      const { limit, after } = pageWish(request.query);
      const found = await listConsents(database, caller.id, limit + 1, after);
      return pageOf(found, limit, (consent) => ownedView(peers, consent));
    },
  );
  server.post(
    "/v1/consents/:id/revoke",
    {
      config: { access: owners, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Take a consent back",
        answers: { 204: null },
        description:
          "Nothing new is begun under it from this moment; what runs goes on to its end. A shop gives back what is " +
          "kept back of a payment, and no more.",
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, owners);
      if (!(await revokeConsent(database, caller.id, request.params.id))) refuse("not_found");
      return reply.code(204).send();
    },
  );
}

function registerConfirming(server: Server, { database, ...context }: Context): void {
  server.post(
    "/v1/consents/:id/confirm-above",
    {
      config: {
        access: ["member"],
        refusals: ["not_found", "proof_required", "sign_in_changed_lately"],
      },
      schema: {
        tags,
        summary: "Say above what sum you confirm payments yourself",
        answers: { 204: null },
        description:
          "What a server wants paid for one trade above `confirmAbove`, with what was paid for it before, waits until you " +
          "have confirmed it at `/settlements`. It holds from this moment; what waits already goes on waiting. With null " +
          "you confirm nothing.",
        params,
        body: confirmingSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong({ database, ...context }, request, ["member"]);
      const { confirmAbove } = request.body;
      const sum = confirmAbove === null ? null : fromWire(confirmAbove);
      const act = await toConfirmAbove(database, caller.id, request.params.id, sum);
      await context.moments.need(caller, act, proofOf(request), idempotencyKey(request));
      if (!(await setConfirmAbove(database, { ...request.params, owner: caller.id, confirmAbove: sum })))
        refuse("not_found");
      return reply.code(204).send();
    },
  );
}

function registerTakeUp(server: Server, context: Context): void {
  const config = { access: ["server"], refusals: ["signature_invalid"] } as const;
  server.post(
    "/v1/consents/exchange",
    {
      config: { ...config, refusals: ["signature_invalid", "not_found", "command_id_reused"] },
      schema: {
        tags,
        summary: "Give up a code for the consent it was made for",
        answers: { 200: consentHeldSchema },
        description: "With the `verifier`, where the code was made with a `challenge`; else without.",
        body: exchangeSchema,
      },
    },
    (request, reply) =>
      takeUp(context, request, reply, async (client, peer) => exchangeCode(client, peer, request.body)),
  );
  server.post(
    "/v1/consents/voucher",
    {
      config: { ...config, refusals: ["signature_invalid", "method_not_usable"] },
      schema: {
        tags,
        summary: "Spend prepaid money by its code",
        answers: { 200: consentHeldSchema },
        description: "The code stays with whoever has it; each time it gives this server the same consent.",
        body: consentCodeSchema,
      },
    },
    (request, reply) =>
      takeUp(context, request, reply, async (client, peer) =>
        readConsent(client, peer, await consentByVoucher(client, peer, request.body.code)),
      ),
  );
}

/** Answers a server with a consent, once for its `id` or Idempotency-Key: the code may be good no more afterwards. */
async function takeUp(
  { database }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (client: Client, peer: string) => Promise<ConsentView | undefined>,
): Promise<FastifyReply> {
  const { id: peer } = requirePeer(request);
  const { id } = request.body as { id?: string };
  const digest = digestOf(request.method, request.url, request.body);
  const key = id ?? idempotencyKey(request);
  const asked = {
    caller: peer,
    key,
    digest,
    reused: id === undefined ? undefined : ("command_id_reused" as const),
  };
  const outcome = await once(database, asked, async (client) => ({
    status: 200,
    body: (await work(client, peer)) ?? refuse("not_found", "This code cannot be used."),
  }));
  return sendOutcome(reply, outcome);
}

function registerGiveBack(server: Server, { database }: Context): void {
  server.post(
    "/v1/consents/:id/give-back",
    {
      config: { access: ["server"], refusals: ["signature_invalid", "not_found"] },
      schema: {
        tags,
        summary: "Give back a consent of which nothing came",
        answers: { 200: consentHeldSchema },
        description:
          "As if its owner took it back: nothing new is begun under it, and what runs goes on to its end.",
        params,
        body: closed({}),
      },
    },
    async (request) => {
      const { id: peer } = requirePeer(request);
      const { id } = request.params;
      if (!(await revokeConsent(database, peer, id))) refuse("not_found");
      return (await readConsent(database, peer, id)) ?? refuse("not_found");
    },
  );
}

function registerRead(server: Server, { database }: Context): void {
  server.get(
    "/v1/consents/:id",
    {
      config: { access: ["server"], refusals: ["signature_invalid", "not_found"] },
      schema: {
        tags,
        summary: "A consent that you hold, and whether it is still good",
        answers: { 200: consentHeldSchema },
        params,
      },
    },
    async (request) => {
      const { id: peer } = requirePeer(request);
      return (await readConsent(database, peer, request.params.id)) ?? refuse("not_found");
    },
  );
}
