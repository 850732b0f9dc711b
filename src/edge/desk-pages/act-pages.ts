/** Acting for a caller: the form of each move, what is read back, and the move itself by the way of the calls. */
import type { FastifyReply } from "fastify";
import Type from "typebox";
import {
  type AcceptorRole,
  isRefused,
  problem as problemOf,
  refuse,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { closed, type MoveBody, numberSchema } from "../../core/protocol/schemas.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { findMember, listMethods } from "../../storage/members/members.ts";
import { type CallerNeeds, readBackMissing, speechSaid, spokenOf } from "../callers/callers.ts";
import { ActPage, type DeskAct, deskActs, deskOffers, openOf, ReadPage } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { moveActs } from "../operators/operators.ts";
import {
  attemptOf,
  type Fields,
  frameOf,
  nowOf,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import { type Attempt, noAttempt, type Now } from "../parts/parts.ts";
import { say } from "../words/words.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { actForm, deskMove, sumOf } from "./making.ts";

// What is no act is not found, by whoever may look for it.
const params = closed({ number: numberSchema, act: Type.String({ maxLength: 40 }) });
const refusals = [...toOperator.refusals, "not_found", "wrong_check_digit"] as const;

/** What a form is about, and who has sent it. */
interface Acting {
  caller: Caller;
  actor: Actor;
  act: DeskAct;
  trade: TradeView;
  now: Now;
  needs: CallerNeeds & { as: readonly AcceptorRole[] };
}

async function actingOn(
  context: PageContext,
  caller: Caller,
  { number, act: named }: { number: string; act: string },
): Promise<Acting> {
  const act = deskActs.find((each) => each === named) ?? refuse("not_found");
  const actor: Actor = { kind: "operator", id: caller.id };
  const trade = (await context.trades.read(actor, number)) ?? refuse("not_found");
  const now = await nowOf(context);
  const as = deskOffers(trade, now).get(act) ?? [];
  const { proof } = spokenOf(context.confirming.rules, actNameOf(act));
  return { caller, actor, act, trade, now, needs: { proof, as } };
}

const actNameOf = (act: DeskAct) =>
  act === "accept-offer"
    ? "trade.offer/accept"
    : act === "not-come"
      ? "trade.cancel"
      : (`trade.${act}` as const);

/** With what the buyer can pay, without what is on it. */
async function methodsFor({ database }: PageContext, { act, trade }: Acting) {
  const { buyer, currency, number } = trade;
  if (act !== "approve" || buyer == null || !("member" in buyer)) return [];
  const member = await findMember(database, BigInt(buyer.member));
  const methods = member === undefined ? [] : await listMethods(database, member.id);
  return methods.filter(
    (method) =>
      method.state === "active" &&
      method.currency === currency &&
      (method.trade == null || String(method.trade) === number),
  );
}

async function sendForm(
  context: PageContext,
  reply: FastifyReply,
  acting: Acting,
  {
    status = 200,
    attempt = noAttempt,
    once = uuidv7(),
  }: { status?: number; attempt?: Attempt; once?: string },
): Promise<FastifyReply> {
  const { caller, act, trade, now, needs } = acting;
  const [role = "buyer"] = needs.as;
  const open = openOf(act, { trade, role, now });
  const lines = trade.lines.flatMap((line) =>
    open(line) > 0 ? [{ line: line.line, name: line.name, open: open(line) }] : [],
  );
  const methods = await methodsFor(context, acting);
  const frame = frameOf(context, caller);
  return sendPage(reply, ActPage, { frame, trade, act, needs, lines, methods, attempt, once }, status);
}

/** What goes along from the form to what is read back, and on to the act. */
function along(fields: Fields): Record<string, string> {
  const left = new Set(["said", "readBack", "again"]);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || value === "" || left.has(name) ? [] : [[name, value]],
    ),
  );
}

/** The call that the form makes, or what stands in the way. */
function callOf({ act, trade, now, needs }: Acting, fields: Fields) {
  const speech = speechSaid(fields, needs);
  const role = "body" in speech ? (speech.body.as ?? "buyer") : (needs.as[0] ?? "buyer");
  const made = deskMove(act, fields, { trade, role, now });
  const errors = {
    ...("errors" in made ? made.errors : {}),
    ...("errors" in speech ? speech.errors : {}),
  };
  if ("body" in made && "body" in speech) return { role, body: made.body, speech: speech.body };
  const problem = "problem" in made ? made.problem : undefined;
  return { wrong: problem === undefined ? { errors } : { errors, problem } };
}

/** With who has asked for it, and bound to what they were read. */
function spokenMove(body: MoveBody, speech: object, fields: Fields): MoveBody {
  const seen = Number(fields["seen"]);
  const bound = body.do === "offer/accept" || !Number.isSafeInteger(seen) ? {} : { version: seen };
  return { ...bound, ...body, operator: speech } as MoveBody;
}

/** What the machine itself would do; nothing where somebody agrees to something by it, which only the reservation knows. */
function foreseen({ trades }: PageContext, { actor, trade }: Acting, move: MoveBody) {
  return move.do === "approve" || move.do === "revise"
    ? undefined
    : trades.foresee(actor, trade.number, move);
}

async function take(
  context: PageContext,
  reply: FastifyReply,
  acting: Acting,
  fields: Fields,
): Promise<FastifyReply> {
  const { caller, actor, act, trade, now, needs } = acting;
  const { number } = trade;
  const again = (status: number, wrong: Parameters<typeof attemptOf>[1], fresh = acting) =>
    sendForm(context, reply, fresh, {
      status,
      attempt: attemptOf(fields, wrong),
      // What was refused is another act when it is sent again.
      once: status === 200 ? (fields["key"] ?? uuidv7()) : uuidv7(),
    });
  if (fields["again"] === "yes") return again(200, {});
  if (needs.as.length === 0) return again(409, { errors: { acts: say("deskTrade.none") } });
  const call = callOf(acting, fields);
  if (call.wrong !== undefined) return again(422, call.wrong);
  const { role, body } = call;
  const move = spokenMove(body, call.speech, fields);
  const unread = fields["said"] === "yes" ? readBackMissing(fields) : {};
  if (unread !== undefined) {
    const moves = await foreseen(context, acting, move);
    if (moves !== undefined && isRefused(moves))
      return again(409, { problem: problemOf(moves.refused, moves.detail) });
    const shown = { frame: frameOf(context, caller), trade, act, role, body, moves, fields: along(fields) };
    const sum = sumOf(body, { trade, role, now });
    const methods = await methodsFor(context, acting);
    const status = Object.keys(unread).length === 0 ? 200 : 422;
    return sendPage(
      reply,
      ReadPage,
      { ...shown, sum, methods, attempt: attemptOf({}, { errors: unread }) },
      status,
    );
  }
  const outcome = await context.trades.move(actor, number, move, fields["key"]);
  if (outcome.how === "done") return seeOther(reply, `/desk/trades/${number}?done=yes`);
  const problem = outcome.problem.value;
  if (problem.code === "four_eyes_required" && problem.act !== undefined)
    return seeOther(reply, `/desk/trades/${number}?waits=yes`);
  return again(problem.status, { problem }, await actingOn(context, caller, { number, act }));
}

export function registerActPages(server: Server, context: PageContext): void {
  server.get(
    "/desk/trades/:number/acts/:act",
    {
      config: { ...toOperator, refusals },
      schema: { tags, summary: "The form by which an operator moves a trade for a caller", params },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const acting = await actingOn(context, caller, request.params);
      if (acting.needs.as.length > 0) return sendForm(context, reply, acting, {});
      return sendForm(context, reply, acting, {
        attempt: { ...noAttempt, errors: { acts: say("deskTrade.none") } },
      });
    },
  );
  server.post(
    "/desk/trades/:number/acts/:act",
    {
      config: { ...toOperator, form: true, acts: moveActs, refusals },
      schema: { tags, summary: "Read back, and done for whoever has called", params, body: actForm },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      return take(context, reply, await actingOn(context, caller, request.params), request.body);
    },
  );
}
