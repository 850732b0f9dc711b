/** What somebody proves that they do, now and themselves. */

/** What is proved: each with its amount, where it has one. */
export const provenActs = [
  "trade.approve",
  "trade.reserve",
  "credit.ask",
  "mandate.give",
  "mandate.limits",
  "consent.give",
  "consent.change",
  "consent.limits",
  "due.pay",
  "settlement.confirm",
  "payout.ask",
  "passkey.add",
  "passkey.remove",
  "team.change",
] as const;
export type ProvenActName = (typeof provenActs)[number];

/** One of them, of exactly this. */
export interface ProvenAct {
  act: ProvenActName;
  /** The number or id of what it is done to. */
  of: string;
  /** In minor units; null where it is not known here, or without a limit. Left out where it is about no money. */
  amount?: bigint | null;
  currency?: string;
  /** The version of the trade that was seen. */
  version?: number;
}

/** Up to which amount, by currency in minor units, a session is enough; nothing is asked where a currency is not named. */
export type StepUpAbove = Readonly<Record<string, bigint>>;

/** Whether more than a session is asked for. What is not known here, or without a limit, may be as much as it likes. */
export function isAsked(above: StepUpAbove, { act, amount, currency }: ProvenAct): boolean {
  // Who works at a shop is nothing that could be little.
  if (act === "team.change") return true;
  if (amount === undefined) return false;
  if (amount === null && currency === undefined) return Object.keys(above).length > 0;
  if (currency === undefined || !Object.hasOwn(above, currency)) return false;
  return amount === null || amount > (above[currency] ?? 0n);
}

/** All of it in one text, for which a proof is made. */
export function purposeOf(login: string, { act, of, amount, currency, version }: ProvenAct): string {
  const sum = amount === null ? "any" : (amount?.toString() ?? null);
  return JSON.stringify(["moment", login, act, of, sum, currency ?? null, version ?? null]);
}
