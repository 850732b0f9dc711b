/**
 * The pages on which people meet a trading server: home, signing in, and becoming a member. A form is answered with a
 * redirect where it was taken and with itself where it was not; each carries a key, so that pressing twice is doing once.
 */
import { addLanguageRoute } from "../words/words.ts";
import { say } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { dammValid, refuse, tradeNumberLength } from "../../core/protocol/protocol.ts";
import {
  applyAsMember,
  callerAmong,
  callerOf,
  keepLanguage,
  noteLanguage,
  signIn,
  signInByPasskey,
  signOut,
  wasSignedIn,
  wasSignedInAs,
} from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { proofOf } from "../moments/moments.ts";
import {
  GoOnPage,
  HomePage,
  JoinPage,
  SignInPage,
  type SignInProps,
  WelcomePage,
} from "../member-views/member-views.ts";
import { assets, type Attempt } from "../parts/parts.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { idFrom, uuidv7 } from "../../storage/database/database.ts";
import {
  type Caller,
  type CallerKind,
  contactCookie,
  guestCookie,
  linkCookie,
  withGuestToken,
  withoutGuest,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { filledNarrow, attemptOf, emptyForm, keptIn, type Fields, keyForm } from "./form-fields.ts";
import type { PageContext } from "./page-context.ts";
import {
  addressFilled,
  applicationOf,
  joinForm,
  linkForm,
  passkeySignInForm,
  signInForm,
} from "./person-forms.ts";
import {
  frameOf,
  memberOf,
  nextQuery,
  type OrProblem,
  orProblem,
  pathOf,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "./replies.ts";
import { LinkPage } from "../trade-views/trade-views.ts";
import { closed, numberSchema } from "../../core/protocol/schemas.ts";

const toAnyone = { access: ["anyone"], page: true } as const;
const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: "1 minute" } });

/** Registers home, signing in and out, and becoming a member. */
export function registerPeoplePages(server: Server, context: PageContext): void {
  addLanguageRoute(server, context.cookies, async (request, language) =>
    keepLanguage(context, await callerOf(context, request), language),
  );
  registerAssets(server);
  registerHome(server, context);
  registerSignIn(server, context);
  registerGuestLink(server, context);
  registerLostLink(server, context);
  registerJoin(server, context);
}

function registerAssets(server: Server): void {
  for (const { path, type, body } of assets) {
    server.get(
      path,
      { config: { access: ["anyone"] }, schema: { tags, summary: "A file that the pages use" } },
      (_request, reply) =>
        reply.header("cache-control", "public, max-age=31536000, immutable").type(type).send(body),
    );
  }
}

function registerHome(server: Server, context: PageContext): void {
  server.get(
    "/",
    { config: toAnyone, schema: { tags, summary: "What this service is" } },
    async (request, reply) =>
      sendPage(reply, HomePage, { frame: frameOf(context, await callerOf(context, request)) }),
  );
}

function registerSignIn(server: Server, context: PageContext): void {
  const show = async (reply: FastifyReply, status: number, props: Omit<SignInProps, "passkey">) =>
    sendPage(reply, SignInPage, { ...props, passkey: await context.moments.signInOptions() }, status);
  server.get(
    "/signin",
    { config: toAnyone, schema: { tags, summary: "The form for signing in", querystring: nextQuery } },
    async (request, reply) => {
      const { next } = request.query;
      const frame = frameOf(context, await callerOf(context, request));
      const ended = next !== undefined && frame.signedIn === undefined && wasSignedIn(context, request);
      return show(reply, 200, { frame, next: next && pathOf(next), ended });
    },
  );
  server.post(
    "/signin",
    {
      config: { ...toAnyone, form: true, refusals: ["sign_in_failed", "too_many_requests"] },
      schema: { tags, summary: "Sign in", body: signInForm },
    },
    async (request, reply) => {
      const { email: typed, password = "", next, ...rest } = request.body;
      const email = filledNarrow(typed) ?? "";
      const kept = keptIn(rest);
      const answer = await signIn(context, request, reply, { email, password });
      if (!("refused" in answer))
        return afterSignIn(context, request, reply, { caller: answer.caller, next, kept });
      const attempt = attemptOf({ email }, { problem: answer.refused });
      const frame = { face: context.face };
      return show(reply, answer.refused.status, { frame, next: next && pathOf(next), attempt, kept });
    },
  );
  server.post(
    "/signin/passkey",
    {
      config: {
        ...toAnyone,
        form: true,
        refusals: ["passkey_refused", "sign_in_failed", "too_many_requests"],
        ...perMinute(60),
      },
      schema: { tags, summary: "Sign in with a passkey", body: passkeySignInForm },
    },
    async (request, reply) => {
      const { next, proof, ...rest } = request.body;
      const kept = keptIn(rest);
      const entered = await orProblem(async () => {
        const { response = refuse("passkey_refused") } = proofOf(request, { proof });
        return signInByPasskey(context, request, reply, response);
      });
      if ("value" in entered)
        return afterSignIn(context, request, reply, { caller: entered.value, next, kept });
      const attempt = attemptOf({}, entered);
      const frame = { face: context.face };
      return show(reply, entered.problem.status, { frame, next: next && pathOf(next), attempt, kept });
    },
  );
  server.post(
    "/signout",
    { config: { ...toAnyone, form: true }, schema: { tags, summary: "Sign out", body: emptyForm } },
    async (request, reply) => {
      await signOut(context, request, reply);
      for (const cookie of [linkCookie, guestCookie, contactCookie]) context.cookies.clear(reply, cookie);
      return seeOther(reply, "/");
    },
  );
}

/** Where those begin who have not come for anything, and not with their trades. */
const firstPages: { readonly [kind in CallerKind]?: string } = { collector: "/counter", operator: "/desk" };

/** Where somebody goes who has signed in; first to what they had typed before, where it was they. */
async function afterSignIn(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, next, kept }: { caller: Caller; next: string | undefined; kept: ReturnType<typeof keptIn> },
): Promise<FastifyReply> {
  await noteLanguage(context, reply, caller);
  if (kept !== undefined && wasSignedInAs(context, request, caller)) {
    const frame = frameOf(context, caller);
    return sendPage(reply, GoOnPage, { frame, kept, back: pathOf(next) }, 200, pathOf(next));
  }
  return seeOther(reply, pathOf(next, firstPages[caller.kind]));
}

/** A guest's own link. Opening it puts it into a cookie and out of sight, and ends the one before. */
function registerGuestLink(server: Server, context: PageContext): void {
  server.get(
    "/guest/:token",
    {
      config: { ...toAnyone, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Open a guest's own link",
        params: closed({ token: Type.String({ maxLength: 120 }) }),
      },
    },
    async (request, reply) => {
      const { token } = request.params;
      const guest = await context.guests.links.open(token);
      if (guest?.trade === undefined)
        return refuse("not_found", "This link has ended; there is a newer one, or none.");
      const links = withGuestToken(context.cookies.read(request, guestCookie), token);
      context.cookies.write(reply, guestCookie, links, { sameSite: "Lax" });
      return seeOther(reply, `/trades/${guest.trade}`);
    },
  );
  server.post(
    "/trades/:number/link",
    {
      config: { access: ["guest"], page: true, form: true, refusals: ["not_authenticated", "not_found"] },
      schema: {
        tags,
        summary: "End a guest's link, and send a new one to their address",
        params: closed({ number: numberSchema }),
        body: keyForm,
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const caller = await callerAmong(context, request, ["guest"]);
      if (caller.trade !== number) return refuse("not_found");
      if (!(await context.guests.sendLink(number, true)))
        return refuse("not_allowed", "No mail can be sent to you. An operator ends the link.");
      const { cookies } = context;
      const left = withoutGuest(cookies.read(request, guestCookie), caller.id);
      if (left === "") cookies.clear(reply, guestCookie);
      else cookies.write(reply, guestCookie, left, { sameSite: "Lax" });
      cookies.clear(reply, contactCookie);
      return seeOther(reply, "/link?sent=yes");
    },
  );
}

/** For guests who have lost theirs. It goes to their address only, and the answer tells nobody whether there is one. */
function registerLostLink(server: Server, context: PageContext): void {
  const query = closed({
    sent: Type.Optional(Type.Literal("yes")),
    number: Type.Optional(Type.String({ maxLength: 40 })),
  });
  server.get(
    "/link",
    { config: toAnyone, schema: { tags, summary: "A guest has lost their link", querystring: query } },
    async (request, reply) => {
      const frame = frameOf(context, await callerOf(context, request));
      const { sent, number } = request.query;
      const attempt = attemptOf({ number }, {});
      return sendPage(reply, LinkPage, { frame, sent: sent === "yes", attempt });
    },
  );
  server.post(
    "/link",
    {
      config: { ...toAnyone, form: true, ...perMinute(20) },
      schema: { tags, summary: "Send a guest a new link", body: linkForm },
    },
    async (request, reply) => {
      const { number: typed = "" } = request.body;
      const number = typed.normalize("NFKC").replaceAll(/[\s-]/g, "");
      if (number.length === tradeNumberLength && dammValid(number)) {
        await context.guests.sendLink(number, false);
        return seeOther(reply, "/link?sent=yes");
      }
      const frame = frameOf(context, await callerOf(context, request));
      const attempt = attemptOf({ number: typed }, { errors: { number: say("mistake.number") } });
      return sendPage(reply, LinkPage, { frame, attempt }, 422);
    },
  );
}

function registerJoin(server: Server, context: PageContext): void {
  const currency = context.settings.currencies[0] ?? "JPY";
  const show = (reply: FastifyReply, status: number, next: string | undefined, attempt?: Attempt) => {
    const shown = { next: next && pathOf(next), ...(attempt === undefined ? {} : { attempt }) };
    return sendPage(
      reply,
      JoinPage,
      { frame: { face: context.face }, once: uuidv7(), currency, ...shown },
      status,
    );
  };
  server.get(
    "/join",
    {
      config: toAnyone,
      schema: { tags, summary: "The form for becoming a member", querystring: nextQuery },
    },
    (request, reply) => show(reply, 200, request.query.next),
  );
  server.post(
    "/join",
    {
      config: { ...toAnyone, form: true, ...perMinute(600) },
      schema: { tags, summary: "Become a member", body: joinForm },
    },
    async (request, reply) => {
      const { next } = request.body;
      const asked = addressFilled(request.body);
      if (asked !== undefined) return show(reply, asked.status, next, asked.attempt);
      const made = applicationOf(request.body, context.face.means ?? []);
      if (!("body" in made)) return show(reply, 422, next, attemptOf(request.body, made));
      const joined = await join(context, request, made.body);
      if ("problem" in joined)
        return show(reply, joined.problem.status, next, attemptOf(request.body, joined));
      const { email = "", password = "" } = request.body;
      const signedIn = await signIn(context, request, reply, { email: filledNarrow(email) ?? "", password });
      if ("refused" in signedIn) return seeOther(reply, "/signin");
      await noteLanguage(context, reply, signedIn.caller);
      const onward = next === undefined ? "" : `?next=${encodeURIComponent(pathOf(next))}`;
      return seeOther(reply, `/welcome${onward}`);
    },
  );
  server.get(
    "/welcome",
    { config: toMember, schema: { tags, summary: "Your member number", querystring: nextQuery } },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const [person] = await members.readPeopleById(context.database, [caller.id]);
      if (person === undefined || person.state === "erased") return refuse("not_found");
      const { number, state } = person;
      const next = request.query.next && pathOf(request.query.next);
      const frame = frameOf(context, caller);
      return sendPage(reply, WelcomePage, { frame, number: String(number), state, next });
    },
  );
}

/** Enters the member, once for the key of the form. */
async function join(
  context: PageContext,
  request: FastifyRequest,
  application: Parameters<typeof applyAsMember>[2],
): Promise<OrProblem<unknown>> {
  const { contact, password = "" } = application;
  return orProblem(async () => {
    // Hashed before the transaction, which would otherwise stay open for the time that this takes.
    const passwordHash = await context.identity.hashPassword(contact.email ?? "", password, request.ip);
    const approved = context.settings.approval === "none";
    const { key, ...fields } = request.body as Fields;
    const asked = { caller: idFrom(`join ${request.ip}`), key, digest: digestOf("POST", "/join", fields) };
    const note = await context.noted(application);
    return once(context.database, asked, async (client) => {
      const entered = await applyAsMember(context, client, application, { approved, passwordHash });
      await note(client, entered.body.number);
      return entered;
    });
  });
}
