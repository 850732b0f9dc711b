/** The sums of both sides, and what of their difference no trade explains. */
import { setTimeout as pause } from "node:timers/promises";
import type { HeldHere, Sum } from "../../engines/trades/trades.ts";
import type { ReservationView } from "../../core/protocol/schemas.ts";

export type Amounts = Omit<Sum, "currency">;

export interface ReconciledSum {
  institution: string;
  currency: string;
  here: Amounts;
  there: Amounts;
}

/** How much more there is on the other side, by currency and name. */
export type Explained = Map<string, bigint>;

const amountNames = ["frozen", "settled", "refunded"] as const;
type AmountName = (typeof amountNames)[number];

const keyOf = (currency: string, name: AmountName): string => `${currency} ${name}`;

export const isSame = ({ here, there }: ReconciledSum): boolean =>
  amountNames.every((name) => here[name] === there[name]);

/** What a trade and a reservation that is not its own, or is missing, add to the difference of the sums. */
export function explain(
  explained: Explained,
  held: HeldHere | undefined,
  view: ReservationView | undefined,
): void {
  const add = (currency: string, name: AmountName, amount: bigint) => {
    const key = keyOf(currency, name);
    explained.set(key, (explained.get(key) ?? 0n) + amount);
  };
  if (held !== undefined && !held.private && (view === undefined || view.id === held.reservation))
    for (const name of amountNames) add(held.currency, name, -held[name]);
  if (view?.amount == null) return;
  const { amount, settled, released, refunded, currency } = view;
  const there = {
    frozen: BigInt(amount - (settled ?? 0) - (released ?? 0)),
    settled: BigInt(settled ?? 0),
    refunded: BigInt(refunded ?? 0),
  };
  for (const name of amountNames) add(currency, name, there[name]);
}

export interface SumBreak {
  currency: string;
  name: AmountName;
  here: bigint;
  there: bigint;
  /** What of it no trade explains. */
  difference: bigint;
}

function unexplainedIn(sums: readonly ReconciledSum[], explained: Explained): SumBreak[] {
  return sums.flatMap(({ currency, here, there }) =>
    amountNames.flatMap((name) => {
      const difference = there[name] - here[name] - (explained.get(keyOf(currency, name)) ?? 0n);
      return difference === 0n ? [] : [{ currency, name, here: here[name], there: there[name], difference }];
    }),
  );
}

const said = (found: readonly SumBreak[]): string =>
  found.map(({ currency, name, difference }) => `${currency} ${name} ${difference}`).join();

/**
 * Sums that differ by what no trade explains. Each side is asked at another instant, so while business runs they differ by what
 * is on its way, which changes from look to look: only a difference that stays the same is a break.
 */
export async function unexplained(
  compareSums: () => Promise<ReconciledSum[]>,
  explained: Explained,
  { looks, betweenMs }: { looks: number; betweenMs: number },
): Promise<{ sums: ReconciledSum[]; found: SumBreak[]; isSure: boolean }> {
  let sums = await compareSums();
  let found = unexplainedIn(sums, explained);
  const first = said(found);
  for (let look = 1; look < looks; look += 1) {
    if (found.length === 0) return { sums, found, isSure: true };
    await pause(betweenMs);
    sums = await compareSums();
    found = unexplainedIn(sums, explained);
    if (said(found) !== first) return { sums, found: [], isSure: false };
  }
  return { sums, found, isSure: true };
}
