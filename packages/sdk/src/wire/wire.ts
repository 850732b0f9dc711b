/** What goes over the wire, as types: what is sent and shown of trades, of members and parties, and refusals. */
export type * from "./chains.ts";
export type * from "./members.ts";
export type * from "./moves.ts";
export type * from "./problems.ts";
export type * from "./trades.ts";
export { type Standing, standing, standings } from "./trades.ts";
