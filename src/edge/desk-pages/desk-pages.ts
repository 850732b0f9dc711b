/**
 * The desk of operators (コールセンター, paragraphs 0043, 0074, 0080, 0093): what waits, finding what a caller speaks of,
 * and acting for them.
 */
export { registerDeskPages } from "./all-desk.ts";
export { operatorAt } from "./home-page.ts";
export { masked, unshown } from "./masking.ts";
