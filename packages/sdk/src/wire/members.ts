/**
 * What is sent and shown of members, of what they pay by, and of accounts. Amounts are integers of minor units, days are
 * YYYY-MM-DD, instants RFC 3339 in UTC.
 */
import type { AcceptorRole } from "./trades.ts";

/** At least one of the two. */
export interface Contact {
  email?: string;
  phone?: string;
}

export interface PersonTerms {
  name: string;
  /** How the name is read, in hiragana or katakana; kept in full-width katakana. */
  kana?: string;
  address: string;
  birthDate: string;
  contact: Contact;
}

/** What a member wishes to pay by. */
export interface MethodTerms {
  kind: "deposit" | "credit" | "prepaid";
  currency: string;
  /** A prepaid account is claimed with the code that came with it; other kinds take an outside token. */
  token?: string;
  /** The credit line that is wished for. */
  limit?: number;
}

/**
 * Who the buyer may be, where it is no member. It only fills the form: the guest confirms an address of their own and says
 * how they pay on the server's page.
 */
export interface GuestTerms {
  name: string;
  /** How the name is read, in hiragana or katakana; kept in full-width katakana. */
  kana?: string;
  address: string;
}

/** What a shop knows of a buyer: any part of it. The locale is a language tag, such as `ja-JP`. */
export interface BuyerHint {
  email?: string;
  name?: string;
  phone?: string;
  locale?: string;
}

/** To whom the goods go, where it is not the buyer. */
export interface RecipientTerms {
  name: string;
  /** How the name is read, in hiragana or katakana; kept in full-width katakana. */
  kana?: string;
  address?: string;
  contact?: Contact;
  /** Of a present: from whom it is, and a greeting, in the buyer's words. Those who carry it are not told. */
  from?: string;
  greeting?: string;
}

/** What makes a member. */
export interface Application extends PersonTerms {
  /** In which they are written to. */
  language?: "en" | "ja";
  methods?: MethodTerms[];
  creditLine?: { currency: string; limit: number };
  password?: string;
}

/** A member's leave for one shop to reserve up to an amount, as the member gives it. */
export interface MandateTerms {
  shop: string;
  currency: string;
  limit: number;
  until: string;
  method?: string;
  acceptors?: AcceptorRole[];
  /** What the member wants at least of a trade under the mandate; what is left out is as the server has it by default. */
  terms?: {
    reserveFor?: string;
    autoAfter?: string;
    deliverWithin?: string;
    returnWithin?: string;
    inspectWithin?: string;
  };
}

export interface MethodView {
  id: string;
  kind: string;
  currency: string;
  [more: string]: unknown;
}

/** A member as the member or an operator sees it; further fields depend on who asks. */
export interface MemberView {
  number: string;
  state: string;
  methods?: MethodView[];
  [more: string]: unknown;
}

/** A member's leave for one shop to reserve up to an amount. */
export interface MandateView {
  id: string;
  shop: string;
  currency: string;
  limit: number;
  until: string;
  [more: string]: unknown;
}

/** A change of a member's data or sign-in: never what it was. */
export interface ProfileChangeView {
  id: string;
  act: "asked" | "changed" | "taken back" | "stopped";
  field: "password" | "name" | "address" | "email" | "phone";
  /** The member, whoever reads their mail, or an operator. */
  role: "self" | "mail" | "operator";
  operator: string | null;
  at: string;
  [more: string]: unknown;
}

export interface AccountView {
  id: string;
  kind: string;
  currency: string;
  posted: number;
  held: number;
  /** Zero, or minus the credit line. */
  floor: number;
  available: number;
}

/** One line of a statement. */
export interface EntryView {
  kind: string;
  posted: number;
  held: number;
  /** The number under which it was paid, or frozen for another server. */
  tradeNumber: string | null;
  at: string;
  [more: string]: unknown;
}

/** A part of a list; `next` is what to ask after, or null at the end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** What a server says of itself. */
export interface ServerView {
  name: string;
  /** IANA name of the zone whose days the dates in calls are, and by whose months limits are counted. */
  timeZone: string;
  /** ISO 4217 codes of the accounts. */
  currencies: string[];
}

/* Of payments that other servers make at an institution. */

/** What a private trade costs, told to the institution by the shop. `peer` is the server that carries the trade. */
export interface ToldAmount {
  peer: string;
  tradeNumber: string;
  currency: string;
  /** A price for each piece (`unitAmount`) or for all (`amount`). */
  lines: { quantity: number; unitAmount?: number; amount?: number }[];
}

/** The same with its sum. */
export interface ToldAmountView extends ToldAmount {
  amount: number;
}

/** Of a shop: in which currency another server may pay it, and what that server may keep of each payment. */
export interface ConsentTerms {
  peer: string;
  purpose: "receive";
  currency: string;
  fee?: { fixed: number; basisPoints: number };
  /** The SHA-256 of a verifier, base64url: the code is then good only with the verifier. */
  challenge?: string;
}

export interface ConsentGivenView {
  id: string;
  /** For the other server, once: a repetition with the same key is answered without it. */
  code?: string;
}

export interface ConsentView {
  id: string;
  peer: string;
  peerName: string | null;
  purpose: "pay" | "receive";
  currency: string;
  until: string | null;
  revokedAt: string | null;
  createdAt: string;
  [more: string]: unknown;
}

/** At which institution a shop is paid in a currency, and by which consent. */
export interface TieView {
  institution: string;
  currency: string;
  consent: string;
  /** In the list; null where this server no longer knows it. */
  name?: string | null;
}

export interface KeyTerms {
  label?: string;
  /** How long the keys there were go on, an ISO 8601 duration; as long as they would where it is left out. */
  overlap?: string;
}

/** A key by which a party calls. */
export interface KeyView {
  id: string;
  label: string | null;
  createdAt: string;
  expiresAt: string | null;
  /** When it is made, once: a repetition with the same key is answered without it. */
  key?: string;
}

/* Of shops and other parties, and of where they are told of events. */

/** Who is calling. */
export interface CallerView {
  kind: "shop" | "carrier" | "provider" | "operator" | "member" | "recipient" | "guest" | "invited";
  id?: string;
  name?: string | null;
  /** Of a member. */
  number?: string;
  /** Of those who see one trade only. */
  trade?: string;
}

/** A shop, carrier or provider as it sees itself; the last three are a shop's. */
export interface PartyView {
  id: string;
  kind: "shop" | "carrier" | "provider";
  name: string;
  state: "applied" | "approved" | "suspended";
  contact: { email?: string; phone?: string };
  createdAt: string;
  independent?: boolean;
  accounts?: {
    currency: string;
    account: string;
    fee: { fixed: number; basisPoints: number; roundTo: "shop" | "fee" };
  }[];
  /** Of a shop that comes for a time. */
  until?: string;
  returnUrls?: string[];
  uniqueReferences?: boolean;
  /** Where goods are sent back to; null where none is named. Servers of before do not say. */
  returnAddress?: ReturnAddressView | null;
}

/** Where a shop has goods sent back to. */
export interface ReturnAddressView {
  name: string;
  /** Lines are parted by line feeds. */
  address: string;
  phone?: string;
  since: string;
}

export interface EndpointTerms {
  url: string;
  /** Names of events, or `["*"]` for all; `trade.changed` for one message for each step of a trade. */
  types: string[];
  /** So many messages come in one request, where several wait, 100 at most; 1 if not given. Read them by `messagesOf`. */
  perRequest?: number;
}

export interface EndpointView extends EndpointTerms {
  id: string;
  /** The owner's name for it; null where it has none. */
  name: string | null;
  state: "active" | "disabled";
  oldSecretUntil: string | null;
  createdAt: string;
  /** With a new one, once: a repetition with the same key is answered without it. */
  secret?: string;
}

export interface DeliveryView {
  id: string;
  endpoint: string;
  type: string;
  /** That of the trade; null where the message is about none. */
  number: string | null;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  nextAttemptAt: string | null;
  createdAt: string;
}

/** A claim that was bought from the shop; minor units. */
export interface BoughtView {
  trade: string;
  currency: string;
  amount: number;
  price: number;
  paid: number;
  recovered: number;
  owed: number;
  at: string;
}

interface Debt {
  owed: number | null;
  /** What of it settlements under way are about to pay. */
  covering: number | null;
  covered: number | null;
}

/** What being paid early costs, in hundredths of a percent of the claim. */
export interface AdvancePrices {
  /** Once everything is accepted, and before that. */
  acceptedBasisPoints: number;
  reservedBasisPoints: number;
}

/** What a shop was paid early in a currency, and what it owes; minor units. */
export interface EarlyAccountView extends Debt {
  currency: string;
  /** To come back by settlements. */
  outstanding: number | null;
  debts: (Debt & { institution: string })[];
}

/** A shop on a server's page of shops, and where a member who goes on comes. */
export interface ListingView {
  shop: string;
  name: string;
  url: string;
  sentence: string;
}

/** A photo of goods, by the digest under which events name it. */
export interface PhotoView {
  digest: string;
  /** Of what is kept. */
  bytes: number;
  at: string;
}
