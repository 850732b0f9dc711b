/**
 * What a guarantee adds to the machine (paragraphs 0069-0085): what is accepted is collected elsewhere, then the shop frees the
 * buyer's credit line; or nobody pays, and the guarantor does.
 */
export { type Collected, moveGuarantee } from "./moves.ts";
export { endTaking, keepTaking, takeAtDoor, toTake } from "./taking.ts";
export { type GuaranteePhase, guaranteePhases, type GuaranteeStand, standOf } from "./phase.ts";
