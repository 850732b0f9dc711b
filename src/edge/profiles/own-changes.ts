/** What somebody changes by their password: the password itself, and of members name, address and telephone. */
import { eraseMember, refuseWhileHeld } from "../api/api.ts";
import { katakana, refuse } from "../../core/protocol/protocol.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Client } from "../../storage/database/database.ts";
import {
  type Caller,
  endOtherSessions,
  loginsAt,
  secretHash,
  setPassword,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { partyKinds, readParty, readPartyLanguage } from "../../storage/parties/parties.ts";
import { readShopPersonEmail } from "../../storage/team/team.ts";
import { lasting, type Profiles, writeLetter } from "./footing.ts";
import { tellOf } from "./letters.ts";
import { dropAsked, refuseSame } from "./resets.ts";

/** Where somebody is reached, as far as this server knows: of operators no address is kept. */
export async function knownEmail(
  { database, vault }: Pick<Profiles, "database" | "vault">,
  { kind, id, person }: Pick<Caller, "kind" | "id" | "person">,
): Promise<string | undefined> {
  if (person !== undefined) return readShopPersonEmail(database, vault, person.id);
  if (kind === "member") return (await members.readPersonalData(database, vault, id))?.email ?? undefined;
  const party = partyKinds.find((each) => each === kind);
  return party === undefined ? undefined : ((await readParty(database, party, id))?.email ?? undefined);
}

/** Proves the password of whoever is signed in; `email` is needed of those whose address is not known here. */
export async function provenLogin(
  profiles: Profiles,
  caller: Caller,
  { email, password }: { email?: string | undefined; password: string },
) {
  if (caller.credential.kind !== "session")
    refuse("not_allowed", "Only who has signed in with a password changes what they sign in with.");
  const address = email ?? (await knownEmail(profiles, caller));
  if (address === undefined)
    return refuse("invalid_field", "Say the e-mail address with which you sign in.", {
      errors: [{ pointer: "/email", message: "is missing" }],
    });
  const login = await profiles.identity.provePassword(caller.credential.id, address, password);
  return { login, email: address };
}

const languageOf = async (client: Client, { kind, id }: Caller) =>
  kind === "member" ? members.readLanguage(client, id) : readPartyLanguage(client, id);

/** Sets another password. Every other session ends; `session` is the one that goes on. */
export async function changePassword(
  profiles: Profiles,
  caller: Caller,
  wish: { email?: string | undefined; password: string; newPassword: string; session: string | undefined },
): Promise<void> {
  const { login, email } = await provenLogin(profiles, caller, wish);
  const to = await profiles.identity.hashPassword(email, wish.newPassword);
  if (to === login.passwordHash) refuseSame();
  await inTransaction(profiles.database, async (client) => {
    const { kind, subject } = login;
    await members.lockPerson(client, subject);
    // Of two sign-ins with one address each has a password of its own.
    if ((await loginsAt(client, login.address)).some(({ passwordHash }) => passwordHash === to)) refuseSame();
    if (!(await setPassword(client, { login: login.id, from: login.passwordHash, to, held: false })))
      refuse("password_wrong");
    const kept = wish.session === undefined ? undefined : secretHash(wish.session);
    await endOtherSessions(client, login.id, kept);
    await dropAsked(profiles, client, subject);
    await members.insertProfileChange(client, {
      kind,
      subject,
      act: "changed",
      field: "password",
      role: "self",
    });
    const language = await languageOf(client, caller);
    await writeLetter(profiles, client, {
      subject,
      kind: "password",
      email,
      language,
      minutes: lasting.told,
    });
  });
}

/** What of it a member changes by a word; an e-mail address has to be proven. */
export type PlainChange = Omit<members.ProfileChange, "email">;

/** Who changes it. */
export interface By {
  role: "self" | "operator";
  operator?: string;
  confirmedBy?: string | null;
}

/** Changes what is known of a member, and tells them. Answers which fields are others now. */
export async function changeMember(
  profiles: Pick<Profiles, "vault" | "mails">,
  client: Client,
  person: string,
  { kana, ...plain }: PlainChange,
  by: By,
): Promise<string[]> {
  const reads = kana == null ? kana : katakana(kana);
  const change: PlainChange = reads === undefined ? plain : { ...plain, kana: reads };
  const before = await members.readPersonalData(client, profiles.vault, person);
  if (before === undefined) return refuse("not_found");
  const fields = (["name", "kana", "address", "phone"] as const).filter(
    (field) => change[field] !== undefined && change[field] !== before[field],
  );
  if (fields.length === 0) return [];
  await members.changePerson(client, profiles.vault, person, change);
  for (const field of fields) {
    const entry = { kind: "member", subject: person, act: "changed", field, ...by } as const;
    await members.insertProfileChange(client, entry);
  }
  const { email } = before;
  if (email !== null) {
    const language = await members.readLanguage(client, person);
    const letter = { subject: person, kind: "profile", email, language, minutes: lasting.told } as const;
    await writeLetter(profiles, client, letter);
  }
  return fields;
}

/** The same by the member, who proves the password: a session alone changes nothing. */
export async function changeOwn(
  profiles: Profiles,
  caller: Caller,
  password: string,
  change: PlainChange,
): Promise<string[]> {
  await provenLogin(profiles, caller, { password });
  return inTransaction(profiles.database, async (client) => {
    await members.lockPerson(client, caller.id);
    return changeMember(profiles, client, caller.id, change, { role: "self" });
  });
}

/** Forgets a member who shows the password: all of the person goes, at once; the books stay, under what leads to nobody. */
export async function eraseOwn(profiles: Profiles, caller: Caller, password: string): Promise<void> {
  const { login } = await provenLogin(profiles, caller, { password });
  await inTransaction(profiles.database, async (client) => {
    await refuseWhileHeld(client, caller.id);
    await eraseMember(client, BigInt(login.name), (inside, what, whom) =>
      tellOf(profiles, inside, what, whom),
    );
  });
}
