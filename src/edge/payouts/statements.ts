/** The statement of an account, with what stands in it, as of one instant. */
import type { Statement } from "../../core/bankfiles/bankfiles.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Database, readClock, snapshot, uuidv7 } from "../../storage/database/database.ts";
import { numbersOf } from "../books/books.ts";
import { readAccounts, readStatement, sumFrom } from "../../storage/ledger/ledger.ts";

/** More than this is asked for in parts. */
const linesMost = 20_000;

export async function statementOf(
  database: Database,
  account: string,
  { from, to }: Pick<Statement, "from" | "to">,
): Promise<Statement> {
  return snapshot(database, async (client) => {
    const [found] = await readAccounts(client, [account]);
    if (found === undefined) return refuse("not_found");
    const between = { after: new Date(from.getTime() - 1), before: to };
    const entries = await readStatement(client, account, linesMost + 1, undefined, between);
    if (entries.length > linesMost)
      return refuse("date_out_of_range", `There are more than ${linesMost} entries: ask for fewer days.`);
    const opening = found.posted - (await sumFrom(client, account, from));
    const moved = entries.filter(({ posted }) => posted !== 0n).toReversed();
    const numberOf = await numbersOf(client, moved);
    const lines = moved.map((entry) => {
      const { command: id, leg, at, kind, posted, hold } = entry;
      return { id, leg, at, kind, posted, hold, tradeNumber: numberOf(entry) };
    });
    const head = { id: uuidv7().replaceAll("-", ""), account, currency: found.currency };
    return { ...head, from, to, madeAt: await readClock(client), opening, lines };
  });
}
