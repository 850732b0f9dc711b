/** Enters where guarantees stand, and of which lines little is left, in the pass of the feed: after the commit. */
import { standOf } from "../../core/guarantees/guarantees.ts";
import type { Client, Database } from "../../storage/database/database.ts";
import { type Account, readAccounts } from "../../storage/ledger/ledger.ts";
import { readLines } from "../../storage/members/members.ts";
import { type KeptTrade, readTrades } from "../steps/steps.ts";
import { enterGuarantees, enterLines, linesToLookAt, roughGuarantees } from "./keeping-store.ts";

/** From so many hundredths of a line on, little is left of it. */
export const nearFrom = 80;
const whole = 100;
const atOnce = 200;

/** How many hundredths of a line are in use: what is owed on it and what is held. */
export function shareOf({ posted, held, floor }: Pick<Account, "posted" | "held" | "floor">): number {
  const used = held - posted;
  if (used <= 0n) return 0;
  return floor < 0n ? Number((used * BigInt(whole)) / -floor) : whole;
}

/** Looks at lines, and keeps those of which little is left. One that was given for one trade is meant to be used up. */
export async function noteLines(client: Client, accounts: readonly string[]): Promise<void> {
  if (accounts.length === 0) return;
  const found = (await readAccounts(client, accounts)).filter((account) => shareOf(account) >= nearFrom);
  const lines = await readLines(
    client,
    found.map(({ id }) => id),
  );
  const near = lines.flatMap(({ account, person, trade }) => {
    const line = found.find(({ id }) => id === account);
    if (line === undefined || trade !== null) return [];
    return [{ account, person, currency: line.currency, share: shareOf(line) }];
  });
  await enterLines(client, [...new Set(accounts)], near);
}

/** Enters these trades as far as somebody stands for them. The caller holds the head of the feed. */
export async function noteGuarantees(client: Client, trades: readonly KeptTrade[]): Promise<void> {
  const rows = trades.flatMap((trade) => {
    const stand = standOf(trade);
    const { number, id, currency } = trade;
    return stand === undefined ? [] : [{ number, id, currency, ...stand }];
  });
  if (rows.length === 0) return;
  await enterGuarantees(client, rows);
  await noteLines(client, [...new Set(trades.flatMap(({ account }) => account ?? []))]);
}

/** Looks once more at what nobody has looked at for long, and at what was entered roughly; `lockHead` holds the head of the feed. */
export function lookAgain(database: Database, lockHead: (client: Client) => Promise<unknown>): Promise<void> {
  return database.transaction(async (client) => {
    await lockHead(client);
    const rough = await roughGuarantees(client, atOnce);
    if (rough.length > 0) await noteGuarantees(client, await readTrades(client, rough));
    await noteLines(client, await linesToLookAt(client, atOnce));
  });
}
