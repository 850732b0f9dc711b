/** The currencies of a configuration, which may have changed since the server ran last. */
import type { Database } from "../../storage/database/database.ts";
import { currenciesWithMoney } from "../../storage/ledger/ledger.ts";
import { currenciesOfOpenTrades } from "../../engines/trades/trades.ts";

/** Throws where there is money in a currency that the configuration does not name: nobody could reach it. */
export async function checkCurrencies(database: Database, currencies: readonly string[]): Promise<void> {
  const [accounts, trades] = await Promise.all([
    currenciesWithMoney(database, currencies),
    currenciesOfOpenTrades(database, currencies),
  ]);
  const left = [...new Set([...accounts, ...trades])].toSorted();
  if (left.length === 0) return;
  throw new Error(
    `The configuration's currencies leave out ${left.join(" and ")}, in which there is money here: in accounts, or frozen for ` +
      "trades. Name it again; it can be left out once nothing is there.",
  );
}
