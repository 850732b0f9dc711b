/** Which shops stand on the page of this server, and where each leads. */
import { refuse, returnPlace } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { readReturnUrls, readShops } from "../../storage/parties/parties.ts";
import { type Listing, readListing, readListings, saveListing } from "./listing-store.ts";

export interface ListingView {
  shop: string;
  name: string;
  url: string;
  sentence: string;
}

/** Enters a shop, or what it says anew. People are led to addresses only that the shop has registered. */
export async function setListing(client: Client, listing: Listing): Promise<void> {
  if (returnPlace(await readReturnUrls(client, listing.shop), listing.url) === undefined)
    refuse("invalid_field", "The shop has not registered this address.", {
      errors: [{ pointer: "/url", message: "is not one of the registered addresses" }],
    });
  await saveListing(client, listing);
}

/** A listing that leads somewhere, of a shop that may trade now. */
export interface Shown {
  view: ListingView;
  place: URL;
}

/** Those of these listings that can be shown: where a shop has taken its address away, nobody is led there. */
async function shownOf(client: Client, listed: readonly Listing[]): Promise<Shown[]> {
  const shops =
    listed.length === 0
      ? []
      : await readShops(
          client,
          listed.map(({ shop }) => shop),
        );
  const byId = new Map(shops.map((shop) => [shop.id, shop]));
  return listed.flatMap(({ shop: id, url, sentence }) => {
    const shop = byId.get(id);
    const place = shop?.state === "approved" ? returnPlace(shop.returnUrls, url) : undefined;
    return shop === undefined || place === undefined
      ? []
      : [{ view: { shop: id, name: shop.name, url, sentence }, place }];
  });
}

export async function shownListing(client: Client, shop: string): Promise<Shown | undefined> {
  const listing = await readListing(client, shop);
  return listing && (await shownOf(client, [listing]))[0];
}

/** A page of them. */
export async function pageOfListings(
  client: Client,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ items: ListingView[]; next: string | null }> {
  const rows = await readListings(client, limit + 1, after);
  const next = rows.length > limit ? (rows[limit - 1]?.shop ?? null) : null;
  const shown = await shownOf(client, rows.slice(0, limit));
  return { items: shown.map(({ view }) => view), next };
}
