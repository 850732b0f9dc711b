/** The clock looks at bills: makes them, takes in what was paid, tells and charges what is due to be, and ends them. */
import { dammAppend, holdsCardNumber, tradeNumberLength } from "../../core/protocol/protocol.ts";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { type Client, idFrom, randomDigits, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openBooks, sumFrom } from "../../storage/ledger/ledger.ts";
import { lockLine } from "../../storage/members/members.ts";
import { insertBillMail } from "../outbox/outbox.ts";
import { askedOf, type Bill, dueAfter, dueOf, lookAt, owedNow, payByOf, withWord } from "./bill.ts";
import { creditsFrom, hasBill, insertBill, isTaken } from "./bill-store.ts";
import type { DebtGround } from "./ground.ts";
import { insertNews } from "./news-store.ts";
import { closeSheet, markLine, move, openSheet, postedOn, type Sheet, tellNews } from "./sheet.ts";

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
  const { rules, timeZone, mails, counter } = ground;
  const line = await lockLine(client, account);
  if (line === undefined || (await hasBill(client, account, closing?.day ?? null))) return undefined;
  const books = await openBooks(client, { accounts: [account], holds: [] });
  const now = await readClock(client);
  const found = books.accounts.get(account);
  if (found === undefined || found.posted >= 0n) return undefined;
  const since = closing === null ? 0n : await sumFrom(client, account, closing.at);
  const then = since - found.posted;
  const amount = then < -found.posted ? then : -found.posted;
  if (amount <= 0n) return undefined;
  const { currency } = found;
  const dueAt = dueAfter(now, rules, timeZone);
  const made: Bill = {
    ...fresh,
    id: uuidv7(),
    number: await freeNumber(client),
    account,
    person: line.person,
    currency,
    closing: closing?.day ?? null,
    amount,
    creditedBefore: await creditsFrom(client, account, now),
    seen: found.posted,
    dueAt,
    remindedAt: now,
    collector: (await counter.placeFor(client, currency))?.collector ?? null,
    madeAt: now,
  };
  const standing = { now, posted: found.posted, credits: 0n };
  const bill = withWord({ ...made, nextAt: lookAt(made, standing, rules, timeZone).bill.nextAt });
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

const fresh = {
  state: "open",
  fees: 0n,
  paid: 0n,
  writtenOff: 0n,
  collected: 0n,
  late: 0n,
  returned: 0n,
  plan: null,
  wish: null,
  step: 0,
  stepAt: null,
  charged: 0,
  nextAt: null,
  toldVersion: 0,
  toldAmount: 0n,
  toldDone: true,
  toldHeard: 0n,
  toldReturned: 0n,
  refused: null,
  endedAt: null,
} as const;

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
  // What was paid in time counts before whatever its being late would cost.
  if (paid !== undefined) takeIn(ground, sheet, BigInt(paid.paid));
  if (sheet.bill.state === "open") await refresh(ground, sheet, isHeard);
  if (sheet.bill.state === "written off") takeBack(ground, sheet);
  // Nothing more is told of one that is over, but for what an institution has refused to take note of.
  if (sheet.bill.state !== "open") sheet.bill = { ...sheet.bill, nextAt: null };
  if (sheet.bill.collector === null) await findPlace(ground, sheet);
  return closeSheet(ground, sheet);
}

/** Brings an open bill up to now; steps of dunning are for whoever has asked first what was paid. */
export async function refresh(
  { house, rules, timeZone }: DebtGround,
  sheet: Sheet,
  isHeard: boolean,
): Promise<void> {
  const { now, credits, bill: before } = sheet;
  const looked = lookAt(before, { now, posted: postedOn(sheet), credits }, rules, timeZone, isHeard);
  const { news, fee, stops } = looked;
  sheet.bill = looked.bill;
  // What a member of somebody else's line owes is what its lender makes good: no fees are added to that.
  const charged =
    fee > 0n && !sheet.line.lent && charge(sheet, house("fee", before.currency), fee) ? fee : 0n;
  tellNews(sheet, news, charged);
  if (stops) await markLine(sheet, "overdue");
  if (sheet.bill.state === "paid") await markLine(sheet, "active");
}

/**
 * Books the fee of the step that is told now. The limit of a line is all that its member ever owes on it: what does not fit
 * under it is not charged.
 */
function charge(sheet: Sheet, to: string, amount: bigint): boolean {
  const { bill } = sheet;
  const id = idFrom(`fee of step ${bill.step} of bill ${bill.id}`);
  const posted = move(sheet, "fee", { from: bill.account, to, amount, id }, { step: bill.step });
  if ("refused" in posted) return false;
  sheet.bill = { ...bill, fees: bill.fees + amount, charged: bill.step, seen: postedOn(sheet) };
  return true;
}

/** Books what has come in under the number: to the line as far as it is owed, to the losses where it was given up. */
function takeIn({ house, source }: DebtGround, sheet: Sheet, said: bigint): void {
  const { bill, now, credits } = sheet;
  const news = said - bill.collected;
  if (news <= 0n) return;
  const owed = owedNow(bill, { now, credits, posted: postedOn(sheet) });
  const taken = news < owed ? news : owed;
  const to = bill.state === "written off" ? house("losses", bill.currency) : bill.account;
  const kind = bill.state === "written off" ? "late recovery" : "recovery";
  if (taken > 0n) {
    const posted = move(sheet, kind, { from: source(bill.currency), to, amount: taken });
    if ("refused" in posted)
      throw new Error(`What was paid for bill ${bill.number} cannot be booked: ${posted.refused}.`);
  }
  const late = bill.late + (kind === "late recovery" ? taken : 0n);
  sheet.bill = { ...bill, collected: said, late, returned: bill.returned + news - taken };
}

/** What comes to a line that was written off, such as a refund, is what was given up on it. */
function takeBack({ house }: DebtGround, sheet: Sheet): void {
  const { bill } = sheet;
  const [there, missing] = [postedOn(sheet), bill.writtenOff - bill.late];
  const amount = there < missing ? there : missing;
  if (amount <= 0n) return;
  const to = house("losses", bill.currency);
  const posted = move(sheet, "late recovery", { from: bill.account, to, amount });
  if ("refused" in posted) return;
  sheet.bill = { ...bill, late: bill.late + amount, seen: postedOn(sheet) };
}

async function findPlace({ counter }: DebtGround, sheet: Sheet): Promise<void> {
  const { client, bill } = sheet;
  if (bill.state === "paid") return;
  const place = await counter.placeFor(client, bill.currency);
  if (place !== undefined) sheet.bill = { ...bill, collector: place.collector };
}
