/** Catalogues of sentences: for each language the same keys. */

/** The languages in which pages, mails and papers are written. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

export const isLanguage = (text: unknown): text is Language => languages.includes(text as Language);

type Values = Record<string, string | number>;

/** Answers the sentence of a key. `{name}` in it is filled from `values`; what is filled in is never markup. */
export type Sentences<Key extends string> = (key: Key, values?: Values) => string;

/** A sentence that is said when it is read, in the language of whoever reads it. */
export type Sentence = (lang: Language) => string;

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

/** Makes sentences of these catalogues for readers who are not known yet. */
export function saying<Key extends string>(
  wordsIn: (lang: Language) => Sentences<Key>,
): (key: Key, values?: Values) => Sentence {
  return (key, values) => (lang) => wordsIn(lang)(key, values);
}
