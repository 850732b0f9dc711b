/** The forms in which names, numbers and addresses are compared, however they were written or said. */

import { evened } from "../../storage/parties/parties.ts";

/** What somebody is known by. */
export interface Known {
  name: string | null;
  kana: string | null;
  phone: string | null;
  email: string | null;
}

/** What a text is taken for. */
export type SoughtBy = "name" | "phone" | "email";

const partsMost = 6;
/** One letter is no name that anybody is found by. */
const shortest = 2;

const partsOf = (name: string): string[] =>
  evened(name)
    .split(/[\s,、・·'’.]+/u)
    .filter((part) => part !== "");

const lengthOf = (text: string): number => Array.from(text).length;

/** The whole name without its gaps, the same in any order, and each part of it. */
function namesOf(name: string): string[] {
  const parts = partsOf(name).slice(0, partsMost);
  const found = [...wholeOf(parts), ...parts.filter((part) => lengthOf(part) >= shortest)];
  return found.map((one) => `name ${one}`);
}

function wholeOf(parts: readonly string[]): string[] {
  const whole = parts.join("");
  if (lengthOf(whole) < shortest) return [];
  return parts.length < 2 ? [whole] : [whole, parts.toSorted().join(" ")];
}

/** A number as it is dialled in its country, or with the country's where that is another one. */
function numberOf(phone: string): string | undefined {
  const text = phone.normalize("NFKC").replaceAll(/[^0-9+]/gu, "");
  const digits = text.replace(/^(\+|00)81\(?0?/u, "0").replace(/^00/u, "+");
  return digits.replaceAll(/\D/gu, "").length < 6 ? undefined : digits;
}

const addressOf = (email: string): string => email.normalize("NFKC").trim().toLowerCase();

/** Each form by which somebody is found. */
export function formsOf({ name, kana, phone, email }: Known): string[] {
  const number = phone === null ? undefined : numberOf(phone);
  return [
    ...(name === null ? [] : namesOf(name)),
    ...(kana === null ? [] : namesOf(kana)),
    ...(number === undefined ? [] : [`phone ${number}`]),
    ...(email === null ? [] : [`email ${addressOf(email)}`]),
  ];
}

/** What a text asks for, and the forms that answer it; undefined where it is too little to find anybody by. */
export function soughtIn(text: string): { by: SoughtBy; forms: string[] } | undefined {
  const said = text.normalize("NFKC").trim();
  if (/^[^\s@]+@[^\s@]+$/u.test(said)) return { by: "email", forms: [`email ${addressOf(said)}`] };
  if (/^[+0-9() ‐‑–—―−ー-]+$/u.test(said)) {
    const number = numberOf(said);
    return number === undefined ? undefined : { by: "phone", forms: [`phone ${number}`] };
  }
  if (!/\p{L}/u.test(said) || /[%_*?]/u.test(said)) return undefined;
  const forms = wholeOf(partsOf(said).slice(0, partsMost)).map((one) => `name ${one}`);
  return forms.length === 0 ? undefined : { by: "name", forms };
}
