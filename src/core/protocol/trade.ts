/** The words of a trade, as closed lists, and what a party sees of it. */

export const tradeStates = [
  "proposed",
  "refused",
  "reserved",
  "delivered",
  "accepted",
  "settled",
  "cancelled",
  "rejected",
  "expired",
  "disputed",
] as const;
export type TradeState = (typeof tradeStates)[number];

/** Who may confirm acceptance (検収先). */
export const acceptorRoles = ["buyer", "recipient", "carrier", "provider", "shop", "operator"] as const;
export type AcceptorRole = (typeof acceptorRoles)[number];

/** Who acts on a trade; `clock` is a deadline that has come. */
export const actorRoles = [...acceptorRoles, "clock"] as const;
export type ActorRole = (typeof actorRoles)[number];

/** How a person reached the operator who acts for them; `desk` is the operator's own act. */
export const operatorChannels = ["phone", "fax", "letter", "counter", "desk"] as const;
export type OperatorChannel = (typeof operatorChannels)[number];

/** What is known of a person, as far as a member may let a shop read it. */
export const personalFields = ["name", "address", "birthDate", "email", "phone"] as const;
export type PersonalField = (typeof personalFields)[number];

export const topologies = ["direct", "facilitated", "guaranteed"] as const;
export type Topology = (typeof topologies)[number];

export const tradeEventTypes = [
  "trade.proposed",
  "trade.reserved",
  "trade.refused",
  "trade.revised",
  "trade.delivered",
  "trade.at_door",
  "trade.accepted",
  "trade.rejected",
  "trade.returned",
  "trade.disputed",
  "trade.resolved",
  "trade.settled",
  "trade.cancelled",
  "trade.expired",
  "trade.extended",
  "trade.refunded",
  "trade.advanced",
  "trade.recourse",
  "trade.assigned",
  "trade.shipped",
  "trade.sent_back",
  "trade.withdrawn",
  "trade.answered",
  "trade.offered",
  "trade.deadline_near",
  "trade.extension_asked",
  "trade.refund_due",
] as const;
/** What stores and the head of a chain are told of orders that are to be placed. */
export const offerEventTypes = ["offer.made", "offer.unplaced"] as const;
export type OfferEventType = (typeof offerEventTypes)[number];
export type TradeEventType = (typeof tradeEventTypes)[number];

export interface TradeLineView {
  line: number;
  name: string;
  quantity: number;
  /** Minor units; left out for those who may not see the price, null where this server does not know it. */
  unitAmount?: number | null;
  delivered: number;
  accepted: number;
  rejected: number;
  returned: number;
}

export type PaymentTerms = { on: "acceptance" } | { on: "date"; date: string };

export interface AcceptanceTerms {
  by: AcceptorRole[];
  need: number;
  autoAfter: string | null;
  place: string | null;
}

/**
 * A trade as a party sees it; fields that this party may not see are left out. In a private trade this server knows no
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
  approveUrl?: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface TradeEventView {
  seq: number;
  type: TradeEventType;
  at: string;
  actor: { role: ActorRole; id: string | null };
  data: Record<string, unknown>;
}
