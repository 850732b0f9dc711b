/** By what the shop's staff find an order: what it asks of them next, and marks of names that name nobody. */
export { findable, fits, marksOf, markOf, needleOf } from "./names.ts";
export { type Place, lookUntilAt, placeOf, type Queue, queues } from "./queues.ts";
