/** In which language a page speaks: the catalogues, how a sentence is taken from one, and who chooses. */
export { guaranteedKey, refusalIn, say, type WordKey, wordsIn } from "./catalogues.ts";
export { languageOf, readerOf, wishedLanguage, writeLanguage } from "./choice.ts";
export { addLanguageRoute } from "./language-route.ts";
export {
  type Language,
  languages,
  saying,
  type Sentence,
  type Sentences,
  sentences,
} from "./sentences.ts";
