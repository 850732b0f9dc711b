/**
 * What has to be true of shops that were paid early: the sums by shop are those of the trades, nothing is missing where
 * nothing is frozen any more, and the facilitator's own accounts hold what came and went for it to the last yen.
 */
import type { Advance } from "../../../src/core/trade/trade.ts";
import { accountKey } from "../../../src/engines/advances/advances.ts";
import { type Facilitator, limits } from "./facilitator.ts";
import type { Institution } from "./institution.ts";
import { stepIn } from "../../../src/engines/steps/kept-trade.ts";

interface Sums {
  outstanding: bigint;
  owed: bigint;
}

const sumsOf = ({ amount, recovered, owed }: Advance): Sums => ({
  outstanding: BigInt(amount - recovered - owed),
  owed: BigInt(owed),
});

export function faultsOfAdvances(
  at: Facilitator,
  institutions: readonly Institution[],
  purses: ReadonlyMap<string, bigint>,
): string[] {
  return [
    ...faultsOfClaims(at),
    ...faultsOfSums(at),
    ...faultsOfDebts(at),
    ...faultsOfCovering(at),
    ...faultsOfOwnAccounts(at, institutions, purses),
  ];
}

function faultsOfClaims({ id, trades }: Facilitator): string[] {
  const faults: string[] = [];
  for (const { number, progress, frozen, settled } of trades.values()) {
    const { advance } = progress;
    if (advance === undefined) continue;
    const { amount, price, paid, recovered, owed } = advance;
    if (amount !== price + paid || paid <= 0 || recovered < 0 || owed < 0)
      faults.push(`${id}: the advance of ${number} does not add up`);
    if (frozen === 0n && recovered + owed !== amount)
      faults.push(`${id}: of ${amount} paid early for ${number} only ${recovered} and ${owed} are known`);
    if (BigInt(recovered) > settled) faults.push(`${id}: ${number} has brought back more than it settled`);
  }
  return faults;
}

function faultsOfSums({ id, trades, advances }: Facilitator): string[] {
  const faults: string[] = [];
  const sums = new Map<string, Sums>();
  for (const { shop, currency, progress } of trades.values()) {
    if (progress.advance === undefined) continue;
    const key = accountKey(shop, currency);
    const sum = sums.get(key) ?? { outstanding: 0n, owed: 0n };
    const { outstanding, owed } = sumsOf(progress.advance);
    sums.set(key, { outstanding: sum.outstanding + outstanding, owed: sum.owed + owed });
  }
  for (const key of new Set([...sums.keys(), ...advances.keys()])) {
    const { outstanding = 0n, owed = 0n } = sums.get(key) ?? {};
    const kept = advances.get(key) ?? { outstanding: 0n, owed: 0n, covered: 0n, currency: "JPY" };
    if (kept.outstanding !== outstanding || kept.owed + kept.covered !== owed)
      faults.push(
        `${id}: ${key} has ${kept.outstanding}/${kept.owed}/${kept.covered} early, not ${outstanding}/${owed}`,
      );
    const limit = BigInt(limits[kept.currency as keyof typeof limits]);
    if (kept.outstanding + kept.owed > limit) faults.push(`${id}: ${key} has more early than it may`);
  }
  return faults;
}

/** By shop, currency and institution: what steps that wait are about to pay of debts is what is kept as such, and is owed. */
function faultsOfCovering({ id, trades, advances, placeOf }: Facilitator): string[] {
  const told = new Map<string, bigint>();
  const kept = new Map<string, bigint>();
  const faults: string[] = [];
  const add = (sums: Map<string, bigint>, key: string, amount: bigint) =>
    sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const trade of trades.values())
    for (const { shop, currency, change, amount } of stepIn(trade.pending)?.advances?.taken ?? [])
      if (change === "covered")
        add(told, `${accountKey(shop, currency)} at ${placeOf(trade)}`, BigInt(amount));
  for (const [key, { debts, covering, owed }] of advances) {
    let sum = 0n;
    for (const [place, debt] of debts) {
      if (debt.covering > 0n) add(kept, `${key} at ${place}`, debt.covering);
      sum += debt.covering;
    }
    if (sum !== covering || covering > owed)
      faults.push(`${id}: ${key} covers ${covering} of ${owed}, not ${sum}`);
  }
  for (const key of new Set([...told.keys(), ...kept.keys()]))
    if ((told.get(key) ?? 0n) !== (kept.get(key) ?? 0n))
      faults.push(`${id}: ${key} is to cover ${kept.get(key)}, its trades say ${told.get(key)}`);
  return faults;
}

/** By shop, currency and institution: what has become a debt, and what is owed and covered of it there. */
function faultsOfDebts({ id, trades, advances, placeOf }: Facilitator): string[] {
  const told = new Map<string, bigint>();
  const kept = new Map<string, bigint>();
  const faults: string[] = [];
  for (const trade of trades.values()) {
    const { owed = 0 } = trade.progress.advance ?? {};
    const key = `${accountKey(trade.shop, trade.currency)} at ${placeOf(trade)}`;
    if (owed > 0) told.set(key, (told.get(key) ?? 0n) + BigInt(owed));
  }
  for (const [key, { debts, owed, covered }] of advances) {
    const sum = { owed: 0n, covered: 0n };
    for (const [place, debt] of debts) {
      kept.set(`${key} at ${place}`, debt.owed + debt.covered);
      sum.owed += debt.owed;
      sum.covered += debt.covered;
    }
    if (sum.owed !== owed || sum.covered !== covered)
      faults.push(`${id}: ${key} owes ${owed}, and ${sum.owed} at institutions`);
  }
  for (const key of new Set([...told.keys(), ...kept.keys()]))
    if ((told.get(key) ?? 0n) !== (kept.get(key) ?? 0n))
      faults.push(`${id}: ${key} owes or has covered ${kept.get(key)}, its trades say ${told.get(key)}`);
  return faults;
}

/** At each institution: what shops were paid has left one account, and fees and what came back are in the other. */
function faultsOfOwnAccounts(
  { id, trades, advances, placeOf }: Facilitator,
  institutions: readonly Institution[],
  purses: ReadonlyMap<string, bigint>,
): string[] {
  const faults: string[] = [];
  const gone = new Map<string, bigint>();
  const come = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, key: string, amount: bigint) =>
    sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const trade of trades.values()) {
    const { feeTaken, feeReturned, advance } = trade.progress;
    const key = `${trade.currency} at ${placeOf(trade)}`;
    add(come, key, BigInt(feeTaken - feeReturned + (advance?.recovered ?? 0)));
    add(gone, key, BigInt(advance?.paid ?? 0));
  }
  for (const { currency, debts } of advances.values())
    for (const [place, { covered }] of debts) add(come, `${currency} at ${place}`, covered);
  for (const { id: institution, accounts } of institutions)
    for (const currency of Object.keys(limits)) {
      const key = `${currency} at ${institution}`;
      const moved = (account: string) =>
        (accounts.get(account)?.posted ?? 0n) - (purses.get(`${institution} ${account}`) ?? 0n);
      const early = moved(`early ${currency} ${id}`);
      const fee = moved(`fee ${currency} ${id}`);
      if (early !== -(gone.get(key) ?? 0n))
        faults.push(`${id}: ${early} ${key} left for advances, the trades say ${gone.get(key)}`);
      if (fee !== (come.get(key) ?? 0n))
        faults.push(`${id}: ${fee} ${key} came in, fees and advances make ${come.get(key)}`);
    }
  return faults;
}
