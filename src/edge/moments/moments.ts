/** That somebody is there now, and themselves: by a passkey, or by the password of whoever has none. */
export { type ProvenAct, provenActs, type StepUpAbove } from "./acts.ts";
export { type Moments, openMoments, type Shown, type Wanted } from "./proving.ts";
export { relyingParty } from "./party.ts";
export { needUnlessRepeated } from "./repeated.ts";
export { proofOf } from "./shown.ts";
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
