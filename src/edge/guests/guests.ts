/**
 * Guests (patent 0064) prove themselves by what is sent to an address of theirs: a code, before they approve, in the same
 * browser; and a lasting link, by which they act from then on. Nothing that a shop typed or was given is proof.
 */
export { refuseOwnAddress, refuseOwnOrder, refuseOneHand, refuseOwnShop } from "./own-shop.ts";
export { type Contact, type Guests, openGuests } from "./contacts.ts";
