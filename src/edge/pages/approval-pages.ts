/** The pages on which a buyer approves what a shop proposes, as a member or as a guest (paragraphs 0063-0067). */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { isKeyTaken, readClock, uuidv7 } from "../../storage/database/database.ts";
import { leadingTo, type Server } from "../http/http.ts";
import { contactCookie, guestCookie, linkCookie, withGuestToken } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { readStanding } from "../../storage/parties/parties.ts";
import { problem, refuse } from "../../core/protocol/protocol.ts";
import { type Attempt, dayIn, payDaysFrom } from "../parts/parts.ts";
import { ApprovalPage } from "../trade-views/trade-views.ts";
import type { Actor } from "../../engines/trades/trades.ts";
import { type Contact, refuseOwnAddress, refuseOwnShop } from "../guests/guests.ts";
import { type GuestWish, noteLanguage, registerGuest } from "../api/api.ts";
import { frameOf, type OrProblem, orProblem, seeOther, sendPage, tags } from "./replies.ts";
import type { PageContext } from "./page-context.ts";
import { attemptOf, digitsOf, type Fields } from "./form-fields.ts";
import {
  addressFilled,
  addressOf,
  approveAsGuestForm,
  guestAddressForm,
  guestCodeForm,
  guestOf,
} from "./person-forms.ts";
import { approvalOf, approveForm, declineForm, noTo } from "./trade-forms.ts";
import {
  type Moved,
  moved,
  mustRead,
  params,
  placeAfter,
  placeAtShop,
  presentOf,
  type Reading,
  readingOfGuest,
  readingToApprove,
  approvalForm,
  approvalPage,
  newGuestCookie,
  asAsked,
  isOpen,
  mailLanguageOf,
  anotherCode,
  approverOf,
  askApproval,
  tradeForm,
} from "./trade-reader.ts";
import { closed } from "../../core/protocol/schemas.ts";

/** How many codes a browser, or an address that many share, may ask for; the trade has a count of its own. */
const codesPerBrowser = { max: 30, timeWindow: "1 hour" };

/** Registers the link to a trade and its approval. */
export function registerApprovalPages(server: Server, context: PageContext): void {
  registerLink(server, context);
  registerApproval(server, context);
  registerGuestContact(server, context);
  registerGuestApproval(server, context);
}

/** The link that the shop hands out. Opening it changes no trade; it puts the link into a cookie and out of sight. */
function registerLink(server: Server, context: PageContext): void {
  server.get(
    "/approve/:token",
    {
      config: { access: ["anyone"], page: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Open the link to approve a trade",
        params: closed({ token: Type.String({ maxLength: 100 }) }),
      },
    },
    (request, reply) => {
      const { token } = request.params;
      const number = context.links.read(token) ?? refuse("not_found");
      context.cookies.write(reply, linkCookie, token, { sameSite: "Lax" });
      return seeOther(reply, `/trades/${number}/approve`);
    },
  );
}

async function sendApproval(
  context: PageContext,
  reply: FastifyReply,
  found: Reading,
  more: { status?: number; attempt?: Attempt; contact?: Contact | undefined } = {},
): Promise<FastifyReply> {
  const { status = 200, contact, ...said } = more;
  const { caller, trade } = found;
  const you = await approverOf(context, found, contact);
  const amountAt = trade.amount === null ? context.ties?.amountAt(trade.number) : undefined;
  // Whoever has no more than the link is told who receives it once they have confirmed the address that the shop has named.
  const isKnown = you.kind !== "stranger" || (you.guest.step === "form" && you.guest.isNamed);
  const present = isKnown ? await presentOf(context, found) : undefined;
  const back = await placeAtShop(context, trade, trade.state);
  const payDays = payDaysFrom(await readClock(context.database), context.settings.timeZone);
  const attempt = said.attempt && atItsDay(said.attempt, payDays);
  return sendPage(
    back === undefined ? reply : leadingTo(reply, back),
    ApprovalPage,
    {
      frame: frameOf(context, caller),
      trade: asAsked(trade),
      you,
      payDays,
      standing: await readStanding(context.database, trade.shop),
      once: uuidv7(),
      present,
      ...said,
      ...(attempt === undefined ? {} : { attempt }),
      ...(amountAt === undefined ? {} : { amountAt }),
    },
    status,
    `/trades/${trade.number}/approve`,
  );
}

/** A day on which it cannot be paid is a mistake in the field where it was chosen. */
function atItsDay(attempt: Attempt, { from, to }: ReturnType<typeof payDaysFrom>): Attempt {
  const { problem: refused, ...rest } = attempt;
  if (refused?.code !== "date_out_of_range" || attempt.values["paymentOn"] !== "date") return attempt;
  const paymentDate: Sentence = (lang) =>
    say("mistake.days", { from: dayIn(lang, from), to: dayIn(lang, to) })(lang);
  return { ...rest, errors: { ...attempt.errors, paymentDate } };
}

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
  if (problem === undefined) return seeOther(reply, await placeAfter(context, found.trade, did, outcome));
  const now = (await readingToApprove(context, request, number)) ?? found;
  const contact = await contactOf(context, request, number);
  const attempt = attemptOf(request.body as Fields, { problem });
  return sendApproval(context, reply, now, { status: problem.status, attempt, contact });
}

function registerApproval(server: Server, context: PageContext): void {
  server.get(
    "/trades/:number/approve",
    { config: approvalPage, schema: { tags, summary: "What a shop asks you to approve", params } },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number, readingToApprove);
      if (found === undefined) return reply;
      if (!isOpen(found.trade) && found.caller.kind !== "invited")
        return seeOther(reply, `/trades/${number}`);
      return sendApproval(context, reply, found, { contact: await contactOf(context, request, number) });
    },
  );
  server.post(
    "/trades/:number/approve",
    { config: tradeForm, schema: { tags, summary: "Approve", params, body: approveForm } },
    async (request, reply) => {
      const found = await mustRead(context, request, reply, request.params.number);
      if (found === undefined) return reply;
      const { trade } = found;
      const made = approvalOf(request.body, trade);
      if (!("body" in made)) {
        return sendApproval(context, reply, found, { status: 422, attempt: attemptOf(request.body, made) });
      }
      const { caller, guest } = found;
      if (await askApproval(context, request, reply, { ...found, body: made.body })) return reply;
      await noteLanguage(context, reply, guest === undefined ? caller : { kind: "guest", id: guest });
      const paid = await orProblem(async () => {
        await refuseOwnShop(context, found.actor, trade.number);
        return { ...made.body, ...(await anotherCode(context, found, request.body)) };
      });
      const outcome =
        "problem" in paid
          ? { problem: paid.problem, waits: false }
          : await moved(context, found.actor, trade.number, paid.value, request.body.key);
      return answerOpen({ context, request, reply, found }, "approve", outcome);
    },
  );
  server.post(
    "/trades/:number/decline",
    { config: approvalForm, schema: { tags, summary: "Decline", params, body: declineForm } },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustRead(context, request, reply, number, readingToApprove);
      if (found === undefined) return reply;
      if (found.role !== "buyer") return refuse("not_allowed", "Only the buyer declines here.");
      // Whoever has the link is not its buyer: to decline in the buyer's name they prove an address like to approve.
      const contact = found.caller.kind === "invited" && (await contactOf(context, request, number));
      if (contact !== false && contact?.confirmed !== true)
        return refuse("not_allowed", "Sign in, or confirm your e-mail address first.");
      const { key, ...fields } = request.body;
      const outcome = await moved(context, found.actor, number, noTo(fields), key);
      return answerOpen({ context, request, reply, found }, "decline", outcome);
    },
  );
}

/** Somebody who has opened the link of a trade without a buyer confirms an address, in this browser. */
function registerGuestContact(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/guest-address",
    {
      config: { ...approvalForm, access: ["invited"], rateLimit: codesPerBrowser },
      schema: { tags, summary: "Send a guest a code", params, body: guestAddressForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustBeInvited(context, request, reply, number);
      if (found === undefined) return reply;
      const { guests, cookies } = context;
      const made = addressOf(request.body);
      const attempt = (wrong: Parameters<typeof attemptOf>[1]) => attemptOf(request.body, wrong);
      if (!("body" in made))
        return sendApproval(context, reply, found, { status: 422, attempt: attempt(made) });
      const language = await mailLanguageOf(context, request, number);
      const { email } = made.body;
      const asked = await orProblem(async () => {
        await refuseOwnAddress(context, found.trade.shop, email);
        return guests.askCode(number, { email, language });
      });
      if ("problem" in asked) {
        const { problem } = asked;
        return sendApproval(context, reply, found, { status: problem.status, attempt: attempt({ problem }) });
      }
      cookies.write(reply, contactCookie, asked.value, { sameSite: "Lax" });
      return seeOther(reply, `/trades/${number}/approve`);
    },
  );
  server.post(
    "/trades/:number/guest-code",
    {
      config: { ...approvalForm, access: ["invited"] },
      schema: { tags, summary: "Confirm the address with the code", params, body: guestCodeForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const found = await mustBeInvited(context, request, reply, number);
      if (found === undefined) return reply;
      const again = (status: number, wrong: Parameters<typeof attemptOf>[1]) =>
        sendApproval(context, reply, found, { status, contact, attempt: attemptOf({}, wrong) });
      const contact = await contactOf(context, request, number);
      const code = digitsOf(request.body.code);
      if (code === undefined) return again(422, { errors: { code: say("mistake.code") } });
      const secret = context.cookies.read(request, contactCookie) ?? "";
      const proven = await orProblem(() => context.guests.confirm(number, secret, code));
      if (!("problem" in proven)) return seeOther(reply, `/trades/${number}/approve`);
      const { problem } = proven;
      return problem.code === "guest_code_invalid"
        ? again(problem.status, { errors: { code: say("mistake.guestCode") } })
        : again(problem.status, { problem });
    },
  );
}

/** What this browser has confirmed on the way to being a guest of this trade. */
function contactOf(
  { guests, cookies }: PageContext,
  request: FastifyRequest,
  number: string,
): Promise<Contact | undefined> {
  return guests.contact(number, cookies.read(request, contactCookie));
}

/** What somebody reads who may become the guest of a trade that nobody has approved; others are sent away. */
async function mustBeInvited(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  number: string,
  open?: Reading,
): Promise<Reading | undefined> {
  const found = open ?? (await mustRead(context, request, reply, number, readingToApprove));
  if (found === undefined) return undefined;
  if (found.caller.kind !== "invited")
    return refuse("not_allowed", "You are known here already: approve as who you are.");
  return found;
}

/** The guest whom another press of the same button is making now. */
async function guestOfOtherPress(...of: Parameters<typeof contactOf>): Promise<string | undefined> {
  for (let look = 0; look < 40; look += 1) {
    const contact = await contactOf(...of);
    if (contact?.confirmed !== true || contact.person !== null) return contact?.person ?? undefined;
    await new Promise((over) => setTimeout(over, 50));
  }
}

/** Who has confirmed an address in this browser becomes the buyer for this once (一時利用, paragraph 0064). */
function registerGuestApproval(server: Server, context: PageContext): void {
  server.post(
    "/trades/:number/approve-as-guest",
    {
      config: { ...approvalForm, access: ["invited", "guest"] },
      schema: { tags, summary: "Approve as a guest", params, body: approveAsGuestForm },
    },
    async (request, reply) => {
      const { number } = request.params;
      const contact = await contactOf(context, request, number);
      // The second press of the button comes when the first has made the guest and frozen the money, or while it is frozen.
      const open = contact?.person == null ? await readingToApprove(context, request, number) : undefined;
      const made = open === undefined ? await guestOfOtherPress(context, request, number) : undefined;
      if (made !== undefined) return answerGuest(context, request, reply, number, made);
      const found = await mustBeInvited(context, request, reply, number, open);
      if (found === undefined) return reply;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendApproval(context, reply, found, {
          contact,
          status: wrong.problem?.status ?? 422,
          attempt: attemptOf(request.body, wrong),
        });
      if (contact?.confirmed !== true || contact.email === undefined)
        return again({ problem: problem("guest_code_invalid", "Confirm your e-mail address first.") });
      const asked = addressFilled(request.body);
      if (asked !== undefined) return sendApproval(context, reply, found, { contact, ...asked });
      const wish = guestOf(request.body, contact.email, found.trade);
      if (!("body" in wish)) return again(wish);
      const approval = approvalOf(request.body, found.trade);
      if (!("body" in approval)) return again(approval);
      const guest = await enterGuest(context, contact.id, wish.body, request.body.key);
      if ("problem" in guest) return again(guest);
      await noteLanguage(context, reply, { kind: "guest", id: guest.value });
      const as: Actor = { kind: "person", id: guest.value, opens: number };
      const outcome = await moved(context, as, number, approval.body, request.body.key);
      // While it waits, the trade does not name its buyer yet.
      if (!outcome.waits && (await forgetUnlessBuyer(context, number, guest.value)))
        return again(outcome.problem === undefined ? {} : { problem: outcome.problem });
      await context.guests.spend(contact.id, guest.value);
      return answerGuest(context, request, reply, number, guest.value, outcome);
    },
  );
}

/** They are the guest of the trade from now on: their own link is in the browser, and shown once. */
async function answerGuest(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  number: string,
  guest: string,
  outcome?: Moved,
): Promise<FastifyReply> {
  const { guests, cookies, database } = context;
  // Who presses a second time gets no other link than the first: a later one goes to their address only.
  if (await guests.links.isFirst(guest)) {
    const link = await guests.links.give(database, { person: guest, number });
    cookies.write(reply, guestCookie, withGuestToken(cookies.read(request, guestCookie), link));
    cookies.write(reply, newGuestCookie, number);
  }
  const found = await readingOfGuest(context, guest, number);
  if (outcome?.problem !== undefined && found !== undefined) {
    const { problem: refused } = outcome;
    const attempt = attemptOf(request.body as Fields, { problem: refused });
    return sendApproval(context, reply, found, { status: refused.status, attempt });
  }
  const isWaiting = outcome?.waits ?? found?.trade.pending != null;
  const came = { problem: undefined, waits: isWaiting, state: found?.trade.state };
  return seeOther(reply, await placeAfter(context, found?.trade ?? { number }, "approve", came));
}

/** Enters the guest and answers its id; the same one again where the form is sent again. */
async function enterGuest(
  context: PageContext,
  contact: string,
  wish: GuestWish,
  key: string | undefined,
): Promise<OrProblem<string>> {
  const enter = () => registerGuest(context, contact, wish, key);
  return orProblem(() =>
    enter().catch((error: unknown) => {
      // Two presses at once enter the same guest; the later one finds what the first has entered.
      if (!isKeyTaken(error)) throw error;
      return enter();
    }),
  );
}

/** Nothing is kept of a guest whose approval did not come to be: no trade would ever erase it. True where that was so. */
async function forgetUnlessBuyer(
  { database, trades }: PageContext,
  number: string,
  guest: string,
): Promise<boolean> {
  const isBuyer = (await trades.guestOf(number)) === guest;
  if (!isBuyer) await members.erasePeople(database, [guest], await readClock(database));
  return !isBuyer;
}
