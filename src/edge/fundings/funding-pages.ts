/** `/fund` and `/pay-due`: a member brings money to an account, and pays from there. The same as by calls, behind forms. */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply } from "fastify";
import { parseMoney } from "../../core/money/money.ts";
import { isId, numberTyped, type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, numberSchema } from "../../core/protocol/schemas.ts";
import { readFunding } from "../../engines/collections/collections.ts";
import { digestOf, inTransaction, once } from "../../engines/engine/engine.ts";
import { idFrom, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { listMethods } from "../../storage/members/members.ts";
import { callerOf, checkCurrency } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import {
  askProof,
  attemptOf,
  field,
  type Fields,
  filled,
  frameOf,
  isSignedOut,
  key as formKey,
  memberOf,
  nextQuery,
  orProblem,
  pathOf,
  proofFields,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";
import { noAttempt } from "../parts/parts.ts";
import type { PageRoom } from "./accounts.ts";
import { fundingView, openFor } from "./funding-routes.ts";
import { type AccountChoice, FundingPage, FundPage, PayDuePage, type PayDueProps } from "./funding-views.tsx";
import { payableDue, payFrom, toPay } from "./paying.ts";

/** What calls can say. */
const most = BigInt(Number.MAX_SAFE_INTEGER);
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const form = { ...toMember, form: true, refusals } as const;

export function registerFundingPages(server: Server, room: PageRoom): void {
  registerFund(server, room);
  registerFunding(server, room);
  registerPayDue(server, room);
}

/** The accounts of a member that money is brought to, each with the means of payment that it stands behind. */
async function accountsOf(
  { database }: PageRoom,
  member: string,
): Promise<(AccountChoice & { method: string })[]> {
  const methods = await listMethods(database, member);
  const found = await readAccounts(
    database,
    methods.flatMap(({ account }) => account ?? []),
  );
  return methods.flatMap(({ id: method, kind, account }) => {
    const row = found.find(({ id }) => id === account);
    if (row === undefined || row.closed || (kind !== "deposit" && kind !== "prepaid")) return [];
    const { id, currency, posted, held, floor } = row;
    return [{ id, method, kind, currency, available: posted - held - floor }];
  });
}

function registerFund(server: Server, room: PageRoom): void {
  const { database } = room;
  const show = async (reply: FastifyReply, member: Caller, fields: Fields = {}, wrong: Wrong = {}) => {
    const { next, method, ...typed } = fields;
    const accounts = await accountsOf(room, member.id);
    const account = typed["account"] ?? accounts.find((each) => each.method === method)?.id;
    const attempt = attemptOf({ ...typed, account }, wrong);
    const status = wrong.problem?.status ?? (wrong.errors === undefined ? 200 : 422);
    const onward = next && pathOf(next);
    const shown = { frame: frameOf(room, member), accounts, next: onward, once: uuidv7(), attempt };
    return sendPage(reply, FundPage, shown, status);
  };
  server.get(
    "/fund",
    {
      config: toMember,
      schema: {
        tags,
        summary: "Bring money to your account",
        querystring: closed({ method: field(40), amount: field(30), next: field(800) }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(room, request)))
        return seeOther(reply, `/signin?next=${encodeURIComponent(request.url)}`);
      return show(reply, await memberOf(room, request), request.query);
    },
  );
  server.post(
    "/fund",
    {
      config: form,
      schema: {
        tags,
        summary: "A number under which money is brought to your account",
        body: closed({ account: field(40), amount: field(30), next: field(800), key: formKey }),
      },
    },
    async (request, reply) => {
      const member = await memberOf(room, request);
      const { key, ...fields } = request.body;
      const account = (await accountsOf(room, member.id)).find(({ id }) => id === fields.account);
      if (account === undefined) return refuse("not_found");
      const amount = parseMoney((fields.amount ?? "").normalize("NFKC"), account.currency);
      if (amount === undefined || amount <= 0n || amount > most)
        return show(reply, member, fields, { errors: { amount: say("mistake.amount") } });
      const asked = { caller: member.id, key, digest: digestOf("POST", "/fund", fields) };
      const made = await orProblem(() =>
        once(database, asked, async (client) => {
          const { funding } = await openFor(room, client, { account: account.id, amount: Number(amount) });
          return { status: 201, body: { number: funding.number } };
        }),
      );
      if ("problem" in made) return show(reply, member, fields, made);
      const onward =
        fields.next === undefined ? "" : `?${new URLSearchParams({ next: pathOf(fields.next) })}`;
      return seeOther(reply, `/fundings/${made.value.view.value.number}${onward}`);
    },
  );
}

interface Wrong {
  errors?: Record<string, Sentence>;
  problem?: Problem;
}

function registerFunding(server: Server, room: PageRoom): void {
  const { database } = room;
  server.get(
    "/fundings/:number",
    {
      config: { ...toMember, refusals },
      schema: {
        tags,
        summary: "A number under which money is brought to your account",
        params: closed({ number: numberSchema }),
        querystring: nextQuery,
      },
    },
    async (request, reply) => {
      const member = await memberOf(room, request);
      const next = request.query.next && pathOf(request.query.next);
      const funding = await readFunding(database, request.params.number);
      const own = (await accountsOf(room, member.id)).some(({ id }) => id === funding?.account);
      if (funding === undefined || !own) return refuse("not_found");
      const shown = await inTransaction(database, (client) => fundingView(room, client, funding));
      return sendPage(reply, FundingPage, { frame: frameOf(room, member), funding: shown, next });
    },
  );
}

/** A form carries a key of its own: the same press twice is one payment. */
const idOf = (member: string, key: string | undefined): string =>
  key === undefined ? uuidv7() : isId(key) ? key : idFrom(`payment ${key} of ${member}`);

function registerPayDue(server: Server, room: PageRoom): void {
  type Shown = Partial<Pick<PayDueProps, "number" | "due" | "paid" | "attempt">> & { status?: number };
  const show = async (reply: FastifyReply, member: Caller, { status = 200, ...shown }: Shown) => {
    const { number, due, paid = false, attempt = noAttempt } = shown;
    const accounts = await accountsOf(room, member.id);
    const page = { frame: frameOf(room, member), accounts, number, due, paid, once: uuidv7(), attempt };
    return sendPage(reply, PayDuePage, page, status);
  };
  server.get(
    "/pay-due",
    {
      config: { ...toMember, refusals },
      schema: {
        tags,
        summary: "Pay what is due from your account",
        querystring: closed({ number: field(40), paid: field(3) }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(room, request))) return seeOther(reply, "/signin?next=/pay-due");
      const member = await memberOf(room, request);
      const typed = filled(request.query.number);
      if (typed === undefined) return show(reply, member, { paid: request.query.paid === "yes" });
      const number = numberTyped(typed);
      const found = await orProblem(() => payableDue(room, number));
      if ("value" in found) return show(reply, member, { number, due: found.value });
      const attempt = attemptOf({ number: typed }, found);
      return show(reply, member, { number: typed, attempt, status: found.problem.status });
    },
  );
  server.post(
    "/pay-due/:number",
    {
      config: form,
      schema: {
        tags,
        summary: "Pay what is due from your account",
        params: closed({ number: numberSchema }),
        body: closed({
          account: field(40),
          amount: field(20),
          currency: field(3),
          key: formKey,
          ...proofFields,
        }),
      },
    },
    async (request, reply) => {
      const member = await memberOf(room, request);
      const { number } = request.params;
      const { account = "", amount = "", currency = "", key } = request.body;
      if (!/^[1-9][0-9]{0,15}$/.test(amount)) return refuse("invalid_field");
      if (!(await accountsOf(room, member.id)).some(({ id }) => id === account)) return refuse("not_found");
      checkCurrency(room, currency);
      const wish = { id: idOf(member.id, key), tradeNumber: number, amount: Number(amount), currency };
      const asking = { caller: member, act: toPay(wish), back: `/pay-due?number=${number}` };
      if (await askProof(room, request, reply, asking)) return reply;
      const done = await orProblem(async () => {
        const outcome = await payFrom(room, { account, member: member.id, wish, key: undefined });
        return outcome.how === "refused" ? { problem: outcome.problem.value } : { problem: undefined };
      });
      const problem = "problem" in done ? done.problem : done.value.problem;
      if (problem === undefined) return seeOther(reply, "/pay-due?paid=yes");
      const due = await orProblem(() => payableDue(room, number));
      const attempt = attemptOf({ account }, { problem });
      const status = problem.status;
      return show(reply, member, { number, attempt, status, ...("value" in due ? { due: due.value } : {}) });
    },
  );
}
