/** What a server shows of a trade. Amounts are integers of minor units, instants RFC 3339 in UTC, ids UUIDs. */

export type TradeState =
  | "proposed"
  | "refused"
  | "reserved"
  | "delivered"
  | "accepted"
  | "settled"
  | "cancelled"
  | "rejected"
  | "expired"
  | "disputed";

/** Who may confirm acceptance. */
/** What the recipient of a trade is to be given: the shop reads the code, the buyer the link, and nobody both. */
export interface RecipientSecret {
  link: string | null;
  code: string | null;
}

export type AcceptorRole = "buyer" | "recipient" | "carrier" | "provider" | "shop" | "operator";

/** Who acts on a trade; `clock` is a deadline that has come. */
export type ActorRole = AcceptorRole | "clock" | "collector";

/** Who keeps the money of a trade, and who promises it. */
export type Topology = "direct" | "facilitated" | "guaranteed";

export type TradeEventType =
  | "trade.proposed"
  | "trade.reserved"
  | "trade.refused"
  | "trade.revised"
  | "trade.ordered"
  | "trade.order_seen"
  | "trade.shipped"
  | "trade.delivered"
  | "trade.at_door"
  | "trade.accepted"
  | "trade.rejected"
  | "trade.sent_back"
  | "trade.returned"
  | "trade.withdrawn"
  | "trade.disputed"
  | "trade.answered"
  | "trade.said"
  | "trade.offered"
  | "trade.resolved"
  | "trade.settled"
  | "trade.unpaid"
  | "trade.cancelled"
  | "trade.expired"
  | "trade.extended"
  | "trade.extension_asked"
  | "trade.deadline_near"
  | "trade.refunded"
  | "trade.refund_due"
  | "trade.advanced"
  | "trade.recourse"
  | "trade.assigned"
  | "collection.paid"
  | "guarantee.due"
  | "guarantee.released"
  | "guarantee.claimed";

/**
 * When the shop is paid: with each acceptance, or on a day (YYYY-MM-DD); or, where a guarantor stands for the buyer, when they
 * have paid at a collector, for which they have so long after acceptance (ISO 8601 duration).
 */
export type PaymentTerms =
  | { on: "acceptance" }
  | { on: "date"; date: string }
  | { on: "collection"; within: string };

/** The same as it is asked for: a time that is left out is the guarantor's. */
export type PaymentWish = Exclude<PaymentTerms, { on: "collection" }> | { on: "collection"; within?: string };

/** Who accepts, how many of them it takes, and after how long a silence is taken for a yes (ISO 8601 duration). */
export interface AcceptanceTerms {
  by: AcceptorRole[];
  need: number;
  autoAfter: string | null;
  place: string | null;
  /** How long goods may take to the buyer or back, before goods are sent back, and for looking at them there. */
  deliverWithin: string;
  returnWithin: string;
  inspectWithin: string;
  /** The buyer has agreed that the shop's own word of a delivery starts the acceptance clock. */
  shopWord?: true;
}

/** Why goods are rejected: they are not right, the parcel held too few, or nothing has come at all. */
export type RejectionKind = "wrong" | "missing" | "never_came";

/** Why the shop does not take what is said to have come back. */
export type ContestReason = "not_back" | "another_article" | "used" | "no_right";

/** For how long the buyer may withdraw, and whether the goods then go back first. */
export interface CoolingOff {
  for: string;
  goods: "return" | "keep";
}

/** By what a parcel is known to the one who carries it. */
export interface Tracking {
  carrier?: string;
  number: string;
  url?: string;
}

/** Goods that have left the shop and are neither paid for nor given back, with what is known of them. */
export interface LotView {
  line: number;
  quantity: number;
  at: "shipped" | "delivered" | "rejected" | "withdrawn";
  kind?: RejectionKind;
  /** The number of the parcel that brought them, and of the one that takes them back. */
  parcel?: string;
  back?: string;
  /** What an independent party has seen of the way to the buyer. */
  seen?: "picked_up" | "delivered";
  /**
   * How the way back stands: the sender says so, or an independent party has seen it. What could not be brought to the shop
   * (`undeliverable`) is with the buyer again.
   */
  home?: "said" | "picked_up" | "back" | "undeliverable";
  /** The shop did not take it at its door, which counts as back. */
  refused?: true;
  received?: true;
  claimed?: true;
  contested?: ContestReason;
}

/** How one side would divide what is frozen, and what it would give back of what is paid. */
export interface OfferView {
  by: "buyer" | "shop";
  release: number;
  pay: number;
  refund: number;
  version: number;
}

/** Why the buyer can withdraw from goods, and until when: within cooling-off, or where silence has accepted what is wrong. */
export interface WithdrawalRight {
  why: "cooling_off" | "silence";
  until: string;
  lines: { line: number; quantity: number }[];
}

export interface DisputeView {
  by: "buyer" | "shop" | "operator" | "clock";
  since: string;
  /** Who has still to answer. */
  asked: ("buyer" | "shop")[];
}

/** What a line is. What is no goods and no service has no pieces under way: it follows them. */
export type LineKind = "goods" | "service" | "shipping" | "fee" | "tax" | "discount" | "rounding";

/** A line as it was agreed. */
export interface AgreedLineView {
  /** What the shop calls the line. */
  id?: string;
  /** Left out: goods. Those who may not see the price are shown goods and services only. */
  kind?: LineKind;
  name: string;
  quantity: number;
  /** Minor units; left out for those who may not see the price, null where this server does not know it. */
  unitAmount?: number | null;
  /** Minor units: the price of all pieces, where the line has none for each. */
  amount?: number;
  sku?: string;
  taxRate?: number | string;
  /** Where a picture of it is; pages show those from places that their server allows. */
  image?: string;
}

export interface TradeLineView extends AgreedLineView {
  /** Lines are counted from 1. */
  line: number;
  /** Minor units: what all pieces are paid with where that is not their price, with their part of what follows them. */
  worth?: number;
  shipped: number;
  delivered: number;
  accepted: number;
  rejected: number;
  returned: number;
  /** Accepted goods that the buyer has withdrawn from. */
  withdrawn: number;
  /** Goods that nobody will be paid for: cancelled, never shipped in time, or decided so. */
  ended: number;
}

/** Other terms that the shop has asked for, while what was agreed stands. Amounts are null where the trade is private. */
export interface RevisionView {
  lines: AgreedLineView[];
  amount: number | null;
  payment: PaymentTerms;
  until: string;
}

/**
 * A trade as a party sees it; fields that this party may not see are left out. In a private trade the server knows no
 * amount, and all of them are null.
 */
export interface TradeView {
  number: string;
  state: TradeState;
  topology: Topology;
  shop: string;
  shopName: string;
  /** The head of the chain that took the order, where a store of it serves it. */
  chain?: string;
  reference: string | null;
  /** What the shop keeps with it, for the shop and operators; an empty object where it keeps nothing. */
  metadata?: Record<string, string>;
  /** Where the buyer goes back to after the approval page; for the two sides and operators. */
  returnUrl?: string | null;
  buyer?: { member: string } | { guest: true } | null;
  currency?: string;
  amount?: number | null;
  frozen?: number | null;
  settled?: number | null;
  released?: number | null;
  refunded?: number | null;
  fee?: number | null;
  /** How the shop was paid early; for shop and operators only, null where it was not. */
  advance?: { amount: number; price: number; paid: number; recovered: number; owed: number } | null;
  lines: TradeLineView[];
  payment?: PaymentTerms;
  acceptance: AcceptanceTerms;
  coolingOff?: CoolingOff | null;
  /** Whose word of a delivery or a return counts beside the recipient's: those whom an operator knows to be independent. */
  independent: ("carrier" | "provider")[];
  /** Where several acceptors are needed: the quantity on each line, in their order, that each of them has confirmed. */
  confirmed?: Partial<Record<AcceptorRole, number[]>>;
  lots: LotView[];
  parcels: Tracking[];
  dispute: DisputeView | null;
  /** The offer that the other side can take; null also where the trade has gone on since it was made. */
  offer?: OfferView | null;
  /** What the buyer can withdraw from. The first whose time is not over counts. */
  withdrawable?: WithdrawalRight[];
  /** At a guarantor, once reserved: whether it still stands for the trade, what the buyer has to pay until when, when it can be claimed. */
  guarantee?: {
    state: "open" | "released" | "claimed";
    due: number;
    payBy: string | null;
    claimFrom: string | null;
  };
  /** Where the buyer has reserved before ordering: whether the order has still to follow, and until when the buyer looks at it. */
  earmark?: { state: "open" | "ordered"; objectBy: string | null };
  /** What the carrier has said last to have taken at the door; `asked`: it is not known yet whether it was booked. */
  taking?: { state: "asked" | "taken" | "refused"; amount: number; currency: string; code?: string };
  /** What is to go back to the buyer as soon as the shop's account has it. */
  refundDue?: number | null;
  /** Until when the shop would like the money to stay frozen; the buyer answers by extending. */
  extensionAsked?: string | null;
  /** What the shop would like instead of what is reserved; the buyer answers by approving, or keeps what was agreed. */
  revisionAsked?: RevisionView | null;
  /** Where goods or a dispute keep the money frozen for longer: until when what has not left the shop is reserved. */
  unshippedUntil?: string | null;
  /** Whether the buyer has moved the acceptance clock, which they do once. */
  extendedByBuyer?: boolean;
  /** Which disputes were opened that are opened once: each side's own, and the buyer's about what is late. */
  disputedBy?: ("buyer" | "shop" | "late")[];
  carrier: string | null;
  provider: string | null;
  deadlines: {
    approveBy: string | null;
    reservedUntil: string | null;
    shipBy: string | null;
    deliverBy: string | null;
    acceptBy: string | null;
    returnBy: string | null;
    inspectBy: string | null;
    answerBy: string | null;
    decideBy: string | null;
    paymentDate: string | null;
    coolingOffUntil: string | null;
    payBy: string | null;
    claimFrom: string | null;
  };
  /** Why the reservation was refused, while the trade stands refused. */
  refusal: string | null;
  /** A step that is decided and waits until the payment institution has answered; the trade is as it was before it. */
  pending: { step: string; since: string; awaits?: "account_holder" } | null;
  /** Where the buyer approves. */
  approveUrl?: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** One line of a trade's history; `seq` counts them from 1. */
export interface TradeEventView {
  seq: number;
  /** That of the trade after the step which this event is a part of: the number of the step's last event. */
  version: number;
  type: TradeEventType;
  at: string;
  actor: { role: ActorRole; id: string | null };
  data: Record<string, unknown>;
}

/** An event among those of all trades of a party. */
export interface FedEventView extends TradeEventView {
  /** Where it stands: what comes after it is read by `after`. */
  position: string;
  trade: string;
  reference: string | null;
  /** For the shop only. */
  metadata?: Record<string, string>;
}

/* The one word that a shop's order page shows of a trade. */

/** All there are; a page has a sentence for each. */
export const standings = [
  "to_approve", // the buyer has still to agree
  "confirming", // the buyer has agreed, and whoever keeps the money has still to answer
  "payment_refused", // the means of payment said no: it can be tried again
  "to_ship", // the money is frozen: send the goods
  "partly_shipped",
  "shipped",
  "delivered", // something is with the buyer, and undecided
  "accepted", // all is decided, and paid on the payment date
  "paid",
  "coming_back", // goods are on their way back, or have to be sent back
  "returned", // nothing was kept, and nothing is frozen any more
  "refunded", // all that was paid has gone back
  "disputed",
  "cancelled",
  "expired",
] as const;
export type Standing = (typeof standings)[number];

/** How a trade stands, in one word of {@link standings}. Throws RangeError for a state that this version does not know. */
export function standing(trade: TradeView): Standing {
  const { state } = trade;
  const isComingBack = trade.lots.some(({ at }) => at === "rejected" || at === "withdrawn");
  switch (state) {
    case "proposed":
      return trade.pending === null ? "to_approve" : "confirming";
    case "refused":
      return trade.pending === null ? "payment_refused" : "confirming";
    case "reserved":
      return shipping(trade);
    case "delivered":
      return isComingBack ? "coming_back" : "delivered";
    case "accepted":
      return isComingBack ? "coming_back" : "accepted";
    case "settled":
      if (isComingBack) return "coming_back";
      return isAllBack(trade) ? "refunded" : "paid";
    case "rejected":
      return isComingBack ? "coming_back" : "returned";
    case "disputed":
    case "cancelled":
    case "expired":
      return state;
    default:
      throw new RangeError(`This version of the SDK does not know the state ${JSON.stringify(state)}.`);
  }
}

function shipping({ lines }: TradeView): Standing {
  if (lines.every(({ shipped }) => shipped === 0)) return "to_ship";
  const isAll = lines.every(({ quantity, shipped, ended }) => shipped + ended >= quantity);
  return isAll ? "shipped" : "partly_shipped";
}

/** Where amounts are not known, as in a private trade, what went back is not known either. */
function isAllBack({ settled, refunded }: TradeView): boolean {
  return typeof settled === "number" && settled > 0 && refunded === settled;
}

/** What a guarantor stands for: for one shop and one order. */
export interface GuaranteeView {
  number: string;
  state: "open" | "released" | "claimed";
  shop: string;
  currency: string;
  /** Minor units that it would pay at most. */
  amount: number;
  /** The SHA-256 of what was ordered: see `orderDigest`. */
  order: string;
  /** The buyer has reserved it before ordering, and the order is still to follow. */
  earmark?: true;
  until: string | null;
  payBy: string | null;
  claimFrom: string | null;
  /** While it is open: for `verifyGuarantee`. */
  token: string | null;
}
