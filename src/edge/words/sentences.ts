/** Catalogues of sentences: for each language the same keys. */

/** The languages in which pages, mails and papers are written. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

export const isLanguage = (text: unknown): text is Language => languages.includes(text as Language);

/** Answers the sentence of a key. `{name}` in it is filled from `values`; what is filled in is never markup. */
export type Sentences<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

/** What speaks from these catalogues. One that lacks a key of another does not compile. */
export function sentences<Key extends string>(
  catalogues: Record<Language, Record<Key, string>>,
): (lang: Language) => Sentences<Key> {
  return (lang) => {
    const catalogue = catalogues[lang];
    return (key, values = {}) =>
      catalogue[key].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  };
}
