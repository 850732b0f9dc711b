/** Where the goods of a trade go back to. */
import { returnPlaceSchema } from "../../core/answers/answers.ts";
import { refuse, type TradeView } from "../../core/protocol/protocol.ts";
import { closed, numberSchema } from "../../core/protocol/schemas.ts";
import { listReturnAddresses, readReturnAddress, shownAddress } from "../../storage/parties/parties.ts";
import { actorAmong, type Context } from "../api/api.ts";
import type { Server } from "../http/http.ts";

const parties = ["member", "guest", "recipient", "shop", "carrier", "provider", "operator"] as const;
/** As many of the places of before as an operator is shown. */
const formerMost = 20;

/** Of an order that a store has taken the store's place, else that of the head of its chain. */
export const sellersOf = ({ shop, chain }: Pick<TradeView, "shop" | "chain">): string[] =>
  chain === undefined || chain === null ? [shop] : [shop, chain];

export function registerAddressRoute(server: Server, context: Context): void {
  const { database, trades } = context;
  server.get(
    "/v1/trades/:number/return-address",
    {
      config: { access: parties, refusals: ["not_found", "wrong_check_digit"] },
      schema: {
        tags: ["Trades"],
        summary: "Where goods of this trade go back to",
        description:
          "As the shop has named it (`PUT /v1/shops/{id}/return-address`); null where it has named none. Operators see in `former` the places it has named before, for what was sent there.",
        answers: { 200: returnPlaceSchema },
        params: closed({ number: numberSchema }),
      },
    },
    async (request) => {
      const actor = await actorAmong(context, request, parties);
      const trade = (await trades.read(actor, request.params.number)) ?? refuse("not_found");
      const returnAddress = shownAddress(await readReturnAddress(database, sellersOf(trade)));
      if (actor.kind !== "operator") return { returnAddress };
      const all = await Promise.all(
        sellersOf(trade).map((shop) => listReturnAddresses(database, shop, formerMost)),
      );
      const former = all
        .flat()
        .map((each) => shownAddress(each))
        .filter(({ since }) => since !== returnAddress?.since);
      return { returnAddress, former };
    },
  );
}
