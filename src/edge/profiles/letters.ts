/** What a mail about a sign-in says when it is written: the links and codes of now. */
import { loginsAt } from "../../storage/identity/identity.ts";
import type { Client } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { readParty, readPartyLanguage } from "../../storage/parties/parties.ts";
import { lasting, type Profiles, writeLetter } from "./footing.ts";

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
  if (letter.kind === "reset" || letter.kind === "invited") {
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

/**
 * Tells of what somebody else may have done in their name: to a member, just before nothing is known of them any more, and to a
 * shop, that its goods go back to another place, or that its people were changed. Who has no address is not told.
 */
export async function tellOf(
  profiles: Profiles,
  client: Client,
  what: "erased" | "return address" | "team",
  whom: string,
): Promise<void> {
  const known = what === "erased" ? await memberNow(profiles, client, whom) : await shopNow(client, whom);
  if (known.email === null) return;
  // Under nobody's name: what is kept of a member goes with them, and this is still to be sent.
  const subject = what === "erased" ? null : whom;
  const { email, language } = known;
  await writeLetter(profiles, client, { subject, kind: what, email, language, minutes: lasting.told });
}

interface Reached {
  email: string | null;
  language: members.PersonLanguage | null;
}

async function memberNow({ vault }: Profiles, client: Client, person: string): Promise<Reached> {
  const data = await members.readPersonalData(client, vault, person);
  return { email: data?.email ?? null, language: (await members.readLanguage(client, person)) ?? null };
}

async function shopNow(client: Client, id: string): Promise<Reached> {
  const shop = await readParty(client, "shop", id);
  return { email: shop?.email ?? null, language: (await readPartyLanguage(client, id)) ?? null };
}
