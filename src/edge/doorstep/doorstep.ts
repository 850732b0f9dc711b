/**
 * Acceptors beyond the buyer (patent 0031, 0089): the recipient of a gift, with a link and a code of their own, and those
 * who bring the goods, who type the code that buyer or recipient gives them at the door.
 */
export { type Doorstep, openDoorstep, proofSeconds, recipientOf } from "./door.ts";
export { registerDoorstepRoutes } from "./routes.ts";
