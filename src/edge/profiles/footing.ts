/** What the room stands on, and its secrets: codes and links are HMACs of rows under the server's secret, and stand nowhere. */
import { timingSafeEqual } from "node:crypto";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Client, type Database, randomToken, uuidv7 } from "../../storage/database/database.ts";
import {
  type Identity,
  loginsOf,
  type LoginRow,
  makeSeal,
  type Seal,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { insertSelfMail, type MailUse } from "../../engines/outbox/outbox.ts";

export interface Profiles {
  database: Database;
  vault: members.Vault;
  identity: Identity;
  mails: MailUse;
  /** Where people reach this server, without a slash at the end. */
  publicUrl: string;
  house: House;
  tokens: Tokens;
}

/** What letters by post say of whoever sends them. */
export interface House {
  name: string;
  /** IANA name of the zone in which days are told. */
  timeZone: string;
  /** The language of those who have said none. */
  language: members.PersonLanguage;
  /** ISO 4217 codes of the credit lines that there are here. */
  creditIn: readonly string[];
}

interface Tokens {
  /** The code that goes to a new address. */
  codeOf(change: string): string;
  resetOf(letter: string, login: Pick<LoginRow, "id" | "passwordHash">): string;
  backOf(change: string): string;
  /** The form in which the code of a person's letter is kept. */
  admissionOf(person: string, code: string): Buffer;
  /** The ids in a token; whether it is right is for {@link isSame} to say. */
  readReset(token: string): { letter: string; login: string } | undefined;
  /** The change that a token takes back; undefined where the token is none of ours. */
  readBack(token: string): string | undefined;
}

export function openProfiles(options: Omit<Profiles, "tokens"> & { secret: Buffer }): Profiles {
  const { secret, ...rest } = options;
  return { ...rest, tokens: makeTokens(makeSeal(secret, "changes of sign-ins")) };
}

const codeLength = 8;
const resetForm = /^kw_([0-9a-f]{32})_([0-9a-f]{32})_[0-9a-f]{40}$/;
const backForm = /^ku_([0-9a-f]{32})_[0-9a-f]{40}$/;

function makeTokens(seal: Seal): Tokens {
  const sealed = (text: string) => seal(text).toString("hex").slice(0, 40);
  const backOf = (change: string) => `ku_${change.replaceAll("-", "")}_${sealed(`back ${change}`)}`;
  return {
    codeOf: (change) =>
      String(seal(`code ${change}`).readBigUInt64BE() % 10n ** BigInt(codeLength)).padStart(codeLength, "0"),
    // It holds the password of now, so that it ends with it, however that comes to be changed.
    resetOf: (letter, { id, passwordHash }) =>
      `kw_${letter.replaceAll("-", "")}_${id.replaceAll("-", "")}_${sealed(`reset ${letter} ${id} ${passwordHash}`)}`,
    backOf,
    admissionOf: (person, code) => seal(`admission ${person} ${code}`),
    readReset: (token) => {
      const [, letter, login] = resetForm.exec(token) ?? [];
      return letter === undefined || login === undefined
        ? undefined
        : { letter: idOf(letter), login: idOf(login) };
    },
    readBack: (token) => {
      const [, hex] = backForm.exec(token) ?? [];
      if (hex === undefined) return undefined;
      const change = idOf(hex);
      return isSame(token, backOf(change)) ? change : undefined;
    },
  };
}

const idOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

export function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
}

/** A sign-in for a member who had none; no password opens it yet. */
export async function newLogin(
  { identity }: Pick<Profiles, "identity">,
  client: Client,
  subject: string,
  email: string,
): Promise<LoginRow> {
  const passwordHash = `none ${randomToken(16)}`;
  await identity.createLogin(client, { email, passwordHash, subjectKind: "member", subject });
  return (await loginsOf(client, subject))[0] ?? refuse("not_found");
}

const minute = 1;
const hour = 60 * minute;
/** For how long what a mail says holds, in minutes. */
export const lasting = { reset: hour, confirm: hour / 4, back: 3 * 24 * hour, told: 3 * 24 * hour } as const;

interface Mailing extends Pick<members.Letter, "subject" | "kind" | "email"> {
  language: members.PersonLanguage | null;
  about?: string;
  minutes: number;
}

/** Queues a mail, with the change that it is about. */
export async function writeLetter(
  { vault, mails }: Pick<Profiles, "vault" | "mails">,
  client: Client,
  { about, ...letter }: Mailing,
): Promise<void> {
  const id = uuidv7();
  await members.insertLetter(client, vault, { ...letter, id, about: about ?? null });
  await insertSelfMail(client, { letter: id, party: letter.subject ?? id, kind: letter.kind }, mails);
}
