/** The pages of trades: the list, and one trade with what can be done to it (paragraph 0068). */
import { say } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { uuidv7 } from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { dammValid, isRefused, tradeNumberLength, type TradeView } from "../../core/protocol/protocol.ts";
import type { Actor, ToTake } from "../../engines/trades/trades.ts";
import { listLookups, noticesOfTrade } from "../../storage/members/members.ts";
import { closed, pageSchema } from "../../core/protocol/schemas.ts";
import type { RecordedLook } from "../member-views/member-views.ts";
import { type FormPhotos, keepFormPhotos } from "../photos/photos.ts";
import { readReturnAddress } from "../../storage/parties/parties.ts";
import { type Attempt, type Frame, isHomeward, isToSend } from "../parts/parts.ts";
import {
  type ActAttempt,
  type Addressee,
  DeliveriesPage,
  type DoorCodeView,
  type NoticeView,
  type TradeAct,
  tradeActs,
  TradePage,
  TradesPage,
} from "../trade-views/trade-views.ts";
import { actorOf, callerOf, pageWish } from "../api/api.ts";
import { answeredBefore, asSeen, isBound, keyOfPress, waitedOf, withVersion } from "../devices/devices.ts";
import { frameOf, isSignedOut, seeOther, sendPage, tags } from "./replies.ts";
import type { PageContext } from "./page-context.ts";
import { attemptOf, type Fields } from "./form-fields.ts";
import { actForms, askedOnceMore, findingOf, moveOf } from "./trade-forms.ts";
import {
  type Moved,
  moved,
  mustRead,
  newGuestCookie,
  nowOf,
  params,
  pathAfter,
  placeAtShop,
  presentOf,
  type Reading,
  reading,
  tradeForm,
  tradePage,
} from "./trade-reader.ts";

const done = ["approve", "decline", ...tradeActs] as const;

/** Registers the list of trades, and one trade with its acts. */
export function registerTradePages(server: Server, context: PageContext): void {
  registerList(server, context);
  registerTrade(server, context);
  for (const act of tradeActs) registerAct(server, context, act);
}

function registerList(server: Server, context: PageContext): void {
  server.get(
    "/trades",
    { config: tradePage, schema: { tags, summary: "Your trades, newest first", querystring: pageSchema } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/trades");
      if (hasDesk(caller)) return seeOther(reply, "/shop");
      const actor = actorOf(context, request, caller);
      const { items, next } = await context.trades.list(actor, pageWish(request.query));
      return sendTrades(context, reply, caller, { trades: items, next });
    },
  );
  const query = closed({ number: Type.Optional(Type.String({ maxLength: 40 })) });
  server.get(
    "/trades/find",
    { config: tradePage, schema: { tags, summary: "Look for a trade by its number", querystring: query } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/trades");
      const { number: typed = "" } = request.query;
      const number = typed.normalize("NFKC").replaceAll(/[\s-]/g, "");
      if (number.length === tradeNumberLength && dammValid(number))
        return seeOther(reply, `/trades/${number}`);
      const actor = actorOf(context, request, caller);
      const { items, next } = await context.trades.list(actor, pageWish({}));
      const errors = { number: say("mistake.number") };
      const attempt = attemptOf({ number: typed }, { errors });
      return sendTrades(context, reply, caller, { trades: items, next, attempt }, 422);
    },
  );
}

/** A shop's people work at its desk, whatever list or order they are led to. A program of the shop reads what it asks for. */
const hasDesk = ({ kind, credential }: Caller): boolean => kind === "shop" && credential.kind === "session";

/** The list in the words of its reader. */
async function sendTrades(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  shown: { trades: TradeView[]; next: string | null; attempt?: Attempt },
  status = 200,
): Promise<FastifyReply> {
  const frame = frameOf(context, caller);
  const { kind } = caller;
  if (kind !== "carrier" && kind !== "provider")
    return sendPage(reply, TradesPage, { frame, trades: shown.trades, next: shown.next }, status);
  const { at: now } = await nowOf(context);
  return sendPage(reply, DeliveriesPage, { frame, role: kind, now, ...shown }, status);
}

/** Whether there is still something to bring, or to say of it. */
const isUnderWay = ({ state }: TradeView) =>
  state === "reserved" || state === "delivered" || state === "rejected";

/** Those who bring or serve are told where, as long as there is something to bring. */
async function addresseeOf(
  { trades }: PageContext,
  { actor, role, trade }: Reading,
): Promise<Addressee | undefined> {
  const { number } = trade;
  if (!isUnderWay(trade) || (role !== "carrier" && role !== "provider")) return undefined;
  const found = await trades.recipient(actor, number);
  return found && { name: found.name, kana: found.kana, address: found.address, phone: found.phone };
}

/** What a carrier who is at the door would take with the acceptance. */
async function toTakeOf(
  { trades }: PageContext,
  { actor, role, trade }: Reading,
): Promise<ToTake | undefined> {
  const found = role === "carrier" ? await trades.toTake(actor, trade.number) : undefined;
  return found === undefined || isRefused(found) || found.amount === 0 ? undefined : found;
}

/** Where what goes back goes to, for whoever sends or carries it; null where the shop has named no place. */
async function returnPlaceOf({ database }: PageContext, { role, trade }: Reading) {
  const goesBack = trade.lots.some((lot) => isToSend(lot) || (isHomeward(lot) && lot.home !== "back"));
  if (role === "shop" || role === "operator" || !goesBack) return undefined;
  const { shop, chain } = trade;
  return (await readReturnAddress(database, chain == null ? [shop] : [shop, chain])) ?? null;
}

/** What operators did for this person on the trade: they are told afterwards. */
async function noticesFor({ database }: PageContext, person: string, number: string): Promise<NoticeView[]> {
  const found = await noticesOfTrade(database, person, BigInt(number));
  return found.map(({ types, channel, at }) => ({ types, channel, at: at.toISOString() }));
}

/** Which operators looked at a guest's data: members read it in their record. */
async function looksAt({ database }: PageContext, guest: string): Promise<RecordedLook[]> {
  const found = await listLookups(database, guest, looksMost);
  return found.map(({ id, reason, trade, at }) => ({
    id,
    reason,
    trade: trade === null ? null : String(trade),
    at: at.toISOString(),
  }));
}
const looksMost = 50;

/** The recipient's link, which the buyer gives to them where they accept: the shop has told where they are, and knows the code. */
async function recipientLinkOf(
  { doorstep, trades }: PageContext,
  { actor, role, trade }: Reading,
): Promise<string | undefined> {
  const { number, acceptance } = trade;
  if (role !== "buyer" || !isUnderWay(trade) || !acceptance.by.includes("recipient")) return undefined;
  return (await trades.recipient(actor, number)) && doorstep.recipientLink(number);
}

/** The recipient has come by a link: what lies on their device is that of the link, whoever is signed in there beside it. */
function giftFrameOf({ face, doorstep }: PageContext, { id, opens = "" }: Actor): Frame {
  const round = {
    tag: doorstep.devices.tagOf(id),
    of: "recipient",
    key: `/gifts/${opens}/device-key`,
  } as const;
  return { face, bare: true, round };
}

/** One trade as the reader sees it, with what was tried or done last. */
export async function sendTrade(
  context: PageContext,
  reply: FastifyReply,
  found: Reading,
  more: {
    status?: number;
    attempt?: ActAttempt;
    done?: (typeof done)[number] | undefined;
    gift?: "link" | "code";
    proven?: boolean;
    doorCode?: DoorCodeView;
    ownLink?: string | undefined;
  },
): Promise<FastifyReply> {
  const { caller, actor, role, trade } = found;
  const { status = 200, ownLink, ...said } = more;
  // Servers wait for each other, not for people: without scripts, the browser asks again by this header.
  // An answer of another server comes in seconds, a person's in days.
  if (trade.pending !== null) reply.header("refresh", trade.pending.awaits === undefined ? "3" : "60");
  else if (trade.taking?.state === "asked") reply.header("refresh", "3");
  const events = (await context.trades.events(actor, trade.number))?.items ?? [];
  const shown = {
    frame: more.gift === "link" ? giftFrameOf(context, actor) : frameOf(context, caller),
    trade,
    events,
    role,
    guest: found.guest === undefined ? undefined : { link: ownLink },
    recipientLink: await recipientLinkOf(context, found),
    atShop: role === "buyer" ? await placeAtShop(context, trade, trade.state) : undefined,
    present: await presentOf(context, found),
    to: await addresseeOf(context, found),
    toTake: await toTakeOf(context, found),
    returnTo: await returnPlaceOf(context, found),
    notices: role === "buyer" ? await noticesFor(context, actor.id, trade.number) : [],
    looks: found.guest === undefined ? [] : await looksAt(context, actor.id),
    now: (await nowOf(context)).at,
    once: uuidv7(),
  };
  return sendPage(reply, TradePage, { ...shown, ...said }, status);
}

function registerTrade(server: Server, context: PageContext): void {
  const query = closed({
    done: Type.Optional(Type.Unsafe<(typeof done)[number]>({ type: "string", enum: [...done] })),
    // For the device that has sent what was pressed on it.
    version: Type.Optional(Type.String({ maxLength: 9 })),
  });
  server.get(
    "/trades/:number",
    { config: tradePage, schema: { tags, summary: "One trade", params, querystring: query } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      if (found.role === "operator") return seeOther(reply, `/desk/trades/${found.trade.number}`);
      // Mails, and whoever has moved it here, lead a shop's people to its desk.
      if (hasDesk(found.caller)) return seeOther(reply, `/shop/orders/${found.trade.number}`);
      const ownLink = await linkToShow(context, request, reply, found);
      return sendTrade(context, reply, found, { done: request.query.done, ownLink });
    },
  );
}

/** A guest's own link, once: a cookie that was set with their approval says that they have not seen it. */
async function linkToShow(
  { cookies, guests }: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { guest, trade: { number, pending } }: Reading,
): Promise<string | undefined> {
  if (guest === undefined || cookies.read(request, newGuestCookie) !== number) return undefined;
  // While it waits, the page is read again by itself, and takes the link away again.
  if (pending === null) cookies.clear(reply, newGuestCookie);
  return guests.linkFor(guest, number);
}

/** The form that an act was tried in. */
export function formOf(act: TradeAct, fields: Fields): NonNullable<ActAttempt["act"]> {
  if (act !== "accept") return act;
  if (fields["code"] !== undefined) {
    if (fields["collected"] !== undefined) return "taken";
    return Object.keys(fields).some((name) => name.startsWith("quantity-")) ? "by-part" : "by-code";
  }
  return fields["all"] === "yes" ? "accept-all" : act;
}

/** The acts whose forms bring photos. */
const withPhotos: readonly TradeAct[] = ["reject", "say"];

/** What the form has said, with the photos that it has brought; these are kept, whatever else is wrong with it. */
export async function fieldsWithPhotos(
  context: PageContext,
  request: FastifyRequest,
  act: TradeAct,
  said: Fields,
  { actor, trade: { number } }: Pick<Reading, "actor" | "trade">,
): Promise<{ fields: Fields; wrong?: FormPhotos["wrong"] }> {
  const { photo: _, ...fields } = said;
  if (!withPhotos.includes(act)) return { fields };
  const { photos, wrong } = await keepFormPhotos(context, request, {
    actor,
    number,
    before: fields["photos"],
  });
  return { fields: Object.assign(fields, { photos }), wrong };
}

/** Who brings photos to a trade now, by their id; undefined for everybody else who reads it. */
export const bringerIn = (
  { photos }: PageContext,
  { actor, trade }: Pick<Reading, "actor" | "trade">,
): string | undefined => (photos.brings(actor, trade) ? actor.id : undefined);

function registerAct(server: Server, context: PageContext, act: TradeAct): void {
  const photosOf = async (request: FastifyRequest) => {
    const found = await reading(context, request, (request.params as { number: string }).number);
    return found && bringerIn(context, found);
  };
  const config = withPhotos.includes(act) ? { ...tradeForm, upload: { photosOf } } : tradeForm;
  server.post(
    `/trades/:number/${act}`,
    { config, schema: { tags, summary: `The form to ${act}`, params, body: actForms[act] } },
    async (request, reply) => {
      const { number } = request.params;
      const waited = await waitedOf(context, request);
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      const { fields, wrong } = await fieldsWithPhotos(context, request, act, request.body as Fields, found);
      const shownAs = formOf(act, fields);
      const again = (
        status: number,
        wrong: Parameters<typeof attemptOf>[1],
        now = found,
        sure?: ActAttempt["sure"],
      ) => {
        const tried = { ...attemptOf(fields, wrong), act: shownAs };
        return sendTrade(context, reply, now, {
          status,
          attempt: sure === undefined ? tried : { ...tried, sure },
        });
      };
      if (wrong !== undefined) return again(422, wrong);
      const key = waited === undefined ? fields["key"] : keyOfPress(act, fields);
      const before = await answeredBefore(context, found.actor, waited && key);
      if (before?.problem !== undefined) return again(before.problem.status, { problem: before.problem });
      const by = { fields, role: found.role };
      const leads = (made: Moved) => withVersion(pathAfter(number, act, made), made, isBound(waited, by));
      if (before !== undefined) return seeOther(reply, leads(before));
      const reader = { ...found, now: await nowOf(context) };
      const made = moveOf(act, fields, reader);
      if (!("body" in made)) return again(422, made);
      const sure = askedOnceMore(act, made.body, Object.assign(reader, { fields }));
      if (sure !== undefined) return again(422, {}, found, sure);
      const outcome = await moved(context, found.actor, number, asSeen(made.body, waited, by), key);
      const { problem } = outcome;
      if (problem === undefined) return seeOther(reply, leads(outcome));
      const now = (await reading(context, request, number)) ?? found;
      return again(problem.status, findingOf(problem, fields), now);
    },
  );
}
