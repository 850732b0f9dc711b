/** The controllers of `/you` and `/password`. Every change shows the password of now. */
import { say, type Sentence } from "../words/words.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { type Caller, sessionCookie } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { callerAmong, callerOf, signOut } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { fillAddress, postcodeFields } from "../postcodes/postcodes.ts";
import {
  attemptOf,
  type Fields,
  frameOf,
  isSignedOut,
  memberOf,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "../pages/pages.ts";

import {
  changeOwn,
  changePassword,
  eraseOwn,
  confirmEmail,
  knownEmail,
  whoSignsIn,
  wishEmail,
} from "../profiles/profiles.ts";
import { OwnDataPage } from "./own-views.tsx";
import { PasswordPage } from "./sign-in-views.tsx";
import { emailBody, field, filled, form, passwordBody, profileBody } from "./forms.ts";

const refusals = ["not_authenticated", "password_wrong", "invalid_field", "too_many_requests"] as const;
const toOwner = { ...toMember, form: true, refusals } as const;
const dones = ["profile", "email", "sent"] as const;
type Done = (typeof dones)[number];

export function registerOwnPages(server: Server, context: PageContext): void {
  registerOwnData(server, context);
  registerEmail(server, context);
  registerErasure(server, context);
  registerPassword(server, context);
}

async function sendOwn(
  context: PageContext,
  reply: FastifyReply,
  caller: Caller,
  { done, wrong }: { done?: Done | undefined; wrong?: Wrong & { fields: Fields } } = {},
): Promise<FastifyReply> {
  const { database, vault } = context;
  const data = (await members.readPersonalData(database, vault, caller.id)) ?? refuse("not_found");
  const [person] = await members.readPeopleById(database, [caller.id]);
  const number = String(person?.number ?? "");
  const change = await members.lockEmailChange(database, vault, caller.id);
  const coded = change?.state === "asked" && !change.byOperator && !change.over;
  const attempt = wrong === undefined ? {} : { attempt: attemptOf(wrong.fields, wrong) };
  return sendPage(
    reply,
    OwnDataPage,
    { frame: frameOf(context, caller), data, number, coded, done, ...attempt },
    statusOf(wrong),
  );
}

/** The form as it is shown once the button of a postcode was pressed. */
const filledIn = ({ fields, unknown }: { fields: Fields; unknown: boolean }): Wrong & { fields: Fields } =>
  unknown ? { fields, errors: { postcode: say("postcode.unknown") } } : { fields };

type Wrong = { errors?: Record<string, Sentence>; problem?: Problem };
const statusOf = (wrong: Wrong | undefined): number =>
  wrong?.problem?.status ?? (wrong?.errors === undefined ? 200 : 422);

function registerOwnData(server: Server, context: PageContext): void {
  const { profiles } = context;
  server.get(
    "/you",
    {
      config: toMember,
      schema: {
        tags,
        summary: "What is known of you, to be changed",
        querystring: closed({ done: Type.Optional(Type.Enum([...dones])) }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/you");
      return sendOwn(context, reply, await memberOf(context, request), { done: request.query.done });
    },
  );
  server.post(
    "/you/profile",
    {
      config: toOwner,
      schema: {
        tags,
        summary: "Change name, address or telephone",
        body: form({
          name: field(),
          kana: field(),
          address: field(400),
          phone: field(60),
          password: field(),
          ...postcodeFields,
        }),
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const fields = request.body as Fields;
      const asked = fillAddress(fields);
      if (asked !== undefined) return sendOwn(context, reply, caller, { wrong: filledIn(asked) });
      const wrong = await attempted(profileBody(fields), fields, (change) =>
        changeOwn(profiles, caller, fields["password"] ?? "", change),
      );
      return wrong === undefined
        ? seeOther(reply, "/you?done=profile")
        : sendOwn(context, reply, caller, { wrong });
    },
  );
}

/** Does what a form makes; answers what stands in the way. */
async function attempted<T>(
  made: { body: T } | Wrong,
  fields: Fields,
  work: (body: T) => Promise<unknown>,
): Promise<(Wrong & { fields: Fields }) | undefined> {
  if (!("body" in made)) return { ...made, fields };
  const outcome = await orProblem(() => work(made.body));
  return "problem" in outcome ? { problem: outcome.problem, fields } : undefined;
}

function registerEmail(server: Server, context: PageContext): void {
  const { profiles, cookies } = context;
  server.post(
    "/you/email",
    {
      config: { ...toOwner, refusals: [...refusals, "sign_in_changed_lately"] },
      schema: {
        tags,
        summary: "Have a code sent to another address",
        body: form({ email: field(), password: field() }),
      },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const fields = request.body as Fields;
      const wrong = await attempted(emailBody(fields), fields, ({ email }) =>
        wishEmail(profiles, caller, { email, password: fields["password"] ?? "" }),
      );
      return wrong === undefined
        ? seeOther(reply, "/you?done=sent")
        : sendOwn(context, reply, caller, { wrong });
    },
  );
  server.post(
    "/you/email/code",
    {
      config: { ...toOwner, refusals: [...refusals, "email_code_invalid", "already_exists"] },
      schema: { tags, summary: "Type the code that was sent there", body: form({ code: field(20) }) },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const fields = request.body as Fields;
      const code = (filled(fields["code"]) ?? "").normalize("NFKC").replaceAll(/\s/g, "");
      const wrong = await attempted({ body: code }, fields, () =>
        confirmEmail(profiles, caller, code, cookies.read(request, sessionCookie)),
      );
      return wrong === undefined
        ? seeOther(reply, "/you?done=email")
        : sendOwn(context, reply, caller, { wrong });
    },
  );
}

function registerErasure(server: Server, context: PageContext): void {
  server.post(
    "/you/erase",
    {
      config: {
        ...toOwner,
        refusals: [...refusals, "person_has_open_trades", "person_has_money", "sign_in_changed_lately"],
      },
      schema: { tags, summary: "Have everything about you erased", body: form({ erasePassword: field() }) },
    },
    async (request, reply) => {
      const caller = await memberOf(context, request);
      const password = filled(request.body.erasePassword);
      const made =
        password === undefined ? { errors: { erasePassword: say("mistake.missing") } } : { body: password };
      const wrong = await attempted(made, {}, (shown) => eraseOwn(context.profiles, caller, shown));
      if (wrong !== undefined) return sendOwn(context, reply, caller, { wrong });
      await signOut(context, request, reply);
      return seeOther(reply, "/");
    },
  );
}

function registerPassword(server: Server, context: PageContext): void {
  const { profiles, cookies } = context;
  const access = ["member", "party", "operator"] as const;
  const show = async (
    reply: FastifyReply,
    caller: Caller,
    done: boolean,
    wrong?: Wrong & { fields: Fields },
  ) => {
    const email = await knownEmail(profiles, caller);
    const attempt = wrong === undefined ? {} : { attempt: attemptOf(wrong.fields, wrong) };
    return sendPage(
      reply,
      PasswordPage,
      { frame: frameOf(context, caller), email, done, ...attempt },
      statusOf(wrong),
    );
  };
  const signedIn = (request: FastifyRequest) => callerAmong(context, request, whoSignsIn);
  server.get(
    "/password",
    {
      config: { access, page: true, refusals: ["not_authenticated"] },
      schema: {
        tags,
        summary: "The form for another password",
        querystring: closed({ done: Type.Optional(Type.Literal("yes")) }),
      },
    },
    async (request, reply) => {
      if (isSignedOut(await callerOf(context, request))) return seeOther(reply, "/signin?next=/password");
      return show(reply, await signedIn(request), request.query.done === "yes");
    },
  );
  server.post(
    "/password",
    {
      config: { access, page: true, form: true, acts: ["password.change"], refusals },
      schema: {
        tags,
        summary: "Change your password",
        body: form({ email: field(), password: field(), newPassword: field() }),
      },
    },
    async (request, reply) => {
      const caller = await signedIn(request);
      const fields = request.body as Fields;
      const session = cookies.read(request, sessionCookie);
      const wrong = await attempted(passwordBody(fields), fields, (body) =>
        changePassword(profiles, caller, { ...body, session }),
      );
      return wrong === undefined ? seeOther(reply, "/password?done=yes") : show(reply, caller, false, wrong);
    },
  );
}
