/** What somebody signs in with and is known by, over HTTP: for themselves, and for operators with proof. */
import { codeSentSchema, fieldsChangedSchema, profileChangeSchema } from "../../core/answers/answers.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  closed,
  idSchema,
  listOf,
  numberSchema,
  operator,
  pageSchema,
  text,
  kanaSchema,
  orNull,
} from "../../core/protocol/schemas.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { idFrom, pageOf, uuidv7 } from "../../storage/database/database.ts";
import { type Caller, sessionCookie } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { callerAmong, type Context, memberFor, memberNumber, operatorAct, pageWish } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import type { Speech } from "../operators/operators.ts";
import { confirmEmail, wishEmail } from "./emails.ts";
import type { Profiles } from "./footing.ts";
import {
  correctMember,
  keepWish,
  letOperatorReset,
  moveMemberEmail,
  startReset,
} from "./operator-changes.ts";
import { changeOwn, changePassword, type PlainChange } from "./own-changes.ts";

const tags = ["Members"];
const params = closed({ number: numberSchema });
const ofMember = ["member", "operator"] as const;
const emailSchema = Type.String({ format: "email", maxLength: 254 });
const known = Type.String({ minLength: 1, maxLength: 200, description: "The password of now" });
const ofMemberOnly = Type.Optional(known);
export const chosenSchema = Type.String({ minLength: 12, maxLength: 200 });

/** Who can sign in with a password. */
export const whoSignsIn = ["member", "shop", "carrier", "provider", "collector", "operator"] as const;

export function registerOwnRoutes(server: Server, context: Context, profiles: Profiles): void {
  registerPassword(server, context, profiles);
  registerProfile(server, context, profiles);
  registerEmail(server, context, profiles);
  registerOperatorsResets(server, context, profiles);
  registerChanges(server, context);
}

const sessionOf = ({ cookies }: Context, request: FastifyRequest): string | undefined =>
  cookies.read(request, sessionCookie);

function registerPassword(server: Server, context: Context, profiles: Profiles): void {
  server.put(
    "/v1/sessions/password",
    {
      config: {
        access: ["member", "party", "operator"],
        acts: ["password.change"],
        refusals: ["password_wrong", "too_many_requests"],
      },
      schema: {
        tags: ["Sign-in"],
        summary: "Change one's own password; all other sessions end",
        answers: { 204: null },
        description: "Operators say the e-mail address with which they sign in, since it is kept nowhere.",
        body: closed({ email: Type.Optional(text(1, 254)), password: known, newPassword: chosenSchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, whoSignsIn);
      await changePassword(profiles, caller, { ...request.body, session: sessionOf(context, request) });
      return reply.code(204).send();
    },
  );
}

/** The member themselves; where it is somebody else's number, it does not exist. */
async function whoChanges(
  context: Context,
  request: FastifyRequest,
  number: string,
  { password, speech }: { password: string | undefined; speech: Speech | undefined },
): Promise<{ caller: Caller; password: string }> {
  const caller = await memberFor(context, request, memberNumber(number));
  if (caller.kind === "operator") {
    if (password !== undefined) refuse("not_allowed", "No operator knows a member's password.");
    return { caller, password: "" };
  }
  if (speech !== undefined) refuse("not_allowed", "Only an operator acts for somebody else.");
  if (password !== undefined) return { caller, password };
  return refuse("invalid_field", "A change takes the password.", {
    errors: [{ pointer: "/password", message: "is missing" }],
  });
}

function registerProfile(server: Server, context: Context, profiles: Profiles): void {
  const correct = operatorAct<{ number: string; change: PlainChange }>(
    context,
    "member.correct",
    (client, wish, names) => correctMember(profiles, client, wish, names),
  );
  server.post(
    "/v1/members/:number/profile",
    {
      config: {
        access: ofMember,
        acts: ["member.correct"],
        refusals: ["wrong_check_digit", "card_number_refused", "password_wrong", "too_many_requests"],
      },
      schema: {
        tags,
        summary: "Change name, address or telephone; a member shows the password",
        answers: { 200: fieldsChangedSchema },
        description: "The member is told by mail. The answer names the fields that are others now.",
        params,
        body: closed({
          name: Type.Optional(text(1, 120)),
          kana: Type.Optional(orNull(kanaSchema)),
          address: Type.Optional(text(1, 300)),
          phone: Type.Optional(text(3, 40)),
          password: ofMemberOnly,
          operator,
        }),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const { password: shown, operator: speech, ...change } = request.body;
      const { caller, password } = await whoChanges(context, request, number, { password: shown, speech });
      if (caller.kind === "operator")
        return correct(request, reply, caller, { subject: number, args: { number, change }, speech });
      return { changed: await changeOwn(profiles, caller, password, change) };
    },
  );
}

const refusedCodes = [
  "wrong_check_digit",
  "email_code_invalid",
  "already_exists",
  "too_many_requests",
] as const;

function registerEmail(server: Server, context: Context, profiles: Profiles): void {
  const move = operatorAct<{ number: string; change: string }>(
    context,
    "member.email",
    (client, wish, names) => moveMemberEmail(profiles, client, wish, names),
  );
  server.post(
    "/v1/members/:number/email",
    {
      config: {
        access: ofMember,
        acts: ["member.email"],
        refusals: [
          "wrong_check_digit",
          "password_wrong",
          "sign_in_changed_lately",
          "already_exists",
          "too_many_requests",
        ],
      },
      schema: {
        tags,
        summary: "Ask for another e-mail address; a code goes there",
        answers: { 200: fieldsChangedSchema, 202: codeSentSchema },
        description:
          "A member shows the password. For a member who cannot, two operators do it, and a mail to the new address leads to a new password. " +
          "The former address is told, and can take it back for three days.",
        params,
        body: closed({ email: emailSchema, password: ofMemberOnly, operator }),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const { email, password: shown, operator: speech } = request.body;
      const { caller, password } = await whoChanges(context, request, number, { password: shown, speech });
      if (caller.kind !== "operator") {
        await wishEmail(profiles, caller, { email, password });
        return reply.code(202).send({ sent: true });
      }
      const member = await members.findMember(context.database, memberNumber(number));
      if (member === undefined || member.state === "erased") return refuse("not_found");
      const key = idempotencyKey(request);
      const digest = digestOf(email).bytes.toString("hex");
      // A repetition is the same wish.
      const change = key === undefined ? uuidv7() : idFrom(`address ${caller.id} ${key} ${number} ${digest}`);
      await keepWish(profiles, { id: change, person: member.id, email });
      return move(request, reply, caller, { subject: number, args: { number, change }, speech });
    },
  );
  server.post(
    "/v1/members/:number/email/confirm",
    {
      config: { access: ["member"], refusals: refusedCodes },
      schema: {
        tags,
        summary: "Type the code that was sent to the new address",
        answers: { 204: null },
        params,
        body: closed({ code: text(1, 20) }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const caller = await memberFor(context, request, memberNumber(request.params.number));
      if (caller.kind !== "member") refuse("not_allowed");
      await confirmEmail(profiles, caller, request.body.code, sessionOf(context, request));
      return reply.code(204).send();
    },
  );
}

function registerOperatorsResets(server: Server, context: Context, profiles: Profiles): void {
  const start = operatorAct<{ number: string }>(context, "member.reset", (client, { number }, names) =>
    startReset(profiles, client, number, names),
  );
  server.post(
    "/v1/members/:number/password-reset",
    {
      config: {
        access: ["operator"],
        acts: ["member.reset"],
        refusals: ["wrong_check_digit", "not_allowed"],
      },
      schema: {
        tags,
        summary: "Send a member who has forgotten the password a link to a new one",
        answers: { 202: codeSentSchema },
        description: "It goes to the member's own address; no operator sees it.",
        params,
        body: closed({ operator }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { operator: speech } = request.body;
      return start(request, reply, caller, { subject: number, args: { number }, speech });
    },
  );
  const allow = operatorAct<{ id: string }>(context, "operator.reset", (client, { id }, names) =>
    letOperatorReset(client, id, names),
  );
  server.post(
    "/v1/operators/:id/password-reset",
    {
      config: { access: ["operator"], acts: ["operator.reset"], refusals: ["not_allowed"] },
      schema: {
        tags: ["Operators"],
        summary: "Let an operator's password be reset by mail within a day",
        answers: { 204: null },
        description: "Two others agree; the operator then asks for the mail where everybody does.",
        params: closed({ id: idSchema }),
        body: closed({}),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id } = request.params;
      if (caller.id === id) refuse("not_allowed", "Two others let an operator's password be reset.");
      return allow(request, reply, caller, { subject: id, args: { id } });
    },
  );
}

function registerChanges(server: Server, context: Context): void {
  server.get(
    "/v1/members/:number/changes",
    {
      config: { access: ofMember, refusals: ["wrong_check_digit"] },
      schema: {
        tags,
        summary: "Which of a member's data was changed, when and by whom, newest first; never what it was",
        answers: { 200: listOf(profileChangeSchema) },
        params,
        querystring: pageSchema,
      },
    },
    async (request) => {
      const number = memberNumber(request.params.number);
      const { kind } = await memberFor(context, request, number);
      const member = await members.findMember(context.database, number);
      if (member === undefined || member.state === "erased") return refuse("not_found");
      const { limit, after } = pageWish(request.query);
      const rows = await members.listProfileChanges(context.database, member.id, limit + 1, after);
      return pageOf(rows, limit, ({ id, act, field, role, operator: by, confirmedBy, at }) => ({
        id,
        act,
        field,
        role,
        operator: by,
        // As of other acts, only operators read who confirmed.
        ...(kind === "operator" ? { confirmedBy } : {}),
        at: at.toISOString(),
      }));
    },
  );
}
