/** Calls about money as servers describe them. Made of what servers describe of their calls by test/support/sdk/described-types.ts; not written by hand. */
export type * from "./accounts.ts";
export type * from "./payouts.ts";
export type * from "./fundings.ts";
export type * from "./arrivals.ts";
export type * from "./bills.ts";
export type * from "./credit.ts";
export type * from "./lending.ts";
