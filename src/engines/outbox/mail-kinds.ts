/** Which event of a trade is told to whom by mail, as a table. Pure: it knows words, and nothing of how a trade is kept. */
import type { ActorRole, TradeEventType } from "../../core/protocol/protocol.ts";

/** Those who get mail about a trade. */
const readers = ["buyer", "recipient", "shop"] as const;
export type Reader = (typeof readers)[number];

/** What a mail tells. */
export const mailKinds = [
  "approve soon",
  "frozen",
  "ship soon",
  "reservation soon",
  "changed",
  "ordered",
  "order seen",
  "shipped",
  "delivery soon",
  "arrived?",
  "at door",
  "delivered",
  "accept soon",
  "accepted",
  "accepted by silence",
  "payment soon",
  "due",
  "pay soon",
  "pay late",
  "paid",
  "collected",
  "withdraw soon",
  "rejected",
  "not received",
  "return soon",
  "sent back",
  "come back",
  "inspect soon",
  "returned",
  "withdrawn",
  "lapsed",
  "disputed",
  "answer soon",
  "answered",
  "said",
  "offered",
  "resolved",
  "refunded",
  "refund due",
  "unpaid",
  "released",
  "claimed",
  "extension asked",
  "cancelled",
  "expired",
  "operator",
  // These two tell of no event: a guest has asked for them.
  "code",
  "link",
] as const;
export type MailKind = (typeof mailKinds)[number];

/** What a mail tells of a payment that another server has made from an account that is kept here: its owner reads it. */
export const settlementMailKinds = [
  "paid from account",
  "confirm payment",
  "objection refused",
  "objection upheld",
] as const;
export type SettlementMailKind = (typeof settlementMailKinds)[number];

/**
 * What a mail tells of somebody's own sign-in: a way to a new password, a code for a new address, and what was changed;
 * `moved` goes to the former address, with a way to take it back. `applied`, `admitted` and `joined`: an application has come
 * in, a letter goes by post, and its code was used. `erased`: nothing is known of them any more, and this is the last mail. `return address`: to a
 * shop, that its goods go back to another place. `invited`: to somebody whom a shop wants to work there, with the way to their
 * own password; `team`: to the shop, that its people were changed. `credit granted` and `credit refused`: what became of a request of credit.
 */
export type SelfMailKind =
  | "reset"
  | "confirm"
  | "password"
  | "profile"
  | "moved"
  | "bank account"
  | "passkey"
  | "applied"
  | "admitted"
  | "joined"
  | "erased"
  | "return address"
  | "invited"
  | "team"
  | "credit granted"
  | "credit refused";

/** What a mail tells of money that leaves an account for a bank: whose account it is reads it. */
export type PayoutMailKind = "payout" | "payout returned";

/** What a mail tells of a bill: whoever owes it reads it. */
export type BillMailKind =
  | "bill"
  | "bill grown"
  | "bill soon"
  | "bill overdue"
  | "instalments"
  | "whole due"
  | "bill paid"
  | "made good"
  | "written off";

/**
 * How somebody is told. `asks`: they have something to do, and their silence will count from here on. `reminds`: of
 * something that they were asked before. `tells`: what they may want to know; who did it themselves is not told.
 * `receipt`: the same, and also to who did it, so that they see what was done in their name.
 */
type How = "asks" | "reminds" | "tells" | "receipt";

interface Telling {
  kind: MailKind;
  to: Partial<Record<Reader, How>>;
}

/** What happened, as it stands in the record. */
export interface Told {
  type: string;
  data: Readonly<Record<string, unknown>>;
}

const both = (kind: MailKind, how: How): Telling => ({ kind, to: { buyer: how, shop: how } });

/** What is told before a deadline. The time of an operator is told to parties by their events alone. */
const nearing: Readonly<Record<string, Telling>> = {
  approveBy: { kind: "approve soon", to: { buyer: "reminds" } },
  shipBy: { kind: "ship soon", to: { shop: "reminds" } },
  reservedUntil: both("reservation soon", "reminds"),
  deliverBy: { kind: "delivery soon", to: { shop: "reminds" } },
  acceptBy: { kind: "accept soon", to: { buyer: "reminds", recipient: "reminds" } },
  returnBy: { kind: "return soon", to: { buyer: "reminds" } },
  inspectBy: { kind: "inspect soon", to: { shop: "reminds" } },
  answerBy: both("answer soon", "reminds"),
  paymentDate: { kind: "payment soon", to: { buyer: "reminds" } },
  payBy: { kind: "pay soon", to: { buyer: "reminds" } },
  coolingOffUntil: { kind: "withdraw soon", to: { buyer: "reminds" } },
};
const payLate: Telling = { kind: "pay late", to: { buyer: "reminds" } };
const arrived: Telling = { kind: "arrived?", to: { buyer: "asks" } };

const notReceived: ReadonlySet<unknown> = new Set(["missing", "never_came"]);

const table: Partial<Record<TradeEventType, Telling | ((data: Told["data"]) => Telling | undefined)>> = {
  "trade.reserved": { kind: "frozen", to: { buyer: "receipt", shop: "asks" } },
  "trade.revised": { kind: "changed", to: { buyer: "tells" } },
  "trade.ordered": { kind: "ordered", to: { buyer: "asks" } },
  "trade.order_seen": { kind: "order seen", to: { shop: "tells" } },
  "trade.shipped": ({ claimed }) =>
    claimed === true ? arrived : { kind: "shipped", to: { buyer: "tells", recipient: "tells" } },
  "trade.at_door": { kind: "at door", to: { buyer: "tells", recipient: "tells" } },
  // A report of what was known before is only recorded: whoever repeats it sends nobody a mail.
  "trade.delivered": ({ lines }) =>
    Array.isArray(lines) && lines.length === 0
      ? undefined
      : { kind: "delivered", to: { buyer: "asks", recipient: "asks" } },
  // What is not told ahead is over: whether it came is asked then.
  "trade.deadline_near": ({ deadline, before }) => {
    if (before === undefined && deadline === "payBy") return payLate;
    return before === undefined && deadline === "deliverBy" ? arrived : nearing[String(deadline)];
  },
  "trade.extension_asked": both("extension asked", "tells"),
  "trade.accepted": ({ by }) => both(by === "clock" ? "accepted by silence" : "accepted", "receipt"),
  "trade.settled": ({ collected }) => both(collected === true ? "collected" : "paid", "receipt"),
  "trade.rejected": ({ kind }) =>
    notReceived.has(kind)
      ? { kind: "not received", to: { buyer: "receipt", shop: "asks" } }
      : { kind: "rejected", to: { buyer: "asks", shop: "tells" } },
  // What could not be brought to the shop is a dispute, which asks both.
  "trade.sent_back": ({ arrived, notTaken }) =>
    notTaken === "undeliverable"
      ? undefined
      : { kind: arrived === true ? "come back" : "sent back", to: { buyer: "tells", shop: "asks" } },
  "trade.returned": both("returned", "tells"),
  "trade.withdrawn": ({ lapsed }) => (lapsed === true ? both("lapsed", "tells") : both("withdrawn", "asks")),
  "trade.disputed": both("disputed", "asks"),
  "trade.answered": both("answered", "tells"),
  "trade.said": both("said", "tells"),
  "trade.offered": both("offered", "tells"),
  "trade.resolved": both("resolved", "asks"),
  "trade.refunded": both("refunded", "receipt"),
  "trade.refund_due": both("refund due", "tells"),
  "trade.unpaid": both("unpaid", "tells"),
  "guarantee.due": { kind: "due", to: { buyer: "receipt" } },
  // The clock ends what a shop forgets, and nobody has to know of it a second time.
  "guarantee.released": { kind: "released", to: { buyer: "tells" } },
  "guarantee.claimed": both("claimed", "receipt"),
  "trade.cancelled": both("cancelled", "tells"),
  "trade.expired": both("expired", "tells"),
};

/** What one reader is told of the events of one command. */
export interface Mailing {
  reader: Reader;
  kinds: MailKind[];
  asks: boolean;
  /** True where it is for their knowledge only. */
  quiet: boolean;
}

/** To whom a command's events are told; `by` is who gave it. Both sides are told of all that an operator does. */
export function mailingsOf(events: readonly Told[], by: ActorRole): Mailing[] {
  const tellings = events.flatMap(({ type, data }) => {
    const entry = table[type as TradeEventType];
    return (typeof entry === "function" ? entry(data) : entry) ?? [];
  });
  if (by === "operator" && events.length > 0) tellings.push(both("operator", "receipt"));
  const mailings: Mailing[] = [];
  for (const reader of readers) {
    const mailing: Mailing = { reader, kinds: [], asks: false, quiet: by !== "operator" };
    for (const { kind, to } of tellings) {
      const how = to[reader];
      if (how === undefined || (by === reader && (how === "tells" || reader === "shop"))) continue;
      if (!mailing.kinds.includes(kind)) mailing.kinds.push(kind);
      mailing.asks ||= how === "asks";
      mailing.quiet &&= how !== "asks" && how !== "reminds";
    }
    if (mailing.kinds.length > 0) mailings.push(mailing);
  }
  return mailings;
}

/** Those of whom these events ask something, other than who gave the command: from here on they have to be told. */
export function askedBy(events: readonly Told[], by: ActorRole): Reader[] {
  return mailingsOf(events, by).flatMap(({ reader, asks }) => (asks && reader !== by ? [reader] : []));
}
