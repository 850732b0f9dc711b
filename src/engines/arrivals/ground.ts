/** What arrivals stand on. */
import type { AccountInFile, BankAccount, IncomingForm } from "../../core/bankfiles/bankfiles.ts";
import type { Vault } from "../../storage/members/members.ts";
import type { Collections } from "../collections/collections.ts";

/** A range of accounts that the bank makes up (振込専用口座): all numbers of a branch between two. */
export interface VirtualRange {
  branch: string;
  first: number;
  last: number;
}

/** An account of the institution's at a bank, to which people transfer. Names as files have them. */
export interface OwnAccount extends BankAccount {
  currency: string;
  /** The one form in which its entries come: in two, each would come twice, and nobody could tell. */
  form: IncomingForm;
  virtual?: VirtualRange | undefined;
}

export interface ArrivalGround {
  vault: Vault;
  collections: Pick<Collections, "payWithin">;
  house: (kind: "arrivals" | "outside" | "payouts", currency: string) => string;
  accounts: readonly OwnAccount[];
}

export const keyOf = ({ bank, branch, number }: Pick<OwnAccount, "bank" | "branch" | "number">): string =>
  `${bank}-${branch}-${number}`;

/** The number of a virtual account of this range, if these digits are one: behind its branch, or alone. */
export function virtualIn(range: VirtualRange | undefined, digits: string | null): number | undefined {
  if (range === undefined || digits === null) return undefined;
  const number =
    digits.length === 10 && digits.startsWith(range.branch) ? digits.slice(range.branch.length) : digits;
  if (number.length !== 7) return undefined;
  return Number(number) >= range.first && Number(number) <= range.last ? Number(number) : undefined;
}

/** Which account of the institution's a file means. One that the bank makes up has no entries of its own: they are those of this one. */
export function ownAccount(
  accounts: readonly OwnAccount[],
  { bank, branch, number }: AccountInFile,
): OwnAccount | undefined {
  return accounts.find((own) => {
    const saysAnother = (bank !== "" && bank !== own.bank) || (branch !== "" && branch !== own.branch);
    return (
      !saysAnother &&
      [own.number, own.branch + own.number, own.bank + own.branch + own.number].includes(number)
    );
  });
}
