/**
 * The institution's pages for people (申込端末 40): the same services as the routes for programs, behind forms. A form is
 * answered with a redirect where it was taken and with itself where it was not; each carries a key, so that pressing twice
 * is doing once. Names and ids that a browser test can rely on are listed in docs/decisions/0008-pages.md.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { uuidv7 } from "../database/database.ts";
import type { Server } from "../http/http.ts";
import { type Caller, linkCookie } from "../identity/identity.ts";
import { readAccounts, readStatement } from "../ledger/ledger.ts";
import * as members from "../members/members.ts";
import { toWire } from "../money/money.ts";
import { readShops } from "../parties/parties.ts";
import { type Problem, refuse } from "../protocol/protocol.ts";
import { idSchema, pageSchema } from "../protocol/schemas.ts";
import {
  AccountsPage,
  type AccountView,
  assets,
  type Attempt,
  type EntryView,
  HomePage,
  JoinPage,
  MandatesPage,
  ProblemPage,
  render,
  SignInPage,
  StatementPage,
  WelcomePage,
} from "../terminals/terminals.ts";
import { placeFrom, placeOf } from "./ledger-routes.ts";
import { frameOf, isSignedOut, refusalOf, seeOther, sendPage } from "./pages-answers.ts";
import {
  applicationOf,
  attemptOf,
  emptyForm,
  type Fields,
  joinForm,
  keyForm,
  signInForm,
} from "./pages-forms.ts";
import { readTradesOfHolds } from "./pages-store.ts";
import { registerTradePages } from "./pages-trades.ts";
import { readTransfers } from "./transfer-store.ts";
import {
  applyAsMember,
  callerOf,
  type Context,
  idFrom,
  once,
  pageWish,
  requestHash,
  signIn,
  signOut,
} from "../trading/trading.ts";

const closed = { additionalProperties: false } as const;
const tags = ["Pages"];
const toAnyone = { access: ["anyone"], page: true } as const;
const toMember = { access: ["member"], page: true, refusals: ["not_authenticated"] } as const;
const perMinute = (max: number) => ({ rateLimit: { max, timeWindow: "1 minute" } });

/** The page that a person gets instead of a problem in JSON. */
export function renderProblem(refused: Problem): string {
  return render(ProblemPage, { frame: {}, problem: refused });
}

export function registerPages(server: Server, context: Context): void {
  registerAssets(server);
  registerHome(server, context);
  registerSignIn(server, context);
  registerJoin(server, context);
  registerAccounts(server, context);
  registerMandates(server, context);
  registerTradePages(server, context);
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

function registerHome(server: Server, context: Context): void {
  server.get(
    "/",
    { config: toAnyone, schema: { tags, summary: "What this service is" } },
    async (request, reply) =>
      sendPage(reply, render(HomePage, { frame: frameOf(await callerOf(context, request)) })),
  );
}

/** A path on this server, for going on after signing in; where it is none, the trades. */
function pathOf(next: string | undefined): string {
  return next !== undefined && /^\/(?!\/)[A-Za-z0-9/?=&_-]{0,190}$/.test(next) ? next : "/trades";
}

function registerSignIn(server: Server, context: Context): void {
  const query = Type.Object({ next: Type.Optional(Type.String({ maxLength: 200 })) }, closed);
  server.get(
    "/signin",
    { config: toAnyone, schema: { tags, summary: "The form for signing in", querystring: query } },
    async (request, reply) => {
      const { next } = request.query;
      const frame = frameOf(await callerOf(context, request));
      return sendPage(reply, render(SignInPage, { frame, next: next && pathOf(next) }));
    },
  );
  server.post(
    "/signin",
    {
      config: { ...toAnyone, form: true, refusals: ["sign_in_failed", "too_many_requests"] },
      schema: { tags, summary: "Sign in", body: signInForm },
    },
    async (request, reply) => {
      const { email = "", password = "", next } = request.body;
      const answer = await signIn(context, request, reply, { email, password });
      if (!("refused" in answer)) return seeOther(reply, pathOf(next));
      const attempt = attemptOf({ email }, { problem: answer.refused });
      const html = render(SignInPage, { frame: {}, next: next && pathOf(next), attempt });
      return sendPage(reply, html, answer.refused.status);
    },
  );
  server.post(
    "/signout",
    { config: { ...toAnyone, form: true }, schema: { tags, summary: "Sign out", body: emptyForm } },
    async (request, reply) => {
      await signOut(context, request, reply);
      context.cookies.clear(reply, linkCookie);
      return seeOther(reply, "/");
    },
  );
}

function registerJoin(server: Server, context: Context): void {
  const currency = context.settings.currencies[0] ?? "JPY";
  const show = (reply: FastifyReply, status: number, attempt?: Attempt) => {
    const shown = attempt === undefined ? {} : { attempt };
    return sendPage(reply, render(JoinPage, { frame: {}, once: uuidv7(), currency, ...shown }), status);
  };
  server.get(
    "/join",
    { config: toAnyone, schema: { tags, summary: "The form for becoming a member" } },
    (_, reply) => show(reply, 200),
  );
  server.post(
    "/join",
    {
      config: { ...toAnyone, form: true, ...perMinute(600) },
      schema: { tags, summary: "Become a member", body: joinForm },
    },
    async (request, reply) => {
      const made = applicationOf(request.body);
      if (!("body" in made)) return show(reply, 422, attemptOf(request.body, made));
      const refused = await join(context, request, made.body);
      if (refused !== undefined)
        return show(reply, refused.status, attemptOf(request.body, { problem: refused }));
      const { email = "", password = "" } = request.body;
      const signedIn = await signIn(context, request, reply, { email: email.trim(), password });
      return seeOther(reply, "refused" in signedIn ? "/signin" : "/welcome");
    },
  );
  server.get(
    "/welcome",
    { config: toMember, schema: { tags, summary: "Your member number" } },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const [person] = await members.readPeopleById(context.database, [caller.id]);
      if (person === undefined || person.state === "erased") return refuse("not_found");
      const { number, state } = person;
      return sendPage(reply, render(WelcomePage, { frame: frameOf(caller), number: String(number), state }));
    },
  );
}

/** Enters the member, once for the key of the form; the refusal where that cannot be. */
async function join(
  context: Context,
  request: FastifyRequest,
  application: Parameters<typeof applyAsMember>[2],
): Promise<Problem | undefined> {
  const { contact, password = "" } = application;
  return refusalOf(async () => {
    // Hashed before the transaction, which would otherwise stay open for the time that this takes.
    const passwordHash = await context.identity.hashPassword(contact.email ?? "", password, request.ip);
    const approved = context.settings.approval === "none";
    const { key, ...fields } = request.body as Fields;
    const hash = requestHash("POST", "/join", fields);
    await once(context.database, idFrom(`join ${request.ip}`), key, hash, (client) =>
      applyAsMember(context, client, application, { approved, passwordHash }),
    );
  });
}

/** The member who is signed in. Refuses everybody else. */
async function memberOf(context: Context, request: FastifyRequest): Promise<Caller> {
  const caller = await callerOf(context, request);
  if (caller.kind === "member") return caller;
  return refuse(isSignedOut(caller) ? "not_authenticated" : "not_allowed");
}

async function accountsOf({ database }: Context, person: string): Promise<AccountView[]> {
  const methods = await members.listMethods(database, person);
  const ids = methods.flatMap(({ account }) => account ?? []);
  const accounts = new Map((await readAccounts(database, ids)).map((account) => [account.id, account]));
  return methods.flatMap(({ kind, account }) => {
    const found = accounts.get(account ?? "");
    if (found === undefined) return [];
    const { id, currency, posted, held, floor } = found;
    return [{ id, kind, currency, posted, held, floor, available: posted - held - floor }];
  });
}

const statementPage = 50;

function registerAccounts(server: Server, context: Context): void {
  server.get(
    "/accounts",
    { config: toMember, schema: { tags, summary: "Your accounts" } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/accounts");
      const member = await memberOf(context, request);
      const accounts = await accountsOf(context, member.id);
      return sendPage(reply, render(AccountsPage, { frame: frameOf(member), accounts }));
    },
  );
  const params = Type.Object({ id: idSchema }, closed);
  server.get(
    "/accounts/:id",
    {
      config: toMember,
      schema: { tags, summary: "A statement, newest first", params, querystring: pageSchema },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const account = (await accountsOf(context, caller.id)).find(({ id }) => id === request.params.id);
      if (account === undefined) return refuse("not_found");
      const place = placeFrom(request.query.after);
      const found = await readStatement(context.database, account.id, statementPage + 1, place);
      const shown = found.slice(0, statementPage);
      const entries = await entriesOf(context, caller.id, shown);
      const next = found.length > statementPage ? placeOf(shown.at(-1)) : null;
      return sendPage(reply, render(StatementPage, { frame: frameOf(caller), account, entries, next }));
    },
  );
}

async function entriesOf(
  { database }: Context,
  person: string,
  entries: Awaited<ReturnType<typeof readStatement>>,
): Promise<EntryView[]> {
  const moved = entries.filter(({ kind }) => kind === "transfer").map(({ command }) => command);
  const transfers = await readTransfers(database, moved);
  const holds = [...new Set(entries.flatMap(({ hold }) => hold ?? []))];
  const trades = await readTradesOfHolds(database, person, holds);
  return entries.map(({ command, leg, kind, posted, held, hold, at }) => {
    const transfer = transfers.get(command);
    return {
      id: `${command}-${leg}`,
      at: at.toISOString(),
      kind: transfer?.kind ?? kind,
      posted: toWire(posted),
      held: toWire(held),
      trade: trades.get(hold ?? "") ?? null,
      reference: transfer?.reference ?? null,
    };
  });
}

function registerMandates(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/mandates",
    { config: toMember, schema: { tags, summary: "What you allow shops", querystring: pageSchema } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/mandates");
      const member = await memberOf(context, request);
      const { limit, after } = pageWish(request.query);
      const found = await members.listMandates(database, member.id, limit + 1, after);
      const shown = found.slice(0, limit);
      const shops = await readShops(database, [...new Set(shown.map(({ shop }) => shop))]);
      const names = new Map(shops.map(({ id, name }) => [id, name]));
      const mandates = shown.map((mandate) => ({
        id: mandate.id,
        shopName: names.get(mandate.shop) ?? mandate.shop,
        currency: mandate.currency,
        limit: toWire(mandate.limit),
        used: toWire(mandate.used),
        until: mandate.until.toISOString(),
        acceptors: mandate.acceptors,
        revoked: mandate.revokedAt !== null,
      }));
      const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
      return sendPage(
        reply,
        render(MandatesPage, { frame: frameOf(member), mandates, next, once: uuidv7() }),
      );
    },
  );
  server.post(
    "/mandates/:id/revoke",
    {
      config: { ...toMember, form: true, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Take a permission back",
        params: Type.Object({ id: idSchema }, closed),
        body: keyForm,
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      // A permission that has been taken back already stays so: a second press is no mistake.
      await members.revokeMandate(database, caller.id, request.params.id);
      return seeOther(reply, "/mandates");
    },
  );
}
