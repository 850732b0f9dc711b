/** From a row of the queue to a mail: who its reader is now, where they are reached, and what they may see of the trade. */
import type { MailRow } from "../../engines/outbox/outbox.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { type Database, readClock } from "../../storage/database/database.ts";
import {
  type PersonLanguage,
  readLanguage,
  readPeopleById,
  readPersonalData,
  type Vault,
} from "../../storage/members/members.ts";
import { readParty, readPartyLanguage } from "../../storage/parties/parties.ts";
import { type Letter, letterOf } from "./letter.tsx";
import { linkLastsMs, type MailLinks } from "./mail-links.ts";

export interface Writing {
  database: Database;
  vault: Vault;
  trades: Pick<TradeCalls<"desk">, "read" | "events" | "recipient">;
  links: MailLinks;
  publicUrl: string;
  /** What people see of whose server it is. */
  server: string;
  /** The language of those who have said none. */
  language: PersonLanguage;
}

/** A mail with its reader's address; null where none is known. */
export interface Written extends Letter {
  to: string | null;
}

interface ReaderNow {
  email: string | null;
  language: PersonLanguage | null;
  /** True for those who cannot sign in. */
  linked: boolean;
}

/**
 * Writes a mail as of now. Undefined where there is nobody to write to any more: the reader was erased, or the trade is no
 * longer theirs. Nothing of it is kept.
 */
export async function writeMail(writing: Writing, row: MailRow): Promise<Written | undefined> {
  const number = String(row.trade);
  const actor = actorOf(row);
  const [reader, trade, page] = await Promise.all([
    readerOf(writing, row, actor),
    writing.trades.read(actor, number),
    writing.trades.events(actor, number, { limit: eventsMost, after: row.seq - 1 }),
  ]);
  if (reader === undefined || trade === undefined || page === undefined) return undefined;
  const first = page.items[0];
  const letter = letterOf({
    lang: reader.language ?? writing.language,
    reader: row.reader,
    kinds: row.kinds,
    trade,
    // One command is one instant and one actor.
    events: page.items.filter(({ at, actor: by }) => at === first?.at && by.role === first.actor.role),
    server: writing.server,
    ...(await linkOf(writing, row, reader)),
  });
  return { ...letter, to: reader.email };
}

/** More events than one command makes. */
const eventsMost = 20;

function actorOf({ reader, party, trade }: MailRow): Actor {
  if (reader === "shop") return { kind: "shop", id: party };
  if (reader === "buyer") return { kind: "person", id: party };
  return { kind: "recipient", id: party, opens: String(trade) };
}

async function readerOf(
  { database, vault, trades }: Writing,
  { reader, party, trade }: MailRow,
  actor: Actor,
): Promise<ReaderNow | undefined> {
  if (reader === "shop") {
    const [shop, language] = await Promise.all([
      readParty(database, "shop", party),
      readPartyLanguage(database, party),
    ]);
    return shop && { email: shop.email, language, linked: false };
  }
  if (reader === "recipient") {
    const recipient = await trades.recipient(actor, String(trade));
    return recipient && { email: recipient.email, language: null, linked: true };
  }
  const [[person], data, language] = await Promise.all([
    readPeopleById(database, [party]),
    readPersonalData(database, vault, party),
    readLanguage(database, party),
  ]);
  return person && data && { email: data.email, language, linked: person.kind === "guest" };
}

async function linkOf(
  { database, links, publicUrl }: Writing,
  { trade, reader }: MailRow,
  { linked }: ReaderNow,
): Promise<{ link: string; until?: Date }> {
  const number = String(trade);
  if (!linked || reader === "shop") return { link: `${publicUrl}/trades/${number}` };
  const until = new Date((await readClock(database)).getTime() + linkLastsMs);
  return { link: `${publicUrl}/mail/${links.tokenFor(number, reader, until)}`, until };
}
