/**
 * Asking institutions: instructions on their way, again and again until each is answered; what was answered is held
 * against what was asked, and what cannot be is kept as evidence.
 */
export { openAsking } from "./asker.ts";
export { isStopped } from "./breach-store.ts";
export { breachGauges, registerBreachRoutes } from "./breach-routes.ts";
export { impossible, type Reading, readRefusal } from "./readings.ts";
