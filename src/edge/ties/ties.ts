/**
 * Accounts that institutions keep, tied to what this server calls them: of members who pay, of shops that are paid, and of
 * this server itself.
 */
export {
  enterTied,
  feeAccount,
  giveBackLoose,
  guestsElsewhere,
  makeTies,
  ownAccount,
} from "./tying.ts";
export { registerCarrierTies, tieKnownCarrier } from "./carrier-ties.ts";
export { registerPaymentPages } from "./payment-pages.ts";
export { tieOwnOnCommand, tieShopOnCommand } from "./tie-commands.ts";
export { registerTieRoutes, tieKnownShop, tieOwn } from "./tie-routes.ts";
