/** What a page hears of a trade while it is open. */
export { type LiveContext, registerLive } from "./live-route.ts";
