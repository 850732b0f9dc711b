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
  takeUpForShop,
} from "./tying.ts";
export { registerPaymentPages } from "./payment-pages.ts";
export {
  checkOwnTie,
  type OwnTie,
  registerTieRoutes,
  tieKnownShop,
  tieOwn,
  tieShop,
} from "./tie-routes.ts";
