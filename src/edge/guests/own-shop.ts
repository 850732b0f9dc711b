/** A shop is not its own buyer, as far as addresses tell. */
import type { Database } from "../../storage/database/database.ts";
import { type Identity, isSameAddress, isSamePhone } from "../../storage/identity/identity.ts";
import { readPersonalData, type Vault } from "../../storage/members/members.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";

type Signed = Pick<Identity, "signsInWith">;

interface Ground {
  database: Database;
  identity: Signed;
  vault: Vault;
}

/** Refuses a person who approves what a shop proposes that is reached at the same number or address, or signs in by it. */
export async function refuseOwnShop(
  context: Ground & { trades: Pick<TradeCalls<"desk">, "read"> },
  actor: Actor,
  number: string,
): Promise<void> {
  if (actor.kind !== "person") return;
  const trade = await context.trades.read(actor, number);
  if (trade !== undefined) await refuseOneHand(context, trade.shop, actor.id);
}

/** Refuses a shop that would become that of a trade whose buyer it is itself, as a store of a chain could. */
export async function refuseOwnOrder(
  context: Ground & { trades: Pick<TradeCalls<"desk">, "buyerOf"> },
  shop: string,
  number: string,
): Promise<void> {
  const buyer = await context.trades.buyerOf(number);
  if (buyer !== undefined) await refuseOneHand(context, shop, buyer);
}

/** The same where it is known who the two are. */
export async function refuseOneHand(context: Ground, shop: string, buyer: string): Promise<void> {
  const person = await readPersonalData(context.database, context.vault, buyer);
  if (person?.email != null) await refuseOwnAddress(context, shop, person.email);
  const party = await readParty(context.database, "shop", shop);
  if (person?.phone != null && party?.phone != null && isSamePhone(person.phone, party.phone))
    refuse("not_allowed", "This telephone number is the shop's own: a shop does not buy from itself.");
}

/** The same for an address. */
export async function refuseOwnAddress(
  { database, identity }: { database: Database; identity: Signed },
  shop: string,
  email: string,
): Promise<void> {
  const party = await readParty(database, "shop", shop);
  const isShops = party?.email != null && isSameAddress(party.email, email);
  if (isShops || (await identity.signsInWith(shop, email)))
    refuse("not_allowed", "This address is the shop's own: a shop does not buy from itself.");
}
