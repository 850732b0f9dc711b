import type { ProblemCode, TradeState } from "../protocol/protocol.ts";

/**
 * The trade machine as a table (docs/trades.md). A cell holds the states a move may lead to, or the
 * refusal it gets. It is total on purpose: a forgotten cell does not compile. docs/trades.md shows the same
 * table, and a test compares the two.
 */
export const moves = [
  "reserve",
  "refuse",
  "revise",
  "deliver",
  "at-door",
  "accept",
  "reject",
  "return",
  "dispute",
  "resolve",
  "cancel",
  "extend",
  "expire",
  "autoAccept",
  "pay",
  "refund",
  "advance",
  "assign",
] as const;
export type Move = (typeof moves)[number];

export type Cell = readonly TradeState[] | ProblemCode;

const ended = (code: ProblemCode): Record<Move, Cell> => ({
  reserve: code,
  refuse: code,
  revise: code,
  deliver: code,
  "at-door": code,
  accept: code,
  reject: code,
  return: code,
  dispute: code,
  resolve: code,
  cancel: code,
  extend: code,
  expire: code,
  autoAccept: code,
  pay: code,
  refund: code,
  advance: code,
  assign: code,
});

const unreserved: Record<Move, Cell> = {
  ...ended("trade_not_open"),
  reserve: ["reserved"],
  refuse: ["refused"],
  revise: ["proposed"],
  cancel: ["cancelled"],
  expire: ["expired"],
};

export const transitions: Record<TradeState, Record<Move, Cell>> = {
  proposed: unreserved,
  refused: unreserved,
  reserved: {
    reserve: "already_reserved",
    refuse: "already_reserved",
    revise: ["proposed"],
    deliver: ["delivered"],
    "at-door": ["reserved"],
    accept: ["delivered", "accepted", "settled"],
    reject: ["delivered", "rejected"],
    return: "nothing_to_return",
    dispute: ["disputed"],
    resolve: "trade_not_open",
    cancel: ["cancelled"],
    extend: ["reserved"],
    expire: ["expired"],
    autoAccept: "trade_not_open",
    pay: "trade_not_open",
    refund: "amount_exceeds_settled",
    advance: ["reserved"],
    assign: ["reserved"],
  },
  delivered: {
    reserve: "already_reserved",
    refuse: "already_reserved",
    revise: "trade_not_open",
    deliver: ["delivered"],
    "at-door": ["delivered"],
    accept: ["delivered", "accepted", "settled", "rejected", "cancelled"],
    reject: ["delivered", "rejected"],
    return: ["delivered"],
    dispute: ["disputed"],
    resolve: "trade_not_open",
    cancel: ["cancelled", "accepted", "settled", "rejected"],
    extend: ["delivered"],
    expire: ["disputed", "settled", "rejected"],
    autoAccept: ["delivered", "accepted", "settled", "rejected"],
    pay: ["delivered"],
    refund: ["delivered"],
    advance: ["delivered"],
    assign: "trade_not_open",
  },
  accepted: {
    ...ended("already_accepted"),
    return: "nothing_to_return",
    dispute: ["disputed"],
    resolve: "trade_not_open",
    extend: "extension_refused",
    pay: ["settled"],
    refund: "amount_exceeds_settled",
    advance: ["accepted"],
  },
  rejected: {
    ...ended("already_rejected"),
    return: ["rejected", "accepted", "settled"],
    dispute: ["disputed"],
    resolve: "trade_not_open",
    cancel: ["rejected", "accepted", "settled"],
    extend: ["rejected"],
    expire: ["rejected", "settled"],
    pay: ["rejected"],
    refund: ["rejected"],
  },
  disputed: {
    ...ended("trade_disputed"),
    resolve: ["reserved", "delivered", "accepted", "rejected", "settled", "cancelled"],
    refund: ["disputed"],
  },
  settled: {
    ...ended("already_settled"),
    reserve: "already_reserved",
    deliver: "already_accepted",
    "at-door": "already_accepted",
    accept: "already_accepted",
    reject: "already_accepted",
    return: "nothing_to_return",
    refund: ["settled"],
  },
  cancelled: ended("already_cancelled"),
  expired: ended("already_expired"),
};

/** States in which nothing is frozen any more and nothing but a refund can happen. */
export function hasEnded(state: TradeState, frozen: bigint): boolean {
  return (
    state === "settled" ||
    state === "cancelled" ||
    state === "expired" ||
    (state === "rejected" && frozen === 0n)
  );
}
