/** What is done to lines that are lent: calls for programs and pages ask for the same. */
import { fromWire, toWire } from "../../core/money/money.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import {
  call,
  give,
  lend,
  type LentLine,
  type LentShare,
  lockLeave,
  lockLine,
  readLine,
  readShare,
  shrink,
  stopLine,
} from "../../engines/lending/lending.ts";
import type { Client } from "../../storage/database/database.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { findMember, lockMember } from "../../storage/members/members.ts";
import { memberNumber, refuseWhileHeld } from "../api/api.ts";
import type { Perform } from "../operators/operators.ts";
import { lenderById, lineView, partsView } from "./lines.ts";

export interface LendWish {
  id: string;
  lender: string;
  currency: string;
  limit: number;
}

/** Lends a line, or sets what is lent, also where it was stopped. */
export const setLine: Perform<LendWish> = async (client, { id, lender, currency, limit }) => {
  const party = await lenderById(client, lender);
  if (party.state !== "approved") refuse("not_allowed", "Nothing is lent to who is not approved.");
  await lend(client, { id, lender, currency, most: fromWire(limit) });
  const line = (await readLine(client, id)) ?? refuse("not_found");
  return { status: 200, body: await lineView(client, line), tells: lender };
};

export const stopOne: Perform<{ id: string }> = async (client, { id }) => {
  if (!(await stopLine(client, id, true))) refuse("not_found");
  const line = (await readLine(client, id)) ?? refuse("not_found");
  return { status: 200, body: await lineView(client, line), tells: line.lender };
};

/** Gives a member so much of a line. Locks the member, then the line: so does who takes a leave back. */
export async function giveTo(
  client: Client,
  { id, lender }: LentLine,
  { number, most, signer }: { number: string; most: bigint; signer: string },
) {
  const { state } = await lenderById(client, lender);
  if (state !== "approved") refuse("shop_suspended", "Who is suspended gives nothing more.");
  // Whoever has taken a lender's sign-in over would give the lender's line to their friends.
  await refuseWhileHeld(client, signer);
  const member = await lockMember(client, memberNumber(number));
  // Who has not let this lender is, to it, nobody: it learns of no member by trying numbers.
  if (member === undefined || !(await lockLeave(client, member.id, lender)))
    return refuse("not_found", "No member of this number lets you give them credit.");
  if (member.state !== "active") refuse("member_not_approved");
  const line = (await lockLine(client, id)) ?? refuse("not_found");
  const share = await give(client, line, { person: member.id, most });
  return (await partsView(client, [share]))[0] ?? refuse("not_found");
}

/** Takes from a member all of a line that is not in use. A lender may do so whoever the member is by now, and also where it is suspended. */
export async function endPart(client: Client, { id }: LentLine, number: string) {
  const line = (await lockLine(client, id)) ?? refuse("not_found");
  const share = await shareOf(client, id, number);
  await shrink(client, line, share);
  return (await partsView(client, [await shareOf(client, id, number)]))[0] ?? refuse("not_found");
}

/** What a member has of a line. */
async function shareOf(client: Client, id: string, member: string): Promise<LentShare> {
  const person = (await findMember(client, memberNumber(member)))?.id;
  const share = person === undefined ? undefined : await readShare(client, id, person);
  return share ?? refuse("not_found", "No such member has a part of this line.");
}

/** What a member owes on their part of a line now, in minor units. */
export async function owedBy(client: Client, id: string, member: string): Promise<number> {
  const [account] = await readAccounts(client, [(await shareOf(client, id, member)).account]);
  return account === undefined || account.posted >= 0n ? 0 : toWire(-account.posted);
}

export interface Calling {
  id: string;
  member: string;
  /** What was owed when the first operator asked: the second one agrees to this, and to nothing else. */
  owed: number;
}

export const callOne: Perform<Calling> = async (client, { id, member, owed }) => {
  const line = (await lockLine(client, id)) ?? refuse("not_found");
  const share = await shareOf(client, id, member);
  const amount = await call(client, line, share);
  if (amount !== BigInt(owed))
    refuse("amount_mismatch", `Owed are ${amount} by now, and ${owed} when this was asked for: ask anew.`);
  const body = { line: id, member, currency: line.currency, amount: toWire(amount) };
  return { status: 200, body, tells: [line.lender, share.person] };
};
