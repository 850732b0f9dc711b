/** Saving a member's typing (patent 0091): what a member lets a shop read, field by field, once. */
export { fetchDisclosure, giveDisclosure, returnAddress, tellableShop, toTell } from "./shop-disclosures.ts";
export { registerDisclosureRoutes } from "./routes.ts";
