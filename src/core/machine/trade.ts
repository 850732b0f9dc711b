import type { Fee } from "../money/money.ts";
import type { AcceptorRole, OperatorChannel, PaymentTerms, TradeState } from "../protocol/protocol.ts";

/** A line as it was agreed. Amounts in terms are wire integers: they are stored as JSON and stay below 2^53. */
export interface TermLine {
  name: string;
  quantity: number;
  unitAmount: number;
}

/** What shop and buyer agreed. It changes by a revision only. */
export interface Terms {
  shopName: string;
  reference: string | null;
  lines: TermLine[];
  payment: PaymentTerms;
  acceptance: { by: AcceptorRole[]; need: number; autoAfter: string | null; place: string | null };
  /** How long the money is to be frozen, the goods may take, and the buyer may change their mind. */
  reserveFor: string;
  shipWithin: string | null;
  coolingOff: string;
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
  /** Those of the trade's parties whom an operator had marked as independent of the shop when it was proposed. */
  independent?: ("carrier" | "provider")[];
  /** How long after an acceptance the shop is paid, from its standing. */
  settleAfter?: string;
}

export interface LineProgress {
  delivered: number;
  accepted: number;
  rejected: number;
  returned: number;
}

/** How far the goods have come. `confirmed` holds, by acceptor, the quantity each has confirmed on each line. */
export interface Progress {
  lines: LineProgress[];
  confirmed: Partial<Record<AcceptorRole, number[]>>;
  final: AcceptorRole[];
  /** No more of what is undecided can be accepted: it was released. */
  closed: boolean;
  /** Minor units: fee taken from the shop so far, and given back with refunds. */
  feeTaken: number;
  feeReturned: number;
  extendedByBuyer: boolean;
  /** Quantity on each line that a refund by lines has already covered. */
  refundedLines: number[];
  refusal: string | null;
  /** How the shop was paid early, if it was. */
  advance?: Advance;
  disputed: { at: string; from: TradeState } | null;
  erased: boolean;
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

/** How a person reached the operator who acted for them. */
export interface OperatorAct {
  channel: OperatorChannel;
  reference: string;
  reason?: string;
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
    lines: lines.map(() => ({ delivered: 0, accepted: 0, rejected: 0, returned: 0 })),
    confirmed: {},
    final: [],
    closed: false,
    feeTaken: 0,
    feeReturned: 0,
    extendedByBuyer: false,
    refundedLines: lines.map(() => 0),
    refusal: null,
    disputed: null,
    erased: false,
  };
}

/** What a quantity on each line is worth, in minor units. */
export function valueOf(terms: Terms, quantity: (index: number) => number): bigint {
  return terms.lines.reduce(
    (sum, line, index) => sum + BigInt(line.unitAmount) * BigInt(quantity(index)),
    0n,
  );
}

/** What the lines come to, in minor units; it may be more than the wire can carry. */
export function totalOf(lines: readonly TermLine[]): bigint {
  return lines.reduce((sum, line) => sum + BigInt(line.unitAmount) * BigInt(line.quantity), 0n);
}

/** The worth of all that has been accepted. */
function acceptedValue(trade: Trade): bigint {
  return valueOf(trade.terms, (index) => trade.progress.lines[index]?.accepted ?? 0);
}

/** Accepted but not yet paid, because the payment date is still to come. */
export function owed(trade: Trade): bigint {
  return acceptedValue(trade) - trade.settled;
}

/** How far the goods have come, as quantities of each line in all. */
export interface GoodsSoFar {
  accepted: number[];
  /** Returned or given up: nobody will pay for these goods. */
  returned: number[];
  refunded: number[];
}

/** What the institution of a private trade, which knows the prices, is told: it pays, releases and refunds these goods. */
export function goodsOf(trade: Trade): GoodsSoFar {
  const { terms, progress } = trade;
  // Only accepted goods have money frozen: all other money has been released.
  const nothingOpen = trade.frozen === owed(trade);
  const returned = progress.lines.map((line, index) => {
    const rest = (terms.lines[index]?.quantity ?? 0) - line.accepted;
    if (nothingOpen) return rest;
    return progress.closed ? rest - (line.rejected - line.returned) : line.returned;
  });
  return {
    accepted: progress.lines.map(({ accepted }) => accepted),
    returned,
    refunded: [...progress.refundedLines],
  };
}

/** Quantity on a line that nobody has decided about. */
export function undecided(trade: Trade, index: number): number {
  const line = trade.terms.lines[index];
  const progress = trade.progress.lines[index];
  if (line === undefined || progress === undefined || trade.progress.closed) return 0;
  return line.quantity - progress.accepted - progress.rejected;
}

/** True where rejected goods have still to come back. */
export function awaitsReturn(trade: Trade): boolean {
  return trade.progress.lines.some((line) => line.rejected > line.returned);
}
