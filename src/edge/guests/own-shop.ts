/** A shop is not its own buyer, as far as addresses tell. */
import type { Database } from "../../storage/database/database.ts";
import { type Identity, isSameAddress, isSamePhone } from "../../storage/identity/identity.ts";
import { readPersonalData, type Vault } from "../../storage/members/members.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";

type Signed = Pick<Identity, "signsInWith">;

/** Refuses a person who approves what a shop proposes that is reached at the same number or address, or signs in by it. */
export async function refuseOwnShop(
  context: { database: Database; identity: Signed; vault: Vault; trades: Pick<TradeCalls<"desk">, "read"> },
  actor: Actor,
  number: string,
): Promise<void> {
  if (actor.kind !== "person") return;
  const trade = await context.trades.read(actor, number);
  if (trade === undefined) return;
  const person = await readPersonalData(context.database, context.vault, actor.id);
  if (person?.email != null) await refuseOwnAddress(context, trade.shop, person.email);
  const party = await readParty(context.database, "shop", trade.shop);
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
