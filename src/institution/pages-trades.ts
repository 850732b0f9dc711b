/** The pages of trades: the list, one trade with what can be done to it, and approval (paragraphs 0063-0068). */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { errorCode, uuidv7 } from "../database/database.ts";
import type { Server } from "../http/http.ts";
import { type Caller, linkCookie } from "../identity/identity.ts";
import { readAccounts, readClock } from "../ledger/ledger.ts";
import * as members from "../members/members.ts";
import { type ActorRole, type Problem, refuse, type TradeView } from "../protocol/protocol.ts";
import { type MoveBody, pageSchema, numberSchema } from "../protocol/schemas.ts";
import {
  type ActAttempt,
  ApprovalPage,
  type Approver,
  type Attempt,
  type MethodView,
  render,
  sentence,
  type TradeAct,
  tradeActs,
  TradePage,
  TradesPage,
} from "../terminals/terminals.ts";
import type { Actor } from "../trades/trades.ts";
import { frameOf, isSignedOut, refusalOf, seeOther, sendPage } from "./pages-answers.ts";
import {
  actForms,
  approvalOf,
  approveAsGuestForm,
  approveForm,
  attemptOf,
  declineForm,
  type Fields,
  guestOf,
  moveOf,
} from "./pages-forms.ts";
import { isGuestBornOn } from "./pages-store.ts";
import {
  actorOf,
  callerOf,
  type Context,
  type GuestWish,
  idFrom,
  pageWish,
  registerGuest,
} from "../trading/trading.ts";

const closed = { additionalProperties: false } as const;
const tags = ["Pages"];
const access = ["member", "guest", "shop", "carrier", "provider", "operator"] as const;
const page = { access, page: true, refusals: ["not_authenticated", "not_found"] } as const;
// Whoever has found a link may not try all dates of birth; nobody presses this many buttons.
const actsPerTrade = {
  rateLimit: {
    max: 30,
    timeWindow: "1 hour",
    keyGenerator: (request: FastifyRequest) => (request.params as { number: string }).number,
  },
};
const form = { ...page, form: true, ...actsPerTrade } as const;
const params = Type.Object({ number: numberSchema }, closed);
const done = ["approve", "decline", ...tradeActs] as const;
const say = sentence("en");
/** SQLSTATE 23505. */
const uniqueViolation = "23505";

export function registerTradePages(server: Server, context: Context): void {
  registerLink(server, context);
  registerList(server, context);
  registerTrade(server, context);
  for (const act of tradeActs) registerAct(server, context, act);
  registerApproval(server, context);
  registerGuestApproval(server, context);
}

/** One person's view of one trade. */
interface Reading {
  caller: Caller;
  actor: Actor;
  role: ActorRole;
  trade: TradeView;
  /** The guest whom the trade is for, where somebody reads it who has a link to it and is not signed in. */
  guest: string | undefined;
}

/** What the caller may see of the trade; undefined where that is nothing. */
async function reading(
  context: Context,
  request: FastifyRequest,
  number: string,
): Promise<Reading | undefined> {
  const caller = await callerOf(context, request);
  if (caller.kind === "nobody") return undefined;
  // Between asking who holds the link and reading the trade, another press of the same button may have made them its
  // guest: they are then somebody else, and asked for once more.
  return (await readAs(context, request, caller, number)) ?? (await readAs(context, request, caller, number));
}

async function readAs(
  context: Context,
  request: FastifyRequest,
  caller: Caller,
  number: string,
): Promise<Reading | undefined> {
  const actor = await actorOf(context, request, caller);
  const trade = await context.trades.read(actor, number);
  if (trade === undefined) return undefined;
  const linked = caller.kind === "guest";
  const guest = linked && trade.buyer !== null ? actor.id : undefined;
  const role = linked || caller.kind === "member" ? "buyer" : (caller.kind as ActorRole);
  return { caller, actor, role, trade, guest };
}

/** The same for an address that must lead to a trade: others are sent to sign in, or are told that there is none. */
async function mustRead(context: Context, request: FastifyRequest, reply: FastifyReply, number: string) {
  const found = await reading(context, request, number);
  if (found !== undefined) return found;
  if (!isSignedOut(await callerOf(context, request))) return refuse("not_found");
  seeOther(
    reply,
    `/signin?next=${request.method === "GET" ? request.url.split("?")[0] : `/trades/${number}`}`,
  );
  return undefined;
}

/** The link that the buyer was given. Opening it changes no trade; it puts the link into a cookie and out of sight. */
function registerLink(server: Server, context: Context): void {
  server.get(
    "/approve/:token",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Open the link to a trade",
        params: Type.Object({ token: Type.String({ maxLength: 100 }) }, closed),
      },
    },
    (request, reply) => {
      const { token } = request.params;
      const number = context.links.read(token);
      if (number === undefined) return refuse("not_found");
      context.cookies.write(reply, linkCookie, token, { sameSite: "Lax" });
      return seeOther(reply, `/trades/${number}/approve`);
    },
  );
}

function registerList(server: Server, context: Context): void {
  server.get(
    "/trades",
    { config: page, schema: { tags, summary: "Your trades, newest first", querystring: pageSchema } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/trades");
      const actor = await actorOf(context, request, caller);
      const { items, next } = await context.trades.list(actor, pageWish(request.query));
      return sendPage(reply, render(TradesPage, { frame: frameOf(caller), trades: items, next }));
    },
  );
}

async function sendTrade(
  context: Context,
  reply: FastifyReply,
  { caller, actor, role, trade, guest }: Reading,
  more: { status?: number; attempt?: ActAttempt; done?: (typeof done)[number] | undefined },
): Promise<FastifyReply> {
  const { status = 200, ...said } = more;
  const events = (await context.trades.events(actor, trade.number))?.items ?? [];
  const shown = { frame: frameOf(caller), trade, events, role, guest: guest !== undefined, once: uuidv7() };
  return sendPage(reply, render(TradePage, { ...shown, ...said }), status);
}

function registerTrade(server: Server, context: Context): void {
  const query = Type.Object(
    { done: Type.Optional(Type.Unsafe<(typeof done)[number]>({ type: "string", enum: [...done] })) },
    closed,
  );
  server.get(
    "/trades/:number",
    { config: page, schema: { tags, summary: "One trade", params, querystring: query } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      return found === undefined ? reply : sendTrade(context, reply, found, { done: request.query.done });
    },
  );
}

/** A finding where a guest has not given the date of birth that belongs to the trade. */
async function unproven(
  { database }: Context,
  { guest }: Reading,
  fields: Fields,
): Promise<Record<string, string> | undefined> {
  if (guest === undefined) return undefined;
  const day = fields["birthDate"] ?? "";
  const proven = /^[0-9]{4}-[0-1][0-9]-[0-3][0-9]$/.test(day) && (await isGuestBornOn(database, guest, day));
  return proven ? undefined : { birthDate: say("mistake.birthDate") };
}

/** Moves a trade; the refusal where it was not moved. */
async function moved(
  { trades }: Context,
  actor: Actor,
  number: string,
  body: MoveBody,
  key: string | undefined,
): Promise<Problem | undefined> {
  const { status, text } = await trades.move(actor, number, body, key);
  return status >= 400 ? (JSON.parse(text) as Problem) : undefined;
}

function registerAct(server: Server, context: Context, act: TradeAct): void {
  server.post(
    `/trades/:number/${act}`,
    { config: form, schema: { tags, summary: `The form to ${act}`, params, body: actForms[act] } },
    async (request, reply) => {
      const { number } = request.params;
      const fields = request.body as Fields;
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      const shownAs = act === "accept" && fields["all"] === "yes" ? "accept-all" : act;
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1], now = found) =>
        sendTrade(context, reply, now, { status, attempt: { ...attemptOf(fields, wrong), act: shownAs } });
      const errors = await unproven(context, found, fields);
      if (errors !== undefined) return again(422, { errors });
      const made = moveOf(act, fields, found.trade);
      if (!("body" in made)) return again(422, made);
      const problem = await moved(context, found.actor, number, made.body, fields["key"]);
      if (problem === undefined) return seeOther(reply, `/trades/${number}?done=${act}`);
      return again(problem.status, { problem }, (await reading(context, request, number)) ?? found);
    },
  );
}

async function methodsOf({ database }: Context, person: string): Promise<MethodView[]> {
  const methods = (await members.listMethods(database, person)).filter(({ state }) => state === "active");
  const accounts = await readAccounts(
    database,
    methods.flatMap(({ account }) => account ?? []),
  );
  return methods.map(({ id, kind, currency, account }) => {
    const found = accounts.find((one) => one.id === account);
    const available = found === undefined ? null : found.posted - found.held - found.floor;
    return { id, kind, currency, available };
  });
}

async function approverOf(context: Context, { caller, trade, guest }: Reading): Promise<Approver> {
  if (caller.kind === "member") return { kind: "member", methods: await methodsOf(context, caller.id) };
  if (guest !== undefined) return { kind: "guest" };
  if (caller.kind !== "guest") return refuse("not_allowed", "Only the buyer approves here.");
  return { kind: "stranger", signIn: `/signin?next=/trades/${trade.number}/approve` };
}

async function sendApproval(
  context: Context,
  reply: FastifyReply,
  found: Reading,
  more: { status?: number; attempt?: Attempt } = {},
): Promise<FastifyReply> {
  const { status = 200, ...said } = more;
  const { caller, trade } = found;
  const you = await approverOf(context, found);
  const html = render(ApprovalPage, { frame: frameOf(caller), trade, you, once: uuidv7(), ...said });
  return sendPage(reply, html, status);
}

const isOpen = ({ state }: TradeView) => state === "proposed" || state === "refused";

/** What became of it: the trade, or the form again with what stood in the way. */
async function answerOpen(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  found: Reading,
  outcome: { did: "approve" | "decline"; problem: Problem | undefined },
): Promise<FastifyReply> {
  const { number } = found.trade;
  const { did, problem } = outcome;
  if (problem === undefined) return seeOther(reply, `/trades/${number}?done=${did}`);
  const now = (await reading(context, request, number)) ?? found;
  const attempt = attemptOf(request.body as Fields, { problem });
  return sendApproval(context, reply, now, { status: problem.status, attempt });
}

function registerApproval(server: Server, context: Context): void {
  server.get(
    "/trades/:number/approve",
    { config: page, schema: { tags, summary: "What a shop asks you to approve", params } },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      return isOpen(found.trade) ? sendApproval(context, reply, found) : seeOther(reply, `/trades/${number}`);
    },
  );
  server.post(
    "/trades/:number/approve",
    { config: form, schema: { tags, summary: "Approve", params, body: approveForm } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      const { trade } = found;
      const errors = await unproven(context, found, request.body);
      const made = errors === undefined ? approvalOf(request.body, trade) : { errors };
      if (!("body" in made)) {
        return sendApproval(context, reply, found, { status: 422, attempt: attemptOf(request.body, made) });
      }
      const problem = await moved(context, found.actor, trade.number, made.body, request.body.key);
      return answerOpen(context, request, reply, found, { did: "approve", problem });
    },
  );
  server.post(
    "/trades/:number/decline",
    { config: form, schema: { tags, summary: "Decline", params, body: declineForm } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      const errors = await unproven(context, found, request.body);
      if (errors !== undefined) {
        return sendApproval(context, reply, found, {
          status: 422,
          attempt: attemptOf(request.body, { errors }),
        });
      }
      const { number } = found.trade;
      const problem = await moved(context, found.actor, number, { do: "cancel" }, request.body.key);
      return answerOpen(context, request, reply, found, { did: "decline", problem });
    },
  );
}

/** Somebody who holds the link of a trade without a buyer becomes its buyer for this once (一時利用, paragraph 0064). */
function registerGuestApproval(server: Server, context: Context): void {
  server.post(
    "/trades/:number/approve-as-guest",
    {
      config: { ...form, access: ["guest"] },
      schema: { tags, summary: "Approve as a guest", params, body: approveAsGuestForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      if (found.caller.kind !== "guest")
        return refuse("not_allowed", "You are signed in: approve as a member.");
      // The second press of the button comes when the first has made the guest and frozen the money.
      if (found.guest !== undefined && !isOpen(found.trade))
        return seeOther(reply, `/trades/${number}?done=approve`);
      if (found.guest !== undefined || !isOpen(found.trade)) return sendApproval(context, reply, found);
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendApproval(context, reply, found, {
          status: wrong.problem?.status ?? 422,
          attempt: attemptOf(request.body, wrong),
        });
      const wish = guestOf(request.body, found.trade);
      if (!("body" in wish)) return again(wish);
      const approval = approvalOf(request.body, found.trade);
      if (!("body" in approval)) return again(approval);
      const guest = await enterGuest(context, number, wish.body, request.body.key);
      if ("problem" in guest) return again(guest);
      const as: Actor = { kind: "person", id: guest.id, opens: number };
      const problem = await moved(context, as, number, approval.body, request.body.key);
      await forgetUnlessBuyer(context, number, guest.id);
      return answerOpen(context, request, reply, found, { did: "approve", problem });
    },
  );
}

/** Enters the guest; the same one again where the form is sent again. */
async function enterGuest(
  context: Context,
  number: string,
  wish: GuestWish,
  key: string | undefined,
): Promise<{ id: string } | { problem: Problem }> {
  const holder: Actor = { kind: "person", id: idFrom(`guest of ${number}`) };
  let id = "";
  const problem = await refusalOf(async () => {
    id = await registerGuest(context, holder, wish, key).catch((error: unknown) => {
      // Two presses at once enter the same guest; the later one finds what the first has entered.
      if (errorCode(error) !== uniqueViolation) throw error;
      return registerGuest(context, holder, wish, key);
    });
  });
  return problem === undefined ? { id } : { problem };
}

/** Nothing is kept of a guest whose approval did not come to be: no trade would ever erase it. */
async function forgetUnlessBuyer(
  { database, trades }: Context,
  number: string,
  guest: string,
): Promise<void> {
  if ((await trades.guestOf(number)) === guest) return;
  await members.erasePeople(database, [guest], await readClock(database));
}
