/** In which language a page speaks: the catalogues, and how a sentence is taken from one. */
import { english } from "../words-en/words-en.ts";
import { japanese } from "../words-ja/words-ja.ts";
import { type Language, type Sentences, sentences } from "./sentences.ts";

export { isLanguage, type Language, languages, type Sentences, sentences } from "./sentences.ts";

/** The key of a sentence of the pages of trading servers. */
export type WordKey = keyof typeof english;

/** The sentences of the pages of trading servers, in a language. */
export const wordsIn: (lang: Language) => Sentences<WordKey> = sentences({ en: english, ja: japanese });
