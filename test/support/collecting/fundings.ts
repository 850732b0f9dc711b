/** What is due under a number by which a member brings money to an account, and what all of it has to come to. */
import { ownDues } from "../../../src/engines/collections/funding-store.ts";
import type { Due } from "../../../src/engines/collections/store.ts";
import type { House } from "./house.ts";
import { purses } from "./opening.ts";

interface Wish {
  id: string;
  number: string;
  funding: string;
  amount: bigint;
  until: Date;
  now: Date;
}

export function fundingDue({ id, number, funding, amount, until, now }: Wish): Due {
  const none = { fee: 0n, paid: 0n, feePaid: 0n, refunded: 0n, kept: 0n, heard: 0n, paidAt: null } as const;
  return {
    ...none,
    id,
    tradeNumber: number,
    peer: ownDues,
    version: 1n,
    payee: funding,
    feeTo: null,
    currency: "JPY",
    amount,
    payBy: until,
    payableFrom: null,
    shopName: null,
    reference: null,
    createdAt: now,
  };
}

export const isOwnDue = ({ peer }: Pick<Due, "peer">): boolean => peer === ownDues;

/** An account has what was brought to it, less what was paid from it; each number was paid once, or not at all. */
export function faultsOfPurses({ id, fundings, dues, payments, accounts }: House): string[] {
  const sum = (all: readonly { amount: bigint }[]) => all.reduce((total, { amount }) => total + amount, 0n);
  const faults: string[] = [];
  for (const purse of purses) {
    const own = [...fundings.values()].filter(({ account }) => account === purse);
    const brought = own.reduce((total, { number }) => total + (dues.get(number)?.paid ?? 0n), 0n);
    const spent = sum(payments.filter(({ collector }) => collector === purse));
    const posted = accounts.get(purse)?.posted;
    if (posted !== brought - spent)
      faults.push(`${id}: ${purse} has ${posted}, ${brought} was brought and ${spent} paid from it`);
  }
  for (const { number } of fundings.values()) {
    const due = dues.get(number);
    const taken = payments.filter(({ collection, state }) => collection === due?.id && state === "taken");
    if (taken.length > 1) faults.push(`${id}: ${number} was brought ${taken.length} times`);
  }
  return faults;
}
