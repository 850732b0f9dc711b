/** What the pages of trading servers say, in each language. */
import type { Problem } from "../../core/protocol/protocol.ts";
import { actEnglish, actJapanese } from "../act-words/act-words.ts";
import { deskEnglish, deskJapanese } from "../desk-words/desk-words.ts";
import { guaranteeEnglish, guaranteeJapanese } from "../guarantee-words/guarantee-words.ts";
import { runningEnglish, runningJapanese } from "../running-words/running-words.ts";
import { shopDeskEnglish, shopDeskJapanese } from "../shop-desk-words/shop-desk-words.ts";
import { english as ofPages } from "../words-en/words-en.ts";
import { japanese as ofPagesJa, problems } from "../words-ja/words-ja.ts";
import { type Language, saying, type Sentences, sentences } from "./sentences.ts";

export const english = {
  ...ofPages,
  ...deskEnglish,
  ...actEnglish,
  ...runningEnglish,
  ...guaranteeEnglish,
  ...shopDeskEnglish,
};
export const japanese: Record<keyof typeof english, string> = {
  ...ofPagesJa,
  ...deskJapanese,
  ...actJapanese,
  ...runningJapanese,
  ...guaranteeJapanese,
  ...shopDeskJapanese,
};

/** The key of a sentence of the pages of trading servers. */
export type WordKey = keyof typeof english;

/** The sentences of the pages of trading servers, in a language. */
export const wordsIn: (lang: Language) => Sentences<WordKey> = sentences({ en: english, ja: japanese });

const isKey = (text: string): text is WordKey => Object.hasOwn(english, text);

/** What is said instead of a sentence where a guarantor stands for the buyer; undefined where it is the same. */
export function guaranteedKey(key: WordKey): WordKey | undefined {
  const other = `guaranteed.${key}`;
  return isKey(other) ? other : undefined;
}

/** One of them, for a reader who is not known yet. */
export const say = saying<WordKey>(wordsIn);

/** What a refusal is called in a language; the title that it goes over the wire with is English. */
export const refusalIn = (lang: Language, { code, title }: Pick<Problem, "code" | "title">): string =>
  lang === "ja" ? problems[code] : title;
