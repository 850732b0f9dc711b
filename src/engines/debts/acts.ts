/** What members ask for and operators do about bills: instalments, and giving a debt up. */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { setFloor } from "../../storage/ledger/ledger.ts";
import { setMethodState } from "../../storage/members/members.ts";
import { problemOfLedger } from "../engine/engine.ts";
import { type Bill, dueOf, type Part, type Plan } from "./bill.ts";
import { readBill } from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { refresh } from "./looking.ts";
import { closeSheet, move, openSheet, postedOn, type Sheet, tellNews } from "./sheet.ts";

/** A bill under its locks as it stands now; refuses one that is paid, or was written off. */
async function openNow(
  ground: DebtGround,
  client: Client,
  number: bigint,
  others: (bill: Bill) => readonly string[],
): Promise<Sheet> {
  const bill = await readBill(client, number);
  if (bill === undefined) return refuse("not_found");
  const { house } = ground;
  const sheet = await openSheet(client, bill.id, (now) => [house("fee", now.currency), ...others(now)]);
  if (sheet === undefined) return refuse("not_found");
  if (sheet.bill.state === "open") await refresh(ground, sheet, false);
  if (sheet.bill.state !== "open") return refuse("bill_not_open", `It is ${sheet.bill.state}.`);
  return sheet;
}

const dayMs = 86_400_000;
/** How far the last instalment may lie ahead, and how many there may be. */
const longestMs = 2 * 366 * dayMs;
export const partsMost = 36;

/** Instalments have days that follow each other, from tomorrow on, and come to what is owed. */
function checkParts({ bill, now }: Sheet, parts: readonly Part[]): void {
  let before = now.getTime() + dayMs;
  for (const [index, { by }] of parts.entries()) {
    const at = by.getTime();
    if (at <= before || at > now.getTime() + longestMs)
      refuse("date_out_of_range", "Instalments follow each other, from tomorrow on and within two years.", {
        errors: [{ pointer: `/parts/${index}/by`, message: "is not such a day" }],
      });
    before = at;
  }
  const sum = parts.reduce((all, { amount }) => all + amount, 0n);
  if (sum !== dueOf(bill))
    refuse("amount_mismatch", `Owed are ${dueOf(bill)}, and the parts come to ${sum}.`);
}

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
  checkParts(sheet, parts);
  const plan: Plan = { from: sheet.bill.paid, parts };
  const [{ by }] = parts as readonly [Part];
  sheet.bill = { ...sheet.bill, plan, wish: null, remindedAt: sheet.now, nextAt: by };
  tellNews(sheet, ["instalments"]);
  await refresh(ground, sheet, false);
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
  const { bill, now, line } = sheet;
  if (line.lent)
    refuse(
      "not_allowed",
      "Its lender stands for what is owed on this line: call it (`/v1/lent-lines/{id}/calls`).",
    );
  const owed = -postedOn(sheet);
  if (agreed !== owed) refuse("amount_mismatch", `Owed on the line are ${owed}, not ${agreed}.`);
  const why = { reason, ...names };
  const from = house("losses", bill.currency);
  const posted = move(sheet, "write-off", { from, to: bill.account, amount: owed }, why);
  if ("refused" in posted) return refuse(problemOfLedger[posted.refused]);
  // What was used of the line since the closing is owed as well, and the line ends here.
  const amount = bill.amount + owed - dueOf(bill);
  const over = { state: "written off", plan: null, wish: null, nextAt: null, endedAt: now } as const;
  sheet.bill = { ...bill, ...over, amount, writtenOff: owed, seen: postedOn(sheet) };
  tellNews(sheet, ["written off"]);
  await setMethodState(client, line.id, "closed");
  const written = await closeSheet(ground, sheet);
  // What runs on the line may end; nothing else is ever reserved on it, whoever holds a consent.
  const { held } = sheet.books.accounts.get(bill.account) ?? { held: 0n };
  if (!(await setFloor(client, bill.account, -held)))
    throw new Error(`The line of bill ${number} stays open.`);
  return written;
}
