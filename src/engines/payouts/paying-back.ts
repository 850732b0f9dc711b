/**
 * Money that is kept for whoever paid it goes back to their account at a bank: by a payout from an account of the institution's
 * own, in a file that two operators approve like any other.
 */
import { most } from "../../core/bankfiles/bankfiles.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import {
  type BankAccountRow,
  type BankDetails,
  insertBankAccount,
  readBankAccounts,
} from "../../storage/members/members.ts";
import { rulesOf } from "./asking.ts";
import { paidOutIn, type PayoutGround } from "./ground.ts";
import { insertPayout } from "./payout-store.ts";

/** Keeps where money is to go back to, sealed, for two operators to read: it is for one payout. */
export async function keepReturnAccount(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  { id, account, details }: { id: string; account: string; details: BankDetails },
): Promise<void> {
  const before = await readReturnAccount({ vault }, client, id);
  if (before === undefined) {
    await insertBankAccount(client, vault, { id, account, state: "ended", details, hours: 0 });
    return;
  }
  const names = Object.keys(details) as (keyof BankDetails)[];
  if (before.account !== account || names.some((name) => before.details[name] !== details[name]))
    refuse("command_id_reused", "The id was used for another account at a bank.");
}

export async function readReturnAccount(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  id: string,
): Promise<BankAccountRow | undefined> {
  return (await readBankAccounts(client, vault, [id])).get(id);
}

/** Enters a payout whose money the caller moves in this transaction, by a transfer with its id. */
export async function enterPayBack(
  ground: PayoutGround,
  client: Client,
  wish: { id: string; account: string; bankAccount: string; currency: string; amount: bigint },
): Promise<void> {
  rulesOf(ground);
  if (wish.currency !== paidOutIn) refuse("currency_mismatch", `Banks are sent ${paidOutIn} only.`);
  if (wish.amount > most.amount)
    refuse("invalid_field", "A transfer between banks has ten digits at the most: return it in parts.", {
      errors: [{ pointer: "/amount", message: `is more than ${most.amount}` }],
    });
  const there = await readReturnAccount(ground, client, wish.bankAccount);
  if (there?.account !== wish.account)
    refuse("not_found", "Where it is to go back to is not known any more: ask anew.");
  if (!(await insertPayout(client, { ...wish, role: "operator" })))
    refuse("command_id_reused", "The id was used for another payout.");
}
