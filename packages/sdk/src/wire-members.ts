/**
 * What is sent and shown of members, of what they pay by, and of accounts. Amounts are integers of minor units, days are
 * YYYY-MM-DD, instants RFC 3339 in UTC.
 */
import type { AcceptorRole } from "./wire-trades.ts";

/** At least one of the two. */
export interface Contact {
  email?: string;
  phone?: string;
}

export interface PersonTerms {
  name: string;
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
  address?: string;
  contact?: Contact;
}

/** What makes a member. */
export interface Application extends PersonTerms {
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
  at: string;
  [more: string]: unknown;
}

/** A part of a list; `next` is what to ask after, or null at the end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
