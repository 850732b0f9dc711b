/** A bill under its locks, with the books that it is about: what moves is noted with it, and all of it written at the end. */
import { type Client, readClock, uuidv7 } from "../../storage/database/database.ts";
import { type Books, openBooks, type Posted, writeSealed } from "../../storage/ledger/ledger.ts";
import { type LineRow, lockLine, setMethodState } from "../../storage/members/members.ts";
import { insertBillMail } from "../outbox/outbox.ts";
import { askedOf, type Bill, dueOf, type NewsKind, payByOf, withWord } from "./bill.ts";
import { creditsFrom, lockBill, readBillById, updateBill } from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { insertMovement, insertNews, type Movement, type MovementKind } from "./news-store.ts";

export interface Sheet {
  client: Client;
  now: Date;
  bill: Bill;
  line: LineRow;
  books: Books;
  /** All that has come to the line since the bill was made. */
  credits: bigint;
  movements: Movement[];
  news: { kind: NewsKind; fee: bigint }[];
}

/** Accounts of the server's own that money may go to or come from. */
type Others = (bill: Bill) => readonly string[];

/**
 * Locks a bill with what it is about: the means of payment, the bill, then accounts by their ids, and last the clock. What is
 * done to one bill at the same time by two processes is done one after the other.
 */
export async function openSheet(client: Client, id: string, others: Others): Promise<Sheet | undefined> {
  const before = await readBillById(client, id);
  if (before === undefined) return undefined;
  const line = await lockLine(client, before.account);
  const bill = await lockBill(client, id);
  if (line === undefined || bill === undefined) return undefined;
  const books = await openBooks(client, { accounts: [bill.account, ...others(bill)], holds: [] });
  const now = await readClock(client);
  const credits = (await creditsFrom(client, bill.account, bill.madeAt)) - bill.creditedBefore;
  return { client, now, bill, line, books, credits, movements: [], news: [] };
}

export const postedOn = ({ books, bill }: Pick<Sheet, "books" | "bill">): bigint =>
  books.accounts.get(bill.account)?.posted ?? 0n;

/** Moves money for the bill, and notes it; what the books refuse moves nothing. `id`: of what is done once. */
export function move(
  sheet: Sheet,
  kind: MovementKind,
  { from, to, amount, id = uuidv7() }: { from: string; to: string; amount: bigint; id?: string },
  why: Partial<Pick<Movement, "step" | "operator" | "confirmedBy" | "reason">> = {},
): Posted {
  const { books, bill, now } = sheet;
  const { currency, account } = bill;
  const posted = books.post({ do: "transfer", id, from, to, currency, amount }, now);
  if ("refused" in posted) return posted;
  const none = { step: null, operator: null, confirmedBy: null, reason: null };
  sheet.movements.push({
    ...none,
    ...why,
    command: id,
    bill: bill.id,
    kind,
    account,
    currency,
    amount,
    at: now,
  });
  if (to === account) sheet.credits += amount;
  return posted;
}

export function tellNews(sheet: Sheet, kinds: readonly NewsKind[], fee = 0n): void {
  for (const kind of kinds) sheet.news.push({ kind, fee: kind === "bill overdue" ? fee : 0n });
}

/** Writes all that a sheet has come to, with what is to be told. */
export async function closeSheet({ mails }: Pick<DebtGround, "mails">, sheet: Sheet): Promise<Bill> {
  const { client, books, now, movements, news } = sheet;
  const bill = withWord(sheet.bill);
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

/** Lets nothing new be reserved on a line, or lets it again; a line that was closed stays so. */
export async function markLine(
  { client, line }: Pick<Sheet, "client" | "line">,
  to: "active" | "overdue",
): Promise<void> {
  const from = to === "overdue" ? "active" : "overdue";
  if (line.state === from) await setMethodState(client, line.id, to);
}
