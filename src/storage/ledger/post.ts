import { type Client, readClock } from "../database/database.ts";
import { commandRows, newBatch, seal } from "../seals/seals.ts";
import type { Books, Posted } from "./books.ts";
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
  const now = await readClock(client);
  const posted = books.post(command, now);
  await Promise.all(writeSealed(client, books, now));
  return posted;
}

/** Sends the changes of books that a transaction has for itself, with its batch. */
export function writeSealed(client: Client, books: Books, at: Date): Promise<unknown>[] {
  return [...writeBooks(client, books), ...seal(client, newBatch(at), commandRows(books.entries))];
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
