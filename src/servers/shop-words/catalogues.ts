/** Every sentence of the shop, and how it is said: on its pages, in what it writes to others, and to readers not known yet. */
import { speaking } from "../../edge/parts/parts.ts";
import { type Language, saying, type Sentences, sentences } from "../../edge/words/words.ts";
import { buying } from "./buying-en.ts";
import { buying as buyingJa } from "./buying-ja.ts";
import { orders } from "./orders-en.ts";
import { orders as ordersJa } from "./orders-ja.ts";
import { guaranteed } from "./guaranteed-en.ts";
import { guaranteed as guaranteedJa } from "./guaranteed-ja.ts";
import { parcels } from "./parcels-en.ts";
import { parcels as parcelsJa } from "./parcels-ja.ts";
import { staff } from "./staff-en.ts";
import { staff as staffJa } from "./staff-ja.ts";
import { stores } from "./stores-en.ts";
import { stores as storesJa } from "./stores-ja.ts";

const english = { ...buying, ...orders, ...staff, ...parcels, ...stores, ...guaranteed };

export type ShopWordKey = keyof typeof english;

/** All of them, by language. */
export const shopCatalogues: Record<Language, Record<ShopWordKey, string>> = {
  en: english,
  ja: { ...buyingJa, ...ordersJa, ...staffJa, ...parcelsJa, ...storesJa, ...guaranteedJa },
};

/** The sentences of the shop in a language. */
export const shopWordsIn: (lang: Language) => Sentences<ShopWordKey> = sentences(shopCatalogues);

/** One of them, for a reader who is not known yet. */
export const shopSay = saying<ShopWordKey>(shopWordsIn);

const isKey = (text: string): text is ShopWordKey => Object.hasOwn(english, text);

/** What is said instead of a sentence where a guarantor stands for the order; undefined where it is the same. */
function guaranteedKey(key: ShopWordKey): ShopWordKey | undefined {
  const other = `guaranteed.${key}`;
  return isKey(other) ? other : undefined;
}

/** How the shop's pages say them. */
export const { useWords: useShopWords, Say: ShopSay } = speaking<ShopWordKey>(shopWordsIn, guaranteedKey);
