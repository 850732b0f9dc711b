/** How papers tell times and numbers. */
import type { PaperLanguage } from "./sheet.ts";

const locales = { en: "en-GB", ja: "ja-JP" } as const;

export function dayOf(at: Date, lang: PaperLanguage, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[lang], { dateStyle: "long", timeZone }).format(at);
}

export function momentOf(at: Date, lang: PaperLanguage, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[lang], { dateStyle: "long", timeStyle: "short", timeZone }).format(
    at,
  );
}

/** Digits in groups of four, as they are spoken on the phone. */
export const grouped = (digits: string): string => (digits.match(/.{1,4}/gu) ?? []).join(" ");

export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
