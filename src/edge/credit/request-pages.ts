/** Credit for one trade on pages: asked for where it is approved, decided on a page for operators. */
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, pageSchema, text } from "../../core/protocol/schemas.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { listAsked, readRequest } from "../../engines/credit/credit.ts";
import { pageOf, uuidv7 } from "../../storage/database/database.ts";
import { actorOf, callerAmong, callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  askProof,
  field,
  frameOf,
  isSignedOut,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";

import { type CreditActs, fromForm, operators } from "./acts.ts";
import { withFacts } from "./facts.ts";
import { refusalsOfAsking, refusalsOfDeciding } from "./request-routes.ts";
import { enterRequest, grantOf, toAskCredit, wishFor } from "./requests.ts";
import { RequestsPage } from "./request-views.tsx";

const page = { access: operators, page: true } as const;
const key = Type.Optional(idSchema);
const byId = closed({ id: idSchema });
/** With all that is known of each, fewer stand on a page than in a list. */
const onPage = 20;

export function registerRequestPages(server: Server, context: PageContext, acts: CreditActs): void {
  registerAsking(server, context);
  registerList(server, context);
  registerForms(server, context, acts);
}

/** The button on the page on which a trade is approved. A second press finds what the first has asked for. */
function registerAsking(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/credit-request",
    {
      config: {
        access: ["member"],
        page: true,
        form: true,
        refusals: ["not_authenticated", ...refusalsOfAsking],
      },
      schema: {
        tags,
        summary: "Ask for credit for this order",
        params: closed({ number: numberSchema }),
        body: closed({
          version: Type.String({ pattern: "^[1-9][0-9]{0,8}$" }),
          key: field(80),
          ...proofFields,
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["member"]);
      const actor = actorOf(context, request, caller);
      const { number } = request.params;
      const version = Number(request.body.version);
      const wish = await wishFor(context, actor, number, { version }, null);
      const asking = { caller, act: toAskCredit(wish), back: `/trades/${number}/approve` };
      if (await askProof(context, request, reply, asking)) return reply;
      if ((await context.creditFor?.(number)) !== "asked")
        await inTransaction(context.database, (client) => enterRequest(client, wish));
      return seeOther(reply, `/trades/${number}/approve`);
    },
  );
}

function registerList(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/credit-requests",
    {
      config: { ...page, refusals: ["not_authenticated", "not_allowed"] },
      schema: {
        tags,
        summary: "Requests of credit",
        querystring: closed({
          after: pageSchema.properties.after,
          asked: Type.Optional(Type.Literal("yes")),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/credit-requests");
      if (caller.kind !== "operator") return refuse("not_allowed");
      const { asked, after } = request.query;
      const { items, next } = pageOf(await listAsked(database, onPage + 1, after), onPage, (one) => one);
      const requests = await Promise.all(items.map((one) => withFacts(context, caller.id, one)));
      const shown = { frame: frameOf(context, caller), requests, next, asked: asked === "yes", once: uuidv7 };
      return sendPage(reply, RequestsPage, shown);
    },
  );
}

function registerForms(server: Server, context: PageContext, { give, decline }: CreditActs): void {
  const form = { ...page, form: true } as const;
  const back = "/credit-requests";
  const refusals = ["not_authenticated", "not_allowed", ...refusalsOfDeciding] as const;
  server.post(
    "/credit-requests/:id/grant",
    {
      config: { ...form, acts: ["credit-request.grant"], refusals: [...refusals, "four_eyes_required"] },
      schema: { tags, summary: "Grant credit for an order", params: byId, body: closed({ key }) },
    },
    async (request, reply) => {
      await callerAmong(context, request, operators);
      const { id } = request.params;
      const args = grantOf((await readRequest(context.database, id)) ?? refuse("not_found"));
      return fromForm(context, request, reply, give, { subject: id, args, key: request.body.key, back });
    },
  );
  server.post(
    "/credit-requests/:id/refuse",
    {
      config: { ...form, acts: ["credit-request.refuse"], refusals },
      schema: {
        tags,
        summary: "Refuse credit for an order",
        params: byId,
        body: closed({ reason: text(1, 500), key }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { key: once, reason } = request.body;
      return fromForm(context, request, reply, decline, {
        subject: id,
        args: { id, reason },
        key: once,
        back,
      });
    },
  );
}
