/** The orders of a shop at the desk: lists of them, one of them, and what its people do with it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import {
  dammValid,
  isRefused,
  numberTyped,
  problem,
  type ProblemCode,
  refuse,
  todos,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import { closed, numberSchema, oneOf } from "../../core/protocol/schemas.ts";
import { answerTo } from "../../engines/engine/engine.ts";
import { mayCall, readActs, shownAct } from "../roles/roles.ts";
import { type Actor, todosCounted } from "../../engines/trades/trades.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { actorOf, callerOf, refusalsOfMove } from "../api/api.ts";
import { keyOfPress } from "../devices/devices.ts";
import type { Server } from "../http/http.ts";
import {
  attemptOf,
  bringerIn,
  type Fields,
  fieldsWithPhotos,
  frameOf,
  isSignedOut,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";
import type { Now } from "../parts/parts.ts";
import {
  type DeskAct,
  deskActs,
  OrderPage,
  type OrderShown,
  OrdersPage,
  type OrdersShown,
} from "../shop-desk-views/shop-desk-views.ts";
import { say } from "../words/words.ts";
import { deskForms, deskMoveOf, moveNameOf, unversioned } from "./desk-forms.ts";
import { askedOnce } from "./sure.ts";

/** A server with its desk; `early`: it pays shops before their buyers have accepted. */
export interface Desk {
  context: PageContext;
  early: boolean;
}

export const shopPage = {
  access: ["shop"],
  page: true,
  refusals: ["not_authenticated", "not_allowed"],
} as const;
export const shopForm = { ...shopPage, form: true } as const;
export const byNumber = closed({ number: numberSchema });

/** What was done to an order last. */
const actsOnPage = 20;
/** How many orders stand on a page. */
const ordersOnPage = 25;

/** Whoever is signed in for a shop; undefined where they were sent to sign in. Everybody else is refused. */
export async function shopOf(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | undefined> {
  const caller = await callerOf(context, request);
  if (caller.kind === "shop") return caller;
  if (!isSignedOut(caller)) return refuse("not_allowed");
  if (request.method !== "GET") return refuse("not_authenticated");
  seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
  return undefined;
}

export async function nowOf({ database, settings }: PageContext): Promise<Now> {
  return { at: (await readClock(database)).toISOString(), timeZone: settings.timeZone };
}

export function registerOrderPages(server: Server, desk: Desk): void {
  registerLists(server, desk);
  registerFinding(server, desk);
  registerOrder(server, desk);
  for (const act of deskActs) registerAct(server, desk, act);
}

async function sendOrders(
  { context }: Desk,
  reply: FastifyReply,
  caller: Caller,
  shown: Pick<OrdersShown, "todo" | "orders" | "next" | "sought" | "attempt">,
): Promise<FastifyReply> {
  const actor: Actor = { kind: "shop", id: caller.id };
  const page = {
    ...shown,
    frame: frameOf(context, caller),
    counts: await context.trades.countToDo(actor),
    counted: todosCounted,
    mayPropose: mayCall(caller, "POST /shop/new"),
    now: await nowOf(context),
  };
  return sendPage(reply, OrdersPage, page, shown.attempt === undefined ? 200 : 422);
}

const after = Type.Optional(Type.String({ maxLength: 100 }));

function registerLists(server: Server, desk: Desk): void {
  const { context } = desk;
  server.get(
    "/shop",
    {
      config: shopPage,
      schema: {
        tags,
        summary: "A shop's orders by what is to be done next",
        querystring: closed({ todo: Type.Optional(oneOf([...todos, "all"] as const)), after }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const actor = actorOf(context, request, caller);
      const { todo = "ship", after: behind } = request.query;
      const page = { limit: ordersOnPage, after: behind };
      const found =
        todo === "all"
          ? await context.trades.search(actor, {}, page)
          : await context.trades.toDo(actor, todo, page);
      if (isRefused(found)) return refuse(found.refused, found.detail);
      return sendOrders(desk, reply, caller, { todo, orders: found.items, next: found.next });
    },
  );
}

function registerFinding(server: Server, desk: Desk): void {
  const { context } = desk;
  server.get(
    "/shop/find",
    {
      config: shopPage,
      schema: {
        tags,
        summary: "Find an order by its number, or by the shop's own",
        querystring: closed({ number: Type.Optional(Type.String({ maxLength: 100 })), after }),
      },
    },
    async (request, reply) => {
      const caller = await shopOf(context, request, reply);
      if (caller === undefined) return reply;
      const actor = actorOf(context, request, caller);
      const typed = request.query.number?.trim() ?? "";
      if (typed === "") return seeOther(reply, "/shop");
      const digits = numberTyped(typed);
      if (dammValid(digits) && (await context.trades.read(actor, digits)) !== undefined)
        return seeOther(reply, `/shop/orders/${digits}`);
      const page = { limit: ordersOnPage, after: request.query.after };
      const found = await context.trades.search(actor, { reference: typed }, page);
      if (isRefused(found)) return refuse(found.refused, found.detail);
      const { items: orders, next } = found;
      const [first] = orders;
      if (first !== undefined && orders.length === 1 && next === null && page.after === undefined)
        return seeOther(reply, `/shop/orders/${first.number}`);
      const attempt =
        first === undefined
          ? attemptOf({ number: typed }, { errors: { number: say("shop.notFound") } })
          : undefined;
      const shown = { todo: "all" as const, orders, next };
      return sendOrders(
        desk,
        reply,
        caller,
        attempt === undefined ? { ...shown, sought: typed } : { ...shown, attempt },
      );
    },
  );
}

interface Reading {
  caller: Caller;
  actor: Actor;
  trade: TradeView;
}

export async function orderFor(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Reading | undefined> {
  const caller = await shopOf(context, request, reply);
  if (caller === undefined) return undefined;
  const actor = actorOf(context, request, caller);
  const { number } = request.params as { number: string };
  return { caller, actor, trade: (await context.trades.read(actor, number)) ?? refuse("not_found") };
}

async function sendOrder(
  { context, early }: Desk,
  reply: FastifyReply,
  { caller, actor, trade }: Reading,
  more: Pick<OrderShown, "done" | "attempt" | "sure"> & { status?: number },
): Promise<FastifyReply> {
  const { status = 200, ...said } = more;
  // Servers wait for each other: without scripts, the browser asks again by this header.
  if (trade.pending !== null) reply.header("refresh", trade.pending.awaits === undefined ? "3" : "60");
  const [events, to, now, did] = await Promise.all([
    context.trades.events(actor, trade.number),
    context.trades.recipient(actor, trade.number),
    nowOf(context),
    readActs(context, { shop: caller.id, about: trade.number, limit: actsOnPage }),
  ]);
  const shown: OrderShown = {
    frame: frameOf(context, caller),
    trade,
    events: events?.items ?? [],
    now,
    once: uuidv7(),
    early,
    may: (act) => mayCall(caller, `${act === "note" ? "GET" : "POST"} /shop/orders/:number/${act}`),
    did: did.items.map(shownAct),
    to: to && { name: to.name, kana: to.kana, address: to.address, phone: to.phone },
  };
  return sendPage(reply, OrderPage, { ...shown, ...said }, status, `/shop/orders/${trade.number}`);
}

function registerOrder(server: Server, desk: Desk): void {
  const { context } = desk;
  server.get(
    "/shop/orders/:number",
    {
      config: { ...shopPage, refusals: [...shopPage.refusals, "not_found"] },
      schema: {
        tags,
        summary: "One order at the shop's desk",
        params: byNumber,
        querystring: closed({ done: Type.Optional(oneOf(deskActs)) }),
      },
    },
    async (request, reply) => {
      const found = await orderFor(context, request, reply);
      return found === undefined ? reply : sendOrder(desk, reply, found, { done: request.query.done });
    },
  );
}

/** What may stand in the way of an act, and has no field to stand at. */
function refusalsOf(act: DeskAct): ProblemCode[] {
  return [...new Set<ProblemCode>([...shopPage.refusals, ...refusalsOfMove(moveNameOf(act))])];
}

function registerAct(server: Server, desk: Desk, act: DeskAct): void {
  const { context } = desk;
  const photosOf = async (request: FastifyRequest) => {
    const caller = await callerOf(context, request);
    if (caller.kind !== "shop") return undefined;
    const actor = actorOf(context, request, caller);
    const trade = await context.trades.read(actor, (request.params as { number: string }).number);
    return trade && bringerIn(context, { actor, trade });
  };
  const config = { ...shopForm, refusals: refusalsOf(act) };
  server.post(
    `/shop/orders/:number/${act}`,
    {
      config: act === "say" ? { ...config, upload: { photosOf } } : config,
      schema: { tags, summary: `The desk's form: ${act}`, params: byNumber, body: deskForms[act] },
    },
    async (request, reply) => {
      const found = await orderFor(context, request, reply);
      return found === undefined ? reply : doAct(desk, request, reply, { act, found });
    },
  );
}

/** Whether the order has gone on since the form was shown. */
const seesAnother = (act: DeskAct, { version }: Fields, trade: TradeView): boolean =>
  !unversioned.has(act) && version !== undefined && version !== String(trade.version);

/** By what a press is known: a page that is kept is pressed again with other words, and the yes to a question is the same press. */
function keyOf(act: DeskAct, fields: Fields): string | undefined {
  const { sure: _, ...said } = fields;
  return keyOfPress(`desk ${act}`, said);
}

/** What a press was answered that is pressed again: it has moved the order itself. */
async function pressedBefore({ database }: PageContext, { id: caller }: Actor, key: string | undefined) {
  return key === undefined ? undefined : answerTo(database, { caller, key });
}

/** Where a press leads that was taken. What another server has still to answer is not said to be done. */
const pathAfter = (number: string, act: DeskAct, status: number): string =>
  `/shop/orders/${number}${status === 202 ? "" : `?done=${act}`}`;

async function doAct(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, found }: { act: DeskAct; found: Reading },
): Promise<FastifyReply> {
  const { context } = desk;
  const { actor, trade } = found;
  const { fields, wrong } =
    act === "say"
      ? await fieldsWithPhotos(context, request, "say", request.body as Fields, found)
      : { fields: request.body as Fields, wrong: undefined };
  const again = (why: Parameters<typeof attemptOf>[1], now = found, more: Pick<OrderShown, "sure"> = {}) => {
    const attempt = { ...attemptOf(fields, why), act };
    const status = more.sure === undefined ? (why.problem?.status ?? 422) : 200;
    return sendOrder(desk, reply, now, { attempt, status, ...more });
  };
  if (wrong !== undefined) return again(wrong);
  const key = keyOf(act, fields);
  // A yes is to what was seen, and what was typed may mean something else by now.
  if (seesAnother(act, fields, trade)) {
    const before = await pressedBefore(context, actor, key);
    if (before?.how === "done") return seeOther(reply, pathAfter(trade.number, act, before.status));
    return again({ problem: before?.problem.value ?? problem("trade_changed") });
  }
  const made = deskMoveOf(act, fields, { trade, now: await nowOf(context) });
  if (!("body" in made)) return again(made);
  const { body } = made;
  const asked = await askedOnce(context, found, { act, body, fields });
  if (asked !== undefined) return "sure" in asked ? again({}, found, asked) : again(asked);
  const outcome = await context.trades.move(actor, trade.number, body, key);
  if (outcome.how === "done") return seeOther(reply, pathAfter(trade.number, act, outcome.status));
  const fresh = (await context.trades.read(actor, trade.number)) ?? trade;
  return again({ problem: outcome.problem.value }, { ...found, trade: fresh });
}
