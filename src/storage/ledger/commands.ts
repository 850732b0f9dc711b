/** The words of the books. Amounts are minor units, always above zero in a command. */

export const accountKinds = [
  "deposit",
  "credit",
  "prepaid",
  "shop",
  "fee",
  "outside",
  "suspense",
  "collector",
  "lender",
  "losses",
] as const;
export type AccountKind = (typeof accountKinds)[number];

export interface Account {
  id: string;
  kind: AccountKind;
  currency: string;
  posted: bigint;
  held: bigint;
  floor: bigint;
  closed: boolean;
  /** Where its money has gone for good: what is refunded to it goes on there. A closed account without one takes nothing. */
  heir?: string | null;
}

export const holdStates = ["held", "settled", "released", "expired"] as const;
export type HoldState = (typeof holdStates)[number];

export interface Hold {
  id: string;
  account: string;
  currency: string;
  amount: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
  state: HoldState;
  until: Date;
}

export interface Share {
  account: string;
  amount: bigint;
}

interface Transfer {
  do: "transfer";
  id: string;
  from: string;
  to: string;
  currency: string;
  amount: bigint;
  /** What is left on an account goes away, also where that is closed. */
  empties?: true;
}

/** What can be asked of the books. `id` is made by the sender and used once; a hold's id is its command's id. */
export type Command =
  | { do: "hold"; id: string; account: string; currency: string; amount: bigint; until: Date }
  | { do: "settle"; id: string; hold: string; amount: bigint; splits: Share[] }
  | { do: "release"; id: string; hold: string; amount: bigint }
  | { do: "expire"; id: string; hold: string; amount: bigint }
  | { do: "extend"; id: string; hold: string; until: Date }
  | Transfer
  | { do: "refund"; id: string; hold: string; amount: bigint; sources: Share[] };

/**
 * Every way the books say no, in the order in which it is checked: of several that apply, the first is the
 * answer. `transient`: may the same command, sent again, get another answer?
 */
export const ledgerRefusals = {
  id_reused: { transient: false },
  amount_not_positive: { transient: false },
  hold_not_found: { transient: false },
  account_not_found: { transient: false },
  account_closed: { transient: false },
  currency_differs: { transient: false },
  same_account: { transient: false },
  hold_ended: { transient: false },
  until_not_later: { transient: false },
  exceeds_hold: { transient: false },
  exceeds_settled: { transient: false },
  shares_do_not_add_up: { transient: false },
  insufficient_funds: { transient: true },
  credit_limit_exceeded: { transient: true },
  payee_insufficient_funds: { transient: true },
} as const satisfies Record<string, { transient: boolean }>;
export type LedgerRefusalCode = keyof typeof ledgerRefusals;

export interface LedgerRefusal {
  refused: LedgerRefusalCode;
  /** With `id_reused`: the field in which the two commands differ. */
  field?: string;
  /** The account or hold that is in the way. */
  obstacle?: string;
}

/** One leg of a command in the journal. `posted` moves money, `held` freezes (+) or unfreezes (-) it. */
export interface Entry {
  command: string;
  leg: number;
  kind: Command["do"];
  account: string;
  hold: string | null;
  currency: string;
  posted: bigint;
  held: bigint;
  until: Date | null;
  at: Date;
}
