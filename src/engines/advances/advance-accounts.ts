/**
 * What shops have been paid early (paragraph 0094): how much of it is under way, how much they owe, and how much more a
 * server lets them have. The trade machine decides what a step means for it; here it is added up under a lock.
 */
import type { AdvanceUse } from "../../core/trade/trade.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import type { AdvanceAccount, Debt } from "./store.ts";

/** At what price a server pays shops early, and how much one shop may have so. */
export interface AdvancePrices {
  /** Hundredths of a percent of the claim, where the goods are accepted. */
  acceptedBasisPoints: number;
  /** The same while they are not, which is the greater risk. */
  reservedBasisPoints: number;
  /** Minor units by currency; in a currency without a limit nothing is paid early. */
  limitPerShop: Readonly<Record<string, number>>;
}

/** How a server pays shops early: from which account of its own, and into which the money comes back. */
export interface AdvanceRules extends AdvancePrices {
  from: (currency: string) => string;
  into: (currency: string) => string;
}

/**
 * True for changes that count when a step is decided, although its money may move later. So no two steps use the same
 * part of a limit, and no two settlements pay the same debt.
 */
export function countsAtOnce({ change }: Pick<AdvanceUse, "change">): boolean {
  return change === "advanced" || change === "covered";
}

/**
 * The account after a change at an institution. Throws where the account, or what is owed there, has less than the change
 * takes, which is a bug of the caller.
 */
export function changed(account: AdvanceAccount, { change, amount, institution }: Change): AdvanceAccount {
  const { outstanding, owed, covered } = account;
  const next: AdvanceAccount = {
    advanced: { ...account, outstanding: outstanding + amount },
    recovered: { ...account, outstanding: outstanding - amount },
    owed: { ...account, outstanding: outstanding - amount, owed: owed + amount },
    covered: { ...account, owed: owed - amount, covered: covered + amount },
  }[change];
  if (change === "owed" || change === "covered") {
    const before = account.debts.get(institution) ?? { owed: 0n, covered: 0n };
    const debt: Debt =
      change === "owed"
        ? { ...before, owed: before.owed + amount }
        : { owed: before.owed - amount, covered: before.covered + amount };
    if (debt.owed < 0n || debt.covered < 0n)
      throw new Error(`What shop ${account.shop} owes at ${institution} does not add up.`);
    next.debts = new Map([...account.debts, [institution, debt]]);
  }
  if (next.outstanding < 0n || next.owed < 0n || next.covered < 0n)
    throw new Error(`What shop ${account.shop} was paid early does not add up.`);
  return next;
}

type Change = Pick<AdvanceUse, "change" | "amount"> & { institution: string };

/**
 * Whether a server lets the shop have so much more early: up to what an operator has said of this shop, else of all. What it
 * owes counts as well.
 */
export function beyondLimit(
  { limitPerShop }: Pick<AdvancePrices, "limitPerShop">,
  account: AdvanceAccount,
  amount: bigint,
  earlyLimits: Readonly<Record<string, number>> = {},
): ProblemCode | undefined {
  const { currency } = account;
  const limit = BigInt(earlyLimits[currency] ?? limitPerShop[currency] ?? 0);
  return account.outstanding + account.owed + amount > limit ? "advance_limit_exceeded" : undefined;
}
