/**
 * From when a shop is paid early: once somebody has seen the goods leave who gains nothing by it, at any time, for which the
 * server then answers, or never.
 */
export const paidEarlyFrom = ["afterShipping", "always", "never"] as const;
export type PaidEarly = (typeof paidEarlyFrom)[number];

/**
 * How far an operator lets a shop go. Terms of its trades are made from it when they are proposed; limits and leave to be
 * paid hold whenever they are asked about.
 */
export interface Standing {
  /** How much may be frozen for the shop at a time, in minor units by currency; a currency that is not there has no limit. */
  frozenLimits: Readonly<Record<string, number>>;
  /** How long after an acceptance the shop is paid, as an ISO 8601 duration. */
  settleAfter: string | null;
  /** Whether its own word may start the clock of acceptance, and whether it may be an acceptor. */
  word: boolean;
  /** From when it may be paid before the goods are accepted or due. */
  paidEarly: PaidEarly;
  /** How much it may have had early and owe at a time, where that is not what the server lets every shop have. */
  earlyLimits: Readonly<Record<string, number>>;
  /** Whether it may take out money that a buyer may still ask back: then the server answers for it. */
  paidOutEarly: boolean;
}

/** What holds for a shop of which no operator has said anything. */
export const usualStanding: Standing = {
  frozenLimits: {},
  settleAfter: null,
  word: true,
  paidEarly: "afterShipping",
  earlyLimits: {},
  paidOutEarly: false,
};
