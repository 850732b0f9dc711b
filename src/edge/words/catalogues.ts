/** What the pages of trading servers say, in each language. */
import { english } from "../words-en/words-en.ts";
import { japanese } from "../words-ja/words-ja.ts";
import { type Language, saying, type Sentences, sentences } from "./sentences.ts";

/** The key of a sentence of the pages of trading servers. */
export type WordKey = keyof typeof english;

/** The sentences of the pages of trading servers, in a language. */
export const wordsIn: (lang: Language) => Sentences<WordKey> = sentences({ en: english, ja: japanese });

/** One of them, for a reader who is not known yet. */
export const say = saying<WordKey>(wordsIn);
