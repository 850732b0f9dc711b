/** What a shop can see of having been paid early; asking for it is a call of the trade. */
import { advancesSchema } from "../../core/answers/answers.ts";
import {
  type AdvancePrices,
  type AdvanceRow,
  listAdvances,
  readAdvanceAccounts,
} from "../../engines/advances/advances.ts";
import type { Server } from "../../edge/http/http.ts";
import { dammValid, refuse } from "../../core/protocol/protocol.ts";
import { pageSchema } from "../../core/protocol/schemas.ts";
import { callerAmong, type Context, pageWish, wireOrNull } from "../../edge/api/api.ts";
import { pageBy } from "../../storage/database/database.ts";

const tags = ["Advances"];

export function registerAdvanceRoutes(
  server: Server,
  context: Context,
  prices: AdvancePrices | undefined,
): void {
  server.get(
    "/v1/advances",
    {
      config: { access: ["shop"], refusals: ["invalid_field"] },
      schema: {
        tags,
        summary: "Your claims that were bought, and what you owe",
        answers: { 200: advancesSchema },
        description:
          "`prices` is what it costs, in hundredths of a percent of the claim, and what you are asked before you take it. `accounts` sums up by currency: `outstanding` is to come back by settlements, `owed` is taken from your next " +
          "ones, `covering` is what of it settlements under way are about to pay, `covered` you have paid back so; `debts` says where, for only settlements at the institution at which you " +
          "had the money are taken for it. `after` is the number of the last trade seen.",
        querystring: pageSchema,
      },
    },
    async (request) => {
      const { id: shop } = await callerAmong(context, request, ["shop"]);
      const { after } = request.query;
      if (after !== undefined && !(after.length <= 18 && dammValid(after)))
        refuse("invalid_field", "`after` is not from a list.");
      const { limit } = pageWish(request.query.limit === undefined ? {} : { limit: request.query.limit });
      const { database } = context;
      const [accounts, rows] = await Promise.all([
        readAdvanceAccounts(database, shop),
        listAdvances(database, shop, limit + 1, after === undefined ? undefined : BigInt(after)),
      ]);
      const { acceptedBasisPoints = 0, reservedBasisPoints = 0 } = prices ?? {};
      return {
        prices: prices === undefined ? null : { acceptedBasisPoints, reservedBasisPoints },
        accounts: accounts.map(({ currency, outstanding, owed, covering, covered, debts }) => ({
          currency,
          outstanding: wireOrNull(outstanding),
          owed: wireOrNull(owed),
          covering: wireOrNull(covering),
          covered: wireOrNull(covered),
          debts: [...debts].map(([institution, debt]) => ({
            institution,
            owed: wireOrNull(debt.owed),
            covering: wireOrNull(debt.covering),
            covered: wireOrNull(debt.covered),
          })),
        })),
        ...pageBy(rows, limit, viewOf, ({ trade }) => String(trade)),
      };
    },
  );
}

function viewOf({ trade, currency, amount, price, paid, recovered, owed, at }: AdvanceRow) {
  return {
    trade: String(trade),
    currency,
    amount: Number(amount),
    price: Number(price),
    paid: Number(paid),
    recovered: Number(recovered),
    owed: Number(owed),
    at: at.toISOString(),
  };
}
