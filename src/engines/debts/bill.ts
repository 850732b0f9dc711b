/** A bill for what a member owes on a credit line, and what follows for it as time and money go on: pure. */
import { addDuration, dayAt, endOfDay, parseDuration } from "../../core/protocol/protocol.ts";
import type { BillMailKind } from "../outbox/outbox.ts";
import type { BillRules } from "./rules.ts";

export const billStates = ["open", "paid", "written off"] as const;
export type BillState = (typeof billStates)[number];

export interface Part {
  by: Date;
  amount: bigint;
}

/** Instalments of what was owed when `from` had been paid. */
export interface Plan {
  from: bigint;
  parts: readonly Part[];
}

/** Amounts in minor units; sql/trading/0059_debts.sql says what each is. */
export interface Bill {
  id: string;
  number: bigint;
  account: string;
  person: string;
  currency: string;
  closing: string | null;
  state: BillState;
  amount: bigint;
  fees: bigint;
  paid: bigint;
  writtenOff: bigint;
  collected: bigint;
  late: bigint;
  returned: bigint;
  creditedBefore: bigint;
  seen: bigint;
  dueAt: Date;
  plan: Plan | null;
  /** The instalments that the member asks for. */
  wish: readonly Part[] | null;
  step: number;
  stepAt: Date | null;
  charged: number;
  remindedAt: Date;
  nextAt: Date | null;
  collector: string | null;
  toldVersion: number;
  toldAmount: bigint;
  toldDone: boolean;
  toldHeard: bigint;
  toldReturned: bigint;
  refused: string | null;
  madeAt: Date;
  endedAt: Date | null;
}

export type NewsKind = BillMailKind;

/** What the books say of a line. `credits`: all money that has come to it since the bill was made. */
export interface Standing {
  now: Date;
  posted: bigint;
  credits: bigint;
}

export interface Looked {
  bill: Bill;
  news: readonly NewsKind[];
  /** What the step of dunning that was told now costs, where the line has room for it. */
  fee: bigint;
  /** Nothing new is reserved on the line: it is overdue, or paid in parts. */
  stops: boolean;
}

/** What is still owed of it. */
export const dueOf = ({ amount, fees, paid, writtenOff }: Bill): bigint => amount + fees - paid - writtenOff;

/** What is owed of it as the books stand now, before it was looked at. */
export function owedNow(bill: Bill, { posted, credits }: Standing): bigint {
  switch (bill.state) {
    case "paid":
      return 0n;
    case "written off":
      return bill.writtenOff - bill.late;
    case "open": {
      if (bill.closing === null) return posted < 0n ? -posted : 0n;
      const left = bill.amount + bill.fees - credits;
      return left > 0n ? left : 0n;
    }
  }
}

/** The first instalment that is not paid whole, and how much is missing up to its end. */
function nextPart({ plan, paid }: Bill): { by: Date; missing: bigint } | undefined {
  let until = plan?.from ?? 0n;
  for (const { by, amount } of plan?.parts ?? []) {
    until += amount;
    if (until > paid) return { by, missing: until - paid };
  }
  return undefined;
}

/** What is to be paid next, under its number: all of it, or an instalment. Of what was given up, what has not come since. */
export function askedOf(bill: Bill): bigint {
  if (bill.state === "paid") return 0n;
  if (bill.state === "written off") return bill.writtenOff - bill.late;
  const due = dueOf(bill);
  const missing = nextPart(bill)?.missing ?? due;
  return missing < due ? missing : due;
}

/** By when that is to be paid. */
export const payByOf = (bill: Bill): Date => nextPart(bill)?.by ?? bill.dueAt;

/** The end of the day on which the time to pay is over. */
export function dueAfter(now: Date, { payWithin }: Pick<BillRules, "payWithin">, timeZone: string): Date {
  return endOfDay(dayAt(addDuration(now, lengthOf(payWithin)), timeZone), timeZone);
}

const lengthOf = (duration: string) => parseDuration(duration) ?? { months: 0, milliseconds: 0 };
const msOf = (duration: string): number => lengthOf(duration).milliseconds;
const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** How long a step waits that could not be told since nobody knows what was paid. */
const unheardMs = 60_000;

/**
 * Looks at an open bill: what has come since, what is told now, and when to look next. Where bills follow each debt it grows
 * with what the line owes; else it stays what it was at its closing. `isHeard`: whether what was paid where it is collected is
 * known up to now; no step is told without.
 */
export function lookAt(
  before: Bill,
  standing: Standing,
  rules: BillRules,
  timeZone: string,
  isHeard = true,
): Looked {
  const { now } = standing;
  const news: NewsKind[] = [];
  let bill = counted(before, standing, rules, timeZone, news);
  if (dueOf(bill) === 0n) return { ...ended(bill, now), fee: 0n, stops: false };
  const part = nextPart(bill);
  if (part !== undefined && part.by < now) {
    // One that is missed ends the plan: all is due, and dunning counts from its day.
    bill = { ...bill, plan: null, dueAt: part.by, step: 0, stepAt: null };
    news.push("whole due");
  }
  if (isToRemind(bill, now, rules)) news.push("bill soon");
  const isOverdue = bill.plan === null && bill.dueAt < now;
  const at = stepDueAt(bill, rules);
  let fee = 0n;
  const isStep = isOverdue && at !== undefined && at <= now;
  if (isStep && isHeard) {
    fee = feeOf(bill, rules);
    bill = { ...bill, step: bill.step + 1, stepAt: now };
    news.push("bill overdue");
  }
  bill = { ...bill, remindedAt: now };
  const next = nextLookAt(bill, now, rules);
  const soon = later(now, unheardMs);
  const nextAt = isStep && !isHeard && (next === null || soon < next) ? soon : next;
  return { bill: { ...bill, nextAt }, news, fee, stops: isOverdue || bill.plan !== null };
}

function ended(bill: Bill, now: Date): { bill: Bill; news: NewsKind[] } {
  const over = { state: "paid", plan: null, wish: null, nextAt: null, endedAt: now } as const;
  return { bill: { ...bill, ...over }, news: ["bill paid"] };
}

/** The bill with what has come to the line, and what was claimed on it, since. */
function counted(
  before: Bill,
  { now, posted, credits }: Standing,
  rules: BillRules,
  timeZone: string,
  news: NewsKind[],
): Bill {
  const isGrowing = before.closing === null;
  const total = isGrowing ? credits - posted : before.amount + before.fees;
  const paid = credits < total ? credits : total;
  const growth = total - before.fees - before.amount;
  const bill = { ...before, seen: posted, amount: total - before.fees, paid };
  if (growth <= 0n) return bill;
  news.push("bill grown");
  const by = dueAfter(now, rules, timeZone);
  if (bill.plan !== null) return { ...bill, plan: longer(bill.plan, growth, by) };
  // Whoever is late does not win time by another debt, nor does anybody more than once again as much.
  const latest = dueAfter(addDuration(bill.madeAt, lengthOf(rules.payWithin)), rules, timeZone);
  const wished = by < latest ? by : latest;
  return bill.dueAt < now || wished < bill.dueAt ? bill : { ...bill, dueAt: wished };
}

/** Another debt is a part of the first instalment that is not before its own time; where none is, of the last. */
function longer({ from, parts }: Plan, growth: bigint, by: Date): Plan {
  const first = parts.findIndex((part) => part.by >= by);
  const grown = first < 0 ? parts.length - 1 : first;
  return {
    from,
    parts: parts.map((part, index) => (index === grown ? { ...part, amount: part.amount + growth } : part)),
  };
}

function isToRemind(bill: Bill, now: Date, { ahead }: BillRules): boolean {
  const end = payByOf(bill);
  if (end <= now) return false;
  return ahead.some((before) => {
    const at = later(end, -msOf(before));
    return at > bill.remindedAt && at <= now;
  });
}

/** When the next step is told: not sooner after the one before than the two lie apart, however late that was. */
function stepDueAt({ dueAt, step, stepAt }: Bill, { steps }: BillRules): Date | undefined {
  const [last, next] = [steps[step - 1], steps[step]];
  if (next === undefined) return undefined;
  const planned = later(dueAt, msOf(next.after));
  if (last === undefined || stepAt === null) return planned;
  const apart = later(stepAt, msOf(next.after) - msOf(last.after));
  return apart > planned ? apart : planned;
}

/** When the next step is told, where nothing is paid before; undefined where none is left, or it is paid in parts. */
export const nextStepOf = (bill: Bill, rules: BillRules): Date | undefined =>
  bill.state === "open" && bill.plan === null ? stepDueAt(bill, rules) : undefined;

/** The fee of the next step: each once, none on fees, and all together no more than the most. */
function feeOf({ step, charged, fees, currency }: Bill, { steps, feesMost }: BillRules): bigint {
  const fee = step < charged ? 0n : (steps[step]?.fee[currency] ?? 0n);
  const most = feesMost[currency];
  if (most === undefined) return fee;
  const room = most > fees ? most - fees : 0n;
  return fee < room ? fee : room;
}

function nextLookAt(bill: Bill, now: Date, rules: BillRules): Date | null {
  const end = payByOf(bill);
  const ahead = rules.ahead.map((before) => later(end, -msOf(before)));
  const step = bill.plan === null ? stepDueAt(bill, rules) : undefined;
  const times = [...ahead, later(end, 1), ...(step === undefined ? [] : [step])];
  const coming = times.map((at) => at.getTime()).filter((at) => at > now.getTime());
  return coming.length === 0 ? null : new Date(Math.min(...coming));
}

/** What the institution is told to be due under the bill's number in all: what has come in there, and what is asked for. */
const wantedOf = (bill: Bill): bigint => bill.collected + askedOf(bill);

/** The bill with what is to be told where that is not what was told last. */
export function withWord(bill: Bill): Bill {
  const amount = wantedOf(bill);
  if (bill.collector === null || (amount === bill.toldAmount && bill.refused === null)) return bill;
  if (amount === 0n && bill.toldVersion === 0) return bill;
  return { ...bill, toldVersion: bill.toldVersion + 1, toldAmount: amount, toldDone: false, refused: null };
}
