/** Ties accounts from outside of the server, for `kenshu tie`. */
import { fromOutside, type Outside } from "../host/host.ts";
import { checkOwnTie, type OwnTie, tieOwn, tieShop } from "./tie-routes.ts";
import { type FeesInto, takeUpForShop } from "./tying.ts";

/** Ties a shop by the code that it has from the institution. Answers the currency. */
export function tieShopOnCommand(
  options: Outside,
  { shop, institution, code }: { shop: string; institution: string; code: string },
): Promise<string> {
  return fromOutside(options, async ({ database, client }) => {
    const { consent, currency } = await takeUpForShop({ database, client }, institution, code);
    await database.transaction((at) => tieShop(at, { shop, institution, consent, currency }));
    return currency;
  });
}

/** Ties this server's own accounts; `feesInto` as it calls the one for fees. */
export function tieOwnOnCommand(options: Outside, wish: OwnTie, feesInto: FeesInto): Promise<void> {
  return fromOutside(options, async ({ database, client }) => {
    await checkOwnTie(client, wish);
    await tieOwn(database, wish, feesInto);
  });
}
