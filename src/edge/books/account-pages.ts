/** The pages that only an institution has, since they need its ledger: a member's accounts and their statements. */
import type { FastifyReply } from "fastify";
import Type from "typebox";
import type { Caller } from "../../storage/identity/identity.ts";
import {
  always,
  type Between,
  type Client,
  type Database,
  pageBy,
  uuidv7,
} from "../../storage/database/database.ts";
import type { Server } from "../http/http.ts";
import { readAccounts, readStatement } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { toWire } from "../../core/money/money.ts";
import { daysAfter, type ProblemCode, refuse, startOfDay } from "../../core/protocol/protocol.ts";
import { closed, idSchema, pageSchema } from "../../core/protocol/schemas.ts";
import {
  attemptOf,
  frameOf,
  isSignedOut,
  meansForm,
  meansOf,
  memberOf,
  nextQuery,
  orProblem,
  type PageContext,
  pathOf,
  seeOther,
  sendPage,
  tags,
  toMember,
  waitingOf,
} from "../pages/pages.ts";
import {
  AccountsPage,
  type AccountView,
  type EntryView,
  type StatementDays,
  StatementPage,
} from "../member-views/member-views.ts";
import { type Attempt, noAttempt } from "../parts/parts.ts";
import { digestOf, once } from "../../engines/engine/engine.ts";
import { readTradesOfHolds } from "../../engines/trades/trades.ts";
import { addMethod, callerOf, type MethodWish, refuseWhileHeld } from "../api/api.ts";
import { say } from "../words/words.ts";
import { cursorFrom, cursorOf } from "./ledger-routes.ts";
import { numbersOf } from "./entry-numbers.ts";
import { readTransfers } from "./transfer-store.ts";

/** What each of these means of payment has free, by its id; left out where it has no account yet. */
export async function availableOf(
  database: Database,
  methods: readonly members.MethodDetails[],
): Promise<Map<string, bigint>> {
  const ids = methods.flatMap(({ account }) => account ?? []);
  const accounts = await readAccounts(database, ids);
  const free = new Map(accounts.map(({ id, posted, held, floor }) => [id, posted - held - floor]));
  return new Map(
    methods.flatMap(({ id, account }) => {
      const available = free.get(account ?? "");
      return available === undefined ? [] : [[id, available] as const];
    }),
  );
}

async function accountsOf({ database }: PageContext, person: string): Promise<AccountView[]> {
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

/** The accounts of a member, with what can be opened beside them. */
function registerAccounts(server: Server, context: PageContext, isFunded: boolean): void {
  const { database, settings, face } = context;
  const kinds = face.means ?? [];
  const show = async (reply: FastifyReply, member: Caller, next: string | undefined, wrong?: Attempt) => {
    const [person] = await members.readPeopleById(database, [member.id]);
    const attempt = wrong ?? noAttempt;
    const shown = {
      frame: frameOf(context, member),
      accounts: await accountsOf(context, member.id),
      number: String(person?.number ?? ""),
      waiting: await waitingOf(context, member.id),
      adds: { kinds, currencies: settings.currencies, once: uuidv7(), next: next && pathOf(next), attempt },
      isFunded,
    };
    return sendPage(reply, AccountsPage, shown, attempt.problem?.status ?? (wrong === undefined ? 200 : 422));
  };
  server.get(
    "/accounts",
    { config: toMember, schema: { tags, summary: "Your accounts", querystring: nextQuery } },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      if (isSignedOut(caller)) return seeOther(reply, "/signin?next=/accounts");
      return show(reply, await memberOf(context, request), request.query.next);
    },
  );
  server.post(
    "/accounts",
    {
      config: { ...toMember, form: true, refusals: ["not_authenticated", "not_allowed"] },
      schema: { tags, summary: "Add a means of payment", body: meansForm },
    },
    async (request, reply) => {
      const member = await memberOf(context, request);
      const { key, ...fields } = request.body;
      const { next } = fields;
      const made = meansOf(fields, kinds);
      if (!("body" in made)) return show(reply, member, next, attemptOf(fields, made));
      const asked = { caller: member.id, key, digest: digestOf("POST", "/accounts", fields) };
      const added = await orProblem(async () => {
        await refuseWhileHeld(database, member.id);
        return once(database, asked, (client) => addOnce(context, client, member.id, made.body));
      });
      if (!("problem" in added)) {
        const { isNew } = added.value.view.value;
        return isNew || next !== undefined
          ? seeOther(reply, pathOf(next, "/accounts"))
          : show(reply, member, next, attemptOf(fields, { errors: { currency: say("mistake.hasOne") } }));
      }
      const isCode = made.body.kind === "prepaid" && codeProblems.has(added.problem.code);
      const wrong = isCode ? { errors: { token: say("mistake.voucher") } } : added;
      return show(reply, member, next, attemptOf(fields, wrong));
    },
  );
}

/** What says of a code that it is no good, and not of whoever has typed it. */
const codeProblems: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "not_found",
  "already_exists",
  "currency_mismatch",
]);

/**
 * Adds a means of payment. Of what has no code there is one in each currency: who asks for it again, as in another tab, has
 * it already.
 */
async function addOnce(context: PageContext, client: Client, person: string, wish: MethodWish) {
  const known = await members.lockMethods(client, person);
  const has = known.some(
    ({ kind, currency, state, trade, lender }) =>
      kind === wish.kind &&
      currency === wish.currency &&
      state !== "closed" &&
      trade == null &&
      lender == null,
  );
  const isAnother = wish.kind === "prepaid" || !has;
  if (isAnother) await addMethod(context, client, person, wish);
  return { status: 201, body: { isNew: isAnother } };
}

/** Registers `/accounts` and the statements. `isFunded`: whether this server has pages to bring money to them and pay from there. */
export function registerAccountPages(server: Server, context: PageContext, isFunded = false): void {
  registerAccounts(server, context, isFunded);
  const params = closed({ id: idSchema });
  // A form sends its empty fields, too.
  const day = Type.Optional(Type.Union([Type.String({ format: "day" }), Type.Literal("")]));
  const querystring = closed({ ...pageSchema.properties, from: day, to: day });
  server.get(
    "/accounts/:id",
    {
      config: toMember,
      schema: { tags, summary: "A statement, newest first", params, querystring },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const account = (await accountsOf(context, caller.id)).find(({ id }) => id === request.params.id);
      if (account === undefined) return refuse("not_found");
      const cursor = cursorFrom(request.query.after);
      const days = { from: request.query.from || undefined, to: request.query.to || undefined };
      const between = betweenDays(days, context.settings.timeZone);
      const found = await readStatement(context.database, account.id, statementPage + 1, cursor, between);
      const { items: shown, next } = pageBy(found, statementPage, (entry) => entry, cursorOf);
      const entries = await entriesOf(context, caller.id, shown);
      return sendPage(reply, StatementPage, {
        frame: frameOf(context, caller),
        account,
        entries,
        next,
        days,
      });
    },
  );
}

/** The instants around whole days of a time zone. */
function betweenDays({ from, to }: StatementDays, timeZone: string): Between {
  return {
    after: from === undefined ? always.after : new Date(startOfDay(from, timeZone).getTime() - 1),
    before: to === undefined ? always.before : startOfDay(daysAfter(to, 1), timeZone),
  };
}

async function entriesOf(
  { database }: PageContext,
  person: string,
  entries: Awaited<ReturnType<typeof readStatement>>,
): Promise<EntryView[]> {
  const moved = entries.filter(({ kind }) => kind === "transfer").map(({ command }) => command);
  const transfers = await readTransfers(database, moved);
  const holds = [...new Set(entries.flatMap(({ hold }) => hold ?? []))];
  const trades = await readTradesOfHolds(database, person, holds);
  const numberOf = await numbersOf(database, entries);
  return entries.map((entry) => {
    const { command, leg, kind, posted, held, hold, at } = entry;
    const transfer = transfers.get(command);
    return {
      id: `${command}-${leg}`,
      at: at.toISOString(),
      kind: transfer?.kind ?? kind,
      posted: toWire(posted),
      held: toWire(held),
      trade: trades.get(hold ?? "") ?? null,
      number: numberOf(entry),
      reference: transfer?.reference ?? null,
    };
  });
}
