/** What a page hears of a trade while it is open. */
export { registerLive } from "./live-route.ts";
