/** What people see of what operators did for them, and of who looked at their data. */
import { lookupSchema, noticeSchema, recipientSchema } from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, numberSchema, pageSchema, text } from "../../core/protocol/schemas.ts";
import * as members from "../../storage/members/members.ts";
import { type PartyKind, partyKinds, tradingKinds } from "../../storage/parties/parties.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { noteLook } from "../operators/operators.ts";
import type { Server } from "../http/http.ts";
import { actorAmong, callerAmong, type Context, memberNumber, pageWish } from "./context.ts";
import { parties } from "./move-calls.ts";
import { pageOf } from "../../storage/database/database.ts";

const ofMember = ["member", "operator"] as const;
const numberParam = closed({ number: numberSchema });

/** The member with this number, for the member and for operators; for another member it does not exist. */
async function personFor(context: Context, request: FastifyRequest, number: string): Promise<string> {
  const caller = await callerAmong(context, request, ofMember);
  const member = await members.findMember(context.database, memberNumber(number));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  return caller.kind === "operator" || member.id === caller.id ? member.id : refuse("not_found");
}

function noticeView({ id, trade, types, act, channel, at }: members.NoticeRow): Record<string, unknown> {
  return { id, trade: trade === null ? null : String(trade), types, act, channel, at: at.toISOString() };
}

/** What operators did to a party's account, rights and keys. */
function registerPartyNotices(server: Server, context: Context): void {
  for (const kind of tradingKinds) registerNoticesOf(server, context, kind);
}

export function registerNoticesOf(server: Server, context: Context, kind: PartyKind): void {
  const tags = { shop: "Shops", carrier: helpers, provider: helpers, collector: "Collections" };
  server.get(
    `/v1/${kind}s/:id/notices`,
    {
      config: { access: ["party", "operator"], refusals: ["not_found"] },
      schema: {
        tags: [tags[kind]],
        summary: `What operators did to a ${kind}, newest first`,
        answers: { 200: listOf(noticeSchema) },
        params: closed({ id: idSchema }),
        querystring: pageSchema,
      },
    },
    async (request) => {
      const caller = await callerAmong(context, request, [...partyKinds, "operator"]);
      const { id } = request.params;
      if (caller.kind !== "operator" && (caller.kind !== kind || caller.id !== id)) refuse("not_found");
      const { limit, after } = pageWish(request.query);
      return pageOf(await members.listNotices(context.database, id, limit + 1, after), limit, noticeView);
    },
  );
}

const helpers = "Carriers and providers";

/** Who receives a trade: an operator's look at it stands in the buyer's record. */
function registerRecipient(server: Server, context: Context): void {
  server.get(
    "/v1/trades/:number/recipient",
    {
      config: {
        access: parties,
        acts: ["recipient.read"],
        refusals: ["not_found", "wrong_check_digit", "too_many_requests"],
      },
      schema: {
        tags: ["Trades"],
        summary: "To whom the goods go, until it is erased",
        answers: { 200: recipientSchema },
        description: "An operator says why, and leaves a row in the buyer's record.",
        params: numberParam,
        querystring: closed({ reason: Type.Optional(text(1, 200, "Of an operator; the buyer reads it")) }),
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, parties);
      const { number } = request.params;
      if (actor.kind === "operator") await noteTradeLook(context, actor.id, number, request.query.reason);
      const found = (await context.trades.recipient(actor, number)) ?? refuse("not_found");
      const { giver: from, ...known } = found;
      return { ...known, from };
    },
  );
}

export function registerRecordRoutes(server: Server, context: Context): void {
  const { database } = context;
  registerPartyNotices(server, context);
  registerRecipient(server, context);
  const config = { access: ofMember, refusals: ["wrong_check_digit"] } as const;
  server.get(
    "/v1/members/:number/notices",
    {
      config,
      schema: {
        tags: ["Members"],
        summary: "What operators did on a member's trades and accounts, newest first",
        answers: { 200: listOf(noticeSchema) },
        params: numberParam,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const person = await personFor(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await members.listNotices(database, person, limit + 1, after);
      return pageOf(rows, limit, noticeView);
    },
  );
  server.get(
    "/v1/members/:number/lookups",
    {
      config,
      schema: {
        tags: ["Members"],
        summary: "Which operators looked at a member's data, when and why, newest first",
        answers: { 200: listOf(lookupSchema) },
        params: numberParam,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const person = await personFor(context, request, request.params.number);
      const { limit, after } = pageWish(request.query);
      const rows = await members.listLookups(database, person, limit + 1, after);
      return pageOf(rows, limit, ({ id, operator, reason, trade, at }) => ({
        id,
        operator,
        reason,
        trade: trade === null ? null : String(trade),
        at: at.toISOString(),
      }));
    },
  );
}

/** An operator is about to read who receives a trade, or to see a photo of its goods: its buyer sees that, and why. */
export async function noteTradeLook(
  { database, settings, trades }: Context,
  operator: string,
  number: string,
  reason: string | undefined,
): Promise<void> {
  const trade = await trades.read({ kind: "operator", id: operator }, number);
  if (trade === undefined) refuse("not_found");
  const { buyer } = trade;
  const member =
    buyer != null && "member" in buyer ? await members.findMember(database, BigInt(buyer.member)) : undefined;
  const person = member?.id ?? (await trades.guestOf(number)) ?? null;
  await inTransaction(database, (client) =>
    noteLook(client, settings, { person, operator, reason, trade: BigInt(number) }),
  );
}
