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
export type AcceptorRole = "buyer" | "recipient" | "carrier" | "provider" | "shop" | "operator";

/** Who acts on a trade; `clock` is a deadline that has come. */
export type ActorRole = AcceptorRole | "clock";

/** Who keeps the money of a trade, and who promises it. */
export type Topology = "direct" | "facilitated" | "guaranteed";

export type TradeEventType =
  | "trade.proposed"
  | "trade.reserved"
  | "trade.refused"
  | "trade.revised"
  | "trade.delivered"
  | "trade.at_door"
  | "trade.accepted"
  | "trade.rejected"
  | "trade.returned"
  | "trade.disputed"
  | "trade.resolved"
  | "trade.settled"
  | "trade.cancelled"
  | "trade.expired"
  | "trade.extended"
  | "trade.refunded"
  | "trade.advanced"
  | "trade.recourse"
  | "trade.assigned"
  | "trade.shipped"
  | "trade.sent_back"
  | "trade.withdrawn"
  | "trade.answered"
  | "trade.offered"
  | "trade.deadline_near"
  | "trade.extension_asked"
  | "trade.refund_due";

/** When the shop is paid: with each acceptance, or on a day (YYYY-MM-DD). */
export type PaymentTerms = { on: "acceptance" } | { on: "date"; date: string };

/** Who accepts, how many of them it takes, and after how long a silence is taken for a yes (ISO 8601 duration). */
export interface AcceptanceTerms {
  by: AcceptorRole[];
  need: number;
  autoAfter: string | null;
  place: string | null;
}

export interface TradeLineView {
  /** Lines are counted from 1. */
  line: number;
  name: string;
  quantity: number;
  /** Left out for those who may not see the price, null where this server does not know it. */
  unitAmount?: number | null;
  delivered: number;
  accepted: number;
  rejected: number;
  returned: number;
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
  carrier: string | null;
  provider: string | null;
  deadlines: {
    approveBy: string | null;
    reservedUntil: string | null;
    shipBy: string | null;
    acceptBy: string | null;
    paymentDate: string | null;
    coolingOffUntil: string | null;
  };
  /** Why the reservation was refused, while the trade stands refused. */
  refusal: string | null;
  /** A step that is decided and waits until the payment institution has answered; the trade is as it was before it. */
  pending: { step: string; since: string } | null;
  /** Where the buyer approves. */
  approveUrl?: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** One line of a trade's history; `seq` counts them from 1. */
export interface TradeEventView {
  seq: number;
  type: TradeEventType;
  at: string;
  actor: { role: ActorRole; id: string | null };
  data: Record<string, unknown>;
}
