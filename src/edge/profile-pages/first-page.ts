/** The page on which somebody who has a letter makes their sign-in (paragraph 0082). */
import type { Sentence } from "../words/words.ts";
import Type from "typebox";
import type { Problem } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { memberNumber } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { attemptOf, orProblem, type PageContext, seeOther, sendPage, tags } from "../pages/pages.ts";

import { refusalsOfFirst, signInFirst } from "../profiles/profiles.ts";
import { FirstPage } from "./first-view.tsx";
import { field, firstBody, form } from "./forms.ts";

const anyone = { access: ["anyone"], page: true } as const;

export function registerFirstPage(server: Server, { profiles, face }: PageContext): void {
  const frame = { face };
  server.get(
    "/first-sign-in",
    {
      config: anyone,
      schema: {
        tags,
        summary: "The form for whoever has a letter with a code",
        querystring: closed({ done: Type.Optional(Type.Literal("yes")) }),
      },
    },
    (request, reply) => sendPage(reply, FirstPage, { frame, done: request.query.done === "yes" }),
  );
  server.post(
    "/first-sign-in",
    {
      config: {
        ...anyone,
        form: true,
        refusals: refusalsOfFirst,
        rateLimit: { max: 60, timeWindow: "1 minute" },
      },
      schema: {
        tags,
        summary: "Make a sign-in by the code in a letter",
        body: form({
          number: field(),
          code: field(),
          birthDate: field(),
          email: field(),
          password: field(),
        }),
      },
    },
    async (request, reply) => {
      const made = firstBody(request.body);
      const again = (wrong: { errors?: Record<string, Sentence>; problem?: Problem }) => {
        // Neither the code nor the password goes into a page.
        const { number, birthDate, email } = request.body;
        const attempt = attemptOf({ number, birthDate, email }, wrong);
        return sendPage(reply, FirstPage, { frame, attempt }, wrong.problem?.status ?? 422);
      };
      if (!("body" in made)) return again(made);
      const done = await orProblem(() => {
        const { number, ...wish } = made.body;
        return signInFirst(profiles, { ...wish, number: memberNumber(number), from: request.ip });
      });
      return "problem" in done ? again(done) : seeOther(reply, "/first-sign-in?done=yes");
    },
  );
}
