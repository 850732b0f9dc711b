/** Where somebody transfers to who pays a due by bank: an account of the institution's, and what to write. */
import { refuse } from "../../core/protocol/protocol.ts";
import { type Client, conflict } from "../../storage/database/database.ts";
import { readOpenDue } from "../collections/collections.ts";
import { dueOfVirtual, insertVirtual, type VirtualAccount, virtualOf } from "./arrival-store.ts";
import type { ArrivalGround, OwnAccount } from "./ground.ts";

export interface PayingIn {
  /** The number to write before the name of the remitter. */
  reference: string;
  account: OwnAccount;
  /** An account of the bank's own making, to which only this due is paid; nothing need be written then. */
  virtual: VirtualAccount | null;
}

/** Where a due is paid by a transfer, with the same account for good where the bank makes up some. */
export async function payingIn(
  { accounts }: Pick<ArrivalGround, "accounts">,
  client: Client,
  { number, currency }: { number: string; currency: string },
): Promise<PayingIn | undefined> {
  const usable = accounts.filter((own) => own.currency === currency);
  const account = usable.find(({ virtual }) => virtual !== undefined) ?? usable[0];
  if (account === undefined) return undefined;
  const range = account.virtual;
  const known = range === undefined ? undefined : await virtualOf(client, number);
  if (range === undefined || known !== undefined)
    return { reference: number, account, virtual: known ?? null };
  // Each is given for good, and there are so many: none for what nobody can pay any more.
  if (((await readOpenDue(client, number))?.open ?? 0n) <= 0n)
    return { reference: number, account, virtual: null };
  const isGiven = await insertVirtual(client, range, number);
  const given = await virtualOf(client, number);
  // All are given, or another due has just got this one.
  if (!isGiven && given === undefined && (await dueOfVirtual(client, range.branch, range.last)) === undefined)
    throw conflict("An account of the bank's making was given away meanwhile.");
  return { reference: number, account, virtual: given ?? null };
}

export const payingInOrRefuse = async (
  ground: Pick<ArrivalGround, "accounts">,
  client: Client,
  due: { number: string; currency: string },
): Promise<PayingIn> =>
  (await payingIn(ground, client, due)) ??
  refuse("not_allowed", `This institution takes no transfers in ${due.currency}.`);
