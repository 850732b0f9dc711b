/**
 * The account at a bank to which an account here is paid out. Whoever has stolen a sign-in would name their own: so it takes the
 * password, or two operators with proof; the owner is told where they are reached; and for three days nothing goes there.
 */
import { isDeepStrictEqual } from "node:util";
import { type BankAccountKind, findBranch, most, nameInFile } from "../../core/bankfiles/bankfiles.ts";
import { type FieldError, refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import { cancelAllTo } from "./asking.ts";
import type { Owner, PayoutGround } from "./ground.ts";

/** How long an owner has to take away what somebody else has named, in hours. */
const hoursBeforeUse = 72;

export interface BankAccountWish {
  bank: string;
  branch: string;
  kind: BankAccountKind;
  number: string;
  /** In kana, as it stands at the bank. */
  holder: string;
}

/** What files will have. Refuses what no bank knows, or no file can hold, naming it. */
export function detailsOf(wish: BankAccountWish): members.BankDetails {
  const { bank, branch, kind, number, holder } = wish;
  const found = findBranch(bank, branch);
  if ("unknown" in found)
    return invalid(`There is no such ${found.unknown}.`, {
      pointer: `/${found.unknown}`,
      message: `is no number of a ${found.unknown}`,
    });
  const written = nameInFile(holder);
  if ("unknown" in written) {
    const named = written.unknown.map((one) => `“${one}”`).join(" ");
    return invalid(`Transfers between banks cannot hold ${named}; give the holder's name in katakana.`, {
      pointer: "/holder",
      message: `holds ${named}`,
    });
  }
  if (written.text.length > most.holder)
    return invalid(
      `A transfer holds ${most.holder} characters of a name, its marks counted: give the first.`,
      {
        pointer: "/holder",
        message: `has ${written.text.length} characters, its marks counted`,
      },
    );
  return {
    bank,
    bankName: found.bankName,
    bankLabel: found.bank,
    branch,
    branchName: found.branchName,
    branchLabel: found.branch,
    kind,
    number,
    holder: written.text,
  };
}

function invalid(detail: string, error: FieldError): never {
  return refuse("invalid_field", detail, { errors: [error] });
}

/** By whose word it is named. */
export interface NamedBy {
  role: "self" | "operator";
  operator?: string;
  confirmedBy?: string | null;
}

/**
 * Names it in place of the one before; false where that is the same, as of a second press. What waits for a file goes where it
 * was to go.
 */
export async function nameAccount(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  {
    id,
    account,
    owner,
    details,
  }: { id: string; account: string; owner: Owner; details: members.BankDetails },
  by: NamedBy,
): Promise<boolean> {
  const before = await members.lockBankAccount(client, vault, account);
  if (before !== undefined) {
    if (isDeepStrictEqual(before.details, details)) return false;
    await members.endBankAccount(client, before.id);
  }
  await members.insertBankAccount(client, vault, {
    id,
    account,
    state: "named",
    details,
    hours: hoursBeforeUse,
  });
  await note(client, owner, "changed", by);
  return true;
}

async function endNamed(vault: members.Vault, client: Client, account: string): Promise<void> {
  const before = await members.lockBankAccount(client, vault, account);
  if (before !== undefined) await members.endBankAccount(client, before.id);
}

const note = (client: Client, { kind, id: subject }: Owner, act: "changed" | "taken back", by: NamedBy) =>
  members.insertProfileChange(client, { kind, subject, act, field: "bank account", ...by });

/** Keeps what an operator asks for, sealed: what waits for a second operator holds nothing personal. */
export async function keepAsked(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  { id, account, details }: { id: string; account: string; details: members.BankDetails },
): Promise<void> {
  // It was asked for before; by now it may have been confirmed.
  if ((await members.readBankAccounts(client, vault, [id])).size > 0) return;
  const before = await members.lockBankAccount(client, vault, account, "asked");
  if (before !== undefined) await members.endBankAccount(client, before.id);
  await members.insertBankAccount(client, vault, {
    id,
    account,
    state: "asked",
    details,
    hours: hoursBeforeUse,
  });
}

/** Two operators have agreed on what was asked for. */
export async function nameAsked(
  { vault }: Pick<PayoutGround, "vault">,
  client: Client,
  { id, account, owner }: { id: string; account: string; owner: Owner },
  by: NamedBy,
): Promise<void> {
  const asked = await members.lockBankAccount(client, vault, account, "asked");
  if (asked?.id !== id)
    return refuse("not_found", "What was asked for is over, or another account was asked for since.");
  await endNamed(vault, client, account);
  await members.nameBankAccount(client, id);
  await note(client, owner, "changed", by);
}

/** Takes it away, at once; what waits for a file and would go there is its owner's again. */
export async function takeAwayAccount(
  ground: PayoutGround,
  client: Client,
  { account, owner, seen }: { account: string; owner: Owner; seen: string | undefined },
  by: NamedBy,
): Promise<void> {
  const named = await members.lockBankAccount(client, ground.vault, account);
  if (named === undefined) return refuse("not_found");
  if (seen !== undefined && seen !== named.id) refuse("bank_account_changed");
  await members.endBankAccount(client, named.id);
  await cancelAllTo(ground, client, named.id);
  await note(client, owner, "taken back", by);
}
