/** Stores of a chain and the orders that are offered to them, at each server at which the shop sells. */
export { addStores } from "./stores-routes.ts";
