/**
 * How members come to shops by way of a server (paragraphs 0074, 0079): a page of those that want to be found, carried on to one
 * with what they let it read, and an amount reserved for one before ordering.
 */
export { registerPortal } from "./all-portal.ts";
export { pageOfListings, shownListing } from "./listings.ts";
