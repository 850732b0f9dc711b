/** Members over HTTP: application, approval, means of payment, erasure, vouchers. */
import {
  forfeitedSchema,
  memberEnteredSchema,
  memberSchema,
  memberStateSchema,
  methodShown,
  voucherSchema,
} from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { Server } from "../http/http.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  amountSchema,
  applicationSchema,
  closed,
  currencySchema,
  idSchema,
  limitSchema,
  methodSchema,
  numberSchema,
  operator,
  text,
} from "../../core/protocol/schemas.ts";
import {
  answerOnce,
  callerAmong,
  callerOf,
  type Context,
  memberFor,
  memberNumber,
  operatorAct,
  refuseWhileHeld,
} from "./context.ts";
import { isProven } from "./session-routes.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { speechFrom, speechQuery } from "../operators/operators.ts";
import { registerMandates } from "./mandates.ts";
import * as people from "./people.ts";
import type { Client } from "../../storage/database/database.ts";

const nothing = closed({});
const params = closed({ number: numberSchema });
const partParams = closed({ number: numberSchema, id: idSchema });

const tags = ["Members"];
const ofMember = ["member", "operator"] as const;

export function registerPeopleRoutes(server: Server, context: Context): void {
  registerApplication(server, context);
  registerReading(server, context);
  registerOperatorsActs(server, context);
  registerMethods(server, context);
  registerMandates(server, context);
  registerErasure(server, context);
  registerForfeit(server, context);
}

function registerApplication(server: Server, context: Context): void {
  server.post(
    "/v1/members",
    {
      config: {
        access: ["anyone", "operator"],
        acts: ["member.add"],
        refusals: [
          "unknown_currency",
          "currency_mismatch",
          "card_number_refused",
          "already_exists",
          "not_found",
          "method_not_usable",
        ],
        rateLimit: { max: 600, timeWindow: "1 minute" },
      },
      schema: {
        tags,
        summary: "Apply for membership",
        answers: { 201: memberEnteredSchema },
        description:
          "With a password and an e-mail address a sign-in is made. Whether the address is in use is not told: " +
          "address and password together say who signs in.",
        body: applicationSchema,
      },
    },
    async (request, reply) => {
      const caller = await callerOf(context, request);
      const { password, contact } = request.body;
      if (password !== undefined && contact.email === undefined) {
        refuse("invalid_field", "A sign-in needs an e-mail address.", {
          errors: [{ pointer: "/contact/email", message: "is missing" }],
        });
      }
      const counted = caller.kind === "operator" ? undefined : request.ip;
      // Hashed before the transaction, which would otherwise stay open for the time that this takes.
      const passwordHash =
        password === undefined
          ? undefined
          : await context.identity.hashPassword(contact.email ?? "", password, counted);
      const { approval, fourEyes } = context.settings;
      const approved = approval === "none" || (caller.kind === "operator" && fourEyes === "off");
      const note = await context.noted(request.body);
      return answerOnce(context, request, reply, caller, async (client) => {
        const entered = await people.applyAsMember(context, client, request.body, { approved, passwordHash });
        await note(client, entered.body.number);
        return entered;
      });
    },
  );
}

function registerReading(server: Server, context: Context): void {
  server.get(
    "/v1/members/:number",
    {
      config: {
        access: ofMember,
        acts: ["member.read"],
        refusals: ["wrong_check_digit", "too_many_requests"],
      },
      schema: {
        tags,
        summary: "Read a member; an operator says why, and leaves a row in the member's record",
        answers: { 200: memberSchema },
        params,
        querystring: closed({ reason: Type.Optional(text(1, 200, "Of an operator; the member reads it")) }),
      },
    },
    async (request) => {
      const number = memberNumber(request.params.number);
      const { kind, id } = await memberFor(context, request, number);
      const looks = kind === "operator" ? { operator: id, reason: request.query.reason } : undefined;
      const view = await inTransaction(context.database, (client) =>
        people.memberView(context, client, number, looks),
      );
      return view ?? refuse("not_found");
    },
  );
}

function registerOperatorsActs(server: Server, context: Context): void {
  const config = { access: ["operator"], refusals: ["wrong_check_digit", "credit_limit_exceeded"] } as const;
  const approve = operatorAct<{ number: string; creditLimit?: number | undefined }>(
    context,
    "member.approve",
    (client, { number, creditLimit }) => people.approveMember(client, BigInt(number), creditLimit),
  );
  server.post(
    "/v1/members/:number/approve",
    {
      config: { ...config, acts: ["member.approve"] },
      schema: {
        tags,
        summary: "Approve an application, a credit line with it where `creditLimit` is given",
        answers: { 200: memberStateSchema },
        params,
        body: closed({ creditLimit: Type.Optional(limitSchema) }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { creditLimit } = request.body;
      return approve(request, reply, caller, { subject: number, args: { number, creditLimit } });
    },
  );
  for (const [act, to] of [
    ["suspend", "suspended"],
    ["resume", "active"],
  ] as const) {
    const move = operatorAct<{ number: string }>(context, `member.${act}`, (client, { number }) =>
      people.moveMember(client, BigInt(number), to),
    );
    server.post(
      `/v1/members/:number/${act}`,
      {
        config: { access: ["operator"], acts: [`member.${act}`], refusals: ["wrong_check_digit"] },
        schema: {
          tags,
          summary: act === "suspend" ? "Stop new reservations" : "End a suspension",
          answers: { 200: memberStateSchema },
          params,
          body: nothing,
        },
      },
      async (request, reply) => {
        const caller = await callerAmong(context, request, ["operator"]);
        const number = String(memberNumber(request.params.number));
        return move(request, reply, caller, { subject: number, args: { number } });
      },
    );
  }
  registerVouchers(server, context);
}

function registerVouchers(server: Server, context: Context): void {
  const issue = operatorAct<{ currency: string; amount: number }>(context, "voucher.issue", (client, wish) =>
    people.issueVoucher(context, client, wish),
  );
  server.post(
    "/v1/vouchers",
    {
      config: {
        access: ["operator"],
        acts: ["voucher.issue"],
        refusals: ["unknown_currency", "currency_mismatch"],
      },
      schema: {
        tags,
        summary: "Issue prepaid e-money; the code is shown once",
        answers: { 201: voucherSchema },
        body: closed({ currency: currencySchema, amount: amountSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      return issue(request, reply, caller, { subject: request.body.currency, args: request.body });
    },
  );
}

function registerMethods(server: Server, context: Context): void {
  const add = operatorAct<{ number: string; wish: people.MethodWish }>(
    context,
    "method.add",
    async (client, { number, wish }) => {
      const member = await people.lockKnown(client, BigInt(number));
      return {
        status: 201,
        body: await people.addMethod(context, client, member.id, wish),
        tells: member.id,
      };
    },
  );
  server.post(
    "/v1/members/:number/methods",
    {
      config: {
        access: ofMember,
        acts: ["method.add"],
        refusals: [
          "wrong_check_digit",
          "unknown_currency",
          "currency_mismatch",
          "card_number_refused",
          "already_exists",
          "method_not_usable",
          "sign_in_changed_lately",
        ],
      },
      schema: {
        tags,
        summary: "Add a means of payment",
        answers: { 201: methodShown },
        params,
        body: closed({ ...methodSchema.properties, operator }),
      },
    },
    async (request, reply) => {
      const number = memberNumber(request.params.number);
      const caller = await memberFor(context, request, number);
      if (caller.kind === "member") await refuseWhileHeld(context.database, caller.id);
      const { operator: speech, ...wish } = request.body;
      // A code is worth money to anyone who knows it, and would be read by whoever confirms.
      const isKept = caller.kind === "operator" && context.settings.fourEyes !== "off";
      if (isKept && wish.kind === "prepaid" && wish.token !== undefined)
        refuse("not_allowed", "Who has a code claims it themselves.");
      const subject = String(number);
      return add(request, reply, caller, { subject, args: { number: subject, wish }, speech });
    },
  );
  registerLimit(server, context);
}

function registerLimit(server: Server, context: Context): void {
  const set = async (client: Client, { number, id, limit }: LimitWish) => {
    const member = await people.lockKnown(client, BigInt(number));
    await people.setLimit(client, member.id, id, limit);
    return { ...(await people.memberEffect(client, BigInt(number))), tells: member.id };
  };
  const give = operatorAct<LimitWish>(context, "method.limit", set);
  const close = operatorAct<LimitWish>(context, "method.close", (client, wish) =>
    set(client, { ...wish, limit: 0 }),
  );
  server.post(
    "/v1/members/:number/methods/:id/limit",
    {
      config: {
        access: ["operator"],
        acts: ["method.limit", "method.close"],
        refusals: ["wrong_check_digit", "credit_limit_exceeded"],
      },
      schema: {
        tags,
        summary: "Set the limit of a credit line",
        answers: { 200: memberStateSchema },
        description: people.limitSaid,
        params: partParams,
        body: closed({ limit: limitSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { id } = request.params;
      const { limit } = request.body;
      const wish = { subject: number, args: { number, id, limit } };
      return limit === 0 ? close(request, reply, caller, wish) : give(request, reply, caller, wish);
    },
  );
}

interface LimitWish {
  number: string;
  id: string;
  limit: number;
}

function registerErasure(server: Server, context: Context): void {
  const erase = operatorAct<{ number: string }>(context, "member.erase", async (client, { number }) => {
    await people.eraseMember(client, BigInt(number), context.tell);
    return { status: 204, body: {} };
  });
  server.delete(
    "/v1/members/:number",
    {
      config: {
        access: ofMember,
        acts: ["member.erase"],
        refusals: [
          "wrong_check_digit",
          "person_has_open_trades",
          "person_has_money",
          "sign_in_changed_lately",
        ],
      },
      schema: {
        tags,
        summary: "Erase the person; the books stay",
        answers: { 204: null },
        description:
          "Nobody is erased who still has money: it is paid out first, or forfeited after the law's term. A member has to have signed in within the last quarter of an hour.",
        params,
        querystring: speechQuery,
      },
    },
    async (request, reply) => {
      const number = memberNumber(request.params.number);
      const caller = await memberFor(context, request, number);
      if (caller.kind === "member") await refuseStolen(context, request, caller.id);
      const args = { number: String(number) };
      const speech = speechFrom(request.query);
      return erase(request, reply, caller, { subject: args.number, args, speech });
    },
  );
}

/** What cannot be undone takes who has just shown the password: a session alone may be a thief's. */
async function refuseStolen(context: Context, request: FastifyRequest, person: string): Promise<void> {
  await refuseWhileHeld(context.database, person);
  if (!(await isProven(context, request)))
    refuse("not_allowed", "Sign in anew, and erase yourself within a quarter of an hour of it.");
}

function registerForfeit(server: Server, context: Context): void {
  const forfeit = operatorAct<{ number: string; reason: string }>(
    context,
    "money.forfeit",
    (client, { number }) => people.forfeitMoney(context, client, BigInt(number)),
  );
  server.post(
    "/v1/members/:number/forfeit",
    {
      config: {
        access: ["operator"],
        acts: ["money.forfeit"],
        refusals: ["wrong_check_digit", "money_not_forfeit", "person_has_open_trades"],
      },
      schema: {
        tags,
        summary: "Take what a member has left and nothing has moved for ten years",
        answers: { 200: forfeitedSchema },
        description: "Two operators. The answer says what was taken from which account.",
        params,
        body: closed({ reason: text(1, 500, "The law, and how the member was looked for") }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { reason } = request.body;
      return forfeit(request, reply, caller, { subject: number, args: { number, reason } });
    },
  );
}
