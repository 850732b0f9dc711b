/** What a shop's trades come to in money, for its people. */
import { type Database } from "../../storage/database/database.ts";
import { dayAt } from "../../core/protocol/protocol.ts";
import { type MoneyRow, moneyBetween, type OpenSum, sumOpen } from "./money-store.ts";

/** More open trades than this are not added up, nor more rows of events: a page says so instead. */
export const summedMost = 10_000;

export interface OpenSums {
  sums: OpenSum[];
  /** There were more trades than are added up. */
  more: boolean;
}

export async function openSumsOf(database: Database, shop: string): Promise<OpenSums> {
  const sums = await sumOpen(database, shop, summedMost);
  return { sums, more: sums.reduce((all, { count }) => all + count, 0) >= summedMost };
}

/** Minor units of one currency on one day. */
export interface DaySum {
  day: string;
  currency: string;
  paid: bigint;
  back: bigint;
  fee: bigint;
}

const positionOf = (at: Date): bigint => BigInt(at.getTime()) * 1000n;

/** The payments of a shop between two instants, one by one, the earliest first. */
export function moneyRows(
  database: Database,
  shop: string,
  { from, to }: { from: Date; to: Date },
): Promise<MoneyRow[]> {
  return moneyBetween(database, shop, { from: positionOf(from), to: positionOf(to), most: summedMost });
}

/** The same by day and currency, the latest day first. */
export function byDay(rows: readonly MoneyRow[], timeZone: string): DaySum[] {
  const days = new Map<string, DaySum>();
  for (const { at, currency, type, amount, fee } of rows) {
    const day = dayAt(at, timeZone);
    const key = `${day} ${currency}`;
    const sum = days.get(key) ?? { day, currency, paid: 0n, back: 0n, fee: 0n };
    if (type === "trade.settled") sum.paid += amount;
    else sum.back += amount;
    sum.fee += fee;
    days.set(key, sum);
  }
  return [...days.values()].toSorted((one, other) => (one.day < other.day ? 1 : -1));
}
