/** What parties say to each other: words, refusals, forms. Schemas stand in schemas.ts. */
export * from "./forms.ts";
export * from "./problems.ts";
export * from "./trade.ts";
export { addressTrouble, isLoopback, isPlace, returnPlace } from "./addresses.ts";
