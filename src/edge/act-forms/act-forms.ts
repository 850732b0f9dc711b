/**
 * Forms of operators' acts that are described by data: the call that each makes, its fields, and what they are called. A form
 * goes the way of the call: it has no rules of its own.
 */
export { type FormName, forms, formNames } from "./all-forms.ts";
export { addressOf, callOwn, type OwnAnswer } from "./calls.ts";
export { isHere, registerActForms } from "./form-pages.ts";
export { SecretPage, titleOf } from "./form-views.tsx";
export { namesIn } from "./names.ts";
export { secretIn } from "./secrets.ts";
export type { FormSpec } from "./specs.ts";
export { operatorAt } from "./visitor.ts";
