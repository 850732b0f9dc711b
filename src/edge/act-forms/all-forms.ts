/** All of these forms, by their names in addresses. */
import { moneyForms } from "./money-forms.ts";
import { partyForms } from "./party-forms.ts";
import { peopleForms } from "./people-forms.ts";
import { serverForms } from "./server-forms.ts";
import type { FormSpec } from "./specs.ts";

const all = { ...peopleForms, ...partyForms, ...moneyForms, ...serverForms } as const;

export type FormName = keyof typeof all;
export const forms: Readonly<Record<FormName, FormSpec>> = all;
export const formNames = Object.keys(all) as FormName[];

/** The form of this name; undefined where there is none. */
export function formNamed(name: string): FormSpec | undefined {
  return Object.hasOwn(forms, name) ? forms[name as FormName] : undefined;
}
