/** Membership by post over HTTP: operators have a letter made, and its code makes a sign-in. */
import Type from "typebox";
import { admissionLetterSchema } from "../../core/answers/answers.ts";
import { closed, dateSchema, numberSchema, oneOf, text } from "../../core/protocol/schemas.ts";
import { personLanguages } from "../../storage/members/members.ts";
import { callerAmong, type Context, memberNumber, operatorAct } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { type LetterWish, makeLetter, signInFirst } from "./admissions.ts";
import type { Profiles } from "./footing.ts";

/** What somebody types who has a letter. */
export const firstSignInSchema = closed({
  number: numberSchema,
  code: text(1, 40),
  birthDate: dateSchema,
  email: Type.String({ format: "email", maxLength: 254 }),
  password: Type.String({ minLength: 12, maxLength: 200 }),
});

export const refusalsOfFirst = [
  "wrong_check_digit",
  "admission_code_invalid",
  "already_exists",
  "too_many_requests",
] as const;

export function registerAdmissionRoutes(server: Server, context: Context, profiles: Profiles): void {
  const make = operatorAct<LetterWish>(context, "member.letter", (client, wish) =>
    makeLetter(profiles, client, wish),
  );
  server.post(
    "/v1/members/:number/letter",
    {
      config: {
        access: ["operator"],
        acts: ["member.letter"],
        refusals: ["wrong_check_digit", "member_not_approved"],
      },
      schema: {
        tags: ["Members"],
        summary: "Make the letter by which a member who was admitted learns their number",
        answers: { 201: admissionLetterSchema },
        description:
          "A PDF to be printed and posted. Who has no sign-in yet finds a code in it, good for 60 days and once; one that was made " +
          "before is void. Two operators; whoever asked gets it, once. The member is told, by mail too.",
        params: closed({ number: numberSchema }),
        body: closed({
          language: Type.Optional(oneOf(personLanguages, "Of a member who has said none")),
        }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const number = String(memberNumber(request.params.number));
      const { language } = request.body;
      return make(request, reply, caller, { subject: number, args: { number, language } });
    },
  );
  server.post(
    "/v1/first-sign-ins",
    {
      config: {
        access: ["anyone"],
        refusals: refusalsOfFirst,
        rateLimit: { max: 60, timeWindow: "1 minute" },
      },
      schema: {
        tags: ["Sign-in"],
        summary: "Make a sign-in by the code in a letter: once",
        answers: { 204: null },
        description:
          "The date of birth is the one that was told with the application, and so is the e-mail address, if one was. " +
          "For three days the sign-in gives no right to anybody's money.",
        body: firstSignInSchema,
      },
    },
    async (request, reply) => {
      idempotencyKey(request);
      const { number, ...wish } = request.body;
      await signInFirst(profiles, { ...wish, number: memberNumber(number), from: request.ip });
      return reply.code(204).send();
    },
  );
}
