import type { Fee } from "../money/money.ts";
import { isEven, type LineQuantity, piecesOf, type TermLine, upTo } from "./lines.ts";
import type {
  AcceptanceTerms,
  AcceptorRole,
  CoolingOff,
  LotView,
  OperatorChannel,
  PaymentTerms,
  Taking,
  Tracking,
  TradeState,
} from "../protocol/protocol.ts";

/**
 * When it is paid. A date belongs to the time zone in which it was said: `at`, its first instant there, is kept with it and
 * stays what it is, whatever zone the server is in later.
 */
export type AgreedPayment =
  | Exclude<PaymentTerms, { on: "date" }>
  | (PaymentTerms & { on: "date"; at: string });

/** What shop and buyer agreed. It changes by a revision only. */
export interface Terms {
  shopName: string;
  reference: string | null;
  /** What the shop keeps with the trade for itself; nothing personal. */
  metadata?: Record<string, string>;
  /** Where the buyer goes back to once they have answered. */
  returnUrl?: string;
  lines: TermLine[];
  payment: AgreedPayment;
  acceptance: AcceptanceTerms;
  approveWithin: string;
  /** How long the money is to be frozen, the goods may take, and the buyer may change their mind. */
  reserveFor: string;
  /** How far the shop may extend the reservation by itself, counted like `reserveFor`. */
  extendableTo: string | null;
  shipWithin: string | null;
  coolingOff: CoolingOff | null;
  /** Which of the parties named in the trade an operator knows to be independent of the shop. */
  independent: ("carrier" | "provider")[];
  /** How long after acceptance this shop is paid, where an operator has set that. */
  settleAfter?: string;
  /** How long before a deadline it is told of, where this server did not tell as is usual when it was proposed. */
  tellAhead?: string[];
  /** Where settled money goes, fixed when the trade was proposed. */
  shopAccount: string;
  feeAccount: string;
  fee: { fixed: number; basisPoints: number; roundTo: Fee["roundTo"] };
  /** True where a guest or a recipient's data hang on this trade and are to be erased after it. */
  personal: boolean;
  guest: boolean;
  /**
   * This server does not know what the trade costs. Each piece of goods counts as one unit, so that `amount`, `frozen`,
   * `settled`, `released` and `refunded` are numbers of pieces; nobody is shown them as money.
   */
  private?: true;
  /** The buyer has reserved the amount for the shop, whose order is still to follow: the one line stands for all of it. */
  earmark?: true;
}

/** Quantities of a line. What is withdrawn stays accepted; what is returned stays rejected. */
export interface LineProgress {
  shipped: number;
  delivered: number;
  accepted: number;
  rejected: number;
  returned: number;
  withdrawn: number;
  ended: number;
}

/** Goods that are under way, on a way that somebody has spoken of; all pieces of a lot have the same story. */
export interface Lot extends LotView {
  /** Withdrawn before it was paid for: its money is still frozen. */
  unpaid?: true;
  /** Part of what the shop has made an offer for. */
  offered?: true;
}

/** The two sides of a trade, who are told, asked, and heard. */
export type Side = "buyer" | "shop";

/** Deadlines at which somebody's silence counts. */
export type Deadline = "acceptBy" | "returnBy" | "inspectBy" | "answerBy";
/** A dispute that is open. `asked` are those who have not answered yet. Times are RFC 3339. */
export interface OpenDispute {
  at: string;
  from: TradeState;
  by: Side | "operator" | "clock";
  asked: Side[];
  /** Null once everybody was heard, or this time is over. */
  answerBy: string | null;
  /** Of those who were asked, who had been told of it and was silent until then. */
  silent?: Side[];
  decideBy: string;
  /** Until when goods are looked at that came while it was open. */
  lookBy?: string;
  /** When an operator should have decided first, once that is over. */
  lateSince?: string;
  /** How often each has added something to it. */
  said?: { [by in Side | "operator"]?: number };
}

/** How the money of a trade could be divided; the other side accepts it under its version. Minor units. */
export interface Offer {
  by: Side;
  release: number;
  pay: number;
  refund: number;
  version: number;
  /** Of the lots that are marked, or of all that is frozen and not accepted. */
  of: "offered" | "all";
  /** What withdrawn goods of it were worth, and what had gone back to the buyer or was due, when it was made. */
  withdrawn: number;
  paidBack: number;
}

/**
 * How far a guarantee has come (paragraphs 0069-0085), in minor units and RFC 3339: what was paid at the collector, and of that
 * freed, and what the guarantor has paid because the buyer did not. All are sums over the life of the trade.
 */
/** Who stands for the buyer where a credit line is lent, and the account on which that is made good. */
export interface Lent {
  lender: string;
  account: string;
}

export interface Guarantee {
  lent?: Lent;
  collected: number;
  freed: number;
  claimed: number;
  /** The fee's part of what was claimed. */
  claimedFee: number;
  /** What of the collected has gone back to the buyer, and the fee's part of that. */
  reimbursed: number;
  reimbursedFee: number;
  /** While something is owed: until when the buyer pays it, and from when on the shop claims it. */
  payBy?: string;
  claimFrom?: string;
  /** When the clock frees what was collected, unless the shop does it before. */
  releaseBy?: string;
  /** What was due before more was, and may have been paid so: in all, and how much of each line was accepted by then. */
  earlier?: { total: number; lines: number[] }[];
  /** The institution that collects, and what it was told last; `refused`: it did not take that. */
  collector?: string;
  told?: { version: number; amount: number; payableFrom?: string; instruction?: string; refused?: true };
  /** What was said last to be taken at the door. */
  taking?: Taking;
}

/** How far the goods have come. `confirmed` holds, by acceptor, the quantity each has confirmed on each line. */
export interface Progress {
  lines: LineProgress[];
  lots: Lot[];
  /** The parcels there are, by the order in which they were named. */
  parcels?: Tracking[];
  /** Deadlines of goods under way, RFC 3339: until when they arrive, are sent back, and are looked at by the shop. */
  clocks: { deliverBy?: string; returnBy?: string; inspectBy?: string };
  /** Deadlines that were moved for somebody who was told of them too late, and to when, RFC 3339. */
  prolonged?: Partial<Record<Deadline, string>>;
  /** Up to when reminders have been given. */
  remindedAt?: string;
  confirmed: Partial<Record<AcceptorRole, number[]>>;
  final: AcceptorRole[];
  /** Minor units: fee taken from the shop so far, and given back with refunds. */
  feeTaken: number;
  feeReturned: number;
  /** Minor units that were paid to the shop for goods that nobody accepted: an operator or an offer divided. */
  divided: number;
  /** When the money was first frozen without a pause since, RFC 3339. */
  reservedAt: string | null;
  /** Where goods or a dispute keep the money frozen for longer: the end of the reservation that holds for what has not left. */
  unshippedUntil?: string;
  extendedByBuyer: boolean;
  /** The goods with which somebody was at the door last; a code that is given there accepts these. */
  atDoor?: LineQuantity[];
  /** For whom the clocks were prolonged, because a limit of the server, or the wait for an account's owner, kept them from answering. */
  hindered?: ("buyer" | "recipient" | "holder")[];
  /** The shop's wish to have the money frozen for longer, RFC 3339. */
  extensionAsked?: string;
  /** Other terms that the shop would like and nobody has agreed to: what is reserved stands until somebody does. */
  revisionAsked?: RevisionAsked;
  /** The shop has put its order under an earmark; until `objectBy`, RFC 3339, it waits for the buyer's look at it. */
  ordered?: { objectBy?: string };
  /** When the buyer's own cooling-off ends, and the quantities that silence accepted, which may come back until later. */
  coolingOff?: string;
  silent?: { until: string; lines: number[] };
  /** Quantity on each line that has been paid, where that may be less than what is accepted. */
  paidLines?: number[];
  /** Quantities on each line that a withdrawal took out of what was accepted, and that one was refunded for. */
  withdrawals?: { unaccepted: number[]; refunded: number[] };
  /** Quantity on each line that a refund by lines has already covered. */
  refundedLines: number[];
  /**
   * Minor units that the buyer is to get back as soon as the shop's account has them, and when that is tried next. `kept`:
   * what the shop is paid from now on stays in its account for it.
   */
  refundDue?: { amount: number; tryAt: string; kept?: true };
  refusal: string | null;
  /** How the shop was paid early, if it was. */
  advance?: Advance;
  /** At a guarantor, from the reservation on. */
  guarantee?: Guarantee;
  disputed: OpenDispute | null;
  /** Which disputes were opened that are opened once: a side's own, and the buyer's about what is late. */
  disputesOf?: (Side | "operator" | "late")[];
  offer?: Offer;
  /** Operators who have acted for one side of this trade, and so do not decide it. */
  spokeFor?: string[];
  erased: boolean;
}

/** What the shop would like instead of what is reserved; `until`, RFC 3339, the buyer can agree to it. */
export interface RevisionAsked {
  lines: TermLine[];
  payment: AgreedPayment;
  until: string;
  /** Where it would be the order that an earmark waits for: the shop's number of it, and who would bring it. */
  order?: { reference?: string; carrier?: string; independent?: true };
}

/**
 * A claim that the server bought (債権買取, paragraph 0094). Minor units, as wire integers. `amount` is the claim, the sum
 * of `price` and `paid`. Settlements have repaid `recovered` of it `into` the account; `owed` became a debt of the shop.
 */
export interface Advance {
  into: string;
  amount: number;
  price: number;
  paid: number;
  recovered: number;
  owed: number;
}

/** The part of an advance that was neither repaid nor turned into a debt. */
export function outstandingOf({ amount, recovered, owed: due }: Advance): bigint {
  return BigInt(amount) - BigInt(recovered) - BigInt(due);
}

/** How a person reached the operator who acted for them. */
export interface OperatorAct {
  channel: OperatorChannel;
  reference: string;
  reason?: string;
  /** Whose word it is that the operator passes on. */
  as?: AcceptorRole;
  /** How the caller proved who it is. */
  proof?: { kind: "callback" | "document" | "code"; reference: string };
  /** The second operator, where the amount asked for one. */
  confirmedBy?: string;
}

/** A trade as the database keeps it. Money is in minor units of `currency`. */
export interface Trade {
  number: bigint;
  id: string;
  state: TradeState;
  version: number;
  shop: string;
  /** The head of the chain that took the order, where one of its stores now serves it. */
  chain: string | null;
  buyer: string | null;
  /** The buyer's member number; null for guests and while there is no buyer. */
  member: bigint | null;
  carrier: string | null;
  provider: string | null;
  currency: string;
  amount: bigint;
  frozen: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  method: string | null;
  account: string | null;
  hold: string | null;
  mandate: string | null;
  terms: Terms;
  progress: Progress;
  approveBy: Date | null;
  reservedUntil: Date | null;
  shipBy: Date | null;
  acceptBy: Date | null;
  paymentDate: Date | null;
  coolingOffUntil: Date | null;
  wakeAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export function freshProgress(lines: readonly TermLine[]): Progress {
  return {
    lines: lines.map(freshLine),
    lots: [],
    clocks: {},
    confirmed: {},
    final: [],
    feeTaken: 0,
    feeReturned: 0,
    divided: 0,
    extendedByBuyer: false,
    refundedLines: lines.map(() => 0),
    refusal: null,
    disputed: null,
    erased: false,
    reservedAt: null,
  };
}

export function freshLine(): LineProgress {
  return { shipped: 0, delivered: 0, accepted: 0, rejected: 0, returned: 0, withdrawn: 0, ended: 0 };
}

/** What the first pieces of each line are worth, in minor units: what is accepted is counted from there. */
export function valueOf(terms: Terms, quantity: (index: number) => number): bigint {
  return terms.lines.reduce((sum, line, index) => sum + upTo(line, quantity(index)), 0n);
}

/**
 * What goods are worth that are given up next, in minor units. They are counted from the last piece of their line on, and
 * accepted ones from the first, so that what is between the two is what is frozen, whatever came first.
 */
export function worthOf(trade: Pick<Trade, "terms" | "progress">, goods: readonly LineQuantity[]): bigint {
  const { terms, progress } = trade;
  return worthInTurn(terms, goods, (index, before, quantity) => {
    const { returned = 0, ended = 0 } = progress.lines[index] ?? {};
    const left = piecesOf(terms.lines[index]) - returned - ended - before;
    return [left - quantity, left];
  });
}

/** What goods are worth that are refunded next, in minor units: refunded ones are counted from the first piece on. */
export function refundOf(trade: Pick<Trade, "terms" | "progress">, goods: readonly LineQuantity[]): bigint {
  const { terms, progress } = trade;
  return worthInTurn(terms, goods, (index, before, quantity) => {
    const done = (progress.refundedLines[index] ?? 0) + before;
    return [done, done + quantity];
  });
}

/** Adds up what goods are worth one after the other: `span` says between which counts of its line each lies. */
function worthInTurn(
  { lines }: Terms,
  goods: readonly LineQuantity[],
  span: (index: number, before: number, quantity: number) => [from: number, to: number],
): bigint {
  const counted = new Map<number, number>();
  return goods.reduce((sum, { line, quantity }) => {
    const terms = lines[line - 1];
    if (terms === undefined) return sum;
    if (isEven(terms)) return sum + upTo(terms, quantity);
    const before = counted.get(line) ?? 0;
    counted.set(line, before + quantity);
    const [from, to] = span(line - 1, before, quantity);
    return sum + upTo(terms, to) - upTo(terms, from);
  }, 0n);
}

/** Accepted but not yet paid, because the payment date is still to come. */
export function owed(trade: Trade): bigint {
  const accepted = valueOf(trade.terms, (index) => trade.progress.lines[index]?.accepted ?? 0);
  return accepted + BigInt(trade.progress.divided) - trade.settled;
}

/** Frozen for goods that nobody has accepted. */
export function unaccepted(trade: Trade): bigint {
  return trade.frozen - owed(trade);
}

/** How much of a line has been paid for; the first line is 1. */
export function paidOf(trade: Trade, line: number): number {
  return (
    trade.progress.paidLines?.[line - 1] ??
    (owed(trade) > 0n ? 0 : (trade.progress.lines[line - 1]?.accepted ?? 0))
  );
}

/** True where money is frozen, or goods are open that nobody has decided about for good; of some nothing may be frozen. */
export function isOpen(trade: Trade): boolean {
  const areOnTheirWay = trade.progress.lots.some(({ at, unpaid }) => at !== "withdrawn" || unpaid === true);
  return trade.frozen > 0n || areOnTheirWay || hasUndecided(trade);
}

/** True where goods are left that may still be accepted: that begins the buyer's time anew, for all accepted before. */
export function mayAcceptMore(trade: Trade): boolean {
  return trade.progress.lots.some(({ at }) => at !== "withdrawn") || hasUndecided(trade);
}
const hasUndecided = (trade: Trade) => trade.terms.lines.some((_, index) => undecided(trade, index) > 0);

/** Quantity on a line that nobody has decided about. */
export function undecided(trade: Pick<Trade, "terms" | "progress">, index: number): number {
  const progress = trade.progress.lines[index];
  if (progress === undefined) return 0;
  return piecesOf(trade.terms.lines[index]) - progress.accepted - progress.rejected - progress.ended;
}
