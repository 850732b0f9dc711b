/** The trade table of the protocol over HTTP: each call, who may make it, and nothing of what it means. */
import { batchOutcomesSchema } from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { fromWire } from "../../core/money/money.ts";
import { idFrom } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { idempotencyKey, limits, makeCheck, sendJson, type Server } from "../http/http.ts";
import { problem, Refusal, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import {
  batchMoveSchema,
  batchProposeSchema,
  batchSchema,
  closed,
  type MoveBody,
  type MoveName,
  moveSchemas,
  type Propose,
  proposeSchema,
  tradeSchema,
  tradeSeenSchema,
} from "../../core/protocol/schemas.ts";
import { digestOf, noteKey, notDone, type Outcome } from "../../engines/engine/engine.ts";
import { needUnlessRepeated, type ProvenAct } from "../moments/moments.ts";
import type { ActName } from "../operators/operators.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { refuseOneHand, refuseOwnShop } from "../guests/guests.ts";
import { calls, ofReserving, paysNothing, refusalsOfMove } from "./move-calls.ts";
import { actorAmong, actorOf, callerAmong, type Context, outcomeInBatch, sendOutcome } from "./context.ts";

const tags = ["Trades"];
const numberParam = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });

const moveNames = Object.keys(moveSchemas) as MoveName[];

export function registerTradeRoutes(server: Server, context: Context): void {
  registerPropose(server, context);
  for (const name of moveNames) registerMove(server, context, name);
  registerBatch(server, context);
}

function registerPropose(server: Server, context: Context): void {
  server.post(
    "/v1/trades",
    {
      // A thousand lines with all that they may hold.
      bodyLimit: limits.batchBody,
      config: {
        access: ["shop", "member", "operator"],
        acts: ["trade.propose", "trade.approve"],
        // A mandate that does not cover the terms is a field of the proposal that is not acceptable.
        refusals: [
          ...ofReserving,
          "proof_required",
          "sign_in_changed_lately",
          "reference_in_use",
          "amount_mismatch",
          "wrong_check_digit",
          ["mandate_not_valid", 422],
        ],
      },
      schema: {
        tags,
        summary: "Propose a trade; reserves at once where the buyer has agreed",
        description:
          "With `earmark`, a member or an operator for one reserves an amount for a shop before ordering; the shop puts its order under the number (`revise` with `lines`).",
        answers: { 201: tradeSchema, 202: tradeSchema },
        body: proposeSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["shop", "member", "operator"]);
      const actor = actorOf(context, request, caller);
      const { shop } = request.body;
      if (actor.kind === "person" && shop !== undefined) await refuseOneHand(context, shop, actor.id);
      if (caller.kind === "member")
        await needUnlessRepeated(context, request, caller, reservingAct(request.body));
      return sendOutcome(reply, await context.trades.propose(actor, request.body, idempotencyKey(request)));
    },
  );
}

/** What a move by an operator may be besides an act of its own name: it depends on whose word they say and on the trade. */
const otherActs: Partial<Record<MoveName, ActName>> = {
  approve: "trade.entrust",
  ship: "trade.see",
  deliver: "trade.see",
  "send-back": "trade.see",
  return: "trade.see",
  cancel: "trade.give-up",
};

/** Which acts of operators a move is. */
function actsOf(name: MoveName): ActName[] {
  const other = otherActs[name];
  return [`trade.${name}`, ...(other === undefined ? [] : [other])];
}

function registerMove(server: Server, context: Context, name: MoveName): void {
  const { kinds, summary } = calls[name];
  const seen = kinds.some((kind) => paysNothing.includes(kind)) ? tradeSeenSchema : tradeSchema;
  server.post(
    `/v1/trades/:number/${name}`,
    {
      bodyLimit: name === "revise" ? limits.batchBody : limits.body,
      config: {
        access: kinds,
        acts: kinds.includes("operator") ? actsOf(name) : [],
        refusals: refusalsOfMove(name),
      },
      schema: {
        tags,
        summary,
        params: numberParam,
        body: moveSchemas[name],
        answers: { 200: seen, 202: seen },
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, kinds);
      const actor = actorOf(context, request, caller);
      const body = { ...(request.body as object), do: name } as MoveBody;
      const { number } = request.params;
      if (name === "approve") await refuseOwnShop(context, actor, number);
      await checkApproval(context, actor, number, body);
      const saw = await needProof(context, request, { caller, actor, number, body });
      const by = saw === undefined ? actor : { ...actor, saw };
      return sendOutcome(reply, await context.trades.move(by, number, body, idempotencyKey(request)));
    },
  );
}

/** What a member does who reserves before ordering, or asks for more than a shop has offered. */
export const reservingAct = ({
  shop = "",
  amount,
  currency,
}: Pick<Propose, "shop" | "amount" | "currency">): ProvenAct => ({
  act: "trade.reserve",
  of: shop,
  currency,
  amount: amount === undefined ? null : fromWire(amount),
});

/**
 * What a buyer does who approves a trade at this version: with the terms that the shop has asked for, where it has. Of a version
 * that is still to come nobody knows the amount.
 */
export function approvingAct(
  { number, amount, currency, revisionAsked, version: now }: TradeView,
  version: number,
): ProvenAct {
  if (version > now) refuse("trade_changed", "The trade has no such version yet.");
  const sum = revisionAsked == null ? amount : revisionAsked.amount;
  const money = currency === undefined ? {} : { currency };
  return { act: "trade.approve", of: number, amount: sum == null ? null : fromWire(sum), ...money, version };
}

/** No trade is at it: whoever has seen this one gets an answer that was given before, and moves nothing. */
const noVersion = 0;

/**
 * A member who agrees to so much proves that it is them; a revision agrees, too, unless it declines. Answers the version of which
 * that is so: the trade is moved at no other one, whose amount nobody has looked at.
 */
async function needProof(
  context: Context,
  request: FastifyRequest,
  { caller, actor, number, body }: { caller: Caller; actor: Actor; number: string; body: MoveBody },
): Promise<number | undefined> {
  const agrees = body.do === "approve" || (body.do === "revise" && body.decline !== true);
  if (!agrees || caller.kind !== "member" || !context.moments.isOpen) return undefined;
  const trade = await context.trades.read(actor, number);
  if (trade === undefined) return refuse("not_found");
  const act = approvingAct(trade, body.version ?? trade.version);
  return (await needUnlessRepeated(context, request, caller, act)) ? noVersion : trade.version;
}

/**
 * Terms may change while somebody reads them: who agrees to them, an operator in a buyer's name too, names those that they saw.
 * And who is not there accepts nothing: where the trade names nobody who receives, nobody could accept.
 */
async function checkApproval(
  { trades }: Context,
  actor: Actor,
  number: string,
  body: MoveBody,
): Promise<void> {
  const receives = body.do === "approve" && body.acceptors?.includes("recipient") === true;
  if (body.do !== "approve" || (body.version !== undefined && !receives)) return;
  if ((await trades.read(actor, number)) === undefined) refuse("not_found");
  if (receives && (await trades.recipient(actor, number)) === undefined)
    refuse("invalid_field", "The trade names no recipient.");
  if (body.version !== undefined) return;
  const errors = [{ pointer: "/version", message: "Say which version of the trade you saw." }];
  throw new Refusal(
    problem("invalid_field", "An approval names the version of the trade that was seen.", { errors }),
  );
}

const checkPropose = makeCheck(batchProposeSchema, "command");
const checkMove = Object.fromEntries(
  moveNames.map((name) => [name, makeCheck(batchMoveSchema(name), "command")]),
) as Record<MoveName, ReturnType<typeof makeCheck>>;

function registerBatch(server: Server, context: Context): void {
  server.post(
    "/v1/trades/batch",
    {
      bodyLimit: limits.batchBody,
      config: { access: ["shop"] },
      schema: {
        tags,
        summary: "Up to 1,000 commands, each decided by itself",
        answers: { 200: batchOutcomesSchema },
        description:
          'A command is `{do: "propose", key?, trade}` or `{do, key?, number, ...}` with the fields of that call. `outcomes` are in the order of the commands, each `{status, trade}` or `{status, problem}`. ' +
          "With an `Idempotency-Key` the whole of it is answered once; commands without a `key` then need none.",
        body: batchSchema,
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, ["shop"]);
      const { commands } = request.body;
      const key = idempotencyKey(request);
      const digest = digestOf("batch", commands);
      const repeated =
        key !== undefined && (await noteKey(context.database, { caller: actor.id, key, digest }));
      const outcomes = await Promise.all(
        commands.map((command, nth) =>
          decideOne(context, actor, command, key === undefined ? undefined : idFrom(`batch ${key} ${nth}`)),
        ),
      );
      // The first answer had no such mark: where the whole is a repetition, the header says so.
      const shown = outcomes.map((outcome) =>
        key === undefined ? outcome : { ...outcome, replayed: false },
      );
      return sendJson(
        reply,
        200,
        `{"outcomes":[${shown.map((outcome) => outcomeInBatch(outcome, "trade")).join()}]}`,
        repeated ? { "idempotent-replayed": "true" } : {},
      );
    },
  );
}

/** Decides one command; `spare` is its key where it has none of its own. */
async function decideOne(
  context: Context,
  actor: Actor,
  command: unknown,
  spare: string | undefined,
): Promise<Outcome<TradeView>> {
  const name = typeof command === "object" && command !== null && "do" in command ? command.do : undefined;
  if (name === "propose") {
    const refused = checkPropose(command);
    if (refused !== undefined) return notDone(refused);
    const { key = spare, trade } = command as { key?: string; trade: Propose };
    return context.trades.propose(actor, trade, key);
  }
  const check =
    typeof name === "string" && Object.hasOwn(checkMove, name) ? checkMove[name as MoveName] : undefined;
  const refused =
    check === undefined ? problem("invalid_field", "`do` is not a command of a batch.") : check(command);
  if (refused !== undefined) return notDone(refused);
  const { key = spare, number, ...body } = command as { key?: string; number: string } & MoveBody;
  return context.trades.move(actor, number, body, key);
}
