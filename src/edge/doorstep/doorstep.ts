/**
 * Acceptors beyond the buyer (patent 0031, 0089): the recipient of a gift, with a link and a code of their own, and whoever
 * brings the goods as the hand that types the code which buyer or recipient gives at the door.
 */
export { type DoorCode, type Doorstep, type RecipientProof, openDoorstep, recipientOf } from "./door.ts";
export { registerDoorstepRoutes } from "./routes.ts";
export type { Giver } from "./codes.ts";
