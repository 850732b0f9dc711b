/**
 * What is decided about one bill, in memory: what has come in, what is charged and told, instalments, and giving it up. Whoever
 * keeps bills opens a sheet under locks, and writes all that it has come to.
 */
import { type Refused, refuse } from "../../core/protocol/protocol.ts";
import { idFrom } from "../../storage/database/database.ts";
import type { Books, Posted } from "../../storage/ledger/ledger.ts";
import { problemOfLedger } from "../engine/engine.ts";
import {
  type Bill,
  dueAfter,
  dueOf,
  lookAt,
  type NewsKind,
  owedNow,
  type Part,
  type Plan,
  withWord,
} from "./bill.ts";
import type { DebtGround } from "./ground.ts";
import type { Movement, MovementKind } from "./news-store.ts";

/** A bill with the books that it is about. */
export interface Sheet {
  now: Date;
  bill: Bill;
  line: { lent: boolean };
  books: Books;
  /** All that has come to the line since the bill was made. */
  credits: bigint;
  /** The lender of the line has made good what was owed. */
  madeGood?: boolean;
  movements: Movement[];
  news: { kind: NewsKind; fee: bigint }[];
  /** What becomes of the line: nothing new is reserved on it, or something is again, or it ends. */
  marks?: "overdue" | "active" | "closed";
  newId: () => string;
}

/** What decisions stand on. */
type Ground = Pick<DebtGround, "rules" | "timeZone" | "house" | "source">;

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

/** The bill for what is owed on a line now. */
export function startBill(
  { rules, timeZone }: Ground,
  found: Omit<Bill, keyof typeof fresh | "dueAt" | "remindedAt">,
): Bill {
  const { madeAt: now, seen: posted } = found;
  const made: Bill = { ...fresh, ...found, dueAt: dueAfter(now, rules, timeZone), remindedAt: now };
  const { nextAt } = lookAt(made, { now, posted, credits: 0n }, rules, timeZone).bill;
  return withWord({ ...made, nextAt });
}

const postedOn = ({ books, bill }: Pick<Sheet, "books" | "bill">): bigint =>
  books.accounts.get(bill.account)?.posted ?? 0n;

/** Moves money for the bill, and notes it; what the books refuse moves nothing. `id`: of what is done once. */
function move(
  sheet: Sheet,
  kind: MovementKind,
  { from, to, amount, id = sheet.newId() }: { from: string; to: string; amount: bigint; id?: string },
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

function tellNews(sheet: Sheet, kinds: readonly NewsKind[], fee = 0n): void {
  for (const kind of kinds) sheet.news.push({ kind, fee: kind === "bill overdue" ? fee : 0n });
}

/** Looks at a bill: takes in what an institution says to have collected in all, and does what the clock asks for. */
export function lookOn(
  ground: Ground,
  sheet: Sheet,
  { paid, isHeard }: { paid: bigint | undefined; isHeard: boolean },
): void {
  // What was paid in time counts before whatever its being late would cost.
  if (paid !== undefined) takeIn(ground, sheet, paid);
  if (sheet.bill.state === "open") refresh(ground, sheet, isHeard);
  if (sheet.bill.state === "written off") takeBack(ground, sheet);
  // Nothing more is told of one that is over, but for what an institution has refused to take note of.
  if (sheet.bill.state !== "open") sheet.bill = { ...sheet.bill, nextAt: null };
}

/** Brings an open bill up to now; steps of dunning are for whoever has asked first what was paid. */
export function refresh({ house, rules, timeZone }: Ground, sheet: Sheet, isHeard: boolean): void {
  const { now, credits, bill: before } = sheet;
  const looked = lookAt(before, { now, posted: postedOn(sheet), credits }, rules, timeZone, isHeard);
  const { news, fee, stops } = looked;
  sheet.bill = looked.bill;
  // What a member of somebody else's line owes is what its lender makes good: no fees are added to that.
  const charged =
    fee > 0n && !sheet.line.lent && charge(sheet, house("fee", before.currency), fee) ? fee : 0n;
  tellNews(
    sheet,
    sheet.madeGood === true ? news.map((kind) => (kind === "bill paid" ? "made good" : kind)) : news,
    charged,
  );
  if (stops) sheet.marks = "overdue";
  if (sheet.bill.state === "paid") sheet.marks = "active";
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
function takeIn({ house, source }: Ground, sheet: Sheet, said: bigint): void {
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
function takeBack({ house }: Ground, sheet: Sheet): void {
  const { bill } = sheet;
  const [there, missing] = [postedOn(sheet), bill.writtenOff - bill.late];
  const amount = there < missing ? there : missing;
  if (amount <= 0n) return;
  const to = house("losses", bill.currency);
  const posted = move(sheet, "late recovery", { from: bill.account, to, amount });
  if ("refused" in posted) return;
  sheet.bill = { ...bill, late: bill.late + amount, seen: postedOn(sheet) };
}

const dayMs = 86_400_000;
/** How far the last instalment may lie ahead. */
const longestMs = 2 * 366 * dayMs;

/** Instalments have days that follow each other, from tomorrow on, and come to what is owed. */
export function checkParts({ bill, now }: Sheet, parts: readonly Part[]): void {
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

/** Lets a bill be paid in parts. */
export function grant(ground: Ground, sheet: Sheet, parts: readonly Part[]): void {
  checkParts(sheet, parts);
  const plan: Plan = { from: sheet.bill.paid, parts };
  const [{ by }] = parts as readonly [Part];
  sheet.bill = { ...sheet.bill, plan, wish: null, remindedAt: sheet.now, nextAt: by };
  tellNews(sheet, ["instalments"]);
  refresh(ground, sheet, false);
}

/** Gives up all that is owed on the line, which is to be `amount`. */
export function giveUp(
  { house }: Ground,
  sheet: Sheet,
  agreed: bigint,
  why: Pick<Movement, "operator" | "confirmedBy" | "reason">,
): Refused | undefined {
  const { bill, now } = sheet;
  const owed = -postedOn(sheet);
  if (agreed !== owed)
    return { refused: "amount_mismatch", detail: `Owed on the line are ${owed}, not ${agreed}.` };
  const from = house("losses", bill.currency);
  const posted = move(sheet, "write-off", { from, to: bill.account, amount: owed }, why);
  if ("refused" in posted) return { refused: problemOfLedger[posted.refused] };
  // What was used of the line since the closing is owed as well, and the line ends here.
  const amount = bill.amount + owed - dueOf(bill);
  const over = { state: "written off", plan: null, wish: null, nextAt: null, endedAt: now } as const;
  sheet.bill = { ...bill, ...over, amount, writtenOff: owed, seen: postedOn(sheet) };
  tellNews(sheet, ["written off"]);
  sheet.marks = "closed";
  return undefined;
}
