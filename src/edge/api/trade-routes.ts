/** The trade table of the protocol over HTTP: each call, who may make it, and nothing of what it means. */
import Type from "typebox";
import { idempotencyKey, limits, makeCheck, sendJson, type Server } from "../http/http.ts";
import type { CallerKind } from "../../storage/identity/identity.ts";
import { problem, type ProblemCode, Refusal, refuse, type TradeView } from "../../core/protocol/protocol.ts";
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
} from "../../core/protocol/schemas.ts";
import { notDone, type Outcome } from "../../engines/engine/engine.ts";
import type { ActName } from "../operators/operators.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { refuseOwnShop } from "../guests/guests.ts";
import { actorAmong, type Context, outcomeInBatch, sendOutcome } from "./context.ts";

const tags = ["Trades"];
const numberParam = closed({ number: Type.String({ pattern: "^[0-9]{1,20}$" }) });

/** All who may be a party to a trade: the engine says whether the caller is one to this trade, and in which role. */
export const parties: readonly CallerKind[] = [
  "shop",
  "carrier",
  "provider",
  "operator",
  "member",
  "guest",
  "recipient",
];

interface Call {
  summary: string;
  kinds: readonly CallerKind[];
  refusals: ProblemCode[];
}

/** A guest acts on the pages only. */
const acceptors: readonly CallerKind[] = parties.filter((kind) => kind !== "guest");
const buyerSide: readonly CallerKind[] = ["member", "operator"];

const unfit: ProblemCode[] = ["not_an_acceptor", "quantity_exceeds_open"];

const calls: Record<MoveName, Call> = {
  approve: {
    summary: "The buyer agrees and chooses how to pay; the amount is frozen",
    kinds: buyerSide,
    refusals: [
      "insufficient_funds",
      "credit_limit_exceeded",
      "shop_limit_exceeded",
      "method_required",
      "already_reserved",
    ],
  },
  revise: {
    summary: "Change lines, amount or means before delivery, and reserve again",
    kinds: ["shop", ...buyerSide],
    refusals: [
      "insufficient_funds",
      "mandate_limit_exceeded",
      "shop_limit_exceeded",
      "amount_mismatch",
      "already_shipped",
    ],
  },
  ship: {
    summary: "The goods are on their way; no acceptance clock starts",
    kinds: ["shop", "carrier", "operator"],
    refusals: ["quantity_exceeds_open", "already_shipped", "trade_not_open"],
  },
  deliver: {
    summary: "Delivery evidence; starts the acceptance clock where the word counts, else says shipped",
    kinds: acceptors,
    refusals: ["quantity_exceeds_open", "trade_not_open"],
  },
  "at-door": {
    summary: "At the door: for ten minutes buyer or recipient can give a code that accepts the goods",
    kinds: ["carrier", "provider"],
    refusals: ["not_an_acceptor", "already_accepted", "trade_not_open"],
  },
  accept: {
    summary: "Confirm goods by line and quantity; what is accepted is paid",
    kinds: acceptors,
    refusals: [...unfit, "door_code_invalid", "already_accepted", "already_cancelled", "already_expired"],
  },
  reject: {
    summary: "Goods that are wrong, missing or never came; their part stays frozen until that is settled",
    kinds: acceptors,
    refusals: [...unfit, "already_rejected", "not_due_yet", "already_received"],
  },
  "send-back": {
    summary: "Rejected or withdrawn goods are on their way back",
    kinds: ["member", "recipient", "carrier", "operator"],
    refusals: ["nothing_to_return", "quantity_exceeds_open"],
  },
  withdraw: {
    summary: "Within cooling-off: the goods go back, then the money",
    kinds: buyerSide,
    refusals: ["cooling_off_over", "already_withdrawn", "quantity_exceeds_open"],
  },
  return: {
    summary: "Goods are back, or agreed never to have come; their part goes to the buyer",
    kinds: ["shop", "carrier", "operator"],
    refusals: ["nothing_to_return", "quantity_exceeds_open"],
  },
  dispute: {
    summary: "Stop the clocks of payment; or, by the shop, contest what came back or never came",
    kinds: ["shop", ...buyerSide],
    refusals: ["trade_not_open", "trade_disputed", "already_disputed"],
  },
  answer: {
    summary: "The other side of a dispute is heard",
    kinds: ["shop", ...buyerSide],
    refusals: ["trade_not_open", "already_answered"],
  },
  offer: {
    summary: "How one side would divide what is frozen",
    kinds: ["shop", ...buyerSide],
    refusals: ["amount_mismatch", "amount_exceeds_settled", "trade_not_open"],
  },
  "offer/accept": {
    summary: "The other side takes the offer",
    kinds: ["shop", ...buyerSide],
    refusals: ["no_offer", "not_allowed"],
  },
  resolve: {
    summary: "Decide a dispute: settle, release, split, order goods back, or resume",
    kinds: ["operator"],
    refusals: ["trade_not_open", "amount_exceeds_hold", "still_running"],
  },
  cancel: {
    summary: "Before acceptance; what is frozen is released",
    kinds: ["shop", ...buyerSide],
    refusals: [
      "already_shipped",
      "already_accepted",
      "already_settled",
      "already_cancelled",
      "already_expired",
      "already_disputed",
    ],
  },
  extend: {
    summary: "Move the acceptance clock, or the reservation",
    kinds: ["shop", ...buyerSide],
    refusals: ["extension_refused"],
  },
  refund: {
    summary: "Give back what was settled; what the shop's account lacks stands as due",
    kinds: ["shop", "operator"],
    refusals: ["amount_exceeds_settled"],
  },
  advance: {
    summary: "Be paid early against the claim; settlement then goes to who has paid",
    kinds: ["shop", "operator"],
    refusals: [
      "already_advanced",
      "nothing_to_advance",
      "not_seen_shipped",
      "advance_limit_exceeded",
      "trade_not_open",
    ],
  },
};

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
        access: ["shop", "operator"],
        acts: ["trade.propose", "trade.approve"],
        refusals: [
          "amount_mismatch",
          "unknown_currency",
          "shop_suspended",
          "mandate_not_valid",
          "insufficient_funds",
          "shop_limit_exceeded",
        ],
      },
      schema: {
        tags,
        summary: "Propose a trade; reserves at once where the buyer has agreed",
        body: proposeSchema,
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, ["shop", "operator"]);
      const key = idempotencyKey(request);
      return sendOutcome(reply, await context.trades.propose(actor, request.body, key));
    },
  );
}

/** Which acts of operators a move is. */
const actsOf = (name: MoveName): ActName[] =>
  name === "cancel" ? ["trade.cancel", "trade.give-up"] : [`trade.${name}`];

function registerMove(server: Server, context: Context, name: MoveName): void {
  const { kinds, summary, refusals } = calls[name];
  server.post(
    `/v1/trades/:number/${name}`,
    {
      bodyLimit: name === "revise" ? limits.batchBody : limits.body,
      config: {
        access: kinds,
        acts: kinds.includes("operator") ? actsOf(name) : [],
        refusals: ["wrong_check_digit", "not_found", "trade_changed", ...refusals],
      },
      schema: { tags, summary, params: numberParam, body: moveSchemas[name] },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, kinds);
      const body = { ...(request.body as object), do: name } as MoveBody;
      const { number } = request.params;
      if (name === "approve") await refuseOwnShop(context, actor, number);
      await checkApproval(context, actor, number, body);
      return sendOutcome(reply, await context.trades.move(actor, number, body, idempotencyKey(request)));
    },
  );
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
        description:
          'A command is `{do: "propose", key?, trade}` or `{do, key?, number, ...}` with the fields of that call. `outcomes` are in the order of the commands, each `{status, trade}` or `{status, problem}`.',
        body: batchSchema,
      },
    },
    async (request, reply) => {
      const actor = await actorAmong(context, request, ["shop"]);
      const outcomes = await Promise.all(
        request.body.commands.map((command) => decideOne(context, actor, command)),
      );
      return sendJson(
        reply,
        200,
        `{"outcomes":[${outcomes.map((outcome) => outcomeInBatch(outcome, "trade")).join()}]}`,
      );
    },
  );
}

async function decideOne(
  context: Context,
  actor: Actor,
  command: Record<string, unknown>,
): Promise<Outcome<TradeView>> {
  const name = command["do"];
  if (name === "propose") {
    const refused = checkPropose(command);
    if (refused !== undefined) return notDone(refused);
    const { key, trade } = command as { key?: string; trade: Propose };
    return context.trades.propose(actor, trade, key);
  }
  const check =
    typeof name === "string" && Object.hasOwn(checkMove, name) ? checkMove[name as MoveName] : undefined;
  const refused =
    check === undefined ? problem("invalid_field", "`do` is not a command of a batch.") : check(command);
  if (refused !== undefined) return notDone(refused);
  const { key, number, ...body } = command as { key?: string; number: string } & MoveBody;
  return context.trades.move(actor, number, body, key);
}
