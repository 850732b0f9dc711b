import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Client,
  type Database,
} from "../../storage/database/database.ts";
import { bankTransfers } from "../collections/collections.ts";
import {
  checkArrivals,
  checkBalance,
  checkMoves,
  checkStatements,
  checkTaken,
  countAll,
  currenciesOfArrivals,
} from "./audit-store.ts";
import type { ArrivalGround } from "./ground.ts";

/**
 * Proves, on one snapshot, that each entry of a statement came in once, and that all of it paid dues, went back, or waits: by the
 * journal, by what dues were paid, and by what stands on the account of what has arrived.
 */
export function auditArrivals(
  database: Database,
  { house, ...options }: AuditOptions & Pick<ArrivalGround, "house">,
): Promise<Audit<"bank statement" | "arrival" | "move of an arrival" | "account">> {
  const housesOf = async (client: Client) => {
    const currencies = await currenciesOfArrivals(client);
    return {
      currencies,
      arrivals: currencies.map((currency) => house("arrivals", currency)),
      outside: currencies.map((currency) => house("outside", currency)),
    };
  };
  return auditStages(database, options, countAll, ({ statements, arrivals, moves }) => [
    { stage: "bank statements", what: "bank statement", total: statements, check: checkStatements },
    {
      stage: "arrivals",
      what: "arrival",
      total: arrivals,
      check: async (client, limit) => checkArrivals(client, limit, await housesOf(client)),
    },
    {
      stage: "moves of arrivals",
      what: "move of an arrival",
      total: moves,
      check: async (client, limit) => [
        ...(await checkMoves(client, limit, bankTransfers, await housesOf(client))),
        ...(await checkTaken(client, limit, bankTransfers)),
      ],
    },
    {
      stage: "what has arrived",
      what: "account",
      total: 1n,
      check: async (client, limit) => checkBalance(client, limit, await housesOf(client)),
    },
  ]);
}
