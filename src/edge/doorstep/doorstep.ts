/**
 * Acceptors beyond the buyer (patent 0031, 0089): the recipient of a gift, with a link and a code of their own, and whoever
 * brings the goods as the hand that types the code which buyer or recipient gives at the door.
 */
export { type Doorstep, openDoorstep, recipientOf } from "./door.ts";
export { registerDoorstepRoutes } from "./routes.ts";
