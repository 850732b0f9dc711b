/** Bills of the institution's own: paid at its own counters, under their numbers, as other servers' dues are. */
import type { Collections } from "../../engines/collections/collections.ts";
import type { Counter } from "../../engines/debts/debts.ts";
import { insertConsents } from "../../engines/reservations/reservations.ts";
import { type Database, idFrom } from "../../storage/database/database.ts";
import { houseAccount } from "../../storage/ledger/ledger.ts";

/** As what the institution is known to its own counters, where other servers have their ids. */
const own = idFrom("this institution, at its own counters");
const payeeIn = (currency: string): string => idFrom(`receive bills in ${currency}`);
/** How much is heard at once. */
const atOnce = 200;

/** Lets the institution be paid at its own counters; what it did before stays. */
export function openOwnPayee(database: Database, currencies: readonly string[]): Promise<void> {
  return insertConsents(
    database,
    currencies.map((currency) => ({
      id: payeeIn(currency),
      peer: own,
      account: houseAccount("bills", currency),
      purpose: "receive",
      own: true,
      ownerKind: "peer",
      owner: own,
      currency,
      limitPerTrade: null,
      limitPerMonth: null,
      feeFixed: null,
      feeBasisPoints: null,
      until: null,
    })),
  );
}

/** The counters at which bills are paid here. `name` is what whoever pays there reads. */
export function ownCounter(
  collections: Collections,
  { name, currencies }: { name: string; currencies: readonly string[] },
): Counter {
  return {
    placeFor: (_client, currency, collector = own) =>
      Promise.resolve(
        currencies.includes(currency) && collector === own
          ? { collector: own, payee: payeeIn(currency) }
          : undefined,
      ),
    tell: async (collector, instruction) => {
      const said = instruction.do === "due" ? { ...instruction, shopName: name } : instruction;
      const outcome = await collections.submit(collector, said);
      if (outcome.how === "done") return { how: "done", collection: outcome.view.value };
      if (outcome.status >= 500) return { how: "unknown" };
      return { how: "refused", code: outcome.problem.value.code };
    },
    unheard: async () => {
      const wish = { unheard: true, limit: atOnce, after: undefined };
      return (await collections.list(own, wish)).items;
    },
  };
}
