/**
 * For whom an operator acts, on forms: how somebody reached them, how they proved who they are, whose word it is, and that
 * the very act was read back to them. The same words as the `operator` of a call (paragraphs 0043, 0080, 0093).
 */
export { CallerFields, ReadBack } from "./caller-fields.tsx";
export { callerFields, type CallerNeeds, readBackMissing, speechSaid, spokenOf } from "./caller-forms.ts";
