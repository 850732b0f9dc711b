/**
 * What a caller sends about a trade. Amounts are integers of minor units, quantities from 1 to 1,000,000, lines
 * are counted from 1, ids are UUIDs, durations ISO 8601 such as `P7D`. A server refuses fields that it does not know.
 * The `version` of a move is that of the trade which the caller saw: on another one the move is refused `trade_changed`.
 */
import type { BuyerHint, GuestTerms, RecipientTerms } from "./members.ts";
import type {
  AcceptorRole,
  ContestReason,
  CoolingOff,
  LineKind,
  PaymentWish,
  RejectionKind,
  Tracking,
} from "./trades.ts";

/** How many pieces of which line, which is named by its number or by what the shop calls it. */
export interface LineQuantity {
  line?: number;
  id?: string;
  quantity: number;
}

/**
 * A line of an order: `unitAmount` for each piece or `amount` for all of them, after discount and tax; in a private trade
 * neither. Both may be 0; those of a `discount` and a `rounding` may be below it.
 */
export interface LineTerms {
  /** What the shop calls the line: up to 64 characters, unique in the trade. */
  id?: string;
  /** Left out: goods. Only goods and services have pieces that moves can name; all else follows them. */
  kind?: LineKind;
  name: string;
  quantity: number;
  unitAmount?: number;
  amount?: number;
  sku?: string;
  /** Shown only: no amount is worked out by it. */
  taxRate?: number | string;
  image?: string;
}

/** What proves a delivery or an acceptance to people: a kind, such as `photo`, and where it is kept. */
export interface Evidence {
  kind: string;
  reference: string;
}

/** How a person reached the operator who acts for them; `desk` is the operator's own act. Only operators send it. */
export interface OperatorAct {
  channel: "phone" | "fax" | "letter" | "counter" | "desk";
  reference: string;
  reason?: string;
  as?: AcceptorRole;
  /** How the caller proved who it is; the reference leads to the operator's own record and says nothing personal. */
  proof?: { kind: "callback" | "document" | "code"; reference: string };
}

/** Who is to accept: the roles, how many of them (`any`, `all` or a number), and what a silence means. */
export interface AcceptanceWish {
  by?: AcceptorRole[];
  need?: number | "any" | "all";
  /** After so long a silence the goods count as accepted; null: never. */
  autoAfter?: string | null;
  /** How long goods may take to the buyer or back, before goods are sent back, and for looking at them there. */
  deliverWithin?: string;
  returnWithin?: string;
  inspectWithin?: string;
  place?: string;
}

/** To where the goods go, so that the nearest store of the shop's chain is asked; `at` is in millionths of a degree. */
export type Destination = { postcode: string } | { at: { lat: number; lng: number } };

/** A trade as a shop proposes it: an amount, or lines, or both where they agree. */
export interface Propose {
  /** A member, or an operator for one: the amount is reserved for the shop, and the order is to follow. */
  earmark?: true;
  buyer?: { member: string } | { guest: GuestTerms };
  shop?: string;
  currency: string;
  amount?: number;
  lines?: LineTerms[];
  /** This server is to know no amount: the shop tells it to the buyer's institution itself. */
  private?: true;
  approval?: { mandate: string } | { operator: OperatorAct };
  method?: string;
  payment?: PaymentWish;
  /** How long the buyer has to approve, and the money is frozen. */
  approveWithin?: string;
  reserveFor?: string;
  /** How far the shop may extend the reservation by itself, counted like `reserveFor`. */
  extendableTo?: string;
  shipWithin?: string;
  /** A bare duration means that withdrawn goods go back. */
  coolingOff?: string | CoolingOff;
  acceptance?: AcceptanceWish;
  recipient?: RecipientTerms;
  carrier?: string;
  provider?: string;
  /** The shop's own number of the order. */
  reference?: string;
  /** Fills the form of a buyer who is not known there yet, proves nothing, and is erased as soon as somebody has answered. */
  buyerHint?: BuyerHint;
  /** What the shop keeps with the trade for its own programs: up to 20 keys of 40 characters, values of 500; nothing personal. */
  metadata?: Record<string, string>;
  /** One of the shop's registered addresses: the buyer goes back there after the approval page. */
  returnUrl?: string;
  route?: Destination;
}

export interface Approve {
  method?: string;
  payment?: PaymentWish;
  acceptors?: AcceptorRole[];
  /** The buyer lets the shop's own word of a delivery start the acceptance clock. */
  shopWord?: true;
  /** Members and operators have to say it. */
  version?: number;
  operator?: OperatorAct;
}

export interface Revise {
  lines?: LineTerms[];
  amount?: number;
  method?: string;
  payment?: PaymentWish;
  approval?: { mandate: string };
  /** The buyer keeps what is reserved: the shop's wish for other terms is over. */
  decline?: true;
  /** The shop's own number of the order that it puts under an amount that was reserved before. */
  reference?: string;
  /** Who brings the goods of that order. */
  carrier?: string;
  version?: number;
  operator?: OperatorAct;
}

/** The goods are on their way. */
export interface Ship {
  /** All that is open where it is left out; so in the other moves too. */
  lines?: LineQuantity[];
  tracking?: Tracking;
  evidence?: Evidence;
  claimedAt?: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Deliver {
  lines?: LineQuantity[];
  tracking?: Tracking;
  evidence?: Evidence;
  claimedAt?: string;
  version?: number;
  operator?: OperatorAct;
}

/**
 * Who brings the goods is at the door: what starts the time in which an acceptance code holds, for the goods that are brought.
 * Without `lines` and `tracking`: the one parcel that is under way; of services, all that is left.
 */
export interface AtDoor {
  lines?: LineQuantity[];
  tracking?: Tracking;
  evidence?: Evidence;
  version?: number;
  operator?: OperatorAct;
}

export interface Accept {
  /** The eight digits that buyer or recipient gave at the door; they make it the acceptance of that person. */
  code?: string;
  lines?: LineQuantity[];
  /** Nothing more will be accepted: what is left goes back to the buyer. */
  final?: boolean;
  evidence?: Evidence;
  claimedAt?: string;
  /** At a guarantor, by the carrier at the door: so much was taken in cash, which is what is due with this acceptance. */
  collected?: { amount: number; currency: string };
  version?: number;
  operator?: OperatorAct;
}

export interface Reject {
  lines?: LineQuantity[];
  reason: string;
  /** Left out, the goods are wrong. */
  kind?: RejectionKind;
  /** Digests of photos that were brought before, by `photos.bring`. */
  photos?: string[];
  evidence?: Evidence;
  version?: number;
  operator?: OperatorAct;
}

/** Rejected or withdrawn goods are on their way back. */
export interface SendBack {
  lines?: LineQuantity[];
  tracking?: Tracking;
  evidence?: Evidence;
  claimedAt?: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Return {
  lines?: LineQuantity[];
  tracking?: Tracking;
  /** What the shop would keep, where the goods have lost value: an offer that the buyer answers. */
  deduct?: { amount: number; reason: string };
  /** By a carrier: the shop did not take the parcel at its door, which counts as back; or it could not be brought there. */
  notTaken?: "refused" | "undeliverable";
  evidence?: Evidence;
  version?: number;
  operator?: OperatorAct;
}

/** The buyer changes their mind within cooling-off. */
export interface Withdraw {
  lines?: LineQuantity[];
  reason: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Dispute {
  reason: string;
  /** The shop contests goods that are said to be on their way back, or never to have come. */
  contest?: ContestReason;
  lines?: LineQuantity[];
  tracking?: Tracking;
  version?: number;
  operator?: OperatorAct;
}

export interface AnswerDispute {
  statement: string;
  evidence?: Evidence;
  version?: number;
  operator?: OperatorAct;
}

/** What is added to a dispute that is open. */
export interface Say {
  words: string;
  photos?: string[];
  version?: number;
  operator?: OperatorAct;
}

/** How one side would divide what is frozen: together `release` and `pay` are all that is not accepted. */
export interface Offer {
  release: number;
  pay: number;
  /** Of what was paid already. */
  refund?: number;
  version?: number;
  operator?: OperatorAct;
}

export interface AcceptOffer {
  /** Of the offer, not of the trade: another offer is `no_offer`. */
  version: number;
  operator?: OperatorAct;
}

export interface Resolve {
  outcome: "settle" | "release" | "split" | "return" | "resume";
  /** Of which goods; left out, of all that can be decided. */
  lines?: LineQuantity[];
  /** With `split`: what goes to the shop; the rest is released. */
  amount?: number;
  /** Of what was paid already: so much goes back to the buyer. */
  refund?: number;
  reason: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Cancel {
  /** Only these goods, of those that have not left the shop. */
  lines?: LineQuantity[];
  reason?: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Extend {
  until: string;
  version?: number;
  operator?: OperatorAct;
}

export interface Refund {
  amount?: number;
  /** What shall have been refunded in all. */
  total?: number;
  lines?: LineQuantity[];
  reason: string;
  version?: number;
  operator?: OperatorAct;
}

/** The shop asks to be paid early. What it costs, the server has published. */
export interface Advance {
  version?: number;
  operator?: OperatorAct;
}

/** How a guarantee ends. */
export interface GuaranteeEnd {
  version?: number;
  operator?: OperatorAct;
}

/** The calls that move a trade which exists, by the last part of their address, with what each takes. */
export interface MoveBodies {
  approve: Approve;
  revise: Revise;
  ship: Ship;
  deliver: Deliver;
  "at-door": AtDoor;
  accept: Accept;
  reject: Reject;
  "send-back": SendBack;
  return: Return;
  withdraw: Withdraw;
  dispute: Dispute;
  answer: AnswerDispute;
  say: Say;
  offer: Offer;
  "offer/accept": AcceptOffer;
  resolve: Resolve;
  cancel: Cancel;
  extend: Extend;
  refund: Refund;
  advance: Advance;
}
export type MoveName = keyof MoveBodies;

/** A move as it stands in a batch, but for the trade's number. */
export type MoveBody = { [name in MoveName]: { do: name } & MoveBodies[name] }[MoveName];
