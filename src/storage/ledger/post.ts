import { type Client, readClock } from "../database/database.ts";
import type { Posted } from "./books.ts";
import type { Command } from "./commands.ts";
import { openBooks, writeBooks } from "./store.ts";

/** Posts one command in the caller's transaction: for deposits, withdrawals, payouts and seeds, off the hot path. */
export async function postOne(client: Client, command: Command): Promise<Posted> {
  const accounts = accountsOf(command);
  const books = await openBooks(client, {
    accounts,
    holds: "hold" in command ? [command.hold] : [],
    commands: [command.id],
    accountsOfHolds: "hold" in command,
  });
  const posted = books.post(command, await readClock(client));
  await Promise.all(writeBooks(client, books));
  return posted;
}

function accountsOf(command: Command): string[] {
  switch (command.do) {
    case "hold":
      return [command.account];
    case "transfer":
      return [command.from, command.to];
    case "settle":
      return command.splits.map((share) => share.account);
    case "refund":
      return command.sources.map((share) => share.account);
    default:
      return [];
  }
}
