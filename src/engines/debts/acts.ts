/** What members ask for and operators do about bills: instalments, and giving a debt up. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { setFloor } from "../../storage/ledger/ledger.ts";
import type { Bill, Part } from "./bill.ts";
import { readBill } from "./bill-store.ts";
import { checkParts, giveUp, grant, refresh } from "./deciding.ts";
import type { DebtGround } from "./ground.ts";
import { closeSheet, type KeptSheet, openSheet } from "./sheet.ts";

/** A bill under its locks as it stands now; refuses one that is paid, or was written off. */
async function openNow(
  ground: DebtGround,
  client: Client,
  number: bigint,
  others: (bill: Bill) => readonly string[],
): Promise<KeptSheet> {
  const bill = await readBill(client, number);
  if (bill === undefined) return refuse("not_found");
  const { house } = ground;
  const sheet = await openSheet(client, bill.id, (now) => [house("fee", now.currency), ...others(now)]);
  if (sheet === undefined) return refuse("not_found");
  if (sheet.bill.state === "open") refresh(ground, sheet, false);
  if (sheet.bill.state !== "open") return refuse("bill_not_open", `It is ${sheet.bill.state}.`);
  return sheet;
}

/** How many instalments there may be. */
export const partsMost = 36;

/** Keeps what instalments a member asks for; what was asked before is asked no more. */
export async function askInstalments(
  ground: DebtGround,
  client: Client,
  { number, parts }: { number: bigint; parts: readonly Part[] },
): Promise<Bill> {
  const sheet = await openNow(ground, client, number, () => []);
  checkParts(sheet, parts);
  sheet.bill = { ...sheet.bill, wish: parts };
  return closeSheet(ground, sheet);
}

/**
 * Lets a bill be paid in parts. One that is missed makes all of it due, and the line takes nothing new until all is paid: who
 * has time for what they owe makes no new debts with it.
 */
export async function grantInstalments(
  ground: DebtGround,
  client: Client,
  { number, parts }: { number: bigint; parts: readonly Part[] },
): Promise<Bill> {
  const sheet = await openNow(ground, client, number, () => []);
  grant(ground, sheet, parts);
  return closeSheet(ground, sheet);
}

/**
 * Gives a debt up: all that is owed on the line, which is to be `amount`, becomes a loss, and the line is closed. Its number
 * can still be paid; what comes is less of a loss. Not of a line that is lent: whoever lent it would be let off.
 */
export async function writeOff(
  ground: DebtGround,
  client: Client,
  { number, amount: agreed, reason }: { number: bigint; amount: bigint; reason: string },
  names: { operator: string; confirmedBy: string | null },
): Promise<Bill> {
  const { house } = ground;
  const sheet = await openNow(ground, client, number, ({ currency }) => [house("losses", currency)]);
  const { bill, line } = sheet;
  if (line.lent)
    refuse(
      "not_allowed",
      "Its lender stands for what is owed on this line: call it (`/v1/lent-lines/{id}/calls`).",
    );
  const refused = giveUp(ground, sheet, agreed, { reason, ...names });
  if (refused !== undefined) refuse(refused.refused, refused.detail);
  const written = await closeSheet(ground, sheet);
  // What runs on the line may end; nothing else is ever reserved on it, whoever holds a consent.
  const { held } = sheet.books.accounts.get(bill.account) ?? { held: 0n };
  if (!(await setFloor(client, bill.account, -held)))
    throw new Error(`The line of bill ${number} stays open.`);
  return written;
}
