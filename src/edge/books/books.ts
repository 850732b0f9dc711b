/**
 * A server's own books over HTTP: accounts and their statements, for programs and on pages, and money that comes in or
 * goes out.
 */
export { availableOf, registerAccountPages } from "./account-pages.ts";
export { registerCreditLineRoutes } from "./credit-line-routes.ts";
export { numbersOf } from "./entry-numbers.ts";
export { registerLedgerRoutes, transferGauges } from "./ledger-routes.ts";
