/** Guides for developers, beside the reference of calls: short ways through what a shop does first. */
export { registerGuides } from "./guide-routes.ts";
