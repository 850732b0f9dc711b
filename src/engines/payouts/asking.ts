/** A payout begins: the money leaves its account at once, so that it is paid once. Until it is in a file it can be taken back. */
import { most } from "../../core/bankfiles/bankfiles.ts";
import { type ProblemCode, refuse } from "../../core/protocol/protocol.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { isHeld } from "../../storage/identity/identity.ts";
import {
  type Account,
  type LedgerRefusal,
  openBooks,
  postOne,
  readAccounts,
} from "../../storage/ledger/ledger.ts";
import {
  type BankAccountRow,
  lockBankAccount,
  readBankAccount,
  readPeopleById,
} from "../../storage/members/members.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { problemOfLedger } from "../engine/engine.ts";
import { insertPayoutMail } from "../outbox/outbox.ts";
import { type Owner, ownerOfAccount, paidOutIn, type PayoutGround, type PayoutRules } from "./ground.ts";
import { checkPayable } from "./payable.ts";
import {
  endAsBack,
  insertPayout,
  lockPayouts,
  lockWaitingTo,
  type Payout,
  type PayoutRole,
  readPayout,
  sumWaitingTo,
} from "./payout-store.ts";

export interface PayoutWish {
  id: string;
  account: string;
  amount: bigint;
  role: PayoutRole;
}

/** Whose money is paid out by files: what shops were paid, and what members have. */
const kinds: ReadonlySet<Account["kind"]> = new Set(["shop", "deposit", "prepaid"]);

export function rulesOf({ rules }: Pick<PayoutGround, "rules">): PayoutRules {
  return rules ?? refuse("not_allowed", "This institution pays nothing out by files for its bank.");
}

/** An account that is paid out by files, and whose it is. Refuses what is none. */
export async function payableAccount(
  client: Client,
  id: string,
): Promise<{ account: Account; owner: Owner }> {
  const [account] = await readAccounts(client, [id]);
  const owner = account === undefined ? undefined : await ownerOfAccount(client, id);
  if (account === undefined || owner === undefined) return refuse("not_found", "There is no such account.");
  if (!kinds.has(account.kind))
    return refuse("not_allowed", `An account of the kind ${account.kind} is not paid out.`);
  if (account.currency !== paidOutIn)
    return refuse(
      "currency_mismatch",
      `Banks are sent ${paidOutIn} only; this account is in ${account.currency}.`,
    );
  return { account, owner };
}

/** Does a payout once for its id. The same wish again gets the same answer; another wish with the id is refused. */
export async function askPayout(
  ground: PayoutGround,
  client: Client,
  wish: PayoutWish,
): Promise<{ payout: Payout; owner: Owner }> {
  const { payout: before, owner: of } = await madeBefore(client, wish);
  if (before !== undefined && of !== undefined) return { payout: before, owner: of };
  const { owner } = await payableAccount(client, wish.account);
  checkAmount(rulesOf(ground), wish.amount);
  const stopped = await whyStopped(client, owner, wish.role);
  if (stopped !== undefined) refuse(...stopped);
  const there = await usableBankAccount(ground, client, wish.account);
  await beginPayout(ground, client, { ...wish, bankAccount: there.id }, owner);
  const { payout } = await madeBefore(client, wish);
  if (payout === undefined) throw new Error("A payout that was made is not there.");
  return { payout, owner };
}

async function madeBefore(
  client: Client,
  wish: PayoutWish,
): Promise<{ payout?: Payout; owner?: Owner | undefined }> {
  const payout = await readPayout(client, wish.id);
  if (payout === undefined) return {};
  for (const field of ["account", "amount"] as const)
    if (payout[field] !== wish[field])
      refuse("command_id_reused", `The id was used for another payout: \`${field}\` differs.`, {
        errors: [{ pointer: `/${field}`, message: "differs from what came with this id before" }],
      });
  return { payout, owner: await ownerOfAccount(client, payout.account) };
}

function checkAmount({ least }: PayoutRules, amount: bigint): void {
  if (amount < least)
    refuse("invalid_field", `The least that is paid out is ${least}.`, {
      errors: [{ pointer: "/amount", message: `is less than ${least}` }],
    });
  if (amount > most.amount)
    refuse("invalid_field", "A transfer between banks has ten digits at the most: pay it out in parts.", {
      errors: [{ pointer: "/amount", message: `is more than ${most.amount}` }],
    });
}

/** Why this owner is paid nothing out now. */
export async function whyStopped(
  client: Client,
  owner: Owner,
  role: PayoutRole,
): Promise<[ProblemCode, string] | undefined> {
  if (await isHeld(client, owner.id))
    return [
      "sign_in_changed_lately",
      "The sign-in was reset or moved within three days: nothing is paid out.",
    ];
  if (role === "operator") return undefined;
  if (owner.kind === "member") {
    const [person] = await readPeopleById(client, [owner.id]);
    return person?.state === "active"
      ? undefined
      : ["member_not_approved", "The money of a member who is not active is paid out by operators."];
  }
  const party = await readParty(client, "shop", owner.id);
  return party?.state === "approved"
    ? undefined
    : ["shop_suspended", "A suspended shop's money is paid out by an operator."];
}

/** The account at a bank, locked, so that it is not taken away meanwhile. */
async function usableBankAccount(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  account: string,
): Promise<BankAccountRow> {
  const there = await lockBankAccount(client, vault, account);
  if (there === undefined) return refuse("bank_account_required");
  if (there.isUsable) return there;
  return refuse("bank_account_named_lately", `It can be used from ${there.usableFrom.toISOString()} on.`);
}

/** Takes the money out of its account, where nobody has taken the id meanwhile, and tells its owner. */
export async function beginPayout(
  { house, mails }: PayoutGround,
  client: Client,
  wish: PayoutWish & { bankAccount: string },
  owner: Owner,
): Promise<void> {
  const { id, account: from, amount } = wish;
  const currency = paidOutIn;
  if (!(await insertPayout(client, { ...wish, currency }))) return;
  const to = house("payouts", currency);
  if (owner.kind === "shop") await checkPayable(client, from, to, amount);
  const posted = await postOne(client, { do: "transfer", id, from, to, currency, amount });
  if ("refused" in posted) refuseFor(posted);
  if (posted.repeated) refuse("command_id_reused", "The id was used for another command.");
  await insertPayoutMail(client, { payout: id, party: owner.id, kind: "payout" }, mails);
}

/** Says no in the words of the wire. */
export function refuseFor({ refused }: LedgerRefusal): never {
  return refuse(problemOfLedger[refused]);
}

/** Takes a payout back that no file has yet. */
export async function cancelPayout(
  ground: PayoutGround,
  client: Client,
  { id, reason }: { id: string; reason: string | null },
): Promise<Payout> {
  const [payout] = await lockPayouts(client, [id]);
  if (payout === undefined) return refuse("not_found");
  if (payout.state !== "waiting")
    return refuse("payout_not_open", `It is ${payout.state}: only what waits for a file can be taken back.`);
  await bringBack(ground, client, payout, { state: "cancelled", reason });
  return (await readPayout(client, id)) ?? refuse("not_found");
}

/** How much would come back if the account at a bank were taken away now. */
export async function comesBackWithout(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  account: string,
): Promise<bigint> {
  const there = await readBankAccount(client, vault, account);
  return there === undefined ? 0n : sumWaitingTo(client, there.id);
}

/** The same of all that wait and would go to an account at a bank that was taken away. */
export async function cancelAllTo(ground: PayoutGround, client: Client, bankAccount: string): Promise<void> {
  const waiting = await lockWaitingTo(client, bankAccount);
  const houses = (["payouts", "suspense"] as const).map((kind) => ground.house(kind, paidOutIn));
  const accounts = [...waiting.map(({ account }) => account), ...houses];
  if (waiting.length === 0) return;
  await ground.lockBack?.(
    client,
    waiting.map(({ id }) => id),
  );
  await openBooks(client, { accounts, holds: [] });
  for (const payout of waiting)
    await bringBack(ground, client, payout, {
      state: "cancelled",
      reason: "the bank account was taken away",
    });
}

/**
 * Books a locked payout back to where it came from. Where that account was closed meanwhile, it goes to what waits for its
 * other side, and operators see to it.
 */
export async function bringBack(
  { house, lockBack, cameBack }: Pick<PayoutGround, "house" | "lockBack" | "cameBack">,
  client: Client,
  payout: Payout,
  how: { state: "returned" | "cancelled"; reason: string | null },
): Promise<{ back: string; to: string }> {
  const { id, account, currency, amount, state } = payout;
  await lockBack?.(client, [id]);
  const wasDone = state === "done";
  const from = house(wasDone ? "outside" : "payouts", currency);
  const [back, home] = [uuidv7(), (await readAccounts(client, [account]))[0]];
  const rest = home?.closed === false ? null : house("suspense", currency);
  const to = rest ?? account;
  const posted = await postOne(client, { do: "transfer", id: back, from, to, currency, amount });
  if ("refused" in posted) return refuseFor(posted);
  await endAsBack(client, { id, ...how, back, backTo: rest, wasDone });
  await cameBack?.(client, { payout: id, account: to, command: back, from, amount });
  return { back, to };
}
