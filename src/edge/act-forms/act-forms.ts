/**
 * Forms of operators' acts that are described by data: the call that each makes, its fields, and what they are called. A form
 * goes the way of the call: it has no rules of its own.
 */
export { type FormName, forms, formNames } from "./all-forms.ts";
export { isHere, registerActForms } from "./form-pages.ts";
export { SecretPage } from "./form-list.tsx";
export { namesIn } from "./names.ts";
export { titleOf } from "./specs.ts";
export { operatorAt } from "./visitor.ts";
