/**
 * A shop's accounts at the desk of its people, and a member's among theirs: where they are paid out to, payouts, entries, statements; and how far operators let
 * the shop go. The same calls as programs make.
 */
export { registerShopAccounts } from "./account-pages.ts";
export { registerShopStanding } from "./standing-pages.ts";
