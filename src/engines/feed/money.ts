/** What a shop's trades come to in money, for its people. */
import { type Database, readClock } from "../../storage/database/database.ts";
import { lastCountedForShop } from "../tallies/tallies.ts";
import {
  isMoreBetween,
  type MoneyEvents,
  moneyBetween,
  type OpenSum,
  readRefunds,
  sumOpen,
} from "./money-store.ts";

/** More open trades than this are not added up, nor more rows of events read: who asks is told so instead. */
export const summedMost = 10_000;

export interface OpenSums {
  sums: OpenSum[];
  /** There were more trades than are added up. */
  more: boolean;
}

export async function openSumsOf(database: Database, shop: string): Promise<OpenSums> {
  const sums = await sumOpen(database, shop, await readClock(database), summedMost);
  return { sums, more: sums.reduce((all, { count }) => all + count, 0) >= summedMost };
}

const positionOf = (at: Date): bigint => BigInt(at.getTime()) * 1000n;

/** What happened to the money of a shop's trades: one for each payment, each paying back. */
export interface MoneyRow {
  number: bigint;
  at: Date;
  currency: string;
  type: "trade.settled" | "trade.refunded";
  amount: bigint;
  /** Below 0 where it went back. */
  fee: bigint;
}

function rowsIn({ types, data, ...row }: MoneyEvents): MoneyRow[] {
  return types.flatMap((type, index) => {
    if (type !== "trade.settled" && type !== "trade.refunded") return [];
    const { amount = 0, fee = 0 } = (data[index] ?? {}) as { amount?: number; fee?: number };
    return { ...row, type, amount: BigInt(amount), fee: BigInt(type === "trade.refunded" ? -fee : fee) };
  });
}

/** A row may have a later position than its time, where a pass came late: it is looked for so long behind it, too. */
const lateMs = 3_600_000;

/** The payments of a shop between two instants, one by one, the earliest first; `more`: not all, for too much happened meanwhile. */
export async function moneyRows(
  database: Database,
  shop: string,
  { from, to }: { from: Date; to: Date },
): Promise<{ rows: MoneyRow[]; more: boolean }> {
  const span = { first: positionOf(from), last: positionOf(new Date(to.getTime() + lateMs)), from, to };
  const rows = (await moneyBetween(database, shop, span, summedMost)).flatMap(rowsIn);
  // Asked afterwards: what comes meanwhile can only make it more.
  return { rows, more: await isMoreBetween(database, shop, span, summedMost) };
}

/** What a shop has paid back between two instants, the latest first; read from where it was counted, however much else happened. */
export async function latestRefunds(
  database: Database,
  shop: string,
  currencies: readonly string[],
  span: { from: Date; to: Date },
  limit: number,
): Promise<MoneyRow[]> {
  const counted = await Promise.all(
    currencies.map((currency) =>
      lastCountedForShop(database, { kind: "refunded", currency, shop }, span, limit),
    ),
  );
  const numbers = [...new Set(counted.flat())].map(BigInt);
  const rows = (await readRefunds(database, numbers, span, limit)).flatMap(rowsIn);
  return rows.filter(({ type }) => type === "trade.refunded").slice(0, limit);
}
