/** A server's own accounts, which every process finds by their names. */
import { type Database, idFrom } from "../database/database.ts";
import { type NewAccount, openAccounts } from "./store.ts";

/**
 * The institution's own accounts: what lies outside of it, what it has earned, what waits for its other side, what is on its
 * way to banks, what nobody has asked for until the law's term was over, what waits to be returned to those who paid it at a
 * counter, what has arrived at the bank, what is paid to those who collect, what came in for bills and is not on its line yet,
 * and what was given up. The same in every process.
 */
export function houseAccount(name: (typeof house)[number][0], currency: string): string {
  return idFrom(`house account ${name} ${currency}`);
}

/** Where what waits to be returned to those who paid it at a counter is kept. */
export const keptAccountOf = (currency: string): string => houseAccount("returns", currency);

/** The institution's own account for its fees. */
export function feeAccountOf(currency: string): string {
  return houseAccount("fee", currency);
}

// Money comes in from outside, so this account goes as far below zero as money has come in.
const outsideFloor = -(2n ** 62n);

/** What kind each of them is, and how far below zero it goes. Nothing arrives at a bank that has not left an account here. */
const house = [
  ["outside", "outside", outsideFloor],
  ["fee", "fee", 0n],
  ["forfeited", "fee", 0n],
  ["suspense", "suspense", outsideFloor],
  ["returns", "suspense", 0n],
  ["bills", "suspense", 0n],
  ["losses", "losses", outsideFloor],
  ["payouts", "suspense", 0n],
  ["arrivals", "suspense", 0n],
  ["costs", "fee", outsideFloor],
] as const;

/** Opens the institution's own accounts; those that are open stay as they are. */
export async function openHouse(database: Database, currencies: readonly string[]): Promise<void> {
  const accounts = currencies.flatMap((currency) =>
    house.map(
      ([name, kind, floor]): NewAccount => ({ id: houseAccount(name, currency), kind, currency, floor }),
    ),
  );
  await openAccounts(database, accounts);
}
