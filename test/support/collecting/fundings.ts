/** What is due under a number by which a member brings money to an account. */
import { ownDues } from "../../../src/engines/collections/funding-store.ts";
import type { Due } from "../../../src/engines/collections/store.ts";

/** Accounts of members at each institution: money is brought to them, and what is due is paid from there. */
export const purses = ["purse 1", "purse 2"] as const;

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
