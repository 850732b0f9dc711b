/**
 * The log towards others: what it is, for whoever asks; other servers that witness it, and theirs that this one witnesses
 * (c2sp.org/tlog-witness). What is signed here cannot be taken back, so a past that was changed shows.
 */
export { logGauges, registerLogRoutes } from "./log-routes.ts";
export { createWitnesses, type Witnesses } from "./submission.ts";
export { registerWitnessRoutes } from "./witness-routes.ts";
