/** What a mail about a sign-in says when it is written: the links and codes of now. */
import { loginsAt } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import type { Profiles } from "./footing.ts";

interface LetterNow {
  email: string;
  language: members.PersonLanguage | null;
  links: { name: string; url: string }[];
  code?: string;
}

/** Undefined where there is nobody to write to: nobody signs in with that address, or it is over. */
export async function letterNow(profiles: Profiles, id: string): Promise<LetterNow | undefined> {
  const { database, vault, tokens, publicUrl } = profiles;
  const letter = await members.readLetter(database, vault, id);
  if (letter === undefined) return undefined;
  const { email, language, about } = letter;
  if (letter.kind === "reset") {
    const links = await resetLinks(profiles, letter);
    return links.length === 0 ? undefined : { email, language, links };
  }
  if (letter.kind === "confirm") {
    const change = about === null ? undefined : await members.readEmailChange(database, vault, about);
    if (change?.state !== "asked") return undefined;
    return { email, language, links: [], code: tokens.codeOf(change.id) };
  }
  if (letter.kind !== "moved" || about === null) return { email, language, links: [] };
  return {
    email,
    language,
    links: [{ name: "", url: `${publicUrl}/address-back/${tokens.backOf(about)}` }],
  };
}

/** More sign-ins than one person has, the oldest: what others make under the address does not push them out. */
const linksMost = 10;

/** One address may have several sign-ins; an operator's needs two others to let it be reset. */
async function resetLinks(
  { database, identity, tokens, publicUrl }: Profiles,
  letter: members.Letter,
): Promise<{ name: string; url: string }[]> {
  const logins = await loginsAt(database, identity.sealAddress(letter.email).address);
  return logins
    .filter(({ subject, closed }) => !closed && (letter.subject === null || letter.subject === subject))
    .filter(({ kind, mayReset }) => kind !== "operator" || mayReset)
    .slice(0, linksMost)
    .map((login) => ({ name: login.name, url: `${publicUrl}/reset/${tokens.resetOf(letter.id, login)}` }));
}
