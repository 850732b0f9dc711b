/** Lines that are lent, over HTTP: lent and called by two operators, given to members by their lenders (paragraph 0081). */
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  currencySchema,
  idSchema,
  limitSchema,
  listOf,
  numberSchema,
  pageSchema,
} from "../../core/protocol/schemas.ts";
import { fromWire, toWire } from "../../core/money/money.ts";
import {
  call,
  give,
  lend,
  type LentLine,
  type LentShare,
  listLines,
  listShares,
  lockLeave,
  lockLine,
  readLine,
  readShare,
  stopLine,
} from "../../engines/lending/lending.ts";
import { type Client, pageOf } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { findMember, lockMember } from "../../storage/members/members.ts";
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
import {
  lenderById,
  lenderKinds,
  lendersOrOperators,
  lineFor,
  linesView,
  lineView,
  partsView,
} from "./lines.ts";
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

interface LendWish {
  id: string;
  lender: string;
  currency: string;
  limit: number;
}

function registerLending(server: Server, context: Context): void {
  const set = operatorAct<LendWish>(
    context,
    "lent-line.set",
    async (client, { id, lender, currency, limit }) => {
      const party = await lenderById(client, lender);
      if (party.state !== "approved") refuse("not_allowed", "Nothing is lent to who is not approved.");
      await lend(client, { id, lender, currency, most: fromWire(limit) });
      const line = (await readLine(client, id)) ?? refuse("not_found");
      return { status: 200, body: await lineView(client, line), tells: lender };
    },
  );
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
  const stop = operatorAct<{ id: string }>(context, "lent-line.stop", async (client, { id }) => {
    if (!(await stopLine(client, id, true))) refuse("not_found");
    const line = (await readLine(client, id)) ?? refuse("not_found");
    return { status: 200, body: await lineView(client, line), tells: line.lender };
  });
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
        body: await giveTo(client, line, member, fromWire(limit)),
      }));
    },
  );
}

/** Locks the member, then the line: so does who takes a leave back. */
async function giveTo(client: Client, { id, lender }: LentLine, number: string, most: bigint) {
  const { state } = await lenderById(client, lender);
  if (state !== "approved") refuse("shop_suspended", "Who is suspended gives nothing more.");
  const member = await lockMember(client, memberNumber(number));
  // Who has not let this lender is, to it, nobody: it learns of no member by trying numbers.
  if (member === undefined || !(await lockLeave(client, member.id, lender)))
    return refuse("not_found", "No member of this number lets you give them credit.");
  if (member.state !== "active") refuse("member_not_approved");
  const line = (await lockLine(client, id)) ?? refuse("not_found");
  const share = await give(client, line, { person: member.id, most });
  return (await partsView(client, [share]))[0] ?? refuse("not_found");
}

/** What a member has of a line. */
async function shareOf(client: Client, id: string, member: string): Promise<LentShare> {
  const person = (await findMember(client, memberNumber(member)))?.id;
  const share = person === undefined ? undefined : await readShare(client, id, person);
  return share ?? refuse("not_found", "No such member has a part of this line.");
}

/** What a member owes on their part of a line now, in minor units. */
async function owedBy(client: Client, id: string, member: string): Promise<number> {
  const [account] = await readAccounts(client, [(await shareOf(client, id, member)).account]);
  return account === undefined || account.posted >= 0n ? 0 : toWire(-account.posted);
}

interface Calling {
  id: string;
  member: string;
  /** What was owed when the first operator asked: the second one agrees to this, and to nothing else. */
  owed: number;
}

function registerCalling(server: Server, context: Context): void {
  const ask = operatorAct<Calling>(context, "lent-line.call", async (client, { id, member, owed }) => {
    const line = (await lockLine(client, id)) ?? refuse("not_found");
    const share = await shareOf(client, id, member);
    const amount = await call(client, line, share);
    if (amount !== BigInt(owed))
      refuse("amount_mismatch", `Owed are ${amount} by now, and ${owed} when this was asked for: ask anew.`);
    const body = { line: id, member, currency: line.currency, amount: toWire(amount) };
    return { status: 200, body, tells: [line.lender, share.person] };
  });
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
      return ask(request, reply, caller, { subject: id, args: { id, member, owed } });
    },
  );
}
