/** What payouts stand on. */
import type { Payer } from "../../core/bankfiles/bankfiles.ts";
import type { Client } from "../../storage/database/database.ts";
import { readPersonOfAccount, type Vault } from "../../storage/members/members.ts";
import { readShopOfAccount } from "../../storage/parties/parties.ts";
import type { MailUse } from "../outbox/outbox.ts";

/** The account of the institution at a bank from which it pays out, and the least that it does. */
export interface PayoutRules {
  payer: Payer;
  least: bigint;
}

/** A payout that is on the account again from which it went, by a transfer. */
export interface CameBack {
  payout: string;
  account: string;
  command: string;
  from: string;
  amount: bigint;
}

export interface PayoutGround {
  vault: Vault;
  mails: MailUse;
  /** The institution's own accounts: what is under way, what lies outside, and what waits for its other side. */
  house: (kind: "payouts" | "outside" | "suspense", currency: string) => string;
  /** Locks what stands before accounts in the order of locks and changes with these payouts as they come back. */
  lockBack?: (client: Client, payouts: readonly string[]) => Promise<void>;
  /** Told of each payout that is booked back, in the transaction that does it. */
  cameBack?: (client: Client, back: CameBack) => Promise<void>;
  /** Without it nothing is paid out by files. */
  rules: PayoutRules | undefined;
}

/** Files between banks in Japan are of yen. */
export const paidOutIn = "JPY";

/** Whose account it is: a shop, or a member. */
export interface Owner {
  kind: "shop" | "member";
  id: string;
}

export async function ownerOfAccount(client: Client, account: string): Promise<Owner | undefined> {
  const shop = await readShopOfAccount(client, account);
  if (shop !== undefined) return { kind: "shop", id: shop };
  const person = await readPersonOfAccount(client, account);
  return person === undefined ? undefined : { kind: "member", id: person };
}
