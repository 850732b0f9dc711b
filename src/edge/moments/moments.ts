/** That somebody is there now, and themselves: by a passkey, or by the password of whoever has none. */
export { isAsked, type ProvenAct, type ProvenActName, provenActs, type StepUpAbove } from "./acts.ts";
export { challengeIn, type Registered, waitMs } from "./ceremonies.ts";
export { type By, type Moments, openMoments, type Shown, type Wanted } from "./proving.ts";
export { relyingParty, type RelyingParty } from "./party.ts";
export { proofHeader, proofOf } from "./shown.ts";
export {
  type Assertion,
  assertionSchema,
  type CreationOptions,
  creationOptionsSchema,
  type Registration,
  registrationSchema,
  type RequestOptions,
  requestOptionsSchema,
} from "./schemas.ts";
