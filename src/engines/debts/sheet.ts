/** A bill under its locks, with the books that it is about: what moves is noted with it, and all of it written at the end. */
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openBooks, sumTransferred, writeSealed } from "../../storage/ledger/ledger.ts";
import { type LineRow, lockLine, setMethodState } from "../../storage/members/members.ts";
import { insertBillMail } from "../outbox/outbox.ts";
import { askedOf, type Bill, dueOf, payByOf, withWord } from "./bill.ts";
import { creditsFrom, lockBill, readBillById, updateBill } from "./bill-store.ts";
import type { Sheet } from "./deciding.ts";
import type { DebtGround } from "./ground.ts";
import { insertMovement, insertNews } from "./news-store.ts";

/** The same in a transaction. */
export interface KeptSheet extends Sheet {
  client: Client;
  line: LineRow;
}

/** Accounts of the server's own that money may go to or come from. */
type Others = (bill: Bill) => readonly string[];

/**
 * Locks a bill with what it is about: the means of payment, the bill, then accounts by their ids, and last the clock. What is
 * done to one bill at the same time by two processes is done one after the other.
 */
export async function openSheet(client: Client, id: string, others: Others): Promise<KeptSheet | undefined> {
  const before = await readBillById(client, id);
  if (before === undefined) return undefined;
  const line = await lockLine(client, before.account);
  const bill = await lockBill(client, id);
  if (line === undefined || bill === undefined) return undefined;
  const books = await openBooks(client, { accounts: [bill.account, ...others(bill)], holds: [] });
  const now = await readClock(client);
  const credits = (await creditsFrom(client, bill.account, bill.madeAt)) - bill.creditedBefore;
  const madeGood = await isMadeGood(client, line, bill);
  return { client, now, bill, line, books, credits, madeGood, movements: [], news: [], newId: uuidv7 };
}

/** Whether the lender of a line that was called has made good what was owed since the bill was made. */
async function isMadeGood(
  client: Client,
  { state, lenderAccount }: LineRow,
  { account, madeAt }: Bill,
): Promise<boolean> {
  if (state !== "closed" || lenderAccount === null) return false;
  return (await sumTransferred(client, lenderAccount, account, madeAt)) > 0n;
}

/** Writes all that a sheet has come to, with what is to be told. */
export async function closeSheet({ mails }: Pick<DebtGround, "mails">, sheet: KeptSheet): Promise<Bill> {
  const { client, books, now, movements, news, line, marks } = sheet;
  const bill = withWord(sheet.bill);
  // A line that was closed stays so.
  const from = { overdue: "active", active: "overdue", closed: line.state } as const;
  if (marks !== undefined && line.state === from[marks]) await setMethodState(client, line.id, marks);
  await updateBill(client, bill);
  if (books.entries.length > 0) await Promise.all(writeSealed(client, books, now));
  for (const movement of movements) await insertMovement(client, movement);
  for (const { kind, fee } of news) {
    const id = uuidv7();
    const stands = { owed: dueOf(bill), asked: askedOf(bill), dueAt: payByOf(bill), step: bill.step };
    await insertNews(client, { id, bill: bill.id, kind, fee, at: now, ...stands });
    await insertBillMail(client, { news: id, party: bill.person, kind }, mails);
  }
  return bill;
}
