/** The words of a trade, as closed lists. What a party sees of it stands in trade-view.ts. */

/** What a trade asks of its shop next, or waits for: the first of these that is so. */
export const todos = ["ship", "way", "look", "back", "dispute", "pay", "approve"] as const;
export type Todo = (typeof todos)[number];

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

/** Who acts on a trade; `clock` is a deadline that has come, `collector` an institution at which somebody has paid. */
export const actorRoles = [...acceptorRoles, "clock", "collector"] as const;
export type ActorRole = (typeof actorRoles)[number];

/** Why goods are rejected: they are not right, the parcel held too few, or nothing has come at all. */
export const rejectionKinds = ["wrong", "missing", "never_came"] as const;
export type RejectionKind = (typeof rejectionKinds)[number];

/** Why the shop does not take what is said to have come back. */
export const contestReasons = ["not_back", "another_article", "used", "no_right"] as const;
export type ContestReason = (typeof contestReasons)[number];

/** Why a carrier could not hand over what comes back: the shop did not take it, or it could not be brought there. */
export const notTakenReasons = ["refused", "undeliverable"] as const;

/** What becomes of goods that the buyer withdraws from within cooling-off: they go back, or nothing does. */
export const coolingOffGoods = ["return", "keep"] as const;

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
  "trade.ordered",
  "trade.order_seen",
  "trade.shipped",
  "trade.delivered",
  "trade.at_door",
  "trade.accepted",
  "trade.rejected",
  "trade.sent_back",
  "trade.returned",
  "trade.withdrawn",
  "trade.disputed",
  "trade.answered",
  "trade.said",
  "trade.offered",
  "trade.resolved",
  "trade.settled",
  "trade.unpaid",
  "trade.cancelled",
  "trade.expired",
  "trade.extended",
  "trade.extension_asked",
  "trade.deadline_near",
  "trade.refunded",
  "trade.refund_due",
  "trade.advanced",
  "trade.recourse",
  "trade.assigned",
  "collection.paid",
  "guarantee.due",
  "guarantee.released",
  "guarantee.claimed",
] as const;
/**
 * One message for each step of a trade, of however many events it is made: for programs that ask then how the trade stands. It
 * is no event, and who asks for all events is not sent it.
 */
export const stepMessageType = "trade.changed";
/** What stores and the head of a chain are told of orders that are to be placed. */
export const offerEventTypes = ["offer.made", "offer.unplaced", "chain.invited"] as const;
export type OfferEventType = (typeof offerEventTypes)[number];
/** What a shop is told of what a member lets it do. */
export const memberEventTypes = [
  "member.mandate_given",
  "member.mandate_changed",
  "member.mandate_revoked",
  "member.disclosed",
] as const;
export type MemberEventType = (typeof memberEventTypes)[number];
export type TradeEventType = (typeof tradeEventTypes)[number];

/** What a line is. What is no goods and no service has no pieces under way: it follows them (docs/trades.md, Carts). */
export const lineKinds = ["goods", "service", "shipping", "fee", "tax", "discount", "rounding"] as const;
export type LineKind = (typeof lineKinds)[number];

/** True of a kind that has no pieces under way: nobody delivers, accepts or returns it, it follows the goods. */
export function followsGoods(kind: LineKind | undefined): boolean {
  return kind !== undefined && kind !== "goods" && kind !== "service";
}

/** What became of money that was taken at the door: the institution is asked, has booked it, or has booked nothing. */
export const takingStates = ["asked", "taken", "refused"] as const;

/**
 * What a carrier has said to have taken at the door, minor units, with the instruction that says so to the institution; `code`: why
 * nothing was booked; `answer`: who waits to hear, and how an answer is kept for them.
 */
export interface Taking {
  by: string;
  amount: number;
  state: (typeof takingStates)[number];
  code?: string;
  instruction?: string;
  answer?: { caller: string; key: string | null; role: ActorRole; status: number };
}

/** The kind of evidence of an acceptance that was given by a code at the door. */
export const doorCodeEvidence = "door_code";
