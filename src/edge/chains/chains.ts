/**
 * Orders taken for many branches (paragraph 0026): the head of a chain takes an order, and the nearest branch that can
 * serve it is asked, then the next, until one takes it and becomes the shop of the trade. The buyer's reservation stays
 * as it is. Among branches the row of the search decides, under its lock; about the trade its engine decides. The wire
 * and the tables call a branch a `store`.
 */
export { createChains } from "./offers.ts";
export { registerChainRoutes } from "./routes.ts";
