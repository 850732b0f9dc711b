/** What operators change for members and for each other. Which acts these are, and how many they take, is in their list. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { type Client, randomToken } from "../../storage/database/database.ts";
import { allowReset, endSessionsOf, loginsOf } from "../../storage/identity/identity.ts";
import { endPasskeysOf } from "../../storage/passkeys/passkeys.ts";
import * as members from "../../storage/members/members.ts";
import { lasting, newLogin, type Profiles, writeLetter } from "./footing.ts";
import { moveEmail } from "./emails.ts";
import { type By, changeMember, type PlainChange } from "./own-changes.ts";
import { refuseWithoutMails } from "./resets.ts";

interface Names {
  operator: string;
  confirmedBy: string | null;
}

const byOperator = ({ operator, confirmedBy }: Names): By => ({ role: "operator", operator, confirmedBy });

async function lockPerson(client: Client, number: string): Promise<string> {
  const member = await members.lockMember(client, BigInt(number));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  return member.id;
}

type Done = Effect & { tells: string };

/** Puts right what is known of a member who asks for it. */
export async function correctMember(
  profiles: Profiles,
  client: Client,
  { number, change }: { number: string; change: PlainChange },
  names: Names,
): Promise<Done> {
  const person = await lockPerson(client, number);
  const fields = await changeMember(profiles, client, person, change, byOperator(names));
  return { status: 200, body: { changed: fields }, tells: person };
}

/** Has the mail for a new password sent to the member's own address, which is all that the operator can do about it. */
export async function startReset(
  profiles: Profiles,
  client: Client,
  number: string,
  names: Names,
): Promise<Done> {
  refuseWithoutMails(profiles);
  const person = await lockPerson(client, number);
  const email = (await members.readPersonalData(client, profiles.vault, person))?.email ?? null;
  const signsIn = (await loginsOf(client, person)).some(({ closed }) => !closed);
  if (email === null || !signsIn)
    return refuse(
      "not_allowed",
      "No mail resets this member's password: they have no address, no sign-in, or it is stopped.",
    );
  await members.insertProfileChange(client, {
    kind: "member",
    subject: person,
    act: "asked",
    field: "password",
    ...byOperator(names),
  });
  const language = await members.readLanguage(client, person);
  await writeLetter(profiles, client, {
    subject: person,
    kind: "reset",
    email,
    language,
    minutes: lasting.reset,
  });
  return { status: 202, body: { sent: true }, tells: person };
}

/** For how long two operators have time to agree on an address, in minutes. */
const wishMinutes = 26 * 60;

/** Keeps the address that an operator asks for, sealed: what waits for a second operator holds nothing personal. */
export async function keepWish(
  { vault, database }: Profiles,
  { id, person, email }: { id: string; person: string; email: string },
): Promise<void> {
  await database.transaction(async (client) => {
    await members.lockPerson(client, person);
    const before = await members.lockEmailChange(client, vault, person);
    if (before?.id === id) return;
    const login = (await loginsOf(client, person))[0];
    if (before?.state === "made" && !before.over && login?.closed === false)
      refuse("sign_in_changed_lately", "The former address can still take the last change back.");
    await members.writeEmailChange(client, vault, {
      id,
      person,
      state: "asked",
      login: login?.id ?? null,
      email,
      passwordHash: null,
      address: null,
      mailbox: null,
      byOperator: true,
      minutes: wishMinutes,
    });
  });
}

/** Two operators give a member another address: no password is known there, so a mail leads to a new one. */
export async function moveMemberEmail(
  profiles: Profiles,
  client: Client,
  { number, change: id }: { number: string; change: string },
  names: Names,
): Promise<Done> {
  const { vault } = profiles;
  const person = await lockPerson(client, number);
  const change = await members.lockEmailChange(client, vault, person);
  if (change?.id !== id || change.state !== "asked" || change.over)
    return refuse(
      "not_found",
      "What was asked for is over, or the member has asked for another address since.",
    );
  const { email } = change;
  const passwordHash = `none ${randomToken(16)}`;
  const login = (await loginsOf(client, person))[0] ?? (await newLogin(profiles, client, person, email));
  await moveEmail(profiles, client, { person, login, email, passwordHash }, byOperator(names));
  await endSessionsOf(client, person);
  await endPasskeysOf(client, person, "operator");
  const language = await members.readLanguage(client, person);
  await writeLetter(profiles, client, {
    subject: person,
    kind: "reset",
    email,
    language,
    minutes: lasting.reset,
  });
  return { status: 200, body: { changed: ["email"] }, tells: person };
}

/** Two operators let a third one's password be reset by mail within a day. */
export async function letOperatorReset(client: Client, subject: string, names: Names): Promise<Effect> {
  if (names.operator === subject || names.confirmedBy === subject)
    refuse("not_allowed", "Two others let an operator's password be reset.");
  if (!(await allowReset(client, subject))) return refuse("not_found");
  await members.insertProfileChange(client, {
    kind: "operator",
    subject,
    act: "asked",
    field: "password",
    ...byOperator(names),
  });
  return { status: 204, body: {} };
}
