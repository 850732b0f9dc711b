/** The switch of languages that stands in the foot of every page. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { closed } from "../../core/protocol/schemas.ts";
import type { Cookies, Server } from "../http/http.ts";
import { writeLanguage } from "./choice.ts";
import { type Language, languages } from "./sentences.ts";

/** A path on this server. Nothing that a browser could read as another host. */
const localPath = "^/(?![/\\\\])[!-\\[\\]-~]{0,1999}$";

const form = closed({
  language: Type.Enum([...languages]),
  back: Type.Optional(Type.String({ pattern: localPath, examples: ["/trades"] })),
});

/** Adds the switch. `keep` remembers the choice of who is signed in. */
export function addLanguageRoute(
  server: Server,
  cookies: Cookies,
  keep?: (request: FastifyRequest, language: Language) => Promise<void>,
): void {
  server.post(
    "/language",
    {
      config: { access: ["anyone"], page: true, form: true },
      schema: { tags: ["Pages"], summary: "Choose the language of the pages", body: form },
    },
    async (request, reply) => {
      const { language, back = "/" } = request.body;
      writeLanguage(cookies, reply, language);
      await keep?.(request, language);
      return reply.code(303).header("location", back).send();
    },
  );
}
