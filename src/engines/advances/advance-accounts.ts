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

/** What a step does to an account: `covering` is a debt that a step under way is about to pay. */
export interface AdvanceChange extends Omit<AdvanceUse, "do" | "change"> {
  change: AdvanceUse["change"] | "covering";
}

/**
 * True for changes that count when a step is decided, although its money may move later. So no two steps use the same
 * part of a limit, and no two settlements pay the same debt.
 */
export function countsAtOnce({ change }: Pick<AdvanceChange, "change">): boolean {
  return change === "advanced" || change === "covered";
}

/** True for changes that count when the money has moved: until then a debt is owed, and leaves no room for more. */
export function countsWhenPaid({ change }: Pick<AdvanceChange, "change">): boolean {
  return change !== "advanced";
}

/** How a change that counts at once counts until the money has moved. */
export function begun(use: Omit<AdvanceUse, "do">): AdvanceChange {
  return use.change === "covered" ? { ...use, change: "covering" } : use;
}

/**
 * The account after a change at an institution. Throws where the account, or what is owed there, has less than the change
 * takes, which is a bug of the caller.
 */
export function changed(account: AdvanceAccount, { change, amount, institution }: Change): AdvanceAccount {
  const { outstanding, owed, covering, covered } = account;
  const next: AdvanceAccount = {
    advanced: { ...account, outstanding: outstanding + amount },
    recovered: { ...account, outstanding: outstanding - amount },
    owed: { ...account, outstanding: outstanding - amount, owed: owed + amount },
    covering: { ...account, covering: covering + amount },
    covered: { ...account, owed: owed - amount, covering: covering - amount, covered: covered + amount },
  }[change];
  if (change === "owed" || change === "covering" || change === "covered") {
    const debt = changedDebt(account.debts.get(institution) ?? noDebt, change, amount);
    if (!addsUp(debt)) throw new Error(`What shop ${account.shop} owes at ${institution} does not add up.`);
    next.debts = new Map([...account.debts, [institution, debt]]);
  }
  if (next.outstanding < 0n || !addsUp(next))
    throw new Error(`What shop ${account.shop} was paid early does not add up.`);
  return next;
}

type Change = Pick<AdvanceChange, "change" | "amount"> & { institution: string };

const noDebt: Debt = { owed: 0n, covering: 0n, covered: 0n };

function changedDebt(
  { owed, covering, covered }: Debt,
  change: "owed" | "covering" | "covered",
  amount: bigint,
): Debt {
  switch (change) {
    case "owed":
      return { owed: owed + amount, covering, covered };
    case "covering":
      return { owed, covering: covering + amount, covered };
    case "covered":
      return { owed: owed - amount, covering: covering - amount, covered: covered + amount };
  }
}

const addsUp = ({ owed, covering, covered }: Debt): boolean =>
  covering >= 0n && covering <= owed && covered >= 0n;

/**
 * Whether a server lets the shop have so much more early: up to what an operator has said of this shop, else of all. What it
 * owes counts as well, until it is paid.
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
