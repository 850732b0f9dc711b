/** What operators and lenders press on the pages of lent lines. */
import { say, type Sentence, wordsIn } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { formatMoney, isCurrency, parseMoney, toWire } from "../../core/money/money.ts";
import { isId, numberTyped, type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed, numberSchema } from "../../core/protocol/schemas.ts";
import { digestOf, once, type Outcome } from "../../engines/engine/engine.ts";
import { type LentLine, readLine } from "../../engines/lending/lending.ts";
import { type Client, idFrom, uuidv7 } from "../../storage/database/database.ts";
import { type Caller, signerOf } from "../../storage/identity/identity.ts";
import { findByName, readParties } from "../../storage/parties/parties.ts";
import { callerAmong, checkCurrency, memberNumber } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { attemptOf, field, key, orProblem, type PageContext, seeOther, tags } from "../pages/pages.ts";
import { callOne, type Calling, endPart, giveTo, type LendWish, setLine, stopOne } from "./acts.ts";
import { byId, sendLine, sendLines } from "./line-pages.ts";
import { lenderKinds, lineFor } from "./lines.ts";

/** What calls can say. */
const most = BigInt(Number.MAX_SAFE_INTEGER);
const operators = ["operator"] as const;
const refusals = ["not_authenticated", "not_allowed", "not_found"] as const;
const desk = { access: operators, page: true, form: true } as const;
const own = { access: lenderKinds, page: true, form: true } as const;
/** What stands in the way and has no field of its own to stand at. */
const setRefusals = [...refusals, "four_eyes_required", "already_exists", "lent_line_exceeded"] as const;

export function registerLineForms(server: Server, context: PageContext): void {
  registerLending(server, context);
  registerStopping(server, context);
  registerCalling(server, context);
  registerGiving(server, context);
  registerEnding(server, context);
}

/** An amount that was typed, 0 among them; undefined where it is none that calls can say. */
function typedLimit(text: string | undefined, currency: string): number | undefined {
  const amount = parseMoney((text ?? "").normalize("NFKC"), currency);
  return amount === undefined || amount < 0n || amount > most ? undefined : toWire(amount);
}

/** Undefined where it was done, or waits for another operator; then the reply leads there. */
function leadOn(reply: FastifyReply, outcome: Outcome<unknown>, back: string): Problem | undefined {
  if (outcome.how === "done") {
    seeOther(reply, back);
    return undefined;
  }
  const problem = outcome.problem.value;
  if (problem.code !== "four_eyes_required" || problem.act === undefined) return problem;
  seeOther(reply, `${back}?asked=yes`);
  return undefined;
}

/** The lender that an operator means, by its id or its name. */
async function lenderTyped(client: Client, text: string): Promise<string | undefined> {
  const typed = text.trim();
  if (!isId(typed)) return typed === "" ? undefined : findByName(client, typed, lenderKinds);
  const [party] = await readParties(client, [typed]);
  const lends = lenderKinds.some((kind) => kind === party?.kind) && party?.state === "approved";
  return lends ? typed : undefined;
}

function currencyTyped(context: PageContext, text: string | undefined): string | undefined {
  const typed = (text ?? "").normalize("NFKC").trim().toUpperCase();
  if (!isCurrency(typed)) return undefined;
  try {
    checkCurrency(context, typed);
    return typed;
  } catch {
    return undefined;
  }
}

function registerLending(server: Server, context: PageContext): void {
  const { database } = context;
  const set = context.confirming.act<LendWish>("lent-line.set", setLine);
  const asking = (request: FastifyRequest, operator: string, once: string | undefined, args: LendWish) => {
    const digest = digestOf("POST", request.url, args);
    return set({ operator, key: once, digest, subject: args.id }, args);
  };
  server.post(
    "/lent-lines",
    {
      config: { ...desk, acts: ["lent-line.set"], refusals: [...setRefusals, "currency_mismatch"] },
      schema: {
        tags,
        summary: "Lend a line",
        body: closed({ lender: field(200), currency: field(10), limit: field(40), key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { key: once, ...fields } = request.body;
      const lender = await lenderTyped(database, fields.lender ?? "");
      const currency = currencyTyped(context, fields.currency);
      const limit = typedLimit(fields.limit, currency ?? "JPY");
      const errors = {
        ...(lender === undefined ? { lender: say("lent.noLender") } : {}),
        ...(currency === undefined ? { currency: say("mistake.currency") } : {}),
        ...(limit === undefined ? { limit: say("mistake.amount") } : {}),
      };
      if (lender === undefined || currency === undefined || limit === undefined)
        return sendLines(context, reply, caller, { attempt: attemptOf(fields, { errors }) });
      // The same press names the same line.
      const id = once === undefined ? uuidv7() : idFrom(`lent by ${once} of ${caller.id}`);
      const outcome = await asking(request, caller.id, once, { id, lender, currency, limit });
      const problem = leadOn(reply, outcome, "/lent-lines");
      if (problem === undefined) return reply;
      return sendLines(context, reply, caller, { attempt: attemptOf(fields, { problem }) });
    },
  );
  server.post(
    "/lent-lines/:id/limit",
    {
      config: { ...desk, acts: ["lent-line.set"], refusals: setRefusals },
      schema: {
        tags,
        summary: "Set what is lent, also where the line was stopped",
        params: byId,
        body: closed({ limit: field(40), key }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      const { lender, currency } = (await readLine(database, id)) ?? refuse("not_found");
      const { key: once, limit: typed = "" } = request.body;
      const limit = typedLimit(typed, currency);
      const at = `limit-${id}`;
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendLines(context, reply, caller, { attempt: attemptOf({ [at]: typed }, wrong) });
      if (limit === undefined) return again({ errors: { [at]: say("mistake.amount") } });
      const outcome = await asking(request, caller.id, once, { id, lender, currency, limit });
      const problem = leadOn(reply, outcome, "/lent-lines");
      return problem === undefined ? reply : again({ problem });
    },
  );
}

function registerStopping(server: Server, context: PageContext): void {
  const stop = context.confirming.act<{ id: string }>("lent-line.stop", stopOne);
  server.post(
    "/lent-lines/:id/stop",
    {
      config: { ...desk, acts: ["lent-line.stop"], refusals },
      schema: { tags, summary: "Stop a line", params: byId, body: closed({ key }) },
    },
    async (request, reply) => {
      const { id: operator } = await callerAmong(context, request, operators);
      const { id } = request.params;
      const digest = digestOf("POST", request.url, {});
      const outcome = await stop({ operator, key: request.body.key, digest, subject: id }, { id });
      const problem = leadOn(reply, outcome, "/lent-lines");
      return problem === undefined ? reply : refuse(problem.code, problem.detail);
    },
  );
}

function registerCalling(server: Server, context: PageContext): void {
  const call = context.confirming.act<Calling>("lent-line.call", callOne);
  server.post(
    "/lent-lines/:id/calls",
    {
      config: {
        ...desk,
        acts: ["lent-line.call"],
        refusals: [...refusals, "wrong_check_digit", "amount_mismatch"],
      },
      schema: {
        tags,
        summary: "Have the lender make good what a member owes, as much as the page said",
        params: byId,
        body: closed({ member: numberSchema, owed: Type.String({ pattern: "^[1-9][0-9]{0,15}$" }), key }),
      },
    },
    async (request, reply) => {
      const { caller, line } = await deskLine(context, request, request.params.id);
      const { id } = line;
      const { member } = request.body;
      memberNumber(member);
      // What the operator has read, and not what is owed by now.
      const args = { id, member, owed: Number(request.body.owed) };
      const digest = digestOf("POST", request.url, args);
      const sum = { currency: line.currency, amount: BigInt(request.body.owed) };
      const asked = { operator: caller.id, key: request.body.key, digest, subject: id, ...sum };
      const problem = leadOn(reply, await call(asked, args), `/lent-lines/${id}`);
      if (problem === undefined) return reply;
      return sendLine(context, reply, caller, line, { attempt: attemptOf({}, { problem }) });
    },
  );
}

async function deskLine(context: PageContext, request: FastifyRequest, id: string) {
  await callerAmong(context, request, operators);
  return lineFor(context, request, id);
}

/** The line of whoever lends it, for whom alone it is there. */
async function ownLine(context: PageContext, request: FastifyRequest, id: string) {
  await callerAmong(context, request, lenderKinds);
  return lineFor(context, request, id);
}

/** Does what a lender asks for, once for its key, and leads back to the line. */
async function asLender(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, line, args }: { caller: Caller; line: LentLine; args: Readonly<Record<string, unknown>> },
  effect: (client: Client) => Promise<object>,
): Promise<Problem | undefined> {
  const body = request.body as { key?: string };
  const asked = { caller: caller.id, key: body.key, digest: digestOf("POST", request.url, args) };
  const done = await orProblem(() =>
    once(context.database, asked, async (client) => ({ status: 200, body: await effect(client) })),
  );
  if ("problem" in done) return done.problem;
  seeOther(reply, `/lent-lines/${line.id}`);
  return undefined;
}

/** What is wrong, at the field where it can be put right. */
function wrongOf(problem: Problem, line: LentLine, at: { member: string; limit: string }) {
  const errors: Partial<Record<Problem["code"], Record<string, Sentence>>> = {
    not_found: { [at.member]: say("lent.noMember") },
    wrong_check_digit: { [at.member]: say("lent.noMember") },
    credit_limit_exceeded: { [at.limit]: say("lent.tooLittle") },
    lent_line_exceeded: {
      [at.limit]: (lang) =>
        wordsIn(lang)("lent.tooMuch", { left: formatMoney(line.most - line.given, line.currency, lang) }),
    },
  };
  const known = line.stoppedAt === null ? errors[problem.code] : undefined;
  return known === undefined ? { problem } : { errors: known };
}

function registerGiving(server: Server, context: PageContext): void {
  server.post(
    "/lent-lines/:id/members",
    {
      config: {
        ...own,
        refusals: [
          ...refusals,
          "member_not_approved",
          "shop_suspended",
          "lent_line_exceeded",
          "sign_in_changed_lately",
        ],
      },
      schema: {
        tags,
        summary: "Give a member so much of your line",
        params: byId,
        body: closed({ member: field(40), limit: field(40), key }),
      },
    },
    async (request, reply) => {
      const { caller, line } = await ownLine(context, request, request.params.id);
      const { member: typed = "", limit: said = "" } = request.body;
      const member = numberTyped(typed);
      const fields = { member: typed, limit: said };
      const again = (wrong: Parameters<typeof attemptOf>[1]) =>
        sendLine(context, reply, caller, line, { attempt: attemptOf(fields, wrong) });
      const limit = typedLimit(said, line.currency);
      if (limit === undefined) return again({ errors: { limit: say("mistake.amount") } });
      if (!/^[0-9]{1,18}$/.test(member)) return again({ errors: { member: say("lent.noMember") } });
      const args = { member, limit };
      const problem = await asLender(context, request, reply, { caller, line, args }, (client) =>
        giveTo(client, line, { number: member, most: BigInt(limit), signer: signerOf(caller) }),
      );
      if (problem === undefined) return reply;
      const fresh = (await readLine(context.database, line.id)) ?? line;
      return again(wrongOf(problem, fresh, { member: "member", limit: "limit" }));
    },
  );
}

function registerEnding(server: Server, context: PageContext): void {
  server.post(
    "/lent-lines/:id/ends",
    {
      config: { ...own, refusals: [...refusals, "wrong_check_digit"] },
      schema: {
        tags,
        summary: "Take from a member all of your line that is not in use",
        params: byId,
        body: closed({ member: numberSchema, key }),
      },
    },
    async (request, reply) => {
      const { caller, line } = await ownLine(context, request, request.params.id);
      const { member } = request.body;
      memberNumber(member);
      const problem = await asLender(context, request, reply, { caller, line, args: { member } }, (client) =>
        endPart(client, line, member),
      );
      if (problem === undefined) return reply;
      return sendLine(context, reply, caller, line, { attempt: attemptOf({}, { problem }) });
    },
  );
}
