/** `/desk/trades/{number}`: one trade with all that operators may see of it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { findMember, readPersonalData } from "../../storage/members/members.ts";
import { readParties } from "../../storage/parties/parties.ts";
import { deskOffers, type MaskedPerson, type Revealed, TradeDeskPage } from "../desk-views/desk-views.ts";
import type { Server } from "../http/http.ts";
import { frameOf, nowOf, type PageContext, params, sendPage, tags } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { masked } from "./masking.ts";

/** The buyer, masked; undefined where nobody is known. */
async function buyerOf(context: PageContext, trade: TradeView): Promise<MaskedPerson | undefined> {
  const { database, vault, trades } = context;
  const { buyer, number } = trade;
  if (buyer == null) return undefined;
  const member = "member" in buyer ? buyer.member : null;
  const person =
    member === null ? await trades.guestOf(number) : (await findMember(database, BigInt(member)))?.id;
  const known = person === undefined ? undefined : await readPersonalData(database, vault, person);
  return known && masked(known, member);
}

/** Answers with the trade as it stands now. */
export async function sendTradeDesk(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  number: string,
  more: { status?: number; done?: boolean; waits?: boolean; attempt?: Attempt; revealed?: Revealed } = {},
): Promise<FastifyReply> {
  const { database, trades } = context;
  const { status = 200, ...said } = more;
  const actor: Actor = { kind: "operator", id: caller.id };
  const trade = (await trades.read(actor, number)) ?? refuse("not_found");
  const now = await nowOf(context);
  const { carrier, provider } = trade;
  const ids = [carrier, provider].flatMap((id) => (id === null ? [] : [id]));
  const names = new Map((await readParties(database, ids)).map(({ id, name }) => [id, name]));
  const recipient = await trades.recipient(actor, number);
  if (trade.pending !== null) reply.header("refresh", trade.pending.awaits === undefined ? "3" : "60");
  return sendPage(
    reply,
    TradeDeskPage,
    {
      frame: frameOf(context, caller),
      trade,
      events: (await trades.events(actor, number))?.items ?? [],
      now,
      offers: deskOffers(trade, now),
      buyer: await buyerOf(context, trade),
      recipient: recipient && masked(recipient, null),
      carrier: names.get(carrier ?? ""),
      provider: names.get(provider ?? ""),
      hasQueue: reply.server.hasRoute({ method: "GET", url: "/operator-acts" }),
      once: uuidv7(),
      ...said,
    },
    status,
  );
}

export function registerTradeDesk(server: Server, context: PageContext): void {
  server.get(
    "/desk/trades/:number",
    {
      config: { ...toOperator, refusals: [...toOperator.refusals, "not_found", "wrong_check_digit"] },
      schema: {
        tags,
        summary: "One trade with all that operators may see of it",
        params,
        querystring: closed({
          done: Type.Optional(Type.Literal("yes")),
          waits: Type.Optional(Type.Literal("yes")),
        }),
      },
    },
    async (
      request: FastifyRequest<{ Params: { number: string }; Querystring: { done?: "yes"; waits?: "yes" } }>,
      reply,
    ) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { done, waits } = request.query;
      const said = { done: done === "yes", waits: waits === "yes" };
      return sendTradeDesk(context, reply, caller, request.params.number, said);
    },
  );
}
