/** From a row of the queue to a mail: who its reader is now, where they are reached, and what they may see of the trade. */
import type {
  BillMailRow,
  MailRow,
  PayoutMailRow,
  SelfMailRow,
  SettlementMailRow,
  TradeMailRow,
} from "../../engines/outbox/outbox.ts";
import { readNews } from "../../engines/debts/debts.ts";
import { readPayout } from "../../engines/payouts/payouts.ts";
import { readSettlement } from "../../engines/settlements/settlements.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import type { Database } from "../../storage/database/database.ts";
import {
  type PersonLanguage,
  readLanguage,
  readLender,
  readPeopleById,
  readPersonalData,
  type Vault,
} from "../../storage/members/members.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import {
  readParties,
  readParty,
  readPartyLanguage,
  readReturnAddress,
} from "../../storage/parties/parties.ts";
import {
  billLetterOf,
  type Letter,
  type LetterData,
  letterOf,
  payoutLetterOf,
  selfLetterOf,
  settlementLetterOf,
} from "../letters/letters.ts";
import type { Guests } from "../guests/guests.ts";
import { letterNow, type Profiles } from "../profiles/profiles.ts";

export interface Writing {
  database: Database;
  vault: Vault;
  trades: Pick<TradeCalls<"desk">, "read" | "events" | "recipient">;
  guests: Pick<Guests, "letter" | "linkFor">;
  profiles: Profiles;
  publicUrl: string;
  /** What people see of whose server it is. */
  server: string;
  /** The language of those who have said none. */
  language: PersonLanguage;
  /** IANA name of the zone in which times are told. */
  timeZone: string;
  /** The names of the other servers, by their ids. */
  serverNames: ReadonlyMap<string, string>;
}

/** A mail with its reader's address; null where none is known. */
export interface Written extends Letter {
  to: string | null;
}

interface ReaderNow {
  email: string | null;
  language: PersonLanguage | null;
  /** The guest's own link, or where the recipient goes; for all others it is the trade, and they sign in. */
  link?: string;
  /** What confirms the reader's address. */
  code?: string;
}

/**
 * Writes a mail as of now. Undefined where there is nobody to write to any more: the reader was erased, or the trade is no
 * longer theirs. Nothing of it is kept.
 */
export function writeMail(writing: Writing, row: MailRow): Promise<Written | undefined> {
  if (row.reader === "self") return writeToSelf(writing, row);
  if (row.reader === "payee") return writeToPayee(writing, row);
  if (row.reader === "debtor") return writeToDebtor(writing, row);
  return row.reader === "holder" ? writeToHolder(writing, row) : writeOfTrade(writing, row);
}

async function writeToSelf(
  { profiles, server, language }: Writing,
  { letter, kinds: [kind] }: SelfMailRow,
): Promise<Written | undefined> {
  const now = await letterNow(profiles, letter);
  if (now === undefined || kind === undefined) return undefined;
  const { email, links, code } = now;
  return { ...selfLetterOf({ lang: now.language ?? language, server, kind, links, code }), to: email };
}

async function writeToPayee(
  { database, vault, publicUrl, server, language }: Writing,
  { party, payout: id, kinds: [kind] }: PayoutMailRow,
): Promise<Written | undefined> {
  const [payout, shop] = await Promise.all([readPayout(database, id), readParty(database, "shop", party)]);
  const known =
    shop === undefined
      ? await personNow(database, vault, party)
      : { email: shop.email, language: await readPartyLanguage(database, party) };
  if (payout === undefined || known === undefined || kind === undefined) return undefined;
  const { account, currency, amount } = payout;
  const link = shop === undefined ? `${publicUrl}/accounts/${account}` : undefined;
  const lang = known.language ?? language;
  return { ...payoutLetterOf({ lang, server, kind, link, currency, amount }), to: known.email };
}

/** Who has lent a line, by name. */
async function lenderName(database: Database, account: string): Promise<string> {
  const lender = await readLender(database, account);
  const [party] = lender === undefined ? [] : await readParties(database, [lender]);
  return party?.name ?? "";
}

async function writeToDebtor(
  { database, vault, publicUrl, server, language, timeZone }: Writing,
  { party, news: id, kinds: [kind] }: BillMailRow,
): Promise<Written | undefined> {
  const [news, known] = await Promise.all([readNews(database, id), personNow(database, vault, party)]);
  if (news === undefined || known === undefined || kind === undefined) return undefined;
  const { currency, owed, asked, fee, dueAt } = news;
  const number = String(news.number);
  const lang = known.language ?? language;
  const day = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone }).format(dueAt);
  const told = {
    lang,
    server,
    kind,
    link: `${publicUrl}/bills/${number}`,
    number,
    currency,
    owed,
    asked,
    fee,
    day,
    lender: kind === "made good" ? await lenderName(database, news.account) : "",
  };
  return { ...billLetterOf(told), to: known.email };
}

async function writeToHolder(
  { database, vault, serverNames, publicUrl, server, language }: Writing,
  { party, settlement: id, kinds }: SettlementMailRow,
): Promise<Written | undefined> {
  const [settlement, known] = await Promise.all([
    readSettlement(database, id),
    personNow(database, vault, party),
  ]);
  const [kind] = kinds;
  if (settlement === undefined || known === undefined || kind === undefined) return undefined;
  const letter = settlementLetterOf({
    lang: known.language ?? language,
    kind,
    settlement,
    by: serverNames.get(settlement.peer) ?? settlement.peer,
    server,
    link: `${publicUrl}/settlements/${id}`,
  });
  return { ...letter, to: known.email };
}

async function writeOfTrade(writing: Writing, row: TradeMailRow): Promise<Written | undefined> {
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
    timeZone: writing.timeZone,
    ...(await returnPlaceFor(writing, row, trade)),
    ...wayIn(writing, row, reader),
  });
  return { ...letter, to: reader.email };
}

/** Which mails ask somebody to send goods back. */
const asksBack: readonly string[] = ["rejected", "withdrawn", "return soon"];

/** Where goods go back to, for whoever is asked to send them. */
async function returnPlaceFor(
  { database }: Writing,
  { reader, kinds }: TradeMailRow,
  { shop, chain }: Pick<TradeView, "shop" | "chain">,
): Promise<Pick<LetterData, "returnTo">> {
  if (reader === "shop" || !kinds.some((kind) => asksBack.includes(kind))) return {};
  const place = await readReturnAddress(database, chain == null ? [shop] : [shop, chain]);
  if (place === undefined) return {};
  const { name, address, phone } = place;
  return { returnTo: [name, ...address.split("\n"), ...(phone === null ? [] : [phone])].join(", ") };
}

/** More events than one command makes. */
const eventsMost = 20;

function actorOf({ reader, party, trade, kinds }: TradeMailRow): Actor {
  if (reader === "shop") return { kind: "shop", id: party };
  // Who is sent a code is nobody's buyer yet, and sees what waits to be approved.
  if (kinds.includes("code")) return { kind: "person", id: party, opens: String(trade) };
  if (reader === "buyer") return { kind: "person", id: party };
  return { kind: "recipient", id: party, opens: String(trade) };
}

async function readerOf(
  { database, vault, trades, guests, publicUrl }: Writing,
  { reader, party, trade, kinds }: TradeMailRow,
  actor: Actor,
): Promise<ReaderNow | undefined> {
  if (kinds.includes("code")) return guests.letter(party);
  if (reader === "shop") {
    const [shop, language] = await Promise.all([
      readParty(database, "shop", party),
      readPartyLanguage(database, party),
    ]);
    return shop && { email: shop.email, language };
  }
  if (reader === "recipient") {
    const recipient = await trades.recipient(actor, String(trade));
    // The shop has told this address, so nothing goes there that proves anything: the link is the buyer's to give.
    return recipient && { email: recipient.email, language: null, link: `${publicUrl}/gift` };
  }
  const known = await personNow(database, vault, party);
  if (known?.kind !== "guest") return known;
  return { ...known, link: await guests.linkFor(party, String(trade)) };
}

/** A person as they are reached now; undefined once they are erased. */
async function personNow(
  database: Database,
  vault: Vault,
  id: string,
): Promise<(ReaderNow & { kind: string }) | undefined> {
  const [[person], data, language] = await Promise.all([
    readPeopleById(database, [id]),
    readPersonalData(database, vault, id),
    readLanguage(database, id),
  ]);
  return person && data && { kind: person.kind, email: data.email, language };
}

/** How the reader comes to the trade. */
function wayIn(
  { publicUrl }: Writing,
  { trade, reader }: TradeMailRow,
  { link, code }: ReaderNow,
): Pick<LetterData, "link" | "access" | "code"> {
  if (code !== undefined) return { code };
  if (link === undefined) return { link: `${publicUrl}/trades/${trade}`, access: "signIn" };
  return { link, access: reader === "recipient" ? "look" : "own" };
}
