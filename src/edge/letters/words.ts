/** The words of mails: a language is a record with the same keys as every other one. */
import type {
  BillMailKind,
  MailKind,
  PayoutMailKind,
  Reader,
  SelfMailKind,
  SettlementMailKind,
} from "../../engines/outbox/outbox.ts";

/** One thing that one reader is told. `{shop}`, `{amount}`, `{channel}` and `{code}` are filled in; what is filled in is never markup. */
export interface Said {
  /** The subject of the mail, and the first thing that it says. */
  head: string;
  happened: string;
  /** What the reader can do. */
  can?: string;
  /** What happens when the deadline comes and nobody has said anything; left out where no deadline runs. */
  silence?: string;
  /** What holds where no deadline runs. */
  always?: string;
}

/** What is told of payouts: `{amount}`, `{server}`. */
export interface PayoutWords {
  said: Record<PayoutMailKind, Said>;
  look: string;
  foot: string;
}

/**
 * What is told of bills: `{owed}` (all of it), `{asked}` (what is to be paid next), `{day}` (by when), `{fee}`, `{number}`,
 * `{server}`, `{lender}` (who has made it good).
 */
export interface BillWords {
  said: Record<BillMailKind, Said>;
  /** Behind what happened, where a fee was charged. */
  charged: string;
  number: string;
  owed: string;
  by: string;
  look: string;
  foot: string;
}

export interface MailWords {
  kinds: Record<MailKind, Partial<Record<Reader, Said>>>;
  /** What the owner of an account is told: `{amount}`, `{payee}`, `{by}` (the server that paid), `{left}` (still frozen). */
  settlements: Record<SettlementMailKind, Said>;
  /** What is told of somebody's own sign-in: `{server}`, `{code}`. */
  self: Record<SelfMailKind, Said>;
  payouts: PayoutWords;
  bills: BillWords;
  channels: Record<"phone" | "fax" | "letter" | "counter" | "desk", string>;
  /** `{head}`, `{shop}`, `{number}`. */
  subject: string;
  trade: string;
  shop: string;
  /** The server that had it paid. */
  by: string;
  left: string;
  reference: string;
  /** Where goods go back to. */
  returnTo: string;
  amount: string;
  can: string;
  until: string;
  silence: string;
  look: string;
  lookPayment: string;
  /** `{name}`: whose sign-in it is, a member's number or a name. Before the link for a new password. */
  newPassword: string;
  takeBack: string;
  /** `{server}`. Why the reader gets this, and what no mail ever asks for. */
  foot: string;
  /** The same for the owner of an account. */
  footAccount: string;
  /** The same for whoever may have signed in. */
  footSelf: string;
  /** What holds of the link: a member or a shop signs in, a guest's own acts, a recipient's only shows. */
  access: Record<"signIn" | "own" | "look", string>;
}
