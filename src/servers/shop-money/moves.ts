/** What moved between two looks at an order. */

export const moneyKinds = ["frozen", "settled", "released", "refunded", "fee"] as const;
export type MoneyKind = (typeof moneyKinds)[number];

/** What a server shows of a trade's money; minor units, and nothing of it where it does not know. */
export type MoneyNow = { [kind in MoneyKind]?: number | null | undefined };

export interface Move {
  kind: MoneyKind;
  amount: bigint;
}

const known = (now: MoneyNow | null) => (kind: MoneyKind) => BigInt(now?.[kind] ?? 0);

/**
 * Newly frozen is what is frozen now, was paid or given free since, and was not frozen before: so that what was frozen less what
 * was paid and given free is always what is frozen. Under other terms less may be frozen than before: the difference is given free.
 */
export function movesBetween(before: MoneyNow | null, now: MoneyNow): Move[] {
  const [was, is] = [known(before), known(now)];
  const settled = is("settled") - was("settled");
  const freed = is("released") - was("released");
  const released = freed > 0n ? freed : 0n;
  const frozen = is("frozen") - was("frozen") + settled + released;
  const moves: Move[] = [
    { kind: "frozen", amount: frozen > 0n ? frozen : 0n },
    { kind: "settled", amount: settled },
    { kind: "released", amount: frozen < 0n ? released - frozen : released },
    { kind: "refunded", amount: is("refunded") - was("refunded") },
    { kind: "fee", amount: is("fee") - was("fee") },
  ];
  return moves.filter(({ amount }) => amount !== 0n);
}
