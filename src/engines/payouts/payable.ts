/** How much of an account can be taken out, since of a shop's money buyers may still ask some back. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { type Account, clearPayoutLocks, openBooks, sumPayoutLocks } from "../../storage/ledger/ledger.ts";
import { readShopOfAccount, readStanding, usualStanding } from "../../storage/parties/parties.ts";

/** What a shop is paid out is not what a buyer may still ask back. Locks the account first: then nothing of it changes. */
export async function checkPayable(client: Client, from: string, to: string, amount: bigint): Promise<void> {
  const { account, payable } = await lockPayable(client, from, to);
  // What is not there at all is for the books to say.
  if (amount <= payable || amount > account.posted - account.held - account.floor) return;
  refuse("not_payable_yet", `${payable} can be taken out now; buyers may still ask the rest back.`);
}

/** Locks an account and where its money is to go, and says how much can. */
export async function lockPayable(
  client: Client,
  from: string,
  to: string,
): Promise<{ account: Account; payable: bigint }> {
  const books = await openBooks(client, { accounts: [from, to], holds: [] });
  const account = books.accounts.get(from);
  if (account === undefined) throw new Error("An account that was read is not there.");
  await clearPayoutLocks(client, from);
  return { account, payable: await payableOf(client, account) };
}

/** How much of an account can be taken out: what is free, less what buyers may still ask back. */
export async function payableOf(client: Client, { id, posted, held, floor }: Account): Promise<bigint> {
  const [locked, shop] = await Promise.all([sumPayoutLocks(client, id), readShopOfAccount(client, id)]);
  const { paidOutEarly } = shop === undefined ? usualStanding : await readStanding(client, shop);
  // This server answers for a shop that it pays out early in its own trades, and for no other server.
  const payable = posted - held - floor - (paidOutEarly ? locked.all - locked.own : locked.all);
  return payable > 0n ? payable : 0n;
}
