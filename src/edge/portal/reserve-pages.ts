/** The form by which a member reserves an amount for a shop before ordering (paragraph 0074), and their look at the order. */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { parseMoney, toWire } from "../../core/money/money.ts";
import { type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema, oneOf } from "../../core/protocol/schemas.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { actorOf, approvingAct, callerOf, ofReserving, refusalsOfMove, reservingAct } from "../api/api.ts";
import { tellableShop } from "../disclosures/disclosures.ts";
import { refuseOneHand } from "../guests/guests.ts";
import type { Server } from "../http/http.ts";
import {
  askProof,
  attemptOf,
  field,
  frameOf,
  isSignedOut,
  key,
  memberOf,
  methodsOf,
  orProblem,
  type PageContext,
  proofFields,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";

import { reserveDays, ReservePage } from "./reserve-views.tsx";

/** What calls can say. */
const most = BigInt(Number.MAX_SAFE_INTEGER);
const form = closed({
  shop: idSchema,
  method: Type.Optional(idSchema),
  amount: field(40),
  reserveFor: Type.Optional(oneOf(reserveDays)),
  key,
  ...proofFields,
});

interface Wrong {
  errors?: Record<string, Sentence>;
  problem?: Problem;
}

async function sendForm(
  context: PageContext,
  reply: FastifyReply,
  member: Caller,
  shop: { id: string; name: string },
  tried?: { fields: Partial<Record<string, string>>; wrong: Wrong },
): Promise<FastifyReply> {
  return sendPage(
    reply,
    ReservePage,
    {
      frame: frameOf(context, member),
      shop: { id: shop.id, name: shop.name },
      methods: await methodsOf(context, member.id),
      once: uuidv7(),
      ...(tried === undefined ? {} : { attempt: attemptOf(tried.fields, tried.wrong) }),
    },
    tried === undefined ? 200 : (tried.wrong.problem?.status ?? 422),
  );
}

export function registerReservePages(server: Server, context: PageContext): void {
  const refusals = [...toMember.refusals, "shop_suspended", "shop_not_approved", "not_found"] as const;
  server.get(
    "/reserve",
    {
      config: { ...toMember, refusals },
      schema: {
        tags,
        summary: "Reserve an amount for a shop before ordering",
        querystring: closed({ shop: Type.Optional(idSchema) }),
      },
    },
    async (request, reply) => {
      const { shop } = request.query;
      const here = shop === undefined ? "/portal" : `/reserve?shop=${shop}`;
      if (isSignedOut(await callerOf(context, request)))
        return seeOther(reply, `/signin?next=${encodeURIComponent(here)}`);
      const member = await memberOf(context, request);
      if (shop === undefined) return seeOther(reply, here);
      return sendForm(context, reply, member, await tellableShop(context.database, shop));
    },
  );
  server.post(
    "/reserve",
    {
      config: { ...toMember, form: true, refusals: [...refusals, ...ofReserving] },
      schema: { tags, summary: "Reserve", body: form },
    },
    (request, reply) => reserve(context, request, reply, request.body),
  );
  registerLook(server, context);
}

async function reserve(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  fields: Partial<Record<"method" | "amount" | "key", string>> & {
    shop: string;
    reserveFor?: (typeof reserveDays)[number];
  },
): Promise<FastifyReply> {
  const member = await memberOf(context, request);
  const shop = await tellableShop(context.database, fields.shop);
  const again = (wrong: Wrong) => sendForm(context, reply, member, shop, { fields, wrong });
  const methods = await methodsOf(context, member.id);
  const method = methods.find(({ id }) => id === fields.method) ?? methods[0];
  if (method === undefined) return again({ errors: { method: say("reserve.noMethod") } });
  const { currency } = method;
  const amount = parseMoney(fields.amount ?? "", currency);
  if (amount === undefined || amount <= 0n || amount > most)
    return again({ errors: { amount: say("reserve.mistake") } });
  const own = await orProblem(() => refuseOneHand(context, shop.id, member.id));
  if ("problem" in own) return again({ problem: own.problem });
  const { reserveFor } = fields;
  const body = {
    earmark: true as const,
    shop: shop.id,
    currency,
    amount: toWire(amount),
    method: method.id,
    ...(reserveFor === undefined ? {} : { reserveFor }),
  };
  const act = reservingAct(body);
  const back = `/reserve?shop=${shop.id}`;
  if (await askProof(context, request, reply, { caller: member, act, back, whom: shop.name })) return reply;
  const outcome = await context.trades.propose(actorOf(context, request, member), body, fields.key);
  return outcome.how === "done"
    ? seeOther(reply, `/trades/${outcome.view.value.number}`)
    : again({ problem: outcome.problem.value });
}

/** The buyer says that the order is theirs. */
function registerLook(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/order-seen",
    {
      config: { ...toMember, form: true, refusals: [...toMember.refusals, ...refusalsOfMove("approve")] },
      schema: {
        tags,
        summary: "The order that the shop has put under the number is yours",
        params: closed({ number: numberSchema }),
        body: closed({ version: Type.String({ pattern: "^[1-9][0-9]{0,9}$" }), key, ...proofFields }),
      },
    },
    async (request, reply) => {
      const member = await memberOf(context, request);
      const { number } = request.params;
      const { version, key: once } = request.body;
      const actor = actorOf(context, request, member);
      const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
      const act = approvingAct(trade, Number(version));
      const asking = { caller: member, act, back: `/trades/${number}`, whom: trade.shopName };
      if (await askProof(context, request, reply, asking)) return reply;
      const body = { do: "approve" as const, version: Number(version) };
      const outcome = await context.trades.move(actor, number, body, once);
      if (outcome.how === "done") return seeOther(reply, `/trades/${number}`);
      const { code, detail } = outcome.problem.value;
      return refuse(code, detail);
    },
  );
}
