/** The pages on which a buyer approves what a shop proposes, as a member or as a guest (paragraphs 0063-0067). */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { errorCode, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import { linkCookie } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { readStanding } from "../../storage/parties/parties.ts";
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { type Attempt, render } from "../parts/parts.ts";
import { ApprovalPage, type Approver, type MethodView } from "../trade-views/trade-views.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { type GuestWish, noteLanguage, registerGuest } from "../api/api.ts";
import { frameOf, type OrProblem, orProblem, seeOther, sendPage, tags } from "./replies.ts";
import type { PageContext } from "./page-context.ts";
import { attemptOf, type Fields } from "./form-fields.ts";
import { approveAsGuestForm, guestOf } from "./person-forms.ts";
import { approvalOf, approveForm, declineForm } from "./trade-forms.ts";
import {
  type Moved,
  moved,
  mustRead,
  params,
  pathAfter,
  type Reading,
  reading,
  tradeForm,
  tradePage,
  unproven,
} from "./trade-reader.ts";
import { closed } from "../../core/protocol/schemas.ts";

/** SQLSTATE 23505. */
const uniqueViolation = "23505";

/** Registers the link to a trade and its approval. */
export function registerApprovalPages(server: Server, context: PageContext): void {
  registerLink(server, context);
  registerApproval(server, context);
  registerGuestApproval(server, context);
}

/** The link that the buyer was given. Opening it changes no trade; it puts the link into a cookie and out of sight. */
function registerLink(server: Server, context: PageContext): void {
  server.get(
    "/approve/:token",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Open the link to a trade",
        params: closed({ token: Type.String({ maxLength: 100 }) }),
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

async function methodsOf(context: PageContext, person: string): Promise<MethodView[]> {
  const found = await members.listMethods(context.database, person);
  const methods = found.filter(({ state }) => state === "active");
  const { availableOf, ties } = context;
  const free = await availableOf?.(methods);
  const places = await ties?.institutionsOf(methods);
  return methods.map(({ id, kind, currency }) => {
    const institution = ties?.institutions.find((one) => one.id === places?.get(id))?.name;
    return {
      id,
      kind,
      currency,
      ...(free === undefined ? {} : { available: free.get(id) ?? null }),
      ...(institution === undefined ? {} : { institution }),
    };
  });
}

async function approverOf(context: PageContext, { caller, trade, guest }: Reading): Promise<Approver> {
  if (caller.kind === "member") return { kind: "member", methods: await methodsOf(context, caller.id) };
  if (guest !== undefined) return { kind: "guest" };
  if (caller.kind !== "guest") return refuse("not_allowed", "Only the buyer approves here.");
  return { kind: "stranger", signIn: `/signin?next=/trades/${trade.number}/approve` };
}

async function sendApproval(
  context: PageContext,
  reply: FastifyReply,
  found: Reading,
  more: { status?: number; attempt?: Attempt } = {},
): Promise<FastifyReply> {
  const { status = 200, ...said } = more;
  const { caller, trade } = found;
  const you = await approverOf(context, found);
  const amountAt = trade.amount === null ? context.ties?.amountAt(trade.number) : undefined;
  const html = render(ApprovalPage, {
    frame: frameOf(context, caller),
    trade,
    you,
    standing: await readStanding(context.database, trade.shop),
    once: uuidv7(),
    ...said,
    ...(amountAt === undefined ? {} : { amountAt }),
  });
  return sendPage(reply, html, status);
}

/** Whether it can be approved. What is being reserved has been approved already. */
const isOpen = ({ state, pending }: TradeView) =>
  (state === "proposed" || state === "refused") && pending === null;

interface Asked {
  context: PageContext;
  request: FastifyRequest;
  reply: FastifyReply;
  found: Reading;
}

/** What became of it: the trade, or the form again with what stood in the way. */
async function answerOpen(
  { context, request, reply, found }: Asked,
  did: "approve" | "decline",
  outcome: Moved,
): Promise<FastifyReply> {
  const { number } = found.trade;
  const { problem } = outcome;
  if (problem === undefined) return seeOther(reply, pathAfter(number, did, outcome));
  const now = (await reading(context, request, number)) ?? found;
  const attempt = attemptOf(request.body as Fields, { problem });
  return sendApproval(context, reply, now, { status: problem.status, attempt });
}

function registerApproval(server: Server, context: PageContext): void {
  server.get(
    "/trades/:number/approve",
    { config: tradePage, schema: { tags, summary: "What a shop asks you to approve", params } },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      return isOpen(found.trade) ? sendApproval(context, reply, found) : seeOther(reply, `/trades/${number}`);
    },
  );
  server.post(
    "/trades/:number/approve",
    { config: tradeForm, schema: { tags, summary: "Approve", params, body: approveForm } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      const { trade } = found;
      const errors = await unproven(context, found, request.body);
      const made = errors === undefined ? approvalOf(request.body, trade) : { errors };
      if (!("body" in made)) {
        return sendApproval(context, reply, found, { status: 422, attempt: attemptOf(request.body, made) });
      }
      const { caller, guest } = found;
      await noteLanguage(context, request, guest === undefined ? caller : { kind: "guest", id: guest });
      const outcome = await moved(context, found.actor, trade.number, made.body, request.body.key);
      return answerOpen({ context, request, reply, found }, "approve", outcome);
    },
  );
  server.post(
    "/trades/:number/decline",
    { config: tradeForm, schema: { tags, summary: "Decline", params, body: declineForm } },
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
      const outcome = await moved(context, found.actor, number, { do: "cancel" }, request.body.key);
      return answerOpen({ context, request, reply, found }, "decline", outcome);
    },
  );
}

/** Somebody who holds the link of a trade without a buyer becomes its buyer for this once (一時利用, paragraph 0064). */
function registerGuestApproval(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/approve-as-guest",
    {
      config: { ...tradeForm, access: ["guest"] },
      schema: { tags, summary: "Approve as a guest", params, body: approveAsGuestForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number);
      if (found === undefined) return reply;
      if (found.caller.kind !== "guest")
        return refuse("not_allowed", "You are signed in: approve as a member.");
      // The second press of the button comes when the first has made the guest and frozen the money, or while it is frozen.
      if (found.trade.pending !== null) return seeOther(reply, `/trades/${number}`);
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
      await noteLanguage(context, request, { kind: "guest", id: guest.value });
      const as: Actor = { kind: "person", id: guest.value, opens: number };
      const outcome = await moved(context, as, number, approval.body, request.body.key);
      // While it waits, the trade does not name its buyer yet.
      if (!outcome.waits) await forgetUnlessBuyer(context, number, guest.value);
      return answerOpen({ context, request, reply, found }, "approve", outcome);
    },
  );
}

/** Enters the guest and answers its id; the same one again where the form is sent again. */
async function enterGuest(
  context: PageContext,
  number: string,
  wish: GuestWish,
  key: string | undefined,
): Promise<OrProblem<string>> {
  const holder: Actor = { kind: "person", id: idFrom(`guest of ${number}`) };
  const enter = () => registerGuest(context, holder, wish, key);
  return orProblem(() =>
    enter().catch((error: unknown) => {
      // Two presses at once enter the same guest; the later one finds what the first has entered.
      if (errorCode(error) !== uniqueViolation) throw error;
      return enter();
    }),
  );
}

/** Nothing is kept of a guest whose approval did not come to be: no trade would ever erase it. */
async function forgetUnlessBuyer(
  { database, trades }: PageContext,
  number: string,
  guest: string,
): Promise<void> {
  if ((await trades.guestOf(number)) === guest) return;
  await members.erasePeople(database, [guest], await readClock(database));
}
