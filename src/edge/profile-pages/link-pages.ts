/**
 * The pages to which links in mails lead. Opening one puts it into a cookie and out of sight and changes nothing, so that
 * whatever looks at links in mails uses none up.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { type Problem, refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { callerOf } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { wishedLanguage, type Sentence } from "../words/words.ts";
import {
  attemptOf,
  type Fields,
  frameOf,
  orProblem,
  type PageContext,
  seeOther,
  sendPage,
  tags,
} from "../pages/pages.ts";

import { askReset, resetPassword, takeBackEmail } from "../profiles/profiles.ts";
import { chosenBody, emailBody, field, form } from "./forms.ts";
import { ForgottenPage, ResetPage, TakeBackPage } from "./sign-in-views.tsx";

const anyone = { access: ["anyone"], page: true } as const;
const perMinute = { rateLimit: { max: 60, timeWindow: "1 minute" } };
const cookieOf = { reset: "kenshu_reset", "address-back": "kenshu_back" } as const;
type Link = keyof typeof cookieOf;
const tokenParams = closed({ token: Type.String({ maxLength: 140 }) });
const doneQuery = closed({ done: Type.Optional(Type.Literal("yes")) });
type Wrong = { errors?: Record<string, Sentence>; problem?: Problem };

export function registerLinkPages(server: Server, context: PageContext): void {
  registerForgotten(server, context);
  registerOpening(server, context, "reset", "Open the link for a new password");
  registerReset(server, context);
  registerOpening(server, context, "address-back", "Open the link that takes a change of address back");
  registerTakeBack(server, context);
}

function registerOpening(server: Server, { cookies }: PageContext, link: Link, summary: string): void {
  server.get(
    `/${link}/:token`,
    { config: { ...anyone, refusals: ["not_found"] }, schema: { tags, summary, params: tokenParams } },
    async (request, reply) => {
      const { token } = request.params;
      if (!/^k[wu]_[0-9a-f_]+$/.test(token)) return refuse("not_found", "This link is none of ours.");
      cookies.write(reply, cookieOf[link], token, { sameSite: "Lax", maxAge: 3600 });
      return seeOther(reply, `/${link}`);
    },
  );
}

function registerForgotten(server: Server, context: PageContext): void {
  const { profiles } = context;
  const open = profiles.mails !== "unsent";
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    done: boolean,
    wrong?: Wrong,
    fields: Fields = {},
  ): Promise<FastifyReply> => {
    const frame = frameOf(context, await callerOf(context, request));
    const attempt = wrong === undefined ? {} : { attempt: attemptOf(fields, wrong) };
    return sendPage(
      reply,
      ForgottenPage,
      { frame, open, done, ...attempt },
      wrong === undefined ? 200 : (wrong.problem?.status ?? 422),
    );
  };
  server.get(
    "/forgotten",
    {
      config: anyone,
      schema: { tags, summary: "Somebody has forgotten their password", querystring: doneQuery },
    },
    (request, reply) => show(request, reply, request.query.done === "yes"),
  );
  server.post(
    "/forgotten",
    {
      config: { ...anyone, form: true, refusals: ["not_allowed", "too_many_requests"], ...perMinute },
      schema: { tags, summary: "Have a mail sent that leads to a new one", body: form({ email: field() }) },
    },
    async (request, reply) => {
      const made = emailBody(request.body);
      if (!("body" in made)) return show(request, reply, false, made, request.body);
      const language = wishedLanguage(request);
      const asked = await orProblem(() => askReset(profiles, { ...made.body, from: request.ip, language }));
      return "problem" in asked
        ? show(request, reply, false, asked, request.body)
        : seeOther(reply, "/forgotten?done=yes");
    },
  );
}

function registerReset(server: Server, context: PageContext): void {
  const { profiles, cookies } = context;
  const frame = { face: context.face };
  server.get(
    "/reset",
    { config: anyone, schema: { tags, summary: "The form for a new password", querystring: doneQuery } },
    (request, reply) => sendPage(reply, ResetPage, { frame, done: request.query.done === "yes" }),
  );
  server.post(
    "/reset",
    {
      config: { ...anyone, form: true, refusals: ["not_found"], ...perMinute },
      schema: { tags, summary: "Choose a new password", body: form({ password: field() }) },
    },
    async (request, reply) => {
      const made = chosenBody(request.body);
      const show = (wrong: Wrong) => {
        return sendPage(
          reply,
          ResetPage,
          { frame, attempt: attemptOf({}, wrong) },
          wrong.problem?.status ?? 422,
        );
      };
      if (!("body" in made)) return show(made);
      const token = cookies.read(request, cookieOf.reset) ?? "";
      const set = await orProblem(() => resetPassword(profiles, token, made.body.password));
      if ("problem" in set) return show(set);
      cookies.clear(reply, cookieOf.reset);
      return seeOther(reply, "/reset?done=yes");
    },
  );
}

const backs = ["back", "stopped"] as const;

function registerTakeBack(server: Server, context: PageContext): void {
  const { profiles, cookies } = context;
  const frame = { face: context.face };
  server.get(
    "/address-back",
    {
      config: anyone,
      schema: {
        tags,
        summary: "The form that takes a change of address back",
        querystring: closed({ done: Type.Optional(Type.Enum([...backs])) }),
      },
    },
    (request, reply) => sendPage(reply, TakeBackPage, { frame, done: request.query.done }),
  );
  const act = async (request: FastifyRequest, reply: FastifyReply, password: string | undefined) => {
    const token = cookies.read(request, cookieOf["address-back"]) ?? "";
    const done = await orProblem(() => takeBackEmail(profiles, token, password));
    if ("problem" in done) {
      return sendPage(reply, TakeBackPage, { frame, attempt: attemptOf({}, done) }, done.problem.status);
    }
    return seeOther(reply, `/address-back?done=${password === undefined ? "stopped" : "back"}`);
  };
  const config = { ...anyone, form: true, refusals: ["not_found", "password_wrong"], ...perMinute } as const;
  server.post(
    "/address-back",
    {
      config,
      schema: {
        tags,
        summary: "Take it back with the password of before",
        body: form({ password: field() }),
      },
    },
    (request, reply) => act(request, reply, request.body.password ?? ""),
  );
  server.post(
    "/address-back/stop",
    { config, schema: { tags, summary: "Stop the sign-in until operators have settled it", body: form({}) } },
    (request, reply) => act(request, reply, undefined),
  );
}
