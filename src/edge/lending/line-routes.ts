/** Lines that are lent, over HTTP: lent and called by two operators, given to members by their lenders (paragraph 0081). */
import {
  closed,
  currencySchema,
  idSchema,
  limitSchema,
  listOf,
  numberSchema,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import { fromWire } from "../../core/money/money.ts";
import { listLines, listShares } from "../../engines/lending/lending.ts";
import { pageOf } from "../../storage/database/database.ts";
import { signerOf } from "../../storage/identity/identity.ts";
import {
  answerOnce,
  callerAmong,
  checkCurrency,
  type Context,
  memberNumber,
  operatorAct,
  pageWish,
} from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { type Calling, callOne, giveTo, type LendWish, owedBy, setLine, stopOne } from "./acts.ts";
import { lenderKinds, lendersOrOperators, lineFor, linesView, partsView } from "./lines.ts";
import { lentCallSchema, lentLineSchema, lentPartSchema } from "./shown.ts";

const tags = ["Credit"];
const params = closed({ id: idSchema });
const operators = ["operator"] as const;

export function registerLines(server: Server, context: Context): void {
  registerLending(server, context);
  registerStopping(server, context);
  registerReading(server, context);
  registerGiving(server, context);
  registerCalling(server, context);
}

function registerLending(server: Server, context: Context): void {
  const set = operatorAct<LendWish>(context, "lent-line.set", setLine);
  server.put(
    "/v1/lent-lines/:id",
    {
      config: {
        access: operators,
        acts: ["lent-line.set"],
        refusals: [
          "not_found",
          "already_exists",
          "lent_line_exceeded",
          "unknown_currency",
          "currency_mismatch",
        ],
      },
      schema: {
        tags,
        summary: "Lend a credit line to a shop or an intermediary, who approves members of its own within it",
        description:
          "The id is made by the caller. A lender has one line in a currency. The limit is what members have of it " +
          "together with what the lender has to make good, and not below that.",
        answers: { 200: lentLineSchema },
        params,
        body: closed({ lender: idSchema, currency: currencySchema, limit: limitSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      checkCurrency(context, request.body.currency);
      return set(request, reply, caller, { subject: id, args: { id, ...request.body } });
    },
  );
}

/** One operator stops a line, as a shop: who lends to puppets is stopped before it is understood. */
function registerStopping(server: Server, context: Context): void {
  const stop = operatorAct<{ id: string }>(context, "lent-line.stop", stopOne);
  server.post(
    "/v1/lent-lines/:id/stop",
    {
      config: { access: operators, acts: ["lent-line.stop"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Stop a line: nothing more is given, and within a minute members have only what is in use",
        description: "Two operators let it go on, by setting what is lent.",
        answers: { 200: lentLineSchema },
        params,
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      return stop(request, reply, caller, { subject: id, args: { id } });
    },
  );
}

function registerReading(server: Server, context: Context): void {
  const { database } = context;
  server.get(
    "/v1/lent-lines",
    {
      config: { access: lendersOrOperators },
      schema: {
        tags,
        summary: "The lines lent to you; for operators, all",
        answers: { 200: listOf(lentLineSchema) },
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { kind, id } = await callerAmong(context, request, lendersOrOperators);
      const { limit, after } = pageWish(request.query);
      const lender = kind === "operator" ? null : id;
      const { items, next } = pageOf(
        await listLines(database, { lender, after, limit: limit + 1 }),
        limit,
        (one) => one,
      );
      return { items: await linesView(database, items), next };
    },
  );
  server.get(
    "/v1/lent-lines/:id/members",
    {
      config: { access: lendersOrOperators, refusals: ["not_found"] },
      schema: {
        tags,
        summary: "What the lender's members have of the line",
        answers: { 200: listOf(lentPartSchema) },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { line } = await lineFor(context, request, request.params.id);
      const { limit, after } = pageWish(request.query);
      const { items, next } = pageOf(
        await listShares(database, line.id, limit + 1, after),
        limit,
        (one) => one,
      );
      return { items: await partsView(database, items), next };
    },
  );
}

/** The lender of a line gives a member so much of it, by its own key or sign-in. */
function registerGiving(server: Server, context: Context): void {
  server.post(
    "/v1/lent-lines/:id/members",
    {
      config: {
        access: lenderKinds,
        refusals: [
          "not_found",
          "wrong_check_digit",
          "member_not_approved",
          "shop_suspended",
          "lent_line_exceeded",
          "credit_limit_exceeded",
          "sign_in_changed_lately",
        ],
      },
      schema: {
        tags,
        summary: "Give a member so much of your line, or more or less than before",
        description:
          "Only members who let you (`PUT /v1/members/{number}/lenders/{id}`); anybody else is `not_found`. You stand for " +
          "them: what nobody pays is yours to make good.",
        answers: { 200: lentPartSchema },
        params,
        body: closed({ member: numberSchema, limit: limitSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, lenderKinds);
      const { line } = await lineFor(context, request, request.params.id);
      const { member, limit } = request.body;
      memberNumber(member);
      return answerOnce(context, request, reply, caller, async (client) => ({
        status: 200,
        body: await giveTo(client, line, {
          number: member,
          most: fromWire(limit),
          signer: signerOf(caller),
        }),
      }));
    },
  );
}

function registerCalling(server: Server, context: Context): void {
  const ask = operatorAct<Calling>(context, "lent-line.call", callOne);
  server.post(
    "/v1/lent-lines/:id/calls",
    {
      config: {
        access: operators,
        acts: ["lent-line.call"],
        refusals: ["not_found", "wrong_check_digit", "amount_mismatch"],
      },
      schema: {
        tags,
        summary:
          "Have the lender make good what a member owes on the line; the clock does it thirty days after the debt",
        description: "The debt moves to the lender's account, and the member has no such line any more.",
        answers: { 200: lentCallSchema },
        params,
        body: closed({ member: numberSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, operators);
      const { id } = request.params;
      const { member } = request.body;
      const owed = await owedBy(context.database, id, member);
      const { line } = await lineFor(context, request, id);
      const sum = { currency: line.currency, amount: fromWire(owed) };
      return ask(request, reply, caller, { subject: id, args: { id, member, owed }, ...sum });
    },
  );
}
