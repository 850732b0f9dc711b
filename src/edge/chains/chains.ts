/**
 * Orders taken for many stores (paragraph 0026): the head of a chain takes an order, and the nearest store that can serve
 * it is asked, then the next, until one takes it and becomes the shop of the trade. The buyer's reservation stays as it
 * is. Among stores the row of the search decides, under its lock; about the trade its engine decides.
 */
export { type ChainsOptions, type Chains, createChains } from "./offers.ts";
export { listStores, type Offer, putStore } from "./store.ts";
export { registerChainRoutes } from "./routes.ts";
