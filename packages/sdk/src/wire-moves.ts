/**
 * What a caller sends about a trade. Amounts are integers of minor units from 1, quantities from 1 to 1,000,000, lines
 * are counted from 1, ids are UUIDs, durations ISO 8601 such as `P7D`. A server refuses fields that it does not know.
 */
import type { GuestTerms, RecipientTerms } from "./wire-members.ts";
import type { AcceptorRole, PaymentTerms } from "./wire-trades.ts";

/** How many pieces of which line. */
export interface LineQuantity {
  line: number;
  quantity: number;
}

/** A line of an order. */
export interface LineTerms {
  name: string;
  quantity: number;
  /** The price of one piece. */
  unitAmount: number;
}

/** A line of a proposal: the price of a piece may be missing in a private trade, and only there. */
export interface ProposedLine {
  name: string;
  quantity: number;
  unitAmount?: number;
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
  place?: string;
}

/** To where the goods go, so that the nearest store of the shop's chain is asked; `at` is in millionths of a degree. */
export type Destination = { postcode: string } | { at: { lat: number; lng: number } };

/** A trade as a shop proposes it: an amount, or lines, or both where they agree. */
export interface Propose {
  buyer?: { member: string } | { guest: GuestTerms };
  shop?: string;
  currency: string;
  amount?: number;
  lines?: ProposedLine[];
  /** This server is to know no amount: the shop tells it to the buyer's institution itself. */
  private?: true;
  approval?: { mandate: string } | { operator: OperatorAct };
  method?: string;
  payment?: PaymentTerms;
  reserveFor?: string;
  shipWithin?: string;
  coolingOff?: string;
  acceptance?: AcceptanceWish;
  recipient?: RecipientTerms;
  carrier?: string;
  provider?: string;
  /** The shop's own number of the order. */
  reference?: string;
  route?: Destination;
}

export interface Approve {
  method?: string;
  payment?: PaymentTerms;
  acceptors?: AcceptorRole[];
  /** The version of the trade that the buyer saw; another one is refused. */
  version?: number;
  operator?: OperatorAct;
}

export interface Revise {
  lines?: LineTerms[];
  amount?: number;
  method?: string;
  payment?: PaymentTerms;
  approval?: { mandate: string };
  operator?: OperatorAct;
}

export interface Deliver {
  /** All that is open where it is left out; so in the other moves too. */
  lines?: LineQuantity[];
  evidence?: Evidence;
  claimedAt?: string;
  operator?: OperatorAct;
}

/** Who brings the goods is at the door: what starts the time in which an acceptance code holds. */
export interface AtDoor {
  evidence?: Evidence;
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
  operator?: OperatorAct;
}

export interface Reject {
  lines?: LineQuantity[];
  reason: string;
  evidence?: Evidence;
  operator?: OperatorAct;
}

export interface Return {
  lines?: LineQuantity[];
  evidence?: Evidence;
  operator?: OperatorAct;
}

export interface Dispute {
  reason: string;
  operator?: OperatorAct;
}

export interface Resolve {
  outcome: "settle" | "release" | "split" | "resume";
  /** With `split`: what goes to the shop; the rest is released. */
  amount?: number;
  reason: string;
  operator?: OperatorAct;
}

export interface Cancel {
  reason?: string;
  operator?: OperatorAct;
}

export interface Extend {
  until: string;
  operator?: OperatorAct;
}

export interface Refund {
  amount?: number;
  lines?: LineQuantity[];
  reason: string;
  operator?: OperatorAct;
}

/** The shop asks to be paid early. What it costs, the server has published. */
export interface Advance {
  operator?: OperatorAct;
}

/** The calls that move a trade which exists, by the last part of their address, with what each takes. */
export interface MoveBodies {
  approve: Approve;
  revise: Revise;
  deliver: Deliver;
  "at-door": AtDoor;
  accept: Accept;
  reject: Reject;
  return: Return;
  dispute: Dispute;
  resolve: Resolve;
  cancel: Cancel;
  extend: Extend;
  refund: Refund;
  advance: Advance;
}
export type MoveName = keyof MoveBodies;

/** A move as it stands in a batch, but for the trade's number. */
export type MoveBody = { [name in MoveName]: { do: name } & MoveBodies[name] }[MoveName];
