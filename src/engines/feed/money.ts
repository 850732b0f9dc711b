/** What a shop's trades come to in money, for its people. */
import type { Database } from "../../storage/database/database.ts";
import { type MoneyEvents, moneyBetween, type OpenSum, sumOpen } from "./money-store.ts";

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

const positionOf = (at: Date): bigint => BigInt(at.getTime()) * 1000n;

/** What happened to the money of a shop's trades: one for each payment, each paying back. */
export interface MoneyRow {
  position: bigint;
  number: bigint;
  at: Date;
  currency: string;
  type: "trade.settled" | "trade.refunded";
  amount: bigint;
  fee: bigint;
}

function rowsIn({ types, data, ...row }: MoneyEvents): MoneyRow[] {
  return types.flatMap((type, index) => {
    if (type !== "trade.settled" && type !== "trade.refunded") return [];
    const { amount = 0, fee = 0 } = (data[index] ?? {}) as { amount?: number; fee?: number };
    return { ...row, type, amount: BigInt(amount), fee: BigInt(fee) };
  });
}

/** The payments of a shop between two instants, one by one, the earliest first. */
export async function moneyRows(
  database: Database,
  shop: string,
  { from, to }: { from: Date; to: Date },
): Promise<MoneyRow[]> {
  const span = { from: positionOf(from), to: positionOf(to), most: summedMost };
  return (await moneyBetween(database, shop, span)).flatMap(rowsIn);
}
