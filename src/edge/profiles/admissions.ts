/**
 * Membership by post (paragraph 0082): an applicant is told that they are looked at; whoever was admitted gets a letter with
 * their number and a code, and makes a sign-in with it. The code alone is nothing: with it go what only the applicant has
 * told, and for three days what it opens gives no right.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Application } from "../../core/protocol/schemas.ts";
import { type Effect, inTransaction } from "../../engines/engine/engine.ts";
import { type Client, randomDigits, readClock } from "../../storage/database/database.ts";
import {
  attemptsWindowMs,
  loginsOf,
  moveLogin,
  networkOf,
  normalEmail,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { admissionLetter } from "../papers/papers.ts";
import { lasting, newLogin, type Profiles, writeLetter } from "./footing.ts";

const hourMs = 3_600_000;
/** Notices to one address within an hour, whoever applies with it. */
const noticesPerAddress = 3;
const codeDigits = 12;
/** For how long the code of a letter can be used. */
const codeDays = 60;

/**
 * What is noted of an applicant in the transaction that enters them: in which language they are written to, and that a mail
 * says so to who is not admitted yet. How often an address is written to is counted before, outside of that transaction.
 */
export async function applicantNoted(
  profiles: Profiles,
  { contact: { email }, language }: Pick<Application, "contact" | "language">,
): Promise<(client: Client, number: string) => Promise<void>> {
  const told = email !== undefined && (await mayBeTold(profiles, email));
  return async (client, number) => {
    const member = await members.findMember(client, BigInt(number));
    if (member === undefined) return;
    const subject = member.id;
    if (language !== undefined) await members.setLanguage(client, subject, language);
    if (!told || member.state !== "provisional") return;
    const letter = { subject, kind: "applied", email, language: language ?? null } as const;
    await writeLetter(profiles, client, { ...letter, minutes: lasting.told });
  };
}

async function mayBeTold({ identity }: Profiles, email: string): Promise<boolean> {
  const [told = 0] = await identity.tries.count([`notice at ${normalEmail(email)}`], hourMs);
  return told <= noticesPerAddress;
}

/** For whom a letter is made, and in which language where they have said none. */
export interface LetterWish {
  number: string;
  language?: members.PersonLanguage | undefined;
}

/**
 * Makes the letter to a member who was admitted. Who has no sign-in yet finds a code in it, and one that went before is void.
 * They are told by mail, too, where they have an address, so that no letter is made in silence.
 */
export async function makeLetter(
  profiles: Profiles,
  client: Client,
  { number, language }: LetterWish,
): Promise<Effect & { tells: string }> {
  const { vault, house, publicUrl, tokens } = profiles;
  const member = await members.lockMember(client, BigInt(number));
  if (member === undefined || member.state === "erased") return refuse("not_found");
  if (member.state !== "active") return refuse("member_not_approved");
  const person = member.id;
  const known = await members.readPersonalData(client, vault, person);
  if (known === undefined || known.name === null || known.address === null)
    return refuse("not_found", "It is not known where this member lives.");
  const { name, address, email } = known;
  const said = await members.readLanguage(client, person);
  const signsIn = (await loginsOf(client, person)).length > 0;
  const code = signsIn ? null : await newCode(tokens, client, person);
  const { pdf, missing } = await admissionLetter({
    lang: said ?? language ?? house.language,
    server: house.name,
    url: `${publicUrl}/${code === null ? "signin" : "first-sign-in"}`,
    at: await readClock(client),
    timeZone: house.timeZone,
    name,
    address,
    number,
    code,
    currencies: house.creditIn,
  });
  if (email !== null) {
    const letter = { subject: person, kind: "admitted", email, language: said } as const;
    await writeLetter(profiles, client, { ...letter, minutes: lasting.told });
  }
  return {
    status: 201,
    body: { number, until: code === null ? null : code.until.toISOString() },
    secret: { pdf: Buffer.from(pdf).toString("base64"), missing },
    tells: person,
  };
}

async function newCode(
  tokens: Profiles["tokens"],
  client: Client,
  person: string,
): Promise<{ digits: string; until: Date }> {
  const digits = randomDigits(codeDigits);
  const codeHash = tokens.admissionOf(person, digits);
  return { digits, until: await members.writeAdmission(client, { person, codeHash, days: codeDays }) };
}

/** What somebody types who has a letter. */
export interface FirstSignIn {
  number: bigint;
  code: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  email: string;
  password: string;
  /** The address from which it is asked. */
  from: string;
}

/** Within a quarter of an hour. Strangers who try lock nobody out: whoever comes after many has fewer tries, not none. */
const triesMost = { perNetwork: 100, perNumber: 5, manyStrangers: 50, perLateStranger: 2 } as const;

/** One answer to all that is wrong. */
const wrong = (): never => refuse("admission_code_invalid");

/**
 * Makes a sign-in for a member who has none, by the code in their letter: once. An e-mail address that was told with the
 * application has to be the same; where none was told, it is this one from now on.
 */
export async function signInFirst(profiles: Profiles, wish: FirstSignIn): Promise<void> {
  const { database, identity, vault } = profiles;
  const { number, email, password } = wish;
  const counted = await countTry(profiles, wish);
  const seen = (await proven(profiles, database, wish)) ?? wrong();
  await identity.tries.giveBack(counted);
  // Hashed before the transaction, which would otherwise stay open for the time that this takes.
  const passwordHash = await identity.hashPassword(email, password);
  await inTransaction(database, async (client) => {
    await members.lockMember(client, number);
    const { person, known, codeHash } = (await proven(profiles, client, wish)) ?? wrong();
    if (person !== seen.person || !(await members.spendAdmission(client, person, codeHash))) wrong();
    if ((await loginsOf(client, person)).length > 0) refuse("already_exists", "You have a sign-in already.");
    const login = await newLogin(profiles, client, person, email);
    const place = identity.sealAddress(email);
    if (!(await moveLogin(client, { login: login.id, ...place, passwordHash, held: true })))
      refuse("already_exists", "Choose another password.");
    const change = { kind: "member", subject: person, act: "changed", role: "letter" } as const;
    if (known.email === null) {
      await members.changePerson(client, vault, person, { email });
      await members.insertProfileChange(client, { ...change, field: "email" });
    }
    await members.insertProfileChange(client, { ...change, field: "password" });
    const language = await members.readLanguage(client, person);
    const letter = { subject: person, kind: "joined", email, language, minutes: lasting.told } as const;
    await writeLetter(profiles, client, letter);
  });
}

/** Counts a try before it is known whether it is right. Answers what to give back. */
async function countTry({ identity }: Profiles, { number, from }: FirstSignIn): Promise<string[]> {
  const network = networkOf(from);
  const names = [`letters from ${network}`, `letter of ${number} from ${network}`, `letter of ${number}`];
  const [here = 0, own = 0, all = 0] = await identity.tries.count(names, attemptsWindowMs);
  const late = all > triesMost.manyStrangers && own > triesMost.perLateStranger;
  if (here > triesMost.perNetwork || own > triesMost.perNumber || late)
    refuse("too_many_requests", "Too many tries; try again in a quarter of an hour.");
  return names;
}

/** Whose letter it is, where all that was typed belongs together. */
async function proven(
  { vault, tokens }: Profiles,
  client: Client,
  { number, code, birthDate, email }: FirstSignIn,
): Promise<{ person: string; known: members.PersonalData; codeHash: Buffer } | undefined> {
  const member = await members.findMember(client, number);
  if (member === undefined) return undefined;
  const codeHash = tokens.admissionOf(member.id, code.normalize("NFKC").replaceAll(/[\s-]/g, ""));
  if (!(await members.holdsAdmission(client, member.id, codeHash))) return undefined;
  const known = await members.readPersonalData(client, vault, member.id);
  if (known === undefined || known.birthDate !== birthDate) return undefined;
  if (known.email !== null && normalEmail(known.email) !== normalEmail(email)) return undefined;
  return { person: member.id, known, codeHash };
}
