/** The address of a guest: the code that confirms it, and the link that is sent to it. */
import { timingSafeEqual } from "node:crypto";
import { type Database, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import {
  contactPrefix,
  type GuestLinks,
  hashBytes,
  makeSecret,
  makeSeal,
  openGuestLinks,
  prefixOf,
  secretHash,
} from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import { refuse, type Refused } from "../../core/protocol/protocol.ts";
import { insertMails, type MailUse } from "../../engines/outbox/outbox.ts";
import type { TradeCalls } from "../../engines/trades/trades.ts";

/** What is known of a browser in which somebody goes on as a guest. */
export interface Contact {
  id: string;
  confirmed: boolean;
  /** The guest whom they have become. */
  person: string | null;
  /** Where they are reached; nothing once they have become a guest. */
  email: string | undefined;
}

export interface Guests {
  /** Without mails nobody can be sent a code, and nobody goes on as a guest. */
  open: boolean;
  links: GuestLinks;
  /** The address of a guest's own link, the newest. Only for the guest, and for what is sent to their address. */
  linkFor(person: string, number: string): Promise<string>;
  /**
   * Sends a code to an address, for the trade; answers what the browser has to keep in a cookie. Refuses with
   * too_many_requests.
   */
  askCode(
    number: string,
    wish: { email: string; language: members.PersonLanguage | undefined },
  ): Promise<string>;
  /** Takes the code from the browser that has asked for it. Refuses with guest_code_invalid or too_many_requests. */
  confirm(number: string, secret: string, code: string): Promise<void>;
  /** What is known of the browser that has this in its cookie, about this trade. */
  contact(number: string, secret: string | undefined): Promise<Contact | undefined>;
  /** The browser has become this guest. */
  spend(contact: string, person: string): Promise<void>;
  /** For the mail: the code, and where it goes. Undefined once it is over. */
  letter(
    contact: string,
  ): Promise<{ code: string; email: string; language: members.PersonLanguage | null } | undefined>;
  /**
   * Sends the guest of a trade, if it has one who can be sent something, a new link. `atOnce`: the present one ends now, for
   * it is asked for by who holds it. False where there is nobody to send it to, and then nothing ends.
   */
  sendLink(number: string, atOnce: boolean): Promise<boolean>;
}

/** For how long a code can be used, and its address then be taken for proven, in minutes. */
const codeMinutes = 15;
const confirmedMinutes = 120;
/** Wrong codes after which another one has to be asked for, and how many may be asked for in an hour. */
const triesPerCode = 5;
const codesPerHour = 10;
const codeLength = 8;

export function openGuests(options: {
  database: Database;
  /** The server's own, of which codes and links are made. */
  secret: Buffer;
  vault: members.Vault;
  trades: Pick<TradeCalls<"nowhere">, "guestOf">;
  mails: MailUse;
  /** Where people reach this server, without a slash at the end. */
  publicUrl: string;
}): Guests {
  const { database, secret: own, vault, trades, mails, publicUrl } = options;
  const seal = makeSeal(own, "codes for guests");
  const codeOf = (contact: string) =>
    String(seal(`code ${contact}`).readBigUInt64BE() % 10n ** BigInt(codeLength)).padStart(codeLength, "0");
  const links = openGuestLinks(database, own);
  return {
    open: mails !== "unsent",
    links,
    linkFor: async (person, number) => `${publicUrl}/guest/${await links.give(database, { person, number })}`,
    askCode: (number, wish) => askCode({ database, vault, mails }, number, wish),
    confirm: async (number, secret, code) => {
      const refused = await tryCode(database, codeOf, { number, secret, code });
      if (refused !== undefined) refuse(refused.refused, refused.detail);
    },
    contact: async (number, secret) => {
      const row = await contactRow(database, number, secret);
      if (row === undefined) return undefined;
      const { id, confirmed, person } = row;
      const address = await members.readContactAddress(database, vault, id);
      return { id, confirmed, person, email: address?.email };
    },
    spend: (contact, person) => members.spendContact(database, contact, person),
    letter: async (contact) => {
      const address = await members.readContactAddress(database, vault, contact);
      return address && { code: codeOf(contact), ...address };
    },
    sendLink: async (number, atOnce) => {
      const person = await trades.guestOf(number);
      if (person === undefined || mails === "unsent") return false;
      // Guests of former times may have given no more than a telephone number.
      const known = await members.readPersonalData(database, vault, person);
      if (known?.email == null) return false;
      await sendLink({ database, links, mails }, { number, person, atOnce });
      return true;
    },
  };
}

async function askCode(
  { database, vault, mails }: { database: Database; vault: members.Vault; mails: MailUse },
  number: string,
  { email, language }: { email: string; language: members.PersonLanguage | undefined },
): Promise<string> {
  const secret = makeSecret(contactPrefix);
  const id = uuidv7();
  const trade = BigInt(number);
  const isTaken = await database.transaction(async (client) => {
    await members.lockRegistration(client, idFrom(`codes of ${number}`));
    if ((await members.countContacts(client, trade)) >= codesPerHour) return false;
    const contact = { id, trade, secretHash: hashBytes(secretHash(secret)), email, language };
    await members.insertContact(client, vault, { ...contact, minutes: codeMinutes });
    const at = await readClock(client);
    await insertMails(
      client,
      [{ trade, seq: 0, party: id, reader: "buyer", kinds: ["code"], asks: false, at }],
      mails,
    );
    return true;
  });
  if (!isTaken)
    refuse("too_many_requests", "Too many codes were asked for within the hour. Try again later.");
  return secret;
}

/** Counts within one transaction, so that no number of guesses at once is more than the limit. */
function tryCode(
  database: Database,
  codeOf: (contact: string) => string,
  { number, secret, code }: { number: string; secret: string; code: string },
): Promise<Refused | undefined> {
  const hash = hashBytes(secretHash(secret));
  return database.transaction(async (client): Promise<Refused | undefined> => {
    const row = await members.lockContact(client, hash);
    if (row === undefined || String(row.trade) !== number) return { refused: "guest_code_invalid" };
    if (row.confirmed) return undefined;
    if (row.wrong >= triesPerCode)
      return { refused: "too_many_requests", detail: "Too many wrong codes. Have another one sent." };
    if (!isSame(code, codeOf(row.id))) {
      await members.countWrongContactCode(client, row.id);
      return { refused: "guest_code_invalid" };
    }
    await members.confirmContact(client, row.id, confirmedMinutes);
    return undefined;
  });
}

function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
}

async function contactRow(database: Database, number: string, secret: string | undefined) {
  if (secret === undefined || prefixOf(secret) !== contactPrefix) return undefined;
  const row = await members.readContact(database, hashBytes(secretHash(secret)));
  return row !== undefined && String(row.trade) === number ? row : undefined;
}

/** The mail is written when it is sent, with whatever link is then the newest. */
async function sendLink(
  { database, links, mails }: { database: Database; links: GuestLinks; mails: MailUse },
  { number, person, atOnce }: { number: string; person: string; atOnce: boolean },
): Promise<void> {
  await database.transaction(async (client) => {
    await links.give(client, { person, number });
    const link = await links.renew(client, person, atOnce);
    if (link === undefined) return;
    const at = await readClock(client);
    const mail = { trade: BigInt(number), seq: -link, party: person, reader: "buyer" as const };
    await insertMails(client, [{ ...mail, kinds: ["link"], asks: false, at }], mails);
  });
}
