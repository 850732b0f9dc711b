/** The page on which a shop, or operators for it, say at which account it is paid. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { callerAmong, callerOf, partyFor } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { PaymentsPage } from "../member-views/member-views.ts";
import { speechFrom, speechQuery } from "../operators/operators.ts";
import {
  attemptOf,
  type Fields,
  frameOf,
  isSignedOut,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";

import { keyPattern, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, oneOf, text } from "../../core/protocol/schemas.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { doShopTie, knownPlace, type ShopTie, tieShop, tiesOf } from "./tie-routes.ts";
import { takeUpForShop, type TiesOptions } from "./tying.ts";

const params = closed({ id: idSchema });
const query = closed({ done: Type.Optional(oneOf(["tied", "kept"] as const)) });
const form = closed({
  key: Type.Optional(Type.String({ pattern: keyPattern })),
  institution: idSchema,
  code: text(1, 80),
  ...speechQuery.properties,
});
const refusals = [
  "not_authenticated",
  "not_found",
  "already_exists",
  "currency_mismatch",
  "consent_not_valid",
  "unavailable",
] as const;

interface Around {
  context: PageContext;
  options: TiesOptions;
  tie: ReturnType<typeof registerTie>;
}

/** How an operator ties a shop; the same act as over the API. */
function registerTie({ confirming }: PageContext) {
  return confirming.act<ShopTie>("shop.tie", doShopTie);
}

export function registerPaymentPages(server: Server, context: PageContext, options: TiesOptions): void {
  const around: Around = { context, options, tie: registerTie(context) };
  server.get(
    "/payments",
    {
      config: { access: ["shop"], page: true, refusals: ["not_authenticated"] },
      schema: { tags, summary: "To the page on which a shop says where it is paid" },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/payments");
      const { id } = await callerAmong(context, request, ["shop"]);
      return seeOther(reply, `/shops/${id}/payments`);
    },
  );
  server.get(
    "/shops/:id/payments",
    {
      config: { access: ["party", "operator"], page: true, refusals },
      schema: { tags, summary: "Where a shop is paid", params, querystring: query },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
      return sendPayments(around, request, reply, { fields: {}, done: request.query.done });
    },
  );
  server.post(
    "/shops/:id/payments",
    {
      config: { access: ["party", "operator"], page: true, form: true, acts: ["shop.tie"], refusals },
      schema: { tags, summary: "Tie the account at which a shop is paid", params, body: form },
    },
    async (request, reply) => {
      const fields = request.body;
      const answer = await orProblem(() => tieAsWished(around, request, request.params.id, fields));
      if ("problem" in answer)
        return sendPayments(around, request, reply, { fields, problem: answer.problem });
      return seeOther(reply, `/shops/${request.params.id}/payments?done=${answer.value}`);
    },
  );
}

/** Ties at once for the shop itself; for an operator, what waits for another one is kept. */
async function tieAsWished(
  { context, options, tie }: Around,
  request: FastifyRequest,
  shop: string,
  { key, institution, code, ...spoken }: Static<typeof form>,
): Promise<"tied" | "kept"> {
  const caller = await partyFor(context, request, "shop", shop);
  const { id } = knownPlace(options.institutions, institution);
  const { consent, currency } = await takeUpForShop(options, id, code);
  const wish = { shop, institution: id, consent, currency };
  if (caller.kind !== "operator") {
    await context.database.transaction((client) => tieShop(client, wish));
    return "tied";
  }
  const digest = digestOf("POST", request.url, { institution, code, ...spoken });
  const speech = speechFrom(spoken);
  const outcome = await tie({ operator: caller.id, key, digest, subject: shop, speech }, wish);
  if (outcome.how === "done") return "tied";
  const { code: refused, detail } = outcome.problem.value;
  return refused === "four_eyes_required" ? "kept" : refuse(refused, detail);
}

async function sendPayments(
  { context, options }: Around,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    fields,
    done,
    ...wrong
  }: { fields: Fields; done?: "tied" | "kept" | undefined } & Parameters<typeof attemptOf>[1],
): Promise<FastifyReply> {
  const { id } = request.params as { id: string };
  const caller = await partyFor(context, request, "shop", id);
  const shop = (await readParty(context.database, "shop", id)) ?? refuse("not_found");
  return sendPage(
    reply,
    PaymentsPage,
    {
      frame: frameOf(context, caller),
      shop: { id, name: shop.name },
      institutions: options.institutions,
      ties: await tiesOf(options, id),
      spoken: caller.kind === "operator",
      once: uuidv7(),
      done,
      attempt: attemptOf(fields, wrong),
    },
    wrong.problem?.status ?? 200,
  );
}
