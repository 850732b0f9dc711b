/** The doorstep over HTTP: codes for those who may give them, links and codes of recipients, and their sessions. */
import {
  doorCodeSchema,
  recipientLinkSchema,
  recipientSessionSchema,
  toTakeSchema,
} from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { idempotencyKey, type Server } from "../http/http.ts";
import type { CallerKind } from "../../storage/identity/identity.ts";
import { dammValid, isRefused, Refusal, refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, codeSchema, numberSchema, operator } from "../../core/protocol/schemas.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { actorOf, callerAmong, type Context } from "../api/api.ts";
import { type Speech, unspoken } from "../operators/operators.ts";
import { findMember, insertActNotice } from "../../storage/members/members.ts";
import type { Doorstep } from "./door.ts";

const tags = ["Doorstep"];
const params = closed({ number: numberSchema });
const found = ["not_found", "wrong_check_digit"] as const;

/** Tells those who may give a code what giving it means. */
const doorWarning = "Give this code only when the parcel is in your hands: giving it pays.";

/** The trade, as one of these kinds of callers sees it. Refuses others, and those whose trade it is not. */
async function tradeFor(
  context: Context,
  request: FastifyRequest,
  number: string,
  kinds: readonly CallerKind[],
): Promise<{ actor: Actor; trade: TradeView }> {
  const actor = actorOf(context, request, await callerAmong(context, request, kinds));
  if (!dammValid(number)) refuse("wrong_check_digit");
  return { actor, trade: (await context.trades.read(actor, number)) ?? refuse("not_found") };
}

export function registerDoorstepRoutes(server: Server, context: Context, doorstep: Doorstep): void {
  registerDoorCode(server, context, doorstep);
  registerToTake(server, context);
  registerRecipientLink(server, context, doorstep);
  registerRecipientSession(server, context, doorstep);
}

function registerDoorCode(server: Server, context: Context, doorstep: Doorstep): void {
  const givers = ["member", "recipient"] as const;
  server.get(
    "/v1/trades/:number/door-code",
    {
      config: { access: givers, refusals: [...found, "not_an_acceptor", "too_many_requests"] },
      schema: {
        tags,
        summary: "The code that makes the hand of whoever is at the door yours",
        answers: { 200: doorCodeSchema },
        description: `${doorWarning} It is there for ten minutes after they have reported being at the door, and for them only.`,
        params,
      },
    },
    async (request) => {
      const { actor, trade } = await tradeFor(context, request, request.params.number, givers);
      const giver = actor.kind === "recipient" ? "recipient" : "buyer";
      const { code, until, hand } = await doorstep.doorCode(trade, giver);
      return { code, until: until.toISOString(), for: hand, warning: doorWarning };
    },
  );
  const unlockers = ["member", "recipient", "operator"] as const;
  server.post(
    "/v1/trades/:number/door-code/unlock",
    {
      config: { access: unlockers, acts: ["door.unlock"], refusals: [...found] },
      schema: {
        tags,
        summary: "Let codes be tried again after too many wrong ones; the door has to be reported anew",
        answers: { 204: null },
        params,
        body: closed({ operator }),
      },
    },
    async (request, reply) => {
      // Done twice it comes to the same, so the key has nothing to keep; but it has to be one.
      idempotencyKey(request);
      const { actor, trade } = await tradeFor(context, request, request.params.number, unlockers);
      const speech = spokenBy(context, actor, request.body.operator);
      await doorstep.unlockDoor(trade.number, actor.id);
      await tellBuyer(context, trade, speech);
      return reply.code(204).send();
    },
  );
}

/** So many of each line, as `1:2,3:1`. */
const linesIn = (text: string | undefined) =>
  text?.split(",").map((pair) => {
    const [line = 0, quantity = 0] = pair.split(":").map(Number);
    return { line, quantity };
  });

function registerToTake(server: Server, context: Context): void {
  const few = "[1-9][0-9]{0,3}:[1-9][0-9]{0,6}";
  server.get(
    "/v1/trades/:number/to-take",
    {
      config: { access: ["carrier"], refusals: [...found, "unknown_line", "trade_disputed"] },
      schema: {
        tags,
        summary: "What a carrier at the door takes with the acceptance of these goods",
        answers: { 200: toTakeSchema },
        description:
          "Of what is at the door, or of `lines` of it, as `1:2,3:1`: two pieces of line 1 and one of line 3. Only while it is " +
          "at the door, at a guarantor, and for a carrier who lets it say so at the institution (`POST /v1/carriers/{id}/ties`). " +
          "It is what `collected` of the acceptance has to be.",
        params,
        querystring: closed({
          lines: Type.Optional(Type.String({ maxLength: 4000, pattern: `^${few}(,${few})*$` })),
        }),
      },
    },
    async (request) => {
      const { number } = request.params;
      const { actor } = await tradeFor(context, request, number, ["carrier"]);
      const due = await context.trades.toTake(actor, number, linesIn(request.query.lines));
      if (due === undefined || ("refused" in due && due.refused === "account_not_tied"))
        return refuse("not_found", "Nothing is to be taken here now, or not by you.");
      return isRefused(due) ? refuse(due.refused, due.detail) : due;
    },
  );
}

/** The driver waits: one operator is enough, who says whom they have spoken to and how that was proved. */
function spokenBy(
  { settings }: Context,
  actor: Actor,
  speech: Speech | undefined,
): Speech["channel"] | undefined {
  if (actor.kind !== "operator") {
    if (speech !== undefined) refuse("not_allowed", "Only an operator acts for somebody else.");
    return undefined;
  }
  const refused = unspoken(settings, "door.unlock", speech);
  if (refused !== undefined) throw new Refusal(refused);
  return speech?.channel ?? "desk";
}

/** A member whose trade an operator has unlocked is told. */
async function tellBuyer(
  { database }: Context,
  { buyer }: TradeView,
  channel: Speech["channel"] | undefined,
): Promise<void> {
  if (channel === undefined || buyer == null || !("member" in buyer)) return;
  const member = await findMember(database, BigInt(buyer.member));
  if (member !== undefined)
    await insertActNotice(database, { person: member.id, act: "door.unlock", channel });
}

/** A recipient who accepts, and of whom the trade knows where they are. */
async function mustReceive({ trades }: Context, actor: Actor, trade: TradeView): Promise<void> {
  const receives = trade.acceptance.by.includes("recipient");
  if (receives && (await trades.recipient(actor, trade.number)) !== undefined) return;
  refuse("not_found", "The trade has no recipient who accepts it.");
}

function registerRecipientLink(server: Server, context: Context, doorstep: Doorstep): void {
  const senders = ["shop", "member"] as const;
  server.get(
    "/v1/trades/:number/recipient-link",
    {
      config: { access: senders, refusals: [...found] },
      schema: {
        tags,
        summary: "What the recipient is to be given",
        answers: { 200: recipientLinkSchema },
        description:
          "The shop reads `code`, which it puts into the parcel; the buyer reads `link`, which they send. Either shows the " +
          "trade, both together act: so nobody is told both but the recipient. No operator is told either: a friend of the " +
          "shop who had the link would be the recipient.",
        params,
      },
    },
    async (request) => {
      const { actor, trade } = await tradeFor(context, request, request.params.number, senders);
      await mustReceive(context, actor, trade);
      return actor.kind === "shop"
        ? { link: null, code: doorstep.recipientCode(trade.number) }
        : { link: doorstep.recipientLink(trade.number), code: null };
    },
  );
  server.post(
    "/v1/trades/:number/recipient-link/unlock",
    {
      config: { access: ["operator"], acts: ["door.unlock"], refusals: [...found] },
      schema: {
        tags,
        summary: "Let the recipient try again after too many wrong codes",
        answers: { 204: null },
        params,
        body: closed({ operator }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const { actor, trade } = await tradeFor(context, request, request.params.number, ["operator"]);
      const speech = spokenBy(context, actor, request.body.operator);
      await doorstep.unlockRecipient(trade.number, actor.id);
      await tellBuyer(context, trade, speech);
      return reply.code(204).send();
    },
  );
}

function registerRecipientSession(server: Server, context: Context, doorstep: Doorstep): void {
  server.post(
    "/v1/trades/:number/recipient-session",
    {
      config: {
        access: ["anyone"],
        refusals: ["recipient_code_invalid", "too_many_requests"],
        rateLimit: { max: 300, timeWindow: "1 hour" },
      },
      schema: {
        tags,
        summary: "Act as the recipient: link and code become a bearer token",
        answers: { 201: recipientSessionSchema },
        params,
        body: closed({ link: Type.String({ maxLength: 400 }), code: codeSchema }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const { number } = request.params;
      const { token, expiresAt } = await doorstep.openSession(context.trades, number, request.body);
      return reply.code(201).send({ token, expiresAt: expiresAt.toISOString() });
    },
  );
}
