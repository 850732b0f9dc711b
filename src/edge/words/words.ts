/** In which language a page speaks: the catalogues, how a sentence is taken from one, and who chooses. */
import { english } from "../words-en/words-en.ts";
import { japanese } from "../words-ja/words-ja.ts";
import { type Language, saying, type Sentences, sentences } from "./sentences.ts";

export { languageOf, readerOf, wishedLanguage, writeLanguage } from "./choice.ts";
export { addLanguageRoute } from "./language-route.ts";
export {
  isLanguage,
  type Language,
  languages,
  saying,
  type Sentence,
  type Sentences,
  sentences,
} from "./sentences.ts";

/** The key of a sentence of the pages of trading servers. */
export type WordKey = keyof typeof english;

/** The sentences of the pages of trading servers, in a language. */
export const wordsIn: (lang: Language) => Sentences<WordKey> = sentences({ en: english, ja: japanese });

/** One of them, for a reader who is not known yet. */
export const say = saying<WordKey>(wordsIn);
