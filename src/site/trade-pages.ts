/** The pages of trades: the list, and one trade with what can be done to it (paragraph 0068). */
import type { FastifyReply } from "fastify";
import Type from "typebox";
import { uuidv7 } from "../database/database.ts";
import type { Server } from "../http/http.ts";
import { pageSchema } from "../protocol/schemas.ts";
import {
  type ActAttempt,
  render,
  type TradeAct,
  tradeActs,
  TradePage,
  TradesPage,
} from "../terminals/terminals.ts";
import { actorOf, callerOf, pageWish } from "../trading/trading.ts";
import { closed, frameOf, isSignedOut, seeOther, sendPage, tags } from "./answers.ts";
import type { Site } from "./given.ts";
import { actForms, attemptOf, type Fields, moveOf } from "./forms.ts";
import {
  form,
  moved,
  mustRead,
  page,
  params,
  pathAfter,
  type Reading,
  reading,
  unproven,
} from "./reading.ts";

const done = ["approve", "decline", ...tradeActs] as const;

/** Registers the list of trades, and one trade with its acts. */
export function registerTradePages(server: Server, site: Site): void {
  registerList(server, site);
  registerTrade(server, site);
  for (const act of tradeActs) registerAct(server, site, act);
}

function registerList(server: Server, site: Site): void {
  server.get(
    "/trades",
    { config: page, schema: { tags, summary: "Your trades, newest first", querystring: pageSchema } },
    async (request, reply) => {
      const caller = await callerOf(site, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/trades");
      const actor = await actorOf(site, request, caller);
      const { items, next } = await site.trades.list(actor, pageWish(request.query));
      return sendPage(reply, render(TradesPage, { frame: frameOf(site, caller), trades: items, next }));
    },
  );
}

async function sendTrade(
  site: Site,
  reply: FastifyReply,
  { caller, actor, role, trade, guest }: Reading,
  more: { status?: number; attempt?: ActAttempt; done?: (typeof done)[number] | undefined },
): Promise<FastifyReply> {
  const { status = 200, ...said } = more;
  // Servers wait for each other, not for people: without scripts, the browser asks again by this header.
  if (trade.pending !== null) reply.header("refresh", "3");
  const events = (await site.trades.events(actor, trade.number))?.items ?? [];
  const shown = {
    frame: frameOf(site, caller),
    trade,
    events,
    role,
    guest: guest !== undefined,
    once: uuidv7(),
  };
  return sendPage(reply, render(TradePage, { ...shown, ...said }), status);
}

function registerTrade(server: Server, site: Site): void {
  const query = Type.Object(
    { done: Type.Optional(Type.Unsafe<(typeof done)[number]>({ type: "string", enum: [...done] })) },
    closed,
  );
  server.get(
    "/trades/:number",
    { config: page, schema: { tags, summary: "One trade", params, querystring: query } },
    async (request, reply) => {
      const found = await mustRead(site, request, reply, request.params.number);
      return found === undefined ? reply : sendTrade(site, reply, found, { done: request.query.done });
    },
  );
}

function registerAct(server: Server, site: Site, act: TradeAct): void {
  server.post(
    `/trades/:number/${act}`,
    { config: form, schema: { tags, summary: `The form to ${act}`, params, body: actForms[act] } },
    async (request, reply) => {
      const { number } = request.params;
      const fields = request.body as Fields;
      const found = await mustRead(site, request, reply, number);
      if (found === undefined) return reply;
      const shownAs = act === "accept" && fields["all"] === "yes" ? "accept-all" : act;
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1], now = found) =>
        sendTrade(site, reply, now, { status, attempt: { ...attemptOf(fields, wrong), act: shownAs } });
      const errors = await unproven(site, found, fields);
      if (errors !== undefined) return again(422, { errors });
      const made = moveOf(act, fields, found.trade);
      if (!("body" in made)) return again(422, made);
      const outcome = await moved(site, found.actor, number, made.body, fields["key"]);
      const { problem } = outcome;
      if (problem === undefined) return seeOther(reply, pathAfter(number, act, outcome));
      return again(problem.status, { problem }, (await reading(site, request, number)) ?? found);
    },
  );
}
