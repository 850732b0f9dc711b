/** Payments to which the owner of the account has objected: two operators decide, by calls and on a page. */
import { objectionDecidedSchema, objectionSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { type Database, pageOf, uuidv7 } from "../../storage/database/database.ts";
import { type Gauges, idempotencyKey, type Server } from "../../edge/http/http.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, oneOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import type { MailUse } from "../../engines/outbox/outbox.ts";
import { countUndecided, decideSettlement, listUndecided } from "../../engines/settlements/settlements.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { frameOf, isSignedOut, type PageContext, seeOther, sendPage, tags } from "../../edge/pages/pages.ts";
import { ObjectionsPage } from "../../edge/member-views/member-views.ts";

import { callerAmong, callerOf, pageWish, sendOutcome } from "../../edge/api/api.ts";
import type { KnownPeers } from "./consents.ts";
import { viewOf } from "./settlement-pages.ts";

const params = closed({ id: idSchema });
const decision = closed({
  decision: oneOf(["pay", "refuse"] as const),
  reason: text(1, 500, "Why; the owner of the account reads it"),
});
const act = "settlement.decide";
const forOperators = { access: ["operator"], refusals: ["not_found"] } as const;

/** How many payments wait for operators: an alarm belongs on it. */
export function settlementGauges(database: Database): Gauges {
  return {
    help: {
      kenshu_settlements_undecided:
        "Payments to which the account's owner objected, or of which nobody could be told: operators decide.",
    },
    read: async () => ({ kenshu_settlements_undecided: await countUndecided(database) }),
  };
}

interface Deciding {
  settlement: string;
  decision: "pay" | "refuse";
  reason: string;
}

/** Registers `/objections`, for people and for programs. */
export function registerObjections(
  server: Server,
  context: PageContext,
  peers: KnownPeers,
  mails: MailUse,
): void {
  const room = { ...context, decide: deciding(context, mails), undecided: undecidedOf(context, peers) };
  registerCalls(server, room);
  registerPage(server, room);
}

type Room = PageContext & {
  decide: ReturnType<typeof deciding>;
  undecided: ReturnType<typeof undecidedOf>;
};

function deciding({ confirming }: PageContext, mails: MailUse) {
  return confirming.act<Deciding>(act, async (client, args, { operator, confirmedBy }) => {
    const { settlement: id, decision: decided, reason } = args;
    const pay = decided === "pay";
    const owner = await decideSettlement(client, { id, pay, reason, operator, confirmedBy }, mails);
    if (owner === undefined) return refuse("not_found", "There is nothing to decide about this payment.");
    return { status: 200, body: { id, decision: decided, reason }, tells: owner };
  });
}

function undecidedOf({ database }: PageContext, peers: KnownPeers) {
  return async (query: { limit?: string; after?: string }) => {
    const { limit, after } = pageWish(query);
    const found = await listUndecided(database, limit + 1, after);
    return pageOf(found, limit, (one) => ({ ...viewOf(peers, one), untold: one.state === "waiting" }));
  };
}

function registerCalls(server: Server, context: Room): void {
  const { decide, undecided } = context;
  server.get(
    "/v1/settlement-objections",
    {
      config: { access: ["operator"] },
      schema: {
        tags: ["Consents"],
        summary:
          "Payments to which the account's owner objected, or of which nobody could be told; oldest first",
        answers: { 200: listOf(objectionSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, ["operator"]);
      return undecided(request.query);
    },
  );
  server.post(
    "/v1/settlements/:id/decide",
    {
      config: { ...forOperators, acts: [act] },
      schema: {
        tags: ["Consents"],
        summary: "Decide on an objection: two operators",
        answers: { 200: objectionDecidedSchema },
        description:
          "`pay`: the server may have it paid. `refuse`: for good. The owner is told, with the reason.",
        params,
        body: decision,
      },
    },
    async (request, reply) => {
      const { id: operator } = await callerAmong(context, request, ["operator"]);
      const { id: settlement } = request.params;
      const digest = digestOf(request.method, request.url, request.body);
      const asking = { operator, key: idempotencyKey(request), digest, subject: settlement };
      return sendOutcome(reply, await decide(asking, { settlement, ...request.body }));
    },
  );
}

function registerPage(server: Server, context: Room): void {
  const { decide, undecided } = context;
  const page = { access: ["operator"], page: true } as const;
  server.get(
    "/objections",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed"] },
      schema: {
        tags,
        summary: "Payments that wait for operators",
        querystring: closed({ ...pageSchema.properties, asked: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/objections");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const { asked, ...query } = request.query;
      const { items, next } = await undecided(query);
      const objections = items.map((one) => ({ ...one, once: uuidv7() }));
      const shown = { frame: frameOf(context, caller), objections, next, asked: asked === "yes" };
      return sendPage(reply, ObjectionsPage, shown);
    },
  );
  server.post(
    "/objections/:id/decide",
    {
      config: {
        ...page,
        form: true,
        acts: [act],
        refusals: ["not_authenticated", "not_allowed", "not_found"],
      },
      schema: {
        tags,
        summary: "Decide on an objection",
        params,
        body: closed({ ...decision.properties, key: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const { id: operator } = await callerAmong(context, request, ["operator"]);
      const { id: settlement } = request.params;
      const { key, ...body } = request.body;
      const digest = digestOf("POST", request.url, body);
      const outcome = await decide({ operator, key, digest, subject: settlement }, { settlement, ...body });
      if (outcome.how === "done") return seeOther(reply, "/objections");
      if (outcome.problem.value.code === "four_eyes_required")
        return seeOther(reply, "/objections?asked=yes");
      return refuse(outcome.problem.value.code, outcome.problem.value.detail);
    },
  );
}
