/** What is left of somebody's data on a list: enough to compare with what a caller says. */
import type { MaskedPerson } from "../desk-views/desk-views.ts";

const hidden = "＊＊＊";

/** The first character of each part of a name. */
const maskedName = (name: string): string =>
  name
    .trim()
    .split(/\s+/u)
    .map((part) => `${Array.from(part)[0] ?? ""}${hidden}`)
    .join(" ");

/** The last three digits of a number. */
const maskedPhone = (phone: string): string =>
  `${hidden}${phone.normalize("NFKC").replaceAll(/\D/g, "").slice(-3)}`;

/** The first character of a mailbox and of where it is: a domain of one's own is a name. */
const maskedEmail = (email: string): string =>
  email
    .split(/@(?=[^@]*$)/)
    .map((part) => `${Array.from(part)[0] ?? ""}${hidden}`)
    .join("@");

const over = (mask: (text: string) => string, text: string | null): string | null =>
  text === null ? null : mask(text);

interface Known {
  name: string | null;
  kana: string | null;
  phone: string | null;
  email: string | null;
}

export function masked({ name, kana, phone, email }: Known, number: string | null): MaskedPerson {
  return {
    number,
    name: over(maskedName, name),
    kana: over(maskedName, kana),
    phone: over(maskedPhone, phone),
    email: over(maskedEmail, email),
  };
}

/** Who is meant, and nothing of them: on lists that nobody counts, and where so many were shown today that this one is not. */
export const unshown = (number: string | null): MaskedPerson => ({
  number,
  name: null,
  kana: null,
  phone: null,
  email: null,
});
