/** In which language people are written to: the one in which their browser asked for the pages. */
import type { FastifyRequest } from "fastify";
import { languageAsked } from "../http/http.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { personLanguages, setLanguage } from "../../storage/members/members.ts";
import { partyKinds, setPartyLanguage } from "../../storage/parties/parties.ts";
import type { Context } from "./context.ts";

/** Remembers the language of somebody who signs in, joins or approves. A guest is one with the id they were given. */
export async function noteLanguage(
  { database }: Pick<Context, "database">,
  request: FastifyRequest,
  { kind, id }: Pick<Caller, "kind" | "id">,
): Promise<void> {
  const language = languageAsked(request.headers["accept-language"], personLanguages);
  if (language === undefined || id === "") return;
  if (kind === "member" || kind === "guest") await setLanguage(database, id, language);
  else if (partyKinds.some((one) => one === kind)) await setPartyLanguage(database, id, language);
}
