/** What links in mails do, over HTTP; a page for people does the same. Whoever has the link is nobody else by it. */
import { resetAskedSchema } from "../../core/answers/answers.ts";
import Type from "typebox";
import { personLanguages } from "../../storage/members/members.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { idempotencyKey, languageAsked, type Server } from "../http/http.ts";
import type { Context } from "../api/api.ts";
import { takeBackEmail } from "./emails.ts";
import { registerAdmissionRoutes } from "./admission-routes.ts";
import type { Profiles } from "./footing.ts";
import { askReset, resetPassword } from "./resets.ts";
import { registerSessionList } from "./session-list.ts";
import { chosenSchema, registerOwnRoutes } from "./routes.ts";

const tags = ["Sign-in"];
const anyone = ["anyone"] as const;
const perMinute = { rateLimit: { max: 60, timeWindow: "1 minute" } };

/** Registers the calls of this room. */
export function registerProfileRoutes(server: Server, context: Context, profiles: Profiles): void {
  registerOwnRoutes(server, context, profiles);
  registerSessionList(server, context);
  registerAdmissionRoutes(server, context, profiles);
  server.post(
    "/v1/password-resets",
    {
      config: { access: anyone, refusals: ["not_allowed", "too_many_requests"], ...perMinute },
      schema: {
        tags,
        summary: "Ask for a mail that leads to a new password",
        answers: { 202: resetAskedSchema },
        description: "The answer is the same whether or not anybody signs in with this address.",
        body: closed({ email: Type.String({ format: "email", maxLength: 254 }) }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const language = languageAsked(request.headers["accept-language"], personLanguages);
      await askReset(profiles, { email: request.body.email, from: request.ip, language });
      return reply.code(202).send({ asked: true });
    },
  );
  server.post(
    "/v1/password-resets/use",
    {
      config: { access: anyone, refusals: ["not_found", "too_many_requests"], ...perMinute },
      schema: {
        tags,
        summary: "Choose a new password by the link in the mail: once",
        answers: { 204: null },
        description: "Every session ends. For three days the sign-in gives no right to anybody's money.",
        body: closed({ token: Type.String({ maxLength: 140 }), password: chosenSchema }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      await resetPassword(profiles, request.body.token, request.body.password);
      return reply.code(204).send();
    },
  );
  server.post(
    "/v1/email-changes/take-back",
    {
      config: {
        access: anyone,
        refusals: ["not_found", "password_wrong", "too_many_requests"],
        ...perMinute,
      },
      schema: {
        tags,
        summary: "Take the change of an e-mail address back, by the link that went to the former one",
        answers: { 204: null },
        description:
          "With the password of before it is as it was. Without one the sign-in is stopped until operators have settled whose it is.",
        body: closed({
          token: Type.String({ maxLength: 140 }),
          password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        }),
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      await takeBackEmail(profiles, request.body.token, request.body.password);
      return reply.code(204).send();
    },
  );
}
