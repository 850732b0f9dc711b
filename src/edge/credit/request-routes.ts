/** Credit for one trade over HTTP: asked for by its buyer, decided by operators. */
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  approveSchema,
  closed,
  idSchema,
  listOf,
  numberSchema,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import { listAsked, readRequest, readRequestsOf } from "../../engines/credit/credit.ts";
import { pageOf } from "../../storage/database/database.ts";
import { actorAmong, callerAmong, operatorAct, pageWish } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { proofOf } from "../moments/moments.ts";
import type { PageContext } from "../pages/pages.ts";
import { answerAct, type CreditActs, operators } from "./acts.ts";
import { withFacts } from "./facts.ts";
import {
  type AskWish,
  enterRequest,
  grantOf,
  requestForOperator,
  requestView,
  toAskCredit,
  wishFor,
} from "./requests.ts";
import { requestForOperatorSchema, requestSchema, requestWithFactsSchema } from "./shown.ts";

const tags = ["Credit"];
const params = closed({ number: numberSchema });
const byId = closed({ id: idSchema });
const askers = ["member", "operator"] as const;
const { payment, acceptors, shopWord, operator } = approveSchema.properties;
const askSchema = closed({
  version: Type.Integer({ minimum: 1, description: "Of the trade, as the buyer has seen it" }),
  payment,
  acceptors,
  shopWord,
  operator,
});
export const refusalsOfAsking = [
  "wrong_check_digit",
  "not_found",
  "trade_changed",
  "trade_busy",
  "credit_already_asked",
  "too_many_requests",
  "sign_in_changed_lately",
  "proof_required",
  "approval_required",
  "already_reserved",
  "already_accepted",
  "already_cancelled",
  "already_expired",
  "already_rejected",
  "trade_disputed",
] as const;
export const refusalsOfDeciding = ["not_found", "credit_request_over"] as const;

export function registerRequests(server: Server, context: PageContext, acts: CreditActs): void {
  registerAsking(server, context);
  registerReading(server, context);
  registerDeciding(server, context, acts);
}

function registerAsking(server: Server, context: PageContext): void {
  const ask = operatorAct<AskWish>(context, "credit-request.ask", enterRequest);
  server.post(
    "/v1/trades/:number/credit-requests",
    {
      config: { access: askers, acts: ["credit-request.ask"], refusals: refusalsOfAsking },
      schema: {
        tags,
        summary: "Ask for credit with this one trade; it is approved for the buyer when that is granted",
        description:
          "What is said beside `version` is the buyer's approval, without a means: the means is the credit line that " +
          "is opened. Nothing is frozen before. One request for a trade stands at a time.",
        answers: { 201: requestSchema },
        params,
        body: askSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, askers);
      const actor = await actorAmong(context, request, askers);
      const { operator: speech, ...body } = request.body;
      if (caller.kind !== "operator" && speech !== undefined)
        refuse("not_allowed", "Only an operator acts for somebody else.");
      const { number } = request.params;
      const args = await wishFor(context, actor, number, body, speech ?? null);
      await context.moments.need(caller, toAskCredit(args), proofOf(request), idempotencyKey(request));
      return ask(request, reply, caller, { subject: number, args, speech });
    },
  );
}

function registerReading(server: Server, context: PageContext): void {
  const { database } = context;
  server.get(
    "/v1/trades/:number/credit-requests",
    {
      config: { access: askers, refusals: ["wrong_check_digit", "not_found"] },
      schema: {
        tags,
        summary: "What became of requests of credit for a trade, the newest first",
        answers: { 200: listOf(requestSchema) },
        params,
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, askers);
      const { number } = request.params;
      if ((await context.trades.read(actor, number)) === undefined) refuse("not_found");
      const found = await readRequestsOf(database, BigInt(number));
      const own = found.filter(({ person }) => actor.kind === "operator" || person === actor.id);
      return { items: own.map(requestView), next: null };
    },
  );
  server.get(
    "/v1/credit-requests",
    {
      config: { access: operators },
      schema: {
        tags,
        summary: "Requests of credit that wait for operators, the oldest first",
        answers: { 200: listOf(requestForOperatorSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      await callerAmong(context, request, operators);
      const { limit, after } = pageWish(request.query);
      const { items, next } = pageOf(await listAsked(database, limit + 1, after), limit, (one) => one);
      return { items: await Promise.all(items.map((one) => requestForOperator(database, one))), next };
    },
  );
  server.get(
    "/v1/credit-requests/:id",
    {
      config: { access: operators, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "A request with what is known of its buyer, its shop and its order",
        answers: { 200: requestWithFactsSchema },
        params: byId,
      },
    },
    async (request) => {
      const { id } = await callerAmong(context, request, operators);
      return withFacts(context, id, (await readRequest(database, request.params.id)) ?? refuse("not_found"));
    },
  );
}

function registerDeciding(server: Server, context: PageContext, { give, decline }: CreditActs): void {
  server.post(
    "/v1/credit-requests/:id/grant",
    {
      config: { access: operators, acts: ["credit-request.grant"], refusals: refusalsOfDeciding },
      schema: {
        tags,
        summary: "Open a credit line for the one trade, and approve the trade for its buyer",
        description:
          "It is approved within a second of the commit, as the buyer has asked. Where it is another order by now, or " +
          "none that could be approved, nothing is opened: the answer has the state `over`, and the buyer is told.",
        answers: { 200: requestForOperatorSchema },
        params: byId,
        body: closed({}),
      },
    },
    async (request, reply) => {
      await callerAmong(context, request, operators);
      const { id } = request.params;
      const args = grantOf((await readRequest(context.database, id)) ?? refuse("not_found"));
      return answerAct(context, request, reply, give, { subject: id, args });
    },
  );
  server.post(
    "/v1/credit-requests/:id/refuse",
    {
      config: { access: operators, acts: ["credit-request.refuse"], refusals: refusalsOfDeciding },
      schema: {
        tags,
        summary: "Refuse credit for a trade; the buyer is told that, and not why",
        answers: { 200: requestForOperatorSchema },
        params: byId,
        body: closed({ reason: text(1, 500, "Why, for operators: kept for good") }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const args = { id, reason: request.body.reason };
      return answerAct(context, request, reply, decline, { subject: id, args });
    },
  );
}
