/** Which shops stand on the page of this server, and where each leads. */
import { refuse, returnPlace } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { readReturnUrls } from "../../storage/parties/parties.ts";
import { type ListedShop, type Listing, saveListing } from "./listing-store.ts";

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

/** Where a listing leads; undefined where the shop has taken the address away since. */
export const placeOfListing = ({ url, returnUrls }: ListedShop): URL | undefined =>
  returnPlace(returnUrls, url);

/** The shops that can be shown: those that lead somewhere. */
export function shownListings(listed: readonly ListedShop[]): ListingView[] {
  return listed.flatMap((each) => {
    const { shop, name, sentence, url } = each;
    return placeOfListing(each) === undefined ? [] : [{ shop, name, url, sentence }];
  });
}
