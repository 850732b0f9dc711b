/** `/desk/trades/{number}`: one trade with all that operators may see of it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, idSchema, numberSchema } from "../../core/protocol/schemas.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { findMember, readPersonalData } from "../../storage/members/members.ts";
import { readParties, readParty } from "../../storage/parties/parties.ts";
import {
  deskOffers,
  type MaskedPerson,
  type Revealed,
  TradeDeskPage,
  type TradeMailLine,
} from "../desk-views/desk-views.ts";
import { listTradeMails } from "../../engines/outbox/outbox.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import type { Server } from "../http/http.ts";
import { frameOf, key, nowOf, type PageContext, params, seeOther, sendPage, tags } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import { operatorAt, toOperator } from "./home-page.ts";
import { mayShowOpened } from "../operators/operators.ts";
import { masked, unshown } from "./masking.ts";

interface Person {
  id: string | null;
  masked: MaskedPerson;
}

/** The buyer, masked; undefined where nobody is known. */
async function buyerOf(context: PageContext, trade: TradeView): Promise<Person | undefined> {
  const { database, vault, trades } = context;
  const { buyer, number } = trade;
  if (buyer == null) return undefined;
  const member = "member" in buyer ? buyer.member : null;
  const person =
    member === null ? await trades.guestOf(number) : (await findMember(database, BigInt(member)))?.id;
  const known = person === undefined ? undefined : await readPersonalData(database, vault, person);
  return known && { id: person ?? null, masked: masked(known, member) };
}

/** Who takes part, masked; nothing of them where the operator has opened too many pages today. */
async function peopleOf(context: PageContext, actor: Actor, trade: TradeView) {
  const { database, settings, trades } = context;
  const found = await buyerOf(context, trade);
  const known = await trades.recipient(actor, trade.number);
  const [buyer, recipient] = [found?.masked, known && masked(known, null)];
  if (buyer === undefined && recipient === undefined) return { buyer, recipient, hidden: false };
  const opened = { person: found?.id ?? null, trade: BigInt(trade.number) };
  if (await mayShowOpened(database, settings, actor.id, opened)) return { buyer, recipient, hidden: false };
  return { buyer: buyer && unshown(buyer.number), recipient: recipient && unshown(null), hidden: true };
}

const mailsMost = 50;

/** What was written about it, each with where its reader is reached by now, masked. */
async function mailsOf(
  { database, mails: use }: PageContext,
  { number, shop }: TradeView,
  people: { buyer: MaskedPerson | undefined; recipient: MaskedPerson | undefined; hidden: boolean },
): Promise<TradeMailLine[]> {
  const mails = await listTradeMails(database, BigInt(number), mailsMost);
  const writes = mails.some(({ reader }) => reader === "shop");
  const party = writes ? await readParty(database, "shop", shop ?? "") : undefined;
  const none = { name: null, kana: null, phone: null };
  const to = {
    buyer: people.hidden ? "–" : (people.buyer?.email ?? null),
    recipient: people.hidden ? "–" : (people.recipient?.email ?? null),
    shop: masked({ ...none, email: party?.email ?? null }, null).email,
  };
  return mails.map(({ id, seq, reader, at, state, lastError, takenAt }) => ({
    id,
    seq,
    reader,
    to: to[reader],
    at: at.toISOString(),
    state,
    error: lastError,
    takenAt: takenAt?.toISOString() ?? null,
    again: state === "failed" && use === "sent",
  }));
}

/** Answers with the trade as it stands now. */
export async function sendTradeDesk(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  number: string,
  more: {
    status?: number;
    done?: boolean;
    waits?: boolean;
    sent?: boolean;
    attempt?: Attempt;
    revealed?: Revealed;
  } = {},
): Promise<FastifyReply> {
  const { database, trades } = context;
  const { status = 200, ...said } = more;
  const actor: Actor = { kind: "operator", id: caller.id };
  const trade = (await trades.read(actor, number)) ?? refuse("not_found");
  const now = await nowOf(context);
  const { carrier, provider } = trade;
  const ids = [carrier, provider].flatMap((id) => (id === null ? [] : [id]));
  const names = new Map((await readParties(database, ids)).map(({ id, name }) => [id, name]));
  const { buyer, recipient, hidden } = await peopleOf(context, actor, trade);
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
      buyer,
      recipient,
      hidden,
      mails: await mailsOf(context, trade, { buyer, recipient, hidden }),
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
          sent: Type.Optional(Type.Literal("yes")),
        }),
      },
    },
    async (
      request: FastifyRequest<{
        Params: { number: string };
        Querystring: { done?: "yes"; waits?: "yes"; sent?: "yes" };
      }>,
      reply,
    ) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { done, waits, sent } = request.query;
      const said = { done: done === "yes", waits: waits === "yes", sent: sent === "yes" };
      return sendTradeDesk(context, reply, caller, request.params.number, said);
    },
  );
  server.post(
    "/desk/trades/:number/mails/:id",
    {
      config: {
        ...toOperator,
        form: true,
        acts: ["mail.send"],
        refusals: [...toOperator.refusals, "not_found", "wrong_check_digit"],
      },
      schema: {
        tags,
        summary: "Send a mail about a trade again that was given up",
        params: closed({ number: numberSchema, id: idSchema }),
        body: closed({ key }),
      },
    },
    async (request, reply) => {
      const caller = await operatorAt(context, request, reply);
      if (caller === undefined) return reply;
      const { number, id } = request.params;
      const { problem } = await callOwn(server, request, {
        method: "POST",
        url: `/v1/trades/${number}/mails/${id}/send`,
        body: {},
        key: request.body.key,
      });
      if (problem !== undefined) return refuse(problem.code, problem.detail);
      return seeOther(reply, `/desk/trades/${number}?sent=yes`);
    },
  );
}
