/** The clock looks at bills: makes them, takes in what was paid, tells and charges what is due to be, and ends them. */
import { dammAppend, holdsCardNumber, tradeNumberLength } from "../../core/protocol/protocol.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { type Client, randomDigits, readClock, uuidv7 } from "../../storage/database/database.ts";
import { movedFrom, openBooks } from "../../storage/ledger/ledger.ts";
import { lockLine } from "../../storage/members/members.ts";
import { insertBillMail } from "../outbox/outbox.ts";
import { askedOf, type Bill, dueOf, payByOf } from "./bill.ts";
import { creditsFrom, hasBill, insertBill, isTaken } from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { insertNews } from "./news-store.ts";
import { lookOn, startBill } from "./deciding.ts";
import { closeSheet, type KeptSheet, openSheet } from "./sheet.ts";

/** A closing: its day, and the instant with which that begins. */
export interface Closing {
  day: string;
  at: Date;
}

/** A bill number is drawn as trade numbers are, and is none of theirs. */
async function freeNumber(client: Client): Promise<bigint> {
  for (;;) {
    const first = (Number(randomDigits(1)) % 9) + 1;
    const number = dammAppend(String(first) + randomDigits(tradeNumberLength - 2));
    if (!holdsCardNumber(number) && !(await isTaken(client, BigInt(number)))) return BigInt(number);
  }
}

/**
 * Makes the bill for what is owed on a line, where there is none; at an institution for what was owed at the closing and still
 * is. Two processes make one: the second finds it behind the lock.
 */
export async function makeBill(
  ground: DebtGround,
  client: Client,
  account: string,
  closing: Closing | null,
): Promise<Bill | undefined> {
  const { mails, counter } = ground;
  const line = await lockLine(client, account);
  if (line === undefined || (await hasBill(client, account, closing?.day ?? null))) return undefined;
  const books = await openBooks(client, { accounts: [account], holds: [] });
  const now = await readClock(client);
  const found = books.accounts.get(account);
  if (found === undefined || found.posted >= 0n) return undefined;
  const nothing = { sum: 0n, most: 0n };
  const { sum, most } = closing === null ? nothing : await movedFrom(client, account, closing.at);
  // What was paid since was for what was owed then, however the line was used after that.
  const amount = sum - found.posted - most;
  if (amount <= 0n) return undefined;
  const { currency } = found;
  const bill = startBill(ground, {
    id: uuidv7(),
    number: await freeNumber(client),
    account,
    person: line.person,
    currency,
    closing: closing?.day ?? null,
    amount,
    creditedBefore: await creditsFrom(client, account, now),
    seen: found.posted,
    collector: (await counter.placeFor(client, currency))?.collector ?? null,
    madeAt: now,
  });
  await insertBill(client, bill);
  const news = {
    id: uuidv7(),
    bill: bill.id,
    kind: "bill",
    owed: dueOf(bill),
    asked: askedOf(bill),
  } as const;
  await insertNews(client, { ...news, dueAt: payByOf(bill), step: 0, fee: 0n, at: now });
  await insertBillMail(client, { news: news.id, party: bill.person, kind: "bill" }, mails);
  return bill;
}

/** Accounts of the server's own that a look may need. What is locked holds up others, so no more than that. */
function othersOf({ house, source, rules }: DebtGround, isPaid: boolean): (bill: Bill) => string[] {
  return ({ state, currency, step, charged }) => {
    const others = isPaid ? [source(currency)] : [];
    if (state === "written off") others.push(house("losses", currency));
    const fee = step < charged ? 0n : (rules.steps[step]?.fee[currency] ?? 0n);
    if (state === "open" && fee > 0n) others.push(house("fee", currency));
    return others;
  };
}

/**
 * Looks at a bill under its locks; `paid` is what an institution says to have collected under its number, `isHeard` whether
 * that is known up to now. Whatever is said twice, or by two processes at once, is booked once.
 */
export async function lookAtBill(
  ground: DebtGround,
  client: Client,
  id: string,
  { paid, isHeard = true }: { paid?: CollectionView; isHeard?: boolean } = {},
): Promise<Bill | undefined> {
  const sheet = await openSheet(client, id, othersOf(ground, paid !== undefined));
  if (sheet === undefined) return undefined;
  lookOn(ground, sheet, { paid: paid === undefined ? undefined : BigInt(paid.paid), isHeard });
  if (sheet.bill.collector === null) await findPlace(ground, sheet);
  return closeSheet(ground, sheet);
}

async function findPlace({ counter }: DebtGround, sheet: KeptSheet): Promise<void> {
  const { client, bill } = sheet;
  if (bill.state === "paid") return;
  const place = await counter.placeFor(client, bill.currency);
  if (place !== undefined) sheet.bill = { ...bill, collector: place.collector };
}
